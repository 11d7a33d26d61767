"""Who would miss it: a student whose right formula is refused. The marker is the one of a grading and of `try`."""

from fractions import Fraction
from pathlib import Path

import pytest

from autograder.reports.wording import feedback
from autograder.scoring.course import Course, load_course
from autograder.scoring.sheet import Row
from autograder.settings import Homework, Limits
from tests.marking.written_right import RIGHT
from tests.marking.written_wrong import WRONG

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(Homework(ROOT), (), Limits())


def mark(course: Course, part: str, answer: object) -> tuple[float, str]:
    """Points and message."""
    assert course.rubric is not None
    verdict = course.marker.mark_answer(part, answer)
    points = course.rubric.part(part).points
    earned = Fraction(verdict.credit).limit_denominator(1000) * points
    return float(earned), feedback(Row(part, "", points, earned, {"": verdict}))


@pytest.mark.parametrize(("part", "answer"), [(part, answer) for part, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_earns_everything(course: Course, part: str, answer: object) -> None:
    assert course.rubric is not None
    points, message = mark(course, part, answer)
    assert points == course.rubric.part(part).points, message


@pytest.mark.parametrize(("part", "case"), [(part, case) for part, cases in WRONG.items() for case in cases])
def test_a_wrong_answer_earns_what_the_scheme_says(course: Course, part: str, case: tuple[object, float, str]) -> None:
    answer, points, words = case
    earned, message = mark(course, part, answer)
    assert (earned, words in message) == (points, True), message
