"""Counterexamples that a student can follow: how each name grows while a bound fails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from math import gcd, lcm

from autograder.checks.growth.conditions import SideConditions, Vector, dot
from autograder.checks.growth.domination import Level, excesses
from autograder.checks.growth.regimes import Difference
from autograder.checks.growth.terms import Exponent, Monomial, Terms
from autograder.checks.growth.work import Work

Exponents = tuple[tuple[str, Fraction], ...]
LARGEST_EXPONENT = 3
MOST_MOVING = 3


@dataclass(frozen=True)
class Ray:
    """Every name grows like t to its exponent; exponent 0 stays fixed.

    `slower` gives further factors, where they are needed: powers of log t, or of something that grows faster or slower
    than all powers of log t where log t itself does not matter; each list much slower than the one before.
    `logarithmic`: along `exponents` alone the bound fails by a power of log t at most.
    """

    exponents: Exponents
    slower: tuple[Exponents, ...] = ()
    logarithmic: bool = False

    @property
    def complexity(self) -> tuple[int, bool, int, Fraction]:
        """Smaller is easier to explain."""
        moving = [value for _, value in self.exponents if value]
        return len(self.slower), self.logarithmic, len(moving), sum(moving, Fraction(0))


def counterexample(
    monomial: Monomial, terms: Terms, levels: Sequence[Level], conditions: SideConditions, work: Work
) -> Ray:
    """The simplest ray on which `monomial` outgrows the sum of `terms`; `levels` are known to do so."""
    differences = excesses(monomial, terms)
    for candidate in _simple_directions(_names_moved(conditions)):
        work.spend(len(terms))
        if _allowed(candidate, conditions) and all(_grows(difference, candidate) for difference in differences):
            return _ray([tuple(map(Fraction, candidate))], differences, conditions)
    return _ray(levels, differences, conditions)


def _ray(levels: Sequence[Level], differences: Sequence[Difference], conditions: SideConditions) -> Ray:
    first, *others = levels
    return Ray(
        _coprime(conditions.exponents(first)),
        tuple(_exact(conditions.exponents(level)) for level in others),
        any(dot(difference.powers, first) <= 0 for difference in differences),
    )


def _coprime(exponents: dict[str, Exponent]) -> Exponents:
    values = exponents.values()
    scale = Fraction(lcm(*(value.denominator for value in values)), gcd(*(value.numerator for value in values)))
    return _exact({name: value * scale for name, value in exponents.items()})


def _exact(exponents: dict[str, Exponent]) -> Exponents:
    return tuple((name, Fraction(value)) for name, value in exponents.items())


def _allowed(direction: Vector, conditions: SideConditions) -> bool:
    return all(dot(floor, direction) >= 0 for floor in conditions.floors)


def _grows(difference: Difference, direction: Vector) -> bool:
    rate = dot(difference.powers, direction)
    if rate or not difference.logs:
        return rate > 0
    return sum(power for form, power in difference.logs if dot(form, direction) > 0) > 0


def _names_moved(conditions: SideConditions) -> tuple[int, ...]:
    """How many free names move with each coordinate."""
    free = [vector for name, vector in conditions.vectors.items() if name not in conditions.definitions]
    return tuple(sum(1 for vector in free if vector[i]) for i in range(conditions.size))


@lru_cache(maxsize=16)
def _simple_directions(names_moved: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Directions with few names that move and small exponents, the simplest first."""
    size = len(names_moved)
    found = {direction for moving in range(1, MOST_MOVING + 1) for direction in _moving(size, moving)}

    def effort(direction: tuple[int, ...]) -> tuple[int, int, list[int]]:
        moved = sum(names for names, power in zip(names_moved, direction, strict=True) if power)
        return moved, sum(direction), [-power for power in direction]

    return tuple(sorted(found, key=effort))


def _moving(size: int, moving: int) -> Iterator[tuple[int, ...]]:
    for places in combinations(range(size), moving):
        for powers in product(range(1, LARGEST_EXPONENT + 1), repeat=moving):
            if gcd(*powers) == 1:
                chosen = dict(zip(places, powers, strict=True))
                yield tuple(chosen.get(i, 0) for i in range(size))
