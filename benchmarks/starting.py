"""What one command costs from nothing, against the imports that it cannot do without."""

import sys
from collections.abc import Iterator

from benchmarks.table import Asked, Line
from benchmarks.timing import Command, in_turn

AUTOGRADER = (sys.executable, "-m", "autograder")
EXAMPLE = "examples/gemini"
NOTHING, SYMPY, TORCH = "nothing", "import sympy", "import torch, sympy"
COLD, USUAL = "one submission, cold", "one submission, the usual way"
# For each kind of written answer one that is right, one that is not, and one that earns something.
TRIED = {
    "an expression, right": ("1.a", "mu^T mu"),
    "an expression, wrong": ("1.b", "2d"),
    "an expression, accepted": ("1.c", "-sqrt(d)"),
    "a kernel, in part right": ("6.b.i", "(q^T k)^2"),
    "a growth": ("4.f", "O(b d^2 + b n d)"),
    "a shape": ("4.a", "[d, q]"),
    "a condition, in part right": ("6.a", "sim(q, k) >= 0"),
}
MANY = {"an expression": ("1.a", "mu^T mu"), "a growth": ("4.f", "O(b d^2 + b n d)")}
HOW_MANY = 200


def starting(rounds: int) -> Iterator[Line]:
    """Lines of one command each."""
    taken = in_turn(commands(), rounds)
    for what, against, asked in pairs():
        yield Line(what, against, tuple(taken[what]), tuple(taken[against]), asked)


def commands() -> dict[str, Command]:
    python = sys.executable
    return {
        NOTHING: [python, "-c", "pass"],
        SYMPY: [python, "-c", "import sympy"],
        TORCH: [python, "-c", "import torch, sympy"],
        "--help": [*AUTOGRADER, "--help"],
        "read, one answer": [*AUTOGRADER, "read", "4.f", "O(b^2 d/n + sqrt d)"],
        **{f"try, {kind}": [*AUTOGRADER, "try", *answer] for kind, answer in TRIED.items()},
        **{f"try, {HOW_MANY} times {kind}": trying_many(*answer) for kind, answer in MANY.items()},
        COLD: [*AUTOGRADER, EXAMPLE],
        USUAL: [python, "benchmarks/usual_way.py", EXAMPLE, "/dev/null"],
    }


def trying_many(part: str, answer: str) -> Command:
    """One `try` with many answers, no two of them the same text."""
    return [*AUTOGRADER, "try", part, *(answer + " " * number for number in range(HOW_MANY))]


def pairs() -> Iterator[tuple[str, str, Asked]]:
    yield "--help", NOTHING, Asked()
    yield "read, one answer", SYMPY, Asked(at_most=1.3)
    for kind in TRIED:
        yield f"try, {kind}", SYMPY, Asked(at_most=1.3)
    for kind in MANY:
        yield f"try, {HOW_MANY} times {kind}", SYMPY, Asked(at_most=3.0)
    yield COLD, TORCH, Asked(at_most=1.4)
    yield COLD, USUAL, Asked()
