"""What a run came to, for whoever asked for it."""

from dataclasses import dataclass
from fractions import Fraction

from autograder.reports.changes_csv import Change
from autograder.reports.grades_csv import GradeLine
from autograder.reports.late_csv import LateLine

GRADED, UNDECIDED, FAILED = "graded", "undecided", "failed"


@dataclass(frozen=True)
class Finished:
    """What a run came to.

    `passed_over` names what of the export was unsafe; `traces` are for staff; `late` is empty without a late policy.
    """

    grades: tuple[GradeLine, ...]
    numbers: tuple[str, ...]
    max_score: Fraction
    changes: tuple[Change, ...]
    passed_over: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    nothing_new: bool = False
    late: tuple[LateLine, ...] = ()

    def count(self, status: str) -> int:
        return sum(line.status == status for line in self.grades)
