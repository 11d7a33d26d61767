"""Tells a typical mistake by what it computes: a suite states what each mistake would give, and that is compared.

Nothing is said of a mistake that would change nothing on the inputs at hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.numeric import compare_arrays
from autograder.checks.verdict import Status, Verdict
from autograder.sandbox.outcome import Outcome, Value
from autograder.scoring.rubric import Tolerance

Mistake = Callable[..., Any]  # the inputs of a case -> what somebody who makes this mistake computes
Mistakes = Mapping[str, Mistake]
COMPARABLE = frozenset({"values_differ", "wrong_shape", "not_finite"})


@dataclass(frozen=True)
class Trial:
    """One case with what came of it."""

    inputs: tuple[Any, ...]
    expected: NDArray[Any]
    actual: Outcome


def is_comparable(verdict: Verdict) -> bool:
    """Whether there are wrong numbers to explain."""
    return any(fact.kind in COMPARABLE for fact in verdict.facts)


def find_mistake(mistakes: Mistakes, trials: Sequence[Trial], tolerance: Tolerance) -> str | None:
    """The first mistake that gives what the student's code gave, in every case in which it gave anything."""
    given = [trial for trial in trials if isinstance(trial.actual, Value)]
    with np.errstate(all="ignore"):
        return next((name for name, mistake in mistakes.items() if _explains(mistake, given, tolerance)), None)


def _explains(mistake: Mistake, trials: Sequence[Trial], tolerance: Tolerance) -> bool:
    telling = False
    for trial in trials:
        values = np.asarray(mistake(*trial.inputs))
        if not _same(values, trial.actual, tolerance):
            return False
        telling = telling or not _same(trial.expected, Value(values), tolerance)
    return telling


def _same(expected: NDArray[Any], actual: Outcome, tolerance: Tolerance) -> bool:
    values = expected if expected.dtype.kind in "iu" else expected.astype(np.float64)
    verdict = compare_arrays(values, actual, rtol=10 * tolerance.rtol, atol=10 * tolerance.atol)
    return verdict.status is Status.RIGHT
