"""What is asked of a run, and who looks on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autograder.scoring.late import LateRules
from autograder.settings import Homework


class Watcher(Protocol):
    """Whoever looks on while a run goes."""

    def read(self, done: int, total: int) -> None:
        """So many submissions have been read."""

    def begin(self, total: int, done: int) -> None:
        """Of `total` different submissions `done` need not be graded."""

    def graded(self, failed: str) -> None:
        """One more is graded; or the grader `failed` on it."""


@dataclass(frozen=True)
class Order:
    """What is asked of a run.

    `unsafe` runs student code even where it cannot be kept in; the results say so. `late` goes before what the rubric
    says of lateness.
    """

    export: Path
    out: Path
    homework: Homework
    workers: int
    only: tuple[str, ...] = ()
    against: Path | None = None
    manual: Path | None = None
    unsafe: bool = False
    late: LateRules = field(default_factory=LateRules)
