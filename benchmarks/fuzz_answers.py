"""Reads random, damaged and nested answers for as long as one likes; every law that is broken is printed.

    python benchmarks/fuzz_answers.py [--seconds 600] [--seed 1] [--mark]
    python benchmarks/fuzz_answers.py --atheris [--seconds 600]       where atheris is installed; guided by coverage

The laws are those of tests/engine/answer_laws.py: no exception, no gross time, a refusal that is listed, and a reading
that reads back as the same tree. With --mark, every tenth answer is marked too, and its verdict has to be one of the
contract's words. Ends with 1 if a law was broken.
"""

import argparse
import importlib
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FILES = (ROOT / "tests" / "cases" / "answers.jsonl", ROOT / "tests" / "engine" / "labelled_answers.jsonl")
RELATIONS = {"equal", "not_equal", "upper_bound", "lower_bound", "incomparable", "unreadable", "undecided"}
MARKED_EVERY = 10
WITHOUT_SYMPY = ("4.a", "4.b", "4.f", "4.g", "6.a", "6.c.time", "6.c.space", "6.d.time", "6.d.space")
GROWN = 0.4
TEMPLATES = [
    "{0} + {1}", "{0} - {1}", "({0})({1})", "({0}) * ({1})", "({0}) {1}", "{0} ({1})", r"({0}) \cdot ({1})",
    "({0})/({1})", r"\frac{{{0}}}{{{1}}}", "({0})^2", "({0})^{{{1}}}", "({0})**0.5", "sqrt({0})",
    r"\sqrt{{{0}}}", "√({0})", "log({0})", r"\log_2({0})", "max({0}, {1})", r"\min\{{{0}, {1}\}}", "exp({0})",
    "|{0}|", "||{0}||", "({0})^T ({1})", "<{0}, {1}>", "dot({0}, {1})", "sum_i ({0})", "sum_i {0}_i {1}_i",
    r"\sum_{{i=1}}^{{{1}}} {0}_i", "tr(({0})({1})^T)", "-({0})", "({0})!", "[{0}, {1}]", "({0}, {1})",
    "{0} x {1}", "{0} = {1}", "{0} > {1}", "sim({0}, {1}) > 0", "O({0})",
]  # fmt: skip

Mark = Callable[[str, str], str | None]


@dataclass
class Tally:
    """What came of the run so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_text: str = ""
    broken: list[str] = field(default_factory=list)

    def add(self, text: str, outcome: str, seconds: float) -> None:
        self.outcomes[outcome] += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_text = seconds, text


class Writer:
    """Makes answers up: soup of pieces, labelled answers damaged, cut and joined, or wrapped over and over."""

    def __init__(self, seed: int) -> None:
        from tests.engine.answer_laws import vocabularies
        from tests.engine.answer_pieces import PIECES, WRAPPINGS

        self.random = random.Random(seed)
        self.vocabularies = vocabularies()
        self.pieces, self.wrappings = PIECES, WRAPPINGS
        rows = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
        self.labelled = [(row["part"], row["answer"]) for row in rows if "answer" in row]

    def answer(self) -> tuple[str, str]:
        """A part and an answer to it."""
        part, text = self.random.choice(self.labelled)
        if self.random.random() < GROWN:
            return part, self.grown(part)
        kind = self.random.choice((self.soup, self.damaged, self.damaged, self.joined, self.wrapped))
        return part, kind(text)

    def grown(self, part: str) -> str:
        """An answer that mostly makes sense, in the part's own names."""
        names = [declared.name for declared in self.vocabularies[part].names]
        text = self._grow([*names, "2", "3", "1/2", "0.5"], self.random.randint(1, 4))
        return f"O({text})" if self.vocabularies[part].form == "growth" and self.random.random() < 0.5 else text

    def _grow(self, leaves: list[str], depth: int) -> str:
        if depth == 0:
            return self.random.choice(leaves)
        template = self.random.choice(TEMPLATES)
        return template.format(
            *(self._grow(leaves, depth - self.random.randint(1, 2) if depth > 1 else 0) for _ in "ab")
        )

    def soup(self, text: str) -> str:
        del text
        return "".join(self.random.choices(self.pieces, k=self.random.randint(1, 30)))

    def damaged(self, text: str) -> str:
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randint(0, len(text))
            piece = self.random.choice(self.pieces) if self.random.random() < 0.7 else ""
            text = text[:at] + piece + text[at + self.random.randint(0, 3) :]
        return text

    def joined(self, text: str) -> str:
        _, other = self.random.choice(self.labelled)
        return text[: self.random.randint(0, len(text))] + other[self.random.randint(0, len(other)) :]

    def wrapped(self, text: str) -> str:
        for wrapping in self.random.choices(self.wrappings, k=self.random.randint(1, 30)):
            text = wrapping.format(text)
        return text[:3000]


def main() -> int:
    arguments = parse()
    if arguments.atheris:
        return fuzz_with_atheris(arguments.seconds)
    tally = fuzz(arguments.seconds, Writer(arguments.seed), marker() if arguments.mark else None)
    total = tally.outcomes.total()
    print(f"{total} answers in {arguments.seconds:.0f} s: {dict(tally.outcomes.most_common())}")
    print(f"slowest {tally.slowest * 1e3:.0f} ms of processor time: {tally.slowest_text[:200]!r}")
    print(f"{len(tally.broken)} laws broken")
    return 1 if tally.broken else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mark", action="store_true", help="mark every tenth answer, too")
    parser.add_argument("--atheris", action="store_true", help="let atheris choose the answers")
    return parser.parse_args()


def fuzz(seconds: float, writer: Writer, mark: Mark | None) -> Tally:
    tally = Tally()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        part, text = writer.answer()
        marked = mark is not None and tally.outcomes.total() % MARKED_EVERY == 0 and part in WITHOUT_SYMPY
        try:
            one(tally, part, text, mark if marked else None)
        except Exception:
            tally.broken.append(text)
            print(f"--- {part} {text!r}\n{traceback.format_exc(limit=-3)}", flush=True)
    return tally


def one(tally: Tally, part: str, text: str, mark: Mark | None) -> None:
    from autograder.answers.reading import Refusal
    from tests.engine.answer_laws import obey, vocabularies

    started = time.process_time()
    read = obey(text, vocabularies()[part])
    tally.add(text, "refused" if isinstance(read, Refusal) else "read", time.process_time() - started)
    if mark is not None:
        started = time.process_time()
        relation = mark(part, text)
        tally.add(text, f"marked {relation}", time.process_time() - started)
        if relation not in RELATIONS:
            raise AssertionError(relation)


def marker() -> Mark:
    from autograder.scoring.expected import reference_answer
    from autograder.scoring.homework import load_declarations
    from autograder.scoring.rubric import load_rubric
    from autograder.scoring.written import WrittenMarker
    from autograder.settings import Homework

    homework = Homework(ROOT)
    made = WrittenMarker(load_declarations(homework), load_rubric(homework), partial(reference_answer, homework))
    return lambda part, text: made.mark_answer(part, text).relation


def fuzz_with_atheris(seconds: float) -> int:
    """Atheris ends the process itself; a broken law ends it with the text that broke it."""
    import atheris

    with atheris.instrument_imports(include=["autograder.answers"]):
        for module in ("reader", "conditions", "shapes"):  # read_answer imports what it needs only later
            importlib.import_module(f"autograder.answers.{module}")
        from tests.engine.answer_laws import obey, vocabularies
    from tests.engine.answer_pieces import PIECES

    parts = sorted(vocabularies())

    def test_one_input(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        part = parts[provider.ConsumeIntInRange(0, len(parts) - 1)]
        count = provider.ConsumeIntInRange(0, 40)
        pieces = [PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(count)]
        obey("".join(pieces) + provider.ConsumeUnicodeNoSurrogates(40), vocabularies()[part])

    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", "-max_len=200", "-timeout=10"], test_one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
