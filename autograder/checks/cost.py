"""How the counted operations of a function grow with one size of its input. Counts, never times.

Source of the counting: autograder/sandbox/worker; an operation is a multiply-add that ran inside torch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.checks.failures import data_or_failure, wrong_type
from autograder.checks.verdict import Fact, Verdict, right, wrong
from autograder.sandbox.outcome import Outcome

SLACK = 0.3  # how far a fitted exponent may stand above the promised power: terms of lower order bend small sizes
MOST = 2**62  # of what is counted in one call: more is a reply that was made up
LEAST_SHARE = 0.5  # of the reference's operations: whoever does less did the work where it is not counted


@dataclass(frozen=True)
class Cost:
    """Work of one call, the memory of its results, and of how many operations on tensors it consisted."""

    multiply_adds: int
    bytes_moved: int
    bytes_allocated: int = 0
    operations: int = 0


def cost_of(outcome: Outcome) -> Cost | Verdict:
    """What was counted, or a Verdict if the call failed."""
    data = data_or_failure(outcome)
    if isinstance(data, Verdict):
        return data
    if not isinstance(data, dict) or not {"multiply_adds", "bytes_moved"} <= set(data):
        return wrong_type(data, expected="a count of operations")
    counts = [data.get(name, 0) for name in ("multiply_adds", "bytes_moved", "bytes_allocated", "operations")]
    if all(type(count) is int and 0 <= count <= MOST for count in counts):
        return Cost(*counts)
    return wrong_type(data, expected="a count of operations")


def grows_like(
    sizes: Sequence[int],
    *,
    expected: Sequence[Cost | Verdict],
    actual: Sequence[Cost | Verdict],
    power: float,
    size: str = "n",
) -> Verdict:
    """Whether the work grows at most with `power` of the size, and is really done in torch.

    `expected` are the reference's counts at the same sizes, the measure of how much work there is to do; `size` is the
    name of what grows, as the student knows it.
    """
    counts = [cost.multiply_adds for cost in actual if isinstance(cost, Cost)]
    if len(counts) < len(sizes):
        return next(cost for cost in actual if isinstance(cost, Verdict))
    needed = [cost.multiply_adds for cost in expected if isinstance(cost, Cost)]
    if any(count < LEAST_SHARE * least for count, least in zip(counts, needed, strict=True)):
        return wrong(Fact("work_not_counted"))
    exponent = fitted_exponent(sizes, counts)
    fact = Fact("work_grows", {"exponent": round(exponent, 1), "size": size})
    return right(fact) if exponent <= power + SLACK else wrong(fact)


def fitted_exponent(sizes: Sequence[float], counts: Sequence[float]) -> float:
    """The exponent p of counts ~ size^p by least squares on logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(count) for count in counts]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    covariance = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return covariance / sum((x - mean_x) ** 2 for x in xs)
