"""READ THIS FIRST. How a submission becomes a score sheet, stage by stage.

    path --submission--> Submission --sandbox--> Outcome --answers--> Answer --checks--> Verdict --scoring--> ScoreSheet

The zygote is started before anything else: it must never have seen a secret, and it imports torch while the grader
reads files. The grader itself never runs code of a student's, nor of the reference: both run in workers.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import SandboxFailed
from autograder.sandbox.protocol.programs import ModuleAttribute
from autograder.scoring.course import Course, load_course, setting_for
from autograder.scoring.graded import GradedTestCase, Setting
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.remote import Run
from autograder.scoring.result import NOT_RUN, PartResult
from autograder.scoring.runner import Expect, OnAnswer, OwnRunners, Runner, expect_nothing
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.scoring.suite import attached, run_tests
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission
from autograder.submission.reader import read_submission

if TYPE_CHECKING:
    from autograder.sandbox.launcher import Zygote

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
    unsafe: bool = False,
    checks: bool = False,
    on_start: OnStart = _ignore,
    on_row: OnRow = _ignore,
) -> ScoreSheet:
    """Grades the submission at `path`, a folder or a zip.

    With `checks` the public checks run as well, after the marking. `on_start` is given the sheet with every row still
    open, `on_row` each row as soon as it is judged. Raises UsageError where there is nothing to grade, EngineError
    where the sandbox cannot work or, unless `unsafe`, cannot keep student code in.
    """
    from autograder.sandbox.launcher import Zygote  # where answers are kept, they are judged without one

    limits = limits or Limits()
    with Zygote(limits, unsafe=unsafe) as zygote:
        course = load_course(homework, only, limits, checks=checks)
        submission = read_submission(path, course.expected_files, limits)
        if course.rubric:
            course.marker.prepare()  # meanwhile torch is being imported
        with own_runner(course.reference, zygote) as run_reference, own_runner(course.template, zygote) as run_template:
            runners = OwnRunners(run_reference, run_template)
            return grade_submission(submission, course, zygote, runners, limits, on_start, on_row)


@contextmanager
def own_runner(files: Mapping[str, bytes] | None, zygote: "Zygote") -> Iterator[Runner | None]:
    """Runs the reference or the template like a submission. No worker starts before something is asked of it."""
    if files is None:
        yield None
        return
    with zygote.session(files, once=True) as session:
        yield Runner(PlainModules(session.run, files), files, session.expect)


def grade_submission(
    submission: Submission,
    course: Course,
    zygote: "Zygote",
    own: OwnRunners,
    limits: Limits,
    on_start: OnStart = _ignore,
    on_row: OnRow = _ignore,
) -> ScoreSheet:
    """Grades one submission where the zygote and the homework's own code are ready; they serve a whole class."""
    from autograder.sandbox.launcher import describe

    layers = describe(zygote.layers())

    def begin(sheet: ScoreSheet) -> None:
        on_start(replace(sheet, layers=layers))

    with zygote.session(submission.files) as session:
        run = PlainModules(session.run, submission.files)
        sheet = judge_submission(submission, course, run, own, limits, begin, on_row, expect=session.expect)
        return replace(sheet, layers=layers)


def judge_submission(
    submission: Submission,
    course: Course,
    run: Run,
    own: OwnRunners,
    limits: Limits,
    on_start: OnStart | None = None,
    on_row: OnRow = _ignore,
    on_answer: OnAnswer | None = None,
    expect: Expect = expect_nothing,
) -> ScoreSheet:
    """Judges one submission, whose programs are answered by `run`: by workers now, or from what they gave before.

    `on_answer` is told what a part's test asks and gets, before `on_row` is told the part's row; `expect`, what will be
    run next.
    """
    until = time.monotonic() + limits.run_seconds
    tests = course.fresh_tests()
    runner = Runner(run, submission.files, expect)
    setting = setting_for(course, submission, limits, runner, own)
    result = PartResult(attached(tests, setting), on_row)
    if on_start is not None:
        on_start(_sheet(submission, course, result))
    read_answers(course, tests, runner)
    runner.on_answer = on_answer  # what was read before is no test's question
    run_tests(tests, result, until)
    checked = run_checks(course, setting, until)
    return _sheet(submission, course, result, checked)


def run_checks(course: Course, setting: Setting, until: float) -> PartResult | None:
    """The public checks as a student has them at home: without the rubric and the reference.

    After the marking, so that a check never uses up time that a part of the marking needs.
    """
    tests = course.fresh_checks()
    if not tests:
        return None
    public = replace(setting, rubric=None, run_reference=None, reference_files=None)
    result = PartResult(attached(tests, public), _ignore)
    run_tests(tests, result, until)
    return result


def read_answers(course: Course, tests: Sequence[GradedTestCase], run: Runner) -> None:
    """Has the written answers read before any function is called; a Runner remembers them.

    How an answer was read is shown, and code that has been given hidden inputs could put them into an answer.
    """
    with suppress(SandboxFailed):  # the tests meet it again, and say so in their rows
        parts = filter(None, (course.declarations.parts.get(test.number) for test in tests))
        answers = [ModuleAttribute(part.module, part.attribute) for part in parts]
        run.expect(answers)
        for answer in answers:
            run(answer)


def _sheet(submission: Submission, course: Course, result: PartResult, checked: PartResult | None = None) -> ScoreSheet:
    return ScoreSheet(
        title=course.declarations.title,
        submission=submission.name,
        rows=result.rows,
        own_failures=(*result.own_failures, *(checked.own_failures if checked else ())),
        notes=submission.problems,
        seed=course.rubric.seed if course.rubric else None,
        checks=tuple(row for row in checked.rows if row.verdicts.get("") != NOT_RUN) if checked else (),
    )
