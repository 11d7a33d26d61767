"""What a run came to, for whoever asked for it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from autograder.reports.changes_csv import Change, ChangeCounts, counted
from autograder.reports.grades_csv import GradeLine
from autograder.reports.late_csv import LateLine
from autograder.reports.spreadsheet import FORMULA_SIGNS

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
    late: tuple[LateLine, ...] = ()

    def count(self, status: str) -> int:
        return sum(line.status == status for line in self.grades)


@dataclass(frozen=True)
class Summary:
    """What is said at the end of a run, and again by one that finds nothing to do.

    `counts` are of submissions by status; `attention` names those that are not simply graded, `formulas` those with a
    name, sid, email or id that a spreadsheet would calculate. `late` is how many were, None without a late policy;
    `moment_unknown` names those of whom that is not known.
    """

    counts: Mapping[str, int]
    attention: tuple[str, ...]
    formulas: tuple[str, ...]
    passed_over: tuple[str, ...]
    traces: tuple[str, ...]
    late: int | None
    moment_unknown: tuple[str, ...]
    changes: ChangeCounts
    nothing_new: bool = False

    @property
    def submissions(self) -> int:
        return sum(self.counts.values())


def summary_of(finished: Finished) -> Summary:
    lines = finished.grades
    return Summary(
        counts={status: finished.count(status) for status in (GRADED, UNDECIDED, FAILED)},
        attention=tuple(line.submission_id for line in lines if line.status != GRADED),
        formulas=tuple(line.submission_id for line in lines if _is_formula(line)),
        passed_over=finished.passed_over,
        traces=finished.traces,
        late=sum(bool(line.days) for line in finished.late) if finished.late else None,
        moment_unknown=tuple(line.submission_id for line in finished.late if line.days is None),
        changes=counted(finished.changes),
    )


def _is_formula(line: GradeLine) -> bool:
    return any(text.startswith(FORMULA_SIGNS) for text in (line.submission_id, line.name, line.sid, line.email))


def pack_summary(summary: Summary) -> str:
    return json.dumps(asdict(summary))


def unpack_summary(text: str) -> Summary:
    """What `pack_summary` wrote; it is then nothing new."""
    read = json.loads(text)
    counts = read.pop("changes")
    changes = ChangeCounts(counts["scores"], counts["submissions"], tuple(map(tuple, counts["reasons"])))
    fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in read.items()}
    return Summary(**{**fields, "changes": changes, "nothing_new": True})
