"""Who was late, and what that took off, as CSV: one row a submission. Written only where a late policy is in force."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.reports.numbers import number

COLUMNS = ("submission_id", "created_at", "due", "days", "taken", "score")


@dataclass(frozen=True)
class LateLine:
    """One submission. `days` begun after `due`, None if its moment is not known; `score` is what is left."""

    submission_id: str
    created_at: str
    due: str
    days: int | None
    taken: Fraction
    score: Fraction


def late_csv(lines: Sequence[LateLine]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        days = "" if line.days is None else line.days
        points = (f"{number(line.taken)}", f"{number(line.score)}")
        writer.writerow([line.submission_id, line.created_at, line.due, days, *points])
    return file.getvalue()
