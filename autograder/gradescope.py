"""Grading inside Gradescope's container: where the files are, and a valid results.json at every moment.

Source: Gradescope's autograder documentation, "Specifications": submission/ is read, results/results.json is written,
submission_metadata.json says who handed in and when, if it is there.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograder.errors import AutograderError
from autograder.pipeline import grade
from autograder.reports.gradescope import failure, results
from autograder.reports.results_file import write_results
from autograder.scoring.late import LateRules, lateness, policy_of, read_moment
from autograder.scoring.rubric import load_rubric
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.settings import Homework, Limits
from autograder.submission.handed_in import HandedIn, read_metadata

Complete = Callable[[ScoreSheet], ScoreSheet]


def grade_container(root: Path, homework: Homework, limits: Limits, *, unsafe: bool = False) -> ScoreSheet:
    """Grades `root`/submission. A part is written down as soon as it is judged, so a run that is stopped keeps it.

    The public checks run besides, and come first in what students see.
    """
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
        complete = completing(homework, read_metadata(root / "submission_metadata.json"))
        given = root / "submission"
        sheet = complete(
            grade(given, homework, limits=limits, unsafe=unsafe, checks=True, on_start=begin, on_row=advance)
        )
    except AutograderError as error:
        if not started:
            write_results(
                destination,
                failure(f"The autograder could not run: {str(error).rstrip('.')}. Please tell the course staff."),
            )
        raise
    write_results(destination, results(sheet))
    return sheet


def completing(homework: Homework, handed_in: HandedIn) -> Complete:
    """Adds to a sheet who handed it in, and what lateness takes off: by the rubric's rules, and by its due date or
    else the assignment's. Lateness comes from when it was handed in, never from the clock.
    """
    rules = load_rubric(homework).late if homework.reference.is_dir() else None
    created_at, due = read_moment(handed_in.created_at), read_moment(handed_in.due)
    policy = policy_of(rules.over(LateRules(due=due))) if rules else None

    def complete(sheet: ScoreSheet) -> ScoreSheet:
        late = lateness(policy, created_at, sheet.earned) if policy and created_at else None
        return replace(sheet, by=handed_in.names, late=late)

    return complete
