"""Grades that a person gives: a CSV with submission_id, number, score, comment. Wrong lines are refused, none taken.

A line without a score is one that nobody has graded yet, as in the sheet to fill in; it says nothing.
A score of `-` takes an earlier grade back.
"""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TextIO

from autograder.checks.verdict import Fact, Status, Verdict
from autograder.errors import ExportUnreadable
from autograder.regrade.compare import as_points
from autograder.regrade.store import ManualGrade
from autograder.scoring.sheet import Row

COLUMNS = ("submission_id", "number", "score", "comment")
LONGEST_CELL = 1_000_000
SEPARATORS = (",", ";", "\t")
DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+)")
TAKEN_BACK = "-"


def read_manual(path: Path, submission_ids: Collection[str], points: Mapping[str, Fraction]) -> list[ManualGrade]:
    """Read and check all lines. Raises ExportUnreadable, with the line, for the first that is wrong."""
    csv.field_size_limit(LONGEST_CELL)
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=_delimiter(path, file), strict=True)
            header = [name.strip() for name in next(reader, [])]
            _check_header(path, header)
            found: dict[tuple[str, str], ManualGrade] = {}
            line = reader.line_num + 1  # where a row begins; it may go over several lines
            for cells in reader:
                place, line = f"{path}, line {line}", reader.line_num + 1
                grade = _grade(place, _fields(place, header, cells), submission_ids, points)
                if grade and found.setdefault((grade.submission_id, grade.number), grade) is not grade:
                    raise ExportUnreadable(f"{place}: {grade.submission_id}, part {grade.number} has a grade already")
            return list(found.values())
    except OSError as error:
        raise ExportUnreadable(f"{path} cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportUnreadable(f"{path}, line {line}: this is not a CSV in UTF-8 ({error}); save it as one") from error


def _delimiter(path: Path, file: TextIO) -> str:
    """What separates cells: a comma, or what Excel writes where the comma is for decimals."""
    header = file.readline(LONGEST_CELL)
    file.seek(0)
    return next((sign for sign in SEPARATORS if sign in header), SEPARATORS[0])


def _check_header(path: Path, names: Sequence[str]) -> None:
    for name in COLUMNS:
        if names.count(name) != 1:
            what = "no column" if name not in names else "more than one column"
            raise ExportUnreadable(f"{path}, line 1: there is {what} {name}; it needs {', '.join(COLUMNS)}")


def _fields(place: str, header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) > len(header):
        raise ExportUnreadable(f"{place}: there are more cells than columns; put a comment with commas into quotes")
    return dict(zip(header, cells, strict=False))


def _grade(
    place: str, fields: Mapping[str, str], submission_ids: Collection[str], points: Mapping[str, Fraction]
) -> ManualGrade | None:
    submission_id, number, score, comment = (fields.get(name, "") for name in COLUMNS)
    if not score.strip():
        return None
    if submission_id not in submission_ids:
        raise ExportUnreadable(f"{place}: there is no submission {submission_id!r} in the export")
    if number not in points:
        raise ExportUnreadable(f"{place}: there is no part {number!r}; the parts are {', '.join(points)}")
    if score.strip() == TAKEN_BACK:
        return ManualGrade(submission_id, number, "", "")
    value = as_points(DECIMAL_COMMA.sub(r"\1.\2", score.strip()))
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
