"""Prints what grading costs as ratios, each pair of commands run in turn, and stores the figures.

    make bench        or      .venv/bin/python benchmarks/bench.py [--rounds 5] [--submissions 60] [--json FILE]

The usual way is benchmarks/usual_way.py: the same suites, a process for each submission, as many at once as there are
processors. `--otter PYTHON` names the Python of an environment with benchmarks/requirements-otter.txt, for Otter's way.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.classes import change_one_part, copy_homework, make_class  # noqa: E402
from benchmarks.timing import Command, Spent, in_turn, machine, peak_pss, ratio, spent  # noqa: E402

AUTOGRADER = (sys.executable, "-m", "autograder")
EXAMPLE = "examples/gemini"
RIGHT_ANSWERS = ["O(b d^2 + b n d)"] * 200


@dataclass(frozen=True)
class Line:
    """One row of the table. `bound` is what the project asks of itself; None where it is for information."""

    what: str
    against: str
    wall: float
    cpu: float
    seconds: float
    bound: float | None = None


def main() -> int:
    options = parse()
    lines = [*starting(options.rounds), *a_class(options.rounds, options.submissions, options.otter)]
    memory = round(max(peak_pss([*AUTOGRADER, EXAMPLE]) for _ in range(3)) / 1024)
    show(lines, memory)
    if options.json:
        figures = {"lines": [asdict(line) for line in lines], "peak_pss_mebibytes": memory, "machine": machine()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--submissions", type=int, default=60, help="in the class")
    parser.add_argument("--otter", type=Path, metavar="PYTHON", help="of an environment that has otter-grader")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    return parser.parse_args()


def starting(rounds: int) -> Iterator[Line]:
    """What one command costs from nothing."""
    commands: dict[str, Command] = {
        "nothing": [sys.executable, "-c", "pass"],
        "import sympy": [sys.executable, "-c", "import sympy"],
        "import torch, sympy": [sys.executable, "-c", "import torch, sympy"],
        "--help": [*AUTOGRADER, "--help"],
        "read, one answer": [*AUTOGRADER, "read", "4.f", "O(b^2 d/n + sqrt d)"],
        "try, one growth answer": [*AUTOGRADER, "try", "4.f", "O(b d^2 + b n d)"],
        "try, one expression": [*AUTOGRADER, "try", "1.a", "mu^T mu"],
        "try, 200 answers": [*AUTOGRADER, "try", "4.f", *RIGHT_ANSWERS],
        "one submission, cold": [*AUTOGRADER, EXAMPLE],
        "one submission, the usual way": [sys.executable, "benchmarks/usual_way.py", EXAMPLE, "/dev/null"],
    }
    taken = in_turn(commands, rounds)
    for what, against, bound in (
        ("--help", "nothing", None),
        ("read, one answer", "import sympy", 1.3),
        ("try, one growth answer", "import sympy", 1.3),
        ("try, one expression", "import sympy", 1.3),
        ("try, 200 answers", "import sympy", 3.0),
        ("one submission, cold", "import torch, sympy", 1.4),
        ("one submission, cold", "one submission, the usual way", None),
    ):
        found = ratio(taken[what], taken[against])
        yield Line(what, against, found.wall, found.cpu, found.seconds, bound)


def a_class(rounds: int, submissions: int, otter: Path | None) -> Iterator[Line]:
    """A class, the usual way and ours, and ours again after a change of one part; each round in turn."""
    ways: dict[str, list[Spent]] = {"usual": [], "first": [], "nothing": [], "changed": [], "otter": []}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        export, homework = make_class(place / "class", submissions, broken=False), copy_homework(place / "homework")
        for number in range(min(rounds, 3)):
            run = [*AUTOGRADER, "regrade", str(export), "--out", str(place / f"{number}"), "--homework", str(homework)]
            ways["usual"].append(at_once(lambda: the_usual_way(export)))
            ways["first"].append(spent(run))
            ways["nothing"].append(spent(run))
            change_one_part(homework)
            ways["changed"].append(spent(run))
    first, usual = f"a class of {submissions}", "the usual way, the same class"
    yield line_of(usual, first, ways["usual"], ways["first"], 15)
    yield line_of(first, "the same after a change of one part", ways["first"], ways["changed"], 20)
    yield line_of(first, "the same with nothing changed", ways["first"], ways["nothing"], None)


def line_of(what: str, against: str, ours: list[Spent], other: list[Spent], bound: float | None) -> Line:
    found = ratio(ours, other)
    return Line(what, against, found.wall, found.cpu, found.seconds, bound)


def at_once(work: Callable[[], float]) -> Spent:
    started = time.perf_counter()
    cpu = work()
    return Spent(time.perf_counter() - started, cpu)


def the_usual_way(export: Path) -> float:
    """A process for each submission, one a processor at a time; the processor seconds of all."""
    import os

    def one(folder: Path) -> None:
        spent([sys.executable, "benchmarks/usual_way.py", str(folder), "/dev/null"])

    before = os.times()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, sorted(export.iterdir())))
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def show(lines: list[Line], memory: int) -> None:
    print(f"{'what':<32}{'against':<38}{'ratio':>7}{'of CPU':>8}{'seconds':>9}   asked")
    for line in lines:
        asked = "" if line.bound is None else f"{line.bound:g}"
        print(f"{line.what:<32}{line.against:<38}{line.wall:>7.2f}{line.cpu:>8.2f}{line.seconds:>9.2f}   {asked}")
    print(f"memory of one submission, all processes (proportional set size, at most): {memory} MiB")


if __name__ == "__main__":
    sys.exit(main())
