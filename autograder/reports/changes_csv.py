"""What changed since an earlier grading, as CSV and in a few lines."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = ("submission_id", "number", "old", "new", "reason")


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


def changes_summary(changes: Sequence[Change]) -> list[str]:
    """How many submissions changed, and for each reason how many scores."""
    if not changes:
        return ["Nothing changed."]
    reasons = Counter((change.number, change.reason) for change in changes)
    submissions = len({change.submission_id for change in changes})
    told = [f"  {count} x {part}: {reason}" for (part, reason), count in reasons.most_common(20)]
    return [f"{len(changes)} scores of {submissions} submissions changed.", *told]
