"""Growth judged twice: by the comparison, and by evaluating both answers far out along rays.

    python benchmarks/growth_oracle.py [PAIRS] [SEED]

The oracle knows nothing of monomials, cones or programs: it walks the tree in floating point, on the logarithms of the
values. Where the comparison claims a bound, no ray out of some hundreds may break it. Where it claims that a bound
fails, the bound must break on the ray that the comparison itself names. So both kinds of claim are put to the test.
"""

import math
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from statistics import median
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt

from autograder.answers.tree import Add, Call, Mul, Name, Node, Number, Pow
from autograder.checks.growth.comparison import Excess, GrowthComparison, compare_growth, growth_normal_form
from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.declared import side_conditions

Values = npt.NDArray[Any]  # of float64, or of mpmath's numbers
Logs = Mapping[str, Values]

NAMES = ("b", "n", "d", "h")
FAR = 1e12
BROKEN = 9.0  # a factor of e^9: no constant in the random answers is as large
BROKEN_WITHOUT_CONSTANTS = 2.0
POWERS = tuple(map(Fraction, ("-1", "-1/2", "1/2", "1", "1", "1", "2", "2", "3")))


@dataclass(frozen=True)
class Region:
    """Side conditions, and the same for the oracle: h <= d or not, and k = d/h."""

    conditions: SideConditions
    ordered: bool

    @property
    def names(self) -> tuple[str, ...]:
        return (*NAMES, "k") if self.ordered else NAMES


def regions() -> tuple[Region, Region]:
    ratio = Mul((Name("d"), Pow(Name("h"), Number(Fraction(-1)))))
    return (
        Region(side_conditions(NAMES), False),
        Region(side_conditions((*NAMES, "k"), {"k": ratio}, [("h", "d")]), True),
    )


def log_value(node: Node, logs: Logs) -> Values:
    """The logarithm of the value of an answer without minus signs, one a point; log x counts as 1 + log x.

    In mpmath's numbers, which are for slow rays, constants are left out, and sums are as large as their largest term.
    """
    match node:
        case Number(value):
            like = next(iter(logs.values()))
            return np.full_like(like, 0 if like.dtype == object else math.log(value))
        case Name(name):
            return logs[name]
        case Add(terms):
            return reduce(_log_of_sum, (log_value(term, logs) for term in terms))
        case Mul(factors):
            return reduce(np.add, (log_value(factor, logs) for factor in factors))
        case Pow(base, Number(exponent)):
            return float(exponent) * log_value(base, logs)
        case Call("max", arguments):
            return reduce(np.maximum, (log_value(argument, logs) for argument in arguments))
        case Call("min", arguments):
            return reduce(np.minimum, (log_value(argument, logs) for argument in arguments))
        case Call("log", (argument,)):
            return _log_of_log(log_value(argument, logs))
    raise ValueError(node)


def _log_of_sum(left: Values, right: Values) -> Values:
    if left.dtype == object:
        return np.maximum(left, right)
    return np.logaddexp(left, right)


def _log_of_log(log: Values) -> Values:
    return np.log1p(log) if log.dtype != object else np.frompyfunc(mpmath.log1p, 1, 1)(log)


def sampled_logs(region: Region, count: int, seed: int) -> Logs:
    """Logarithms of the names at points far out: each name fixed, or at one of several scales."""
    rng = np.random.default_rng(seed)
    scales = np.array([0.0, 0.0, FAR, FAR, FAR, FAR, FAR**0.5, np.log(FAR)])
    shape = (len(NAMES), count)
    values = rng.choice(scales, shape) * rng.integers(1, 7, shape)
    return _within_region(dict(zip(NAMES, values, strict=True)), region)


def _within_region(logs: dict[str, Values], region: Region) -> Logs:
    if not region.ordered:
        return logs
    low, high = np.minimum(logs["h"], logs["d"]), np.maximum(logs["h"], logs["d"])
    return {**logs, "h": low, "d": high, "k": high - low}


def is_broken(smaller: Node, larger: Node, logs: Logs) -> bool:
    gap = log_value(smaller, logs) - log_value(larger, logs)
    return bool(gap.max() > (BROKEN_WITHOUT_CONSTANTS if gap.dtype == object else BROKEN))


def breaks_along(excess: Excess, smaller: Node, larger: Node) -> bool:
    """Whether the ray of a certificate breaks the bound; slower scales are tried at several distances."""
    levels = [dict(level) for level in (excess.ray.exponents, *excess.ray.slower)]
    if len(levels) == 1:
        return is_broken(smaller, larger, {name: np.array([float(level) * FAR]) for name, level in levels[0].items()})
    with mpmath.workdps(6000):
        farther = mpmath.mpf(10) ** 5000
        log = mpmath.log(farther)
        nearer = [log, farther**0.25, farther**0.01, log**2, log**0.5]
        return any(is_broken(smaller, larger, _along(levels, farther, near)) for near in nearer)


def _along(levels: list[dict[str, Fraction]], far: mpmath.mpf, near: mpmath.mpf) -> Logs:
    """Points at a slower scale `near`, and at still slower ones, as logarithms of the names."""
    scales = [far, near, *(mpmath.log(near) ** power / 8 for power in range(len(levels) - 2, 0, -1))]
    return {
        name: np.array(
            [mpmath.fsum(float(level[name]) * scale for level, scale in zip(levels, scales, strict=True))], dtype=object
        )
        for name in levels[0]
    }


def faults(expected: Node, actual: Node, comparison: GrowthComparison, logs: Logs) -> list[str]:
    """What the oracle finds wrong with a comparison; empty if nothing."""
    certificate = comparison.certificate
    sides = (("excess", certificate.excess, actual, expected), ("missing", certificate.missing, expected, actual))
    found: list[str] = []
    if comparison.relation == "undecided":
        return found
    for name, excess, smaller, larger in sides:
        if excess is None and is_broken(smaller, larger, logs):
            found.append(f"a bound does not hold ({name})")
        if excess is not None and not breaks_along(excess, smaller, larger):
            found.append(f"a ray breaks nothing ({name})")
    return found


def random_monomial(rng: random.Random, names: tuple[str, ...]) -> Node:
    factors: list[Node] = [Number(Fraction(rng.choice((1, 1, 1, 2, 5))))]
    for name in rng.sample(names, rng.choice((0, 1, 1, 2, 2, 3))):
        factors.append(Pow(Name(name), Number(rng.choice(POWERS))))
    if rng.random() < 0.12:
        log = Call("log", (Name(rng.choice(names)),))
        factors.append(Pow(log, Number(Fraction(rng.choice((1, 1, 2, -1))))))
    return Mul(tuple(factors)) if len(factors) > 1 else factors[0]


def random_answer(rng: random.Random, names: tuple[str, ...], depth: int = 0) -> Node:
    kind = rng.random()
    if depth == 2 or kind < 0.4:
        return _sum(tuple(random_monomial(rng, names) for _ in range(rng.choice((1, 2, 2, 3)))))
    parts = tuple(random_answer(rng, names, depth + 1) for _ in range(2))
    if kind < 0.55:
        return Mul(parts)
    if kind < 0.65:
        return Call(rng.choice(("max", "min")), parts)
    if kind < 0.8:
        return Pow(parts[0], Number(rng.choice(POWERS)))
    return _sum(parts)


def _sum(terms: tuple[Node, ...]) -> Node:
    return Add(terms) if len(terms) > 1 else terms[0]


def random_pair(rng: random.Random, names: tuple[str, ...]) -> tuple[Node, Node]:
    """Half of them unrelated; the others differ by a term, a factor or a change of form."""
    first = random_answer(rng, names)
    change = rng.random()
    if change < 0.5:
        return first, random_answer(rng, names)
    if change < 0.65:
        return first, Add((random_monomial(rng, names), first))
    if change < 0.75:
        return first, Mul((first, random_monomial(rng, names)))
    if change < 0.85:
        half = Number(Fraction(1, 2))
        return first, Pow(Add((Pow(first, Number(Fraction(2))), Mul((half, first, first)))), half)
    second = random_answer(rng, names)
    joined = Add((first, second))
    if change < 0.93:
        return joined, Call("max", (second, first))
    return joined, Add((first, second, Pow(Mul((first, second)), Number(Fraction(1, 2)))))


def main(pairs: int, seed: int) -> int:
    rng = random.Random(seed)
    places = regions()
    samples = [sampled_logs(region, 600, seed) for region in places]
    relations: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    seconds: list[float] = []
    for index in range(pairs):
        region, logs = places[index % 2], samples[index % 2]
        expected, actual = random_pair(rng, region.names)
        start = time.process_time()
        comparison = compare_growth(expected, actual, region.conditions)
        seconds.append(time.process_time() - start)
        relations[comparison.relation] += 1
        if comparison.relation == "undecided":
            relations[f"undecided: {comparison.certificate.reason}"] += 1
        for fault in _all_faults(expected, actual, comparison, region, logs):
            problems[fault] += 1
            print(fault, expected, actual, comparison, sep="\n    ")
    _report(pairs, relations, problems, seconds)
    return 1 if problems else 0


def _all_faults(expected: Node, actual: Node, comparison: GrowthComparison, region: Region, logs: Logs) -> list[str]:
    found = faults(expected, actual, comparison, logs)
    forms = [growth_normal_form(node, region.conditions) for node in (expected, actual)]
    if None not in forms and comparison.relation != "undecided":
        same = forms[0] == forms[1]
        if same and comparison.relation != "equal":
            found.append("one form for two growths")
        if not same and comparison.relation == "equal":
            found.append("two forms for one growth")
    return found


def _report(pairs: int, relations: Counter[str], problems: Counter[str], seconds: list[float]) -> None:
    print(f"{pairs} random pairs")
    for relation, count in sorted(relations.items()):
        print(f"    {relation:<28}{count:>7}")
    print("disagreements with the oracle:", sum(problems.values()), dict(problems) or "")
    ordered = sorted(1000 * value for value in seconds)
    print(
        f"ms a comparison (processor time): median {median(ordered):.2f}, 99 % {ordered[len(ordered) * 99 // 100]:.1f},"
        f" worst {ordered[-1]:.1f}"
    )


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(arguments + [10_000, 1][len(arguments) :])))
