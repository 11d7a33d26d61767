"""What one more submission of a class costs, the usual way and ours, and what a run after a change does.

The usual way is a process for each submission, as many at once as there are processors; a few of them a round tell what
one costs, as none profits from another. A class is graded in two sizes: their difference is what one more submission
costs, and what is left at no submission at all is the start of the graders.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.classes import EXAMPLES, change_one_part, copy_homework, make_class
from benchmarks.otter_way import OtterWay
from benchmarks.starting import AUTOGRADER, TORCH
from benchmarks.table import Asked, Line
from benchmarks.timing import Command, Spent, at_once, spent

SMALL, LARGE, SAMPLED, BY_OTTER = 10, 40, 6, 3  # a processor
CLASS = 600  # as a course has


@dataclass
class Rounds:
    """What each round took: runs by their kind and size, and the other ways by the submission."""

    sizes: tuple[int, int]
    runs: dict[str, list[tuple[Spent, Spent]]] = field(default_factory=dict)
    others: dict[str, list[Spent]] = field(default_factory=dict)

    def each(self, kind: str) -> tuple[Spent, ...]:
        """What one more submission takes."""
        small, large = self.sizes
        return tuple((two - one) * (1 / (large - small)) for one, two in self.runs[kind])

    def start(self, kind: str) -> tuple[Spent, ...]:
        """What a run takes without any submission."""
        return tuple(
            one + each * -self.sizes[0] for (one, _), each in zip(self.runs[kind], self.each(kind), strict=True)
        )

    def large(self, kind: str, share: float = 1.0) -> tuple[Spent, ...]:
        return tuple(two * share for _, two in self.runs[kind])

    def reckoned(self, kind: str, submissions: int) -> tuple[Spent, ...]:
        """What a class of another size would take."""
        pairs = zip(self.start(kind), self.each(kind), strict=True)
        return tuple(start + each * submissions for start, each in pairs)


def a_class(rounds: int, otter: OtterWay | None) -> Iterator[Line]:
    """Lines about a class."""
    found = measured(rounds, otter)
    usual, more, large = "a submission, the usual way", "one more submission of a class", found.sizes[1]
    yield Line(usual, more, tuple(found.others["usual"]), found.each("first"), Asked(at_least=15))
    whole = f"a submission of a class of {large}, start included"
    yield Line(usual, whole, tuple(found.others["usual"]), found.large("first", 1 / large))
    if otter:
        yield Line("a submission, Otter's way", more, tuple(found.others["otter"]), found.each("first"))
        yield Line("a submission, Otter's way", usual, tuple(found.others["otter"]), tuple(found.others["usual"]))
    yield Line("the start of all graders", TORCH, found.start("first"), tuple(found.others["imports"]))
    for size, runs, asked in (
        (f"{large}", found.large, Asked()),
        (f"{CLASS}, reckoned", lambda kind: found.reckoned(kind, CLASS), Asked(at_least=20)),
    ):
        yield Line(f"a class of {size}", "the same after a change of one part", runs("first"), runs("changed"), asked)
    yield Line(f"a class of {large}", "the same with nothing changed", found.large("first"), found.large("nothing"))


def measured(rounds: int, otter: OtterWay | None) -> Rounds:
    """All kinds in turn, round by round."""
    processors = os.cpu_count() or 1
    found = Rounds((SMALL * processors, LARGE * processors))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        exports = [make_class(place / f"class_{size}", size, broken=False) for size in found.sizes]
        homework = copy_homework(place / "homework")
        folders = sorted(exports[-1].iterdir())
        for number in range(rounds):
            one_round(found, exports, homework, place / f"runs_{number}")
            sampled = rotated(folders, number, whole_examples(SAMPLED * processors))
            note(found, "usual", [usual_way(folder) for folder in sampled])
            note(found, "imports", [[sys.executable, "-c", TORCH]])
            if otter:
                some = rotated(folders, number, whole_examples(BY_OTTER * processors))
                note(found, "otter", [otter.command(folder) for folder in some])
    return found


def one_round(found: Rounds, exports: list[Path], homework: Path, out: Path) -> None:
    runs = [regrading(export, homework, out / export.name) for export in exports]
    for kind in ("first", "nothing", "changed"):
        if kind == "changed":
            change_one_part(homework)
        small, large = [spent(run) for run in runs]
        found.runs.setdefault(kind, []).append((small, large))
    shutil.rmtree(out)


def note(found: Rounds, kind: str, commands: list[Command]) -> None:
    """Runs them, and notes what one of them took."""
    found.others.setdefault(kind, []).append(at_once(commands) * (1 / len(commands)))


def whole_examples(count: int) -> int:
    """As many, and each example as often as any other."""
    return -(-count // len(EXAMPLES)) * len(EXAMPLES)


def rotated(folders: list[Path], number: int, count: int) -> list[Path]:
    """Other submissions in each round."""
    return [folders[(number * count + place) % len(folders)] for place in range(count)]


def regrading(export: Path, homework: Path, out: Path) -> Command:
    return [*AUTOGRADER, "regrade", str(export), "--out", str(out), "--homework", str(homework)]


def usual_way(folder: Path) -> Command:
    return [sys.executable, "benchmarks/usual_way.py", str(folder), "/dev/null"]
