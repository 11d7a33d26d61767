"""Is a monomial O(a sum of monomials)? Both answers are proven.

Without logarithms: in the logarithms u of the coordinates, m = O(sum of s) fails exactly if some direction r of the
cone has m·r > s·r for every s; otherwise (Farkas, strong duality) m lies below a convex combination of the s, and the
weighted inequality of arithmetic and geometric means proves the bound. One linear program finds the one or the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import lcm
from operator import gt, sub

from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.regimes import Difference, escaping_regime
from autograder.checks.growth.simplex import maximize
from autograder.checks.growth.terms import Exponent, LogForm, Monomial, Terms
from autograder.checks.growth.work import Work

Level = tuple[Fraction, ...]


@dataclass(frozen=True)
class Dominated:
    """m <= C · product of the terms to their weights (which add up to 1), or None where no single product proves it."""

    weights: tuple[tuple[Monomial, Fraction], ...] | None


@dataclass(frozen=True)
class Escapes:
    """Directions along which the monomial outgrows the sum, fastest first; without logarithms there is one.

    A direction has one exponent a coordinate. The next one is at a slower scale: see `regimes`.
    """

    levels: tuple[Level, ...]


def domination(monomial: Monomial, terms: Terms, conditions: SideConditions, work: Work) -> Dominated | Escapes:
    """Decides monomial = O(sum of terms); there is at least one term. Raises Undecidable if `work` runs out."""
    work.spend(len(terms) * 4)
    for term in terms:
        if is_below(monomial, term):
            return Dominated(((term, Fraction(1)),))
    work.spend(len(terms) * 8)
    differences = excesses(monomial, terms)
    if any(difference.logs for difference in differences):
        levels = escaping_regime(differences, conditions, work)
        return Dominated(None) if levels is None else Escapes(levels)
    return _decide_powers(terms, [difference.powers for difference in differences], conditions, work)


def is_dominated(monomial: Monomial, terms: Terms, conditions: SideConditions, work: Work) -> bool:
    return bool(terms) and isinstance(domination(monomial, terms, conditions, work), Dominated)


def is_below(smaller: Monomial, larger: Monomial) -> bool:
    """A sufficient condition for smaller = O(larger) that needs no search; necessary without logs and floors."""
    if any(map(gt, smaller.powers, larger.powers)):
        return False
    if not smaller.logs and not larger.logs:
        return True
    room = [b - a for a, b in zip(smaller.powers, larger.powers, strict=True)]
    spare = dict(larger.logs)
    for form, power in smaller.logs:
        spare[form] = spare.get(form, 0) - power
    # a power of what the log is of outgrows any power of the log
    return all(power >= 0 or _covers(room, form) for form, power in spare.items())


def _covers(room: Sequence[Exponent], form: Sequence[int]) -> bool:
    return all(space > 0 or entry <= 0 for space, entry in zip(room, form, strict=True))


def excesses(monomial: Monomial, terms: Terms) -> list[Difference]:
    """The exponents of monomial / term for every term, multiplied by one common factor to be integers."""
    ratios = [_ratio(monomial, term) for term in terms]
    scale = lcm(*(power.denominator for powers, logs in ratios for power in chain(powers, logs.values())))
    return [
        Difference(
            tuple([int(power * scale) for power in powers]),
            tuple([(form, int(power * scale)) for form, power in logs.items() if power]),
        )
        for powers, logs in ratios
    ]


def _ratio(above: Monomial, below: Monomial) -> tuple[list[Exponent], dict[LogForm, Exponent]]:
    logs = dict(above.logs)
    for form, power in below.logs:
        logs[form] = logs.get(form, 0) - power
    return list(map(sub, above.powers, below.powers)), logs


def _decide_powers(
    terms: Terms, differences: Sequence[tuple[int, ...]], conditions: SideConditions, work: Work
) -> Dominated | Escapes:
    # the largest t <= 1 such that every difference·r >= t for an r in the cone: 1 if there is a ray, else 0
    size = conditions.size
    rows = [[*(-value for value in difference), 1] for difference in differences]
    rows += [[*(-value for value in floor), 0] for floor in conditions.floors]
    rows.append([*([0] * size), 1])
    best = maximize([*([0] * size), 1], rows, [*([0] * (len(rows) - 1)), 1], work)
    if best.value > 0:
        return Escapes((best.point[:size],))
    return Dominated(tuple((term, price) for term, price in zip(terms, best.prices, strict=False) if price))
