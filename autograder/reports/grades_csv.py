"""The grades of a class as CSV: one row a submission, one column a part. Texts stay the texts they are."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.reports.numbers import number

COLUMNS = ("submission_id", "name", "sid", "email", "status", "score", "max_score")
FIRST = ("undecided", "failed", "graded")


@dataclass(frozen=True)
class GradeLine:
    """One submission. `parts` holds what was earned by number; nothing where the grader itself failed."""

    submission_id: str
    name: str
    sid: str
    email: str
    status: str
    score: Fraction
    parts: Mapping[str, Fraction]


def grades_csv(lines: Sequence[GradeLine], numbers: Sequence[str], max_score: Fraction) -> str:
    """Undecided and failed submissions first, each group in the order given."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *numbers])
    for line in sorted(lines, key=lambda line: FIRST.index(line.status)):
        people = (line.submission_id, line.name, line.sid, line.email)
        parts = [_written(line.parts.get(part)) for part in numbers]
        writer.writerow([*people, line.status, _written(line.score), _written(max_score), *parts])
    return file.getvalue()


def _written(value: Fraction | None) -> str:
    return "" if value is None else f"{number(value)}"
