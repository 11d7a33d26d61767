"""What a student's code does, beside what the student's formula says: its work is counted while one size grows.

For information only: no mark depends on it. The sizes are no secret, and nothing hidden goes into the inputs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any

import numpy as np

from autograder.answers.tree import Node
from autograder.checks.cost import Cost, fitted_exponent
from autograder.checks.symbolic.evaluate import CannotEvaluate, evaluate
from autograder.checks.verdict import Fact, Verdict
from autograder.scoring.course_memory import CourseMemory, recipe
from autograder.scoring.remote import Remote, RemoteSubmission

Sizes = Mapping[str, int]
Count = Callable[[Sequence[Sizes]], Iterable[Cost | Verdict]]
MANY_OPERATIONS = 150  # a millisecond; every further size takes a multiple of it


@dataclass(frozen=True)
class Measured:
    """Which work is counted (a field of Cost), and of what: `call` on what `inputs` makes for the given sizes.

    rays: for each name that grows, three sizes of the calls, a number for every name of the formula that matters: the
    least, one that is a little larger, and the largest.
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


def beside_formula(measured: Measured, formula: Node, count: Count) -> tuple[Fact, ...]:
    """The exponents of both along each ray; nothing where the code does not run, or the formula has no values.

    `count` counts the work of the student's code at each of the given sizes.
    """
    rays = measured.rays
    says = {name: values for name, ray in rays.items() if (values := _values(formula, ray))}
    if len(says) < len(rays):
        return ()
    least = _costs(measured, count([ray[0] for ray in rays.values()]))
    if len(least) < len(rays):
        return ()
    ends = [_end(*both) for both in zip(rays.values(), least, strict=True)]
    most = _costs(measured, count([ray[end] for ray, end in zip(rays.values(), ends, strict=True)]))
    if len(most) < len(rays):
        return ()
    code, claimed = {}, {}
    for (name, ray), end, *costs in zip(rays.items(), ends, least, most, strict=True):
        lengths = (ray[0][name], ray[end][name])
        code[name] = _power(lengths, [float(getattr(cost, measured.count)) for cost in costs])
        claimed[name] = _power(lengths, (says[name][0], says[name][end]))
    return (Fact("work_beside_formula", {"count": measured.count, "code": code, "formula": claimed}),)


def _costs(measured: Measured, counted: Iterable[Cost | Verdict]) -> list[Cost]:
    """What was counted, up to where the code did not run."""
    ran = takewhile(lambda cost: isinstance(cost, Cost) and getattr(cost, measured.count) > 0, counted)
    return [cost for cost in ran if isinstance(cost, Cost)]


def _end(ray: Sequence[Sizes], least: Cost) -> int:
    """Up to which size is counted: nothing is measured, so that the ends tell the power as well as what lies between.
    Code that works element by element is seen to grow at the second size already.
    """
    return 1 if least.operations > MANY_OPERATIONS else len(ray) - 1


def _power(lengths: Sequence[int], numbers: Sequence[float]) -> float:
    return round(fitted_exponent(lengths, numbers), 1)


def _values(formula: Node, ray: Sequence[Sizes]) -> list[float] | None:
    try:
        values = [float(evaluate(formula, {name: float(size) for name, size in sizes.items()})) for sizes in ray]
    except (CannotEvaluate, TypeError, ValueError):  # a vector or a matrix has no one value
        return None
    return values if all(np.isfinite(value) and value > 0 for value in values) else None
