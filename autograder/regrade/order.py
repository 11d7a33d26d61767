"""What is asked of a run, and who looks on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autograder.scoring.late import LateRules
from autograder.settings import Homework

Missing = Mapping[str, tuple[str, ...]]  # contents by digest, with the parts that they are not marked in


class Watcher(Protocol):
    """Whoever looks on while a run goes."""

    def read(self, done: int, total: int) -> None:
        """So many submissions have been read."""

    def begin(self, total: int, done: int) -> None:
        """Of `total` different submissions `done` need not be graded."""

    def graded(self, failed: str) -> None:
        """One more is graded; or the grader `failed` on it."""

    def say(self, what: str) -> None:
        """Something that a person wants to know at once."""


@dataclass(frozen=True)
class Order:
    """What is asked of a run.

    `unsafe` runs student code even where it cannot be kept in; the results say so. `scheduler` is the
    address of a Dask cluster to grade on, in the place of `workers` here. `late` goes before what the rubric says.
    """

    export: Path
    out: Path
    homework: Homework
    workers: int
    only: tuple[str, ...] = ()
    against: Path | None = None
    manual: Path | None = None
    unsafe: bool = False
    scheduler: str | None = None
    late: LateRules = field(default_factory=LateRules)
