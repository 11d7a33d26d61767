"""What the test files of benchmarks/otter_way.py call in the notebook's kernel: a graded test, passed or failed."""

from contextlib import ExitStack
from functools import cache
from pathlib import Path

import sympy  # noqa: F401
import torch  # noqa: F401

from autograder.reports.wording import feedback
from autograder.scoring.course import load_course, setting_for
from autograder.scoring.graded import GradedTestCase
from autograder.scoring.result import PartResult, Row
from autograder.scoring.runner import OwnRunners, Runner
from autograder.scoring.suite import attached
from autograder.settings import Homework
from autograder.submission.reader import read_submission
from benchmarks.unsandboxed import LIMITS, in_this_process

ROOT = Path(__file__).resolve().parent.parent
OPEN = ExitStack()  # for as long as the kernel lives


def judge(number: str) -> None:
    """Raises AssertionError, with what the student reads, where the part has not earned all its points."""
    rows: list[Row] = []
    test = tests()[number]
    test.run(PartResult([test], rows.append))
    assert rows[0].earned == rows[0].points, feedback(rows[0])


@cache
def tests() -> dict[str, GradedTestCase]:
    """By number, on the submission in the current folder and the reference, both in this process."""
    course = load_course(Homework(ROOT), (), LIMITS)
    submission = read_submission(Path.cwd(), course.expected_files, LIMITS)
    reference = course.reference or {}
    own = OwnRunners(Runner(OPEN.enter_context(in_this_process(reference)), reference))
    run = Runner(OPEN.enter_context(in_this_process(submission.files)), submission.files)
    ready = attached(course.fresh_tests(), setting_for(course, submission, LIMITS, run, own))
    return {test.number: test for test in ready}
