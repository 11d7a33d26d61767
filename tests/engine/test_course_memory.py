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
from autograder.scoring.runner import Runner
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
    def again(self, size: int = 2) -> list[Case]:
        return list(self.cases(size))

    @made_once
    def held(self, value: int = 1) -> list[Case]:
        return [Case("a function", (lambda: value,))]

    @made_once
    def of_the_submission(self) -> list[str]:
        return list(self.setting.files)

    @made_once
    def of_its_code(self) -> list[object]:
        return [self.actual(self.submission.q1_scaling.scale)]


def suite(memory: CourseMemory, files: Mapping[str, bytes] | None = None, runner: Runner | None = None) -> Suite:
    test = Suite()
    own = (
        {"run_submission": runner, "once": runner.once} if runner else {"run_submission": lambda _: Missing("nothing")}
    )
    test.setting = Setting(
        declarations=DECLARATIONS,
        files=files or {},
        template={},
        run_reference=lambda program: Value(np.ones(2)),
        marker=WrittenMarker(DECLARATIONS),
        limits=Limits(),
        memory=memory,
        **own,
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


def test_the_same_inputs_made_for_another_part_are_the_same_inputs() -> None:
    test = suite(CourseMemory())
    assert test.cases() is test.again()
    assert test.cases() is not test.again(3)
    assert test.held(1) is not test.held(2)


AGREES = {"right": np.ones(2), "wrong": np.zeros(2), "a mistake": np.full(2, 3.0)}


@pytest.mark.parametrize("answer", AGREES.values(), ids=AGREES)
def test_what_was_compared_for_one_part_is_not_compared_again_for_another_but_told_again(answer) -> None:
    ran: list[object] = []
    told: list[tuple[object, object]] = []

    def run(program: object) -> Value:
        ran.append(program)
        return Value(answer)

    def compare(test: Suite):
        told.clear()
        mistakes = {"thrice": triple}
        verdict = test.agreement(lambda homework, inputs: homework.q.f(*inputs), test.cases(), mistakes=mistakes)
        return verdict, list(told)

    memory = CourseMemory()
    runner = Runner(run, {})
    runner.on_answer = lambda program, outcome: told.append((program, outcome))
    one, other = suite(memory, runner=runner), suite(memory, runner=runner)
    first, again = compare(one), compare(other)
    assert (first, len(ran)) == (again, 1)
    assert first[1]
    assert compare(suite(memory, runner=Runner(run, {})))[0] == first[0]
    assert len(ran) == 2


def triple(vector: np.ndarray, options: object) -> np.ndarray:
    return np.full(2, 3.0)


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
