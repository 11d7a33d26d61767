"""A decision for a group as grades by hand: lines of the CSV that `regrade --manual` takes."""

import csv
import io
from fractions import Fraction
from pathlib import Path

from autograder.errors import ExportUnreadable
from autograder.regrade.groups.accept import Decision
from autograder.regrade.manual import COLUMNS
from autograder.reports.numbers import number


def with_grades(path: Path, decision: Decision) -> str:
    """The CSV with a line for each submission of the group; what it holds already is kept, other columns too.

    A line that grades one of them in this part gives way. Raises ExportUnreadable for a file that is no such CSV.
    """
    header, rows = _read(path)
    group = decision.group
    decided = {(submission_id, group.number) for submission_id in group.submission_ids}
    kept = [row for row in rows if (row["submission_id"], row["number"]) not in decided]
    score = f"{number(group.points * _exact(decision.credit))}"
    added = [
        {"submission_id": submission_id, "number": group.number, "score": score, "comment": decision.note}
        for submission_id in group.submission_ids
    ]
    file = io.StringIO()
    writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *added])
    return file.getvalue()


def _exact(credit: float) -> Fraction:
    return Fraction(credit).limit_denominator(10_000)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    if not path.exists():
        return list(COLUMNS), []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restval="")
            header, rows = list(reader.fieldnames or ()), list(reader)
    except OSError as error:
        raise ExportUnreadable(f"{path} cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportUnreadable(f"{path} is not a CSV in UTF-8 ({error}); name another file") from error
    missing = [name for name in COLUMNS if name not in header]
    if missing or any(None in row for row in rows):
        raise ExportUnreadable(f"{path} is not a CSV of grades (it needs {', '.join(COLUMNS)}); name another file")
    return header, rows
