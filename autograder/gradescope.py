"""Grading inside Gradescope's container: where the files are, and a valid results.json at every moment.

Source: Gradescope's autograder documentation, "Specifications": submission/ is read, results/results.json is written.
"""

from pathlib import Path

from autograder.errors import AutograderError
from autograder.pipeline import grade
from autograder.reports.gradescope import failure, results
from autograder.reports.results_file import write_results
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.settings import Homework, Limits


def grade_container(root: Path, homework: Homework, limits: Limits, *, unsafe: bool = False) -> ScoreSheet:
    """Grades `root`/submission. A part is written down as soon as it is judged, so a run that is stopped keeps it."""
    destination = root / "results" / "results.json"
    rows: dict[str, Row] = {}
    started: list[ScoreSheet] = []

    def begin(sheet: ScoreSheet) -> None:
        started.append(sheet)
        rows.update((row.number, row) for row in sheet.rows)
        write_results(destination, results(sheet))

    def advance(row: Row) -> None:
        rows[row.number] = row
        write_results(destination, results(started[0].with_rows(rows.values())))

    try:
        sheet = grade(root / "submission", homework, limits=limits, unsafe=unsafe, on_start=begin, on_row=advance)
    except AutograderError as error:
        if not started:
            write_results(
                destination,
                failure(f"The autograder could not run: {str(error).rstrip('.')}. Please tell the course staff."),
            )
        raise
    write_results(destination, results(sheet))
    return sheet
