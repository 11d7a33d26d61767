"""Inputs that are made once a course:

    @made_once
    def queries(self):
        random = self.random()
        return [Case(label, (normal(random, d), normal(random, n, d))) for label, n, d in SIZES]

The method runs for the first submission, as a test that has no submission; all others get the same tuple, whose arrays
cannot be changed. So nothing of a student's is remembered, and what follows from the inputs alone need not be asked of
the reference again.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar

from autograder.errors import HomeworkInvalid
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.course_memory import recipe
from autograder.scoring.graded import GradedTestCase

Parameters = ParamSpec("Parameters")
Test = TypeVar("Test", bound=GradedTestCase)


def made_once(
    method: Callable[Concatenate[Test, Parameters], Iterable[Any]],
) -> Callable[Concatenate[Test, Parameters], tuple[Any, ...]]:
    """Decorates a suite's method that makes inputs: see above. Its arguments are plain values and plain functions."""

    @functools.wraps(method)
    def made(test: Test, /, *arguments: Parameters.args, **keywords: Parameters.kwargs) -> tuple[Any, ...]:
        asked = recipe((arguments, keywords))
        make = functools.partial(method, without_submission(test), *arguments, **keywords)
        if asked is None:
            return tuple(make())
        key = (type(test), test.method_name, test.setting.rubric is None, method.__qualname__, asked)
        return test.setting.memory.made(key, make)

    return made


def without_submission(test: Test) -> Test:
    """The same test with nothing of a student's to look at."""
    alone = type(test)(test.method_name)
    alone.setting = replace(test.setting, files={}, run_submission=_nobody)
    return alone


def _nobody(_: Program) -> Outcome:
    raise HomeworkInvalid("inputs that are made once cannot depend on the submission; leave @made_once out")
