"""What a student's code does, beside what the student's formula says: its work is counted while one size grows.

For information only: no mark depends on it. The sizes are no secret, and nothing hidden goes into the inputs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.answers.tree import Node
from autograder.checks.cost import Cost, fitted_exponent
from autograder.checks.symbolic.evaluate import CannotEvaluate, evaluate
from autograder.checks.verdict import Fact, Verdict
from autograder.scoring.remote import Remote, RemoteSubmission

Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Measured:
    """Which work is counted (a field of Cost), and of what: `call` on inputs of the given sizes.

    rays: for each name that grows, the sizes of the calls, a number for every name of the formula that matters.
    """

    count: str
    call: Callable[[RemoteSubmission, Sizes], Remote]
    rays: Mapping[str, Sequence[Sizes]]


def beside_formula(
    measured: Measured, formula: Node, submission: RemoteSubmission, counted: Callable[[Remote], Cost | Verdict]
) -> tuple[Fact, ...]:
    """The exponents of both along each ray; nothing where the code does not run, or the formula has no values."""
    code: dict[str, float] = {}
    claimed: dict[str, float] = {}
    for name, ray in measured.rays.items():
        says = _values(formula, ray)
        does = _counts(measured, ray, submission, counted) if says else None
        if says is None or does is None:
            return ()
        lengths = [sizes[name] for sizes in ray]
        code[name], claimed[name] = (round(fitted_exponent(lengths, numbers), 1) for numbers in (does, says))
    return (Fact("work_beside_formula", {"count": measured.count, "code": code, "formula": claimed}),)


def _counts(
    measured: Measured,
    ray: Sequence[Sizes],
    submission: RemoteSubmission,
    counted: Callable[[Remote], Cost | Verdict],
) -> list[float] | None:
    counts: list[float] = []
    for sizes in ray:
        cost = counted(measured.call(submission, sizes))
        number = getattr(cost, measured.count) if isinstance(cost, Cost) else 0
        if number <= 0:
            return None
        counts.append(float(number))
    return counts


def _values(formula: Node, ray: Sequence[Sizes]) -> list[float] | None:
    try:
        values = [float(evaluate(formula, {name: float(size) for name, size in sizes.items()})) for sizes in ray]
    except (CannotEvaluate, TypeError, ValueError):  # a vector or a matrix has no one value
        return None
    return values if all(np.isfinite(value) and value > 0 for value in values) else None
