"""What changed since an earlier grading, as CSV and in a few lines."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.reports.numbers import several

COLUMNS = ("submission_id", "number", "old", "new", "reason")
MOST_REASONS = 20


@dataclass(frozen=True)
class Change:
    """One part of one submission; "" where a side has no score for it. `number` is "total" where parts are unknown."""

    submission_id: str
    number: str
    old: str
    new: str
    reason: str


def changes_csv(changes: Sequence[Change]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in changes:
        writer.writerow([change.submission_id, change.number, change.old, change.new, change.reason])
    return file.getvalue()


@dataclass(frozen=True)
class ChangeCounts:
    """How many scores of how many submissions changed; the most frequent (part, reason, how often)."""

    scores: int
    submissions: int
    reasons: tuple[tuple[str, str, int], ...]


def counted(changes: Sequence[Change]) -> ChangeCounts:
    often = Counter((change.number, change.reason) for change in changes).most_common(MOST_REASONS)
    reasons = tuple((part, reason, count) for (part, reason), count in often)
    return ChangeCounts(len(changes), len({change.submission_id for change in changes}), reasons)


def changes_summary(counts: ChangeCounts) -> list[str]:
    """How many submissions changed, and for each reason how many scores."""
    if not counts.scores:
        return ["Nothing changed."]
    told = [f"  {count} x {part}: {reason}" for part, reason, count in counts.reasons]
    return [f"{several(counts.scores, 'score')} of {several(counts.submissions, 'submission')} changed.", *told]
