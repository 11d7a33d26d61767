"""Grades that a person gives: a CSV with submission_id, number, score, comment. Wrong lines are refused, none taken.

A line without a score is one that nobody has graded yet, as in the sheet to fill in; it says nothing.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from autograder.checks.verdict import Fact, Status, Verdict
from autograder.errors import ExportUnreadable
from autograder.regrade.compare import as_points
from autograder.regrade.store import ManualGrade
from autograder.scoring.sheet import Row

COLUMNS = ("submission_id", "number", "score", "comment")
LONGEST_CELL = 1_000_000


def read_manual(path: Path, submission_ids: Collection[str], points: Mapping[str, Fraction]) -> list[ManualGrade]:
    """Read and check all lines. Raises ExportUnreadable, with the line, for the first that is wrong."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_header(path, reader.fieldnames or ())
            found: dict[tuple[str, str], ManualGrade] = {}
            for fields in reader:
                grade = _grade(f"{path}, line {reader.line_num}", fields, submission_ids, points)
                if grade and found.setdefault((grade.submission_id, grade.number), grade) is not grade:
                    place = f"{grade.submission_id}, part {grade.number}"
                    raise ExportUnreadable(f"{path}, line {reader.line_num}: {place} has a grade already")
            return list(found.values())
    except OSError as error:
        raise ExportUnreadable(f"{path} cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportUnreadable(f"{path} is not a CSV in UTF-8 ({error}); save it as one") from error


def _check_header(path: Path, names: Collection[str]) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise ExportUnreadable(f"{path}, line 1: there is no column {missing[0]}; it needs {', '.join(COLUMNS)}")


def _grade(
    place: str, fields: Mapping[str, str | None], submission_ids: Collection[str], points: Mapping[str, Fraction]
) -> ManualGrade | None:
    submission_id, number, score, comment = (fields.get(name) or "" for name in COLUMNS)
    if not score.strip():
        return None
    if submission_id not in submission_ids:
        raise ExportUnreadable(f"{place}: there is no submission {submission_id!r} in the export")
    if number not in points:
        raise ExportUnreadable(f"{place}: there is no part {number!r}; the parts are {', '.join(points)}")
    value = as_points(score)
    if value is None or not 0 <= value <= points[number]:
        raise ExportUnreadable(f"{place}: {score!r} is not a number of points from 0 to {points[number]}")
    return ManualGrade(submission_id, number, str(value), comment)


def with_manual(row: Row, grade: ManualGrade | None) -> Row:
    """The row with a person's grade in the place of the program's."""
    if grade is None or row.points is None:
        return row
    earned = Fraction(grade.score)
    share = earned / row.points if row.points else Fraction(1)
    status = Status.RIGHT if share == 1 else Status.PARTIAL if share else Status.WRONG
    verdict = Verdict(status, float(share), (Fact("graded_by_a_person", {"comment": grade.comment}),))
    return replace(row, earned=earned, verdicts={"": verdict})
