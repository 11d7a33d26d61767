"""READ THIS FIRST. How a submission becomes a score sheet, stage by stage.

    path --submission--> Submission --sandbox--> Outcome --answers--> Answer --checks--> Verdict --scoring--> ScoreSheet

The zygote is started before anything else: it must never have seen a secret, and it imports torch while the grader
reads files. The grader itself never runs code of a student's, nor of the reference: both run in workers.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from autograder.sandbox.launcher import Session, Zygote
from autograder.scoring.course import Course, load_course, setting_for
from autograder.scoring.result import PartResult
from autograder.scoring.runner import Runner
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.scoring.suite import attached, run_tests
from autograder.settings import Homework, Limits
from autograder.submission.intake import read_submission
from autograder.submission.submission import Submission

OnRow = Callable[[Row], None]
OnStart = Callable[[ScoreSheet], None]


def _ignore(_: object) -> None:
    return None


def grade(
    path: Path,
    homework: Homework,
    *,
    only: Sequence[str] = (),
    limits: Limits | None = None,
    on_start: OnStart = _ignore,
    on_row: OnRow = _ignore,
) -> ScoreSheet:
    """Grades the submission at `path`, a folder or a zip.

    `on_start` is given the sheet with every row still open, `on_row` each row as soon as it is judged. Raises
    UsageError where there is nothing to grade, EngineError where the sandbox cannot work.
    """
    limits = limits or Limits()
    with Zygote(limits) as zygote:
        course = load_course(homework, only, limits)
        submission = read_submission(path, course.expected_files, limits)
        with ExitStack() as stack:
            reference = stack.enter_context(Session(zygote, course.reference, limits)) if course.reference else None
            run_reference = Runner(reference.run, course.reference) if reference and course.reference else None
            return grade_submission(submission, course, zygote, run_reference, limits, on_start, on_row)


def grade_submission(
    submission: Submission,
    course: Course,
    zygote: Zygote,
    run_reference: Runner | None,
    limits: Limits,
    on_start: OnStart = _ignore,
    on_row: OnRow = _ignore,
) -> ScoreSheet:
    """Grades one submission in a run where the zygote and the reference are ready; they serve a whole class."""
    until = time.monotonic() + limits.run_seconds
    tests = course.fresh_tests()
    with Session(zygote, submission.files, limits) as session:
        setting = setting_for(course, submission, Runner(session.run, submission.files), run_reference)
        result = PartResult(attached(tests, setting), on_row)
        on_start(_sheet(submission, course, result.rows))
        run_tests(tests, result, until)
        return _sheet(submission, course, result.rows)


def _sheet(submission: Submission, course: Course, rows: Sequence[Row]) -> ScoreSheet:
    return ScoreSheet(
        title=course.declarations.title,
        submission=submission.name,
        rows=tuple(rows),
        notes=submission.problems,
    )
