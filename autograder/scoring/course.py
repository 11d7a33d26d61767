"""Everything about a homework that one run needs, read once: declarations, rubric, suites, template, reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder.errors import HomeworkInvalid
from autograder.scoring.course_memory import CourseMemory
from autograder.scoring.expected import reference_answer
from autograder.scoring.graded import GradedTestCase, Setting
from autograder.scoring.homework import Declarations, load_declarations
from autograder.scoring.rubric import Rubric, load_rubric
from autograder.scoring.rubric_checks import check_rubric
from autograder.scoring.runner import OwnRunners, Runner, expect_nothing
from autograder.scoring.suite import load_tests, ordered, selected
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework, Limits
from autograder.submission.model import ExpectedFiles, Submission
from autograder.submission.reader import read_submission

HIDDEN, PUBLIC = "hidden", "public"


@dataclass(frozen=True)
class Course:
    """A homework that is ready to be graded against. `rubric` and `reference` are None on a student's machine.

    `checks` are public ones that run besides the marking. `memory` holds what is the same for every submission.
    """

    declarations: Declarations
    template: Mapping[str, bytes]
    tests: tuple[GradedTestCase, ...]
    checks: tuple[GradedTestCase, ...]
    marker: WrittenMarker
    rubric: Rubric | None = None
    reference: Mapping[str, bytes] | None = None
    memory: CourseMemory = field(default_factory=CourseMemory)

    @property
    def expected_files(self) -> ExpectedFiles:
        return expected_files(self.declarations)

    def fresh_tests(self) -> tuple[GradedTestCase, ...]:
        """New instances for one submission: a test case remembers its verdicts."""
        return tuple(type(test)(test.method_name) for test in self.tests)

    def fresh_checks(self) -> tuple[GradedTestCase, ...]:
        """The same of the checks that run besides."""
        return tuple(type(test)(test.method_name) for test in self.checks)


def expected_files(declarations: Declarations) -> ExpectedFiles:
    return ExpectedFiles(modules=declarations.modules, data=declarations.data_files)


def load_course(homework: Homework, only: Sequence[str], limits: Limits, *, checks: bool = False) -> Course:
    """Reads the homework. With its reference all parts are marked, without it the public checks run; with `checks`
    they run besides.
    """
    declarations = load_declarations(homework)
    rubric = load_rubric(homework) if homework.reference.is_dir() else None
    tests = ordered(load_tests(homework.suites, HIDDEN if rubric else PUBLIC), rubric)
    if rubric:
        _check_written(declarations, rubric)
        check_rubric(rubric, tests, declarations, homework.suites)
    chosen = selected(tests, only)
    return Course(
        declarations=declarations,
        template=_own_files(homework.template, declarations, limits),
        tests=chosen,
        checks=_checks_of(homework, chosen) if checks and rubric else (),
        marker=WrittenMarker(declarations, rubric, partial(reference_answer, homework) if rubric else None),
        rubric=rubric,
        reference=_own_files(homework.reference, declarations, limits) if rubric else None,
    )


def _check_written(declarations: Declarations, rubric: Rubric) -> None:
    """Every written part has points."""
    for number in declarations.parts:
        if number not in rubric.parts:
            raise HomeworkInvalid(f"rubric.toml has no entry for part {number}, which homework.toml declares; add one")


def _checks_of(homework: Homework, tests: Sequence[GradedTestCase]) -> tuple[GradedTestCase, ...]:
    """The public checks of the parts that are marked."""
    numbers = {test.number for test in tests}
    return tuple(test for test in ordered(load_tests(homework.suites, PUBLIC), None) if test.number in numbers)


def _own_files(folder: Path, declarations: Declarations, limits: Limits) -> Mapping[str, bytes]:
    """The files of the template or the reference: submissions like any other, but complete."""
    if not folder.is_dir():
        raise HomeworkInvalid(f"{folder} is missing; a homework needs it")
    files = read_submission(folder, expected_files(declarations), limits).files
    missing = [name for name in declarations.modules if f"{name}.py" not in files]
    if missing:
        raise HomeworkInvalid(f"{folder} has no {missing[0]}.py, which homework.toml names")
    return files


def setting_for(
    course: Course, submission: Submission, limits: Limits, run_submission: Runner, own: OwnRunners
) -> Setting:
    """What the tests of one submission work with."""
    return Setting(
        declarations=course.declarations,
        files=submission.files,
        template=course.template,
        run_submission=run_submission,
        marker=course.marker,
        limits=limits,
        rubric=course.rubric,
        run_reference=own.reference,
        run_template=own.template,
        pass_over=run_submission.pass_over,
        once=run_submission.once,
        expect=run_submission.expect,
        expect_of_reference=own.reference.expect if own.reference else expect_nothing,
        reference_files=course.reference,
        memory=course.memory,
    )
