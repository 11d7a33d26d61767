"""Tells a typical mistake by what it computes: a suite states what each mistake would give, and that is compared.

Nothing is said of a mistake that would change nothing on the inputs at hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.numeric import agrees
from autograder.checks.verdict import Verdict
from autograder.sandbox.outcome import Outcome, Value
from autograder.scoring.cases import Case
from autograder.scoring.course_memory import CourseMemory, recipe
from autograder.scoring.rubric import Tolerance

Mistake = Callable[..., Any]  # the inputs of a case -> what somebody who makes this mistake computes
Mistakes = Mapping[str, Mistake]
COMPARABLE = frozenset({"values_differ", "wrong_shape", "not_finite"})


@dataclass(frozen=True)
class Trial:
    """One case with what came of it."""

    case: Case
    expected: NDArray[Any]
    actual: Outcome


def is_comparable(verdict: Verdict) -> bool:
    """Whether there are wrong numbers to explain."""
    return any(fact.kind in COMPARABLE for fact in verdict.facts)


def find_mistake(mistakes: Mistakes, trials: Sequence[Trial], tolerance: Tolerance, memory: CourseMemory) -> str | None:
    """The first mistake that gives what the student's code gave, in every case in which it gave anything."""
    given = [trial for trial in trials if isinstance(trial.actual, Value)]
    with np.errstate(all="ignore"):
        found = (name for name, mistake in mistakes.items() if _explains(_of_case(mistake, memory), given, tolerance))
        return next(found, None)


def _of_case(mistake: Mistake, memory: CourseMemory) -> Callable[[Case], NDArray[Any]]:
    """What a mistake gives, which follows from a case's inputs alone."""
    way = recipe(mistake)

    def values(case: Case) -> NDArray[Any]:
        return memory.following(case, way, lambda: np.asarray(mistake(*case.inputs)))

    return values


def _explains(values_of: Callable[[Case], NDArray[Any]], trials: Sequence[Trial], tolerance: Tolerance) -> bool:
    telling = False
    for trial in trials:
        values = values_of(trial.case)
        if not _same(values, trial.actual, tolerance):
            return False
        telling = telling or not _same(trial.expected, Value(values), tolerance)
    return telling


def _same(expected: NDArray[Any], actual: Outcome, tolerance: Tolerance) -> bool:
    values = expected if expected.dtype.kind in "iu" else expected.astype(np.float64)
    return agrees(values, actual, rtol=10 * tolerance.rtol, atol=10 * tolerance.atol)
