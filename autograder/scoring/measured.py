"""What a student's code does, beside what the student's formula says: its work is counted while one size grows.

For information only: no mark depends on it. The sizes are no secret, and nothing hidden goes into the inputs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.answers.tree import Node
from autograder.checks.cost import Cost, fitted_exponent
from autograder.checks.symbolic.evaluate import CannotEvaluate, evaluate
from autograder.checks.verdict import Fact, Verdict
from autograder.scoring.course_memory import CourseMemory, recipe
from autograder.scoring.remote import Remote, RemoteSubmission

Sizes = Mapping[str, int]
MANY_OPERATIONS = 2_000  # some ten milliseconds; the next size takes a multiple of it


@dataclass(frozen=True)
class Measured:
    """Which work is counted (a field of Cost), and of what: `call` on what `inputs` makes for the given sizes.

    rays: for each name that grows, the sizes of the calls, a number for every name of the formula that matters.
    """

    count: str
    call: Callable[[RemoteSubmission, Sequence[Any]], Remote]
    inputs: Callable[[Sizes], Iterable[Any]]
    rays: Mapping[str, Sequence[Sizes]]

    def inputs_of(self, sizes: Sizes, memory: CourseMemory) -> Sequence[Any]:
        """The inputs for these sizes, the same for every submission."""
        way = recipe((self.inputs, dict(sizes)))
        make = partial(self.inputs, sizes)
        return tuple(make()) if way is None else memory.made(way, make)


def beside_formula(measured: Measured, formula: Node, call: Callable[[Sizes], Cost | Verdict]) -> tuple[Fact, ...]:
    """The exponents of both along each ray; nothing where the code does not run, or the formula has no values.

    `call` counts the work of the student's code at given sizes.
    """
    code: dict[str, float] = {}
    claimed: dict[str, float] = {}
    for name, ray in measured.rays.items():
        says = _values(formula, ray)
        does = _counts(measured, ray, call) if says else None
        if says is None or does is None:
            return ()
        lengths = [sizes[name] for sizes in ray[: len(does)]]
        code[name], claimed[name] = (
            round(fitted_exponent(lengths, numbers), 1) for numbers in (does, says[: len(does)])
        )
    return (Fact("work_beside_formula", {"count": measured.count, "code": code, "formula": claimed}),)


def _counts(measured: Measured, ray: Sequence[Sizes], call: Callable[[Sizes], Cost | Verdict]) -> list[float] | None:
    """What was counted at each size; code that works element by element is seen to grow at the first two already."""
    counts: list[float] = []
    for sizes in ray:
        cost = call(sizes)
        if not isinstance(cost, Cost) or getattr(cost, measured.count) <= 0:
            return None
        counts.append(float(getattr(cost, measured.count)))
        if len(counts) > 1 and cost.operations > MANY_OPERATIONS:
            break
    return counts


def _values(formula: Node, ray: Sequence[Sizes]) -> list[float] | None:
    try:
        values = [float(evaluate(formula, {name: float(size) for name, size in sizes.items()})) for sizes in ray]
    except (CannotEvaluate, TypeError, ValueError):  # a vector or a matrix has no one value
        return None
    return values if all(np.isfinite(value) and value > 0 for value in values) else None
