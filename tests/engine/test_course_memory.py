"""Who would miss it: a class that is to be marked soon, and a student who must not get what another one's work left."""

import unittest
from collections.abc import Mapping
from functools import partial

import numpy as np
import pytest

from autograder.errors import HomeworkInvalid
from autograder.sandbox.outcome import Missing, Value
from autograder.scoring.cases import Case
from autograder.scoring.course_memory import CourseMemory, recipe
from autograder.scoring.graded import GradedTestCase, Setting
from autograder.scoring.homework import load_declarations
from autograder.scoring.made_once import made_once
from autograder.scoring.remote import RemoteSubmission
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework, Limits
from tests.engine.source_tree import PROJECT

DECLARATIONS = load_declarations(Homework(PROJECT))


class Suite(GradedTestCase):
    __test__ = False
    made = 0

    def runTest(self) -> None:  # noqa: N802  # unittest's name
        """Nothing"""

    @made_once
    def cases(self, size: int = 2) -> list[Case]:
        type(self).made += 1
        whole = np.arange(4.0 * size)
        return [Case("a", (whole[:size], {"w": whole[size:]}))]

    @made_once
    def of_the_submission(self) -> list[str]:
        return list(self.setting.files)

    @made_once
    def of_its_code(self) -> list[object]:
        return [self.actual(self.submission.q1_scaling.scale)]


def suite(memory: CourseMemory, files: Mapping[str, bytes] | None = None) -> Suite:
    test = Suite()
    test.setting = Setting(
        declarations=DECLARATIONS,
        files=files or {},
        template={},
        run_submission=lambda program: Missing("nothing"),
        run_reference=lambda program: Value(np.ones(2)),
        marker=WrittenMarker(DECLARATIONS),
        limits=Limits(),
        memory=memory,
    )
    return test


def test_inputs_are_made_once_a_course_and_for_each_argument() -> None:
    memory, Suite.made = CourseMemory(), 0
    first, second = suite(memory), suite(memory)
    assert first.cases() is second.cases()
    assert (first.cases(3) is second.cases(3), first.cases() is first.cases(3)) == (True, False)
    assert Suite.made == 2
    assert suite(CourseMemory()).cases() is not first.cases()


def test_inputs_cannot_be_changed_not_even_through_what_they_are_views_of() -> None:
    vector, weights = suite(CourseMemory()).cases()[0].inputs
    for array in (vector, weights["w"], vector.base):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_is_made_once_sees_no_submission() -> None:
    memory = CourseMemory()
    assert suite(memory, {"q1_scaling.py": b"scale = 1"}).of_the_submission() == ()
    with pytest.raises(HomeworkInvalid, match="made_once"):
        suite(memory).of_its_code()


def held(value: object) -> object:
    return lambda homework, case: value


SAME = {
    "a function": lambda: held,
    "what is written anew each time": lambda: lambda homework, case: homework.q.f(*case),
    "what it holds": lambda: held((1, "a", 2.0)),
    "a function that it holds": lambda: held(lambda x: x),
    "a partial one": lambda: partial(held, value=3),
    "a default": lambda: lambda homework, case, options={"mask": None}: homework.q.f(*case, **options),
    "NumPy's": lambda: partial(np.sqrt),
}


@pytest.mark.parametrize("build", SAME.values(), ids=SAME)
def test_a_function_is_known_by_its_code_and_by_what_it_holds(build) -> None:
    assert recipe(build()) is not None
    assert recipe(build()) == recipe(build())


def test_functions_that_hold_something_else_are_others() -> None:
    assert len({recipe(held(value)) for value in (1, 1.0, True, "1", None, (1,), np.sqrt)}) == 7
    assert recipe(partial(held, 1)) != recipe(partial(held, 2))


@pytest.mark.parametrize("value", [object(), np.ones(2), unittest.TestCase(), {1, 2}, RemoteSubmission])
def test_what_has_no_value_to_be_known_by_is_not_remembered(value: object) -> None:
    assert recipe(held(value)) is None or isinstance(value, type)


def test_what_follows_from_inputs_made_elsewhere_is_worked_out_each_time() -> None:
    memory, counted = CourseMemory(), []
    case = Case("its own", ())
    for origin in (case, case, *2 * suite(memory).cases()):
        memory.following(origin, "way", lambda: counted.append(1))
    assert len(counted) == 3
    memory.following(suite(memory).cases()[0], None, lambda: counted.append(1))
    assert len(counted) == 4
