"""READ THIS FIRST. How a submission becomes a score sheet, stage by stage.

    path --submission--> Submission --sandbox--> Outcome --answers--> Answer --checks--> Verdict --scoring--> ScoreSheet

The zygote is started before anything else: it must never have seen a secret, and it imports torch while the grader
reads files. The grader itself never runs code of a student's, nor of the reference: both run in workers.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.sandbox.launcher import Zygote
from autograder.scoring.course import Course, load_course, setting_for
from autograder.scoring.result import PartResult
from autograder.scoring.runner import Runner
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.scoring.suite import attached, run_tests
from autograder.settings import Homework, Limits
from autograder.submission.reader import read_submission
from autograder.submission.model import Submission

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
        with reference_runner(course, zygote) as run_reference:
            return grade_submission(submission, course, zygote, run_reference, limits, on_start, on_row)


@contextmanager
def reference_runner(course: Course, zygote: Zygote) -> Iterator[Runner | None]:
    """Runs the reference, a submission like any other, in workers of its own; None where there is no reference."""
    if course.reference is None:
        yield None
        return
    with zygote.session(course.reference) as session:
        yield Runner(session.run, course.reference)


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
    with zygote.session(submission.files) as session:
        setting = setting_for(course, submission, limits, Runner(session.run, submission.files), run_reference)
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
