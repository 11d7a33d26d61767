"""Monomials with logarithms, and quotients of sums of them: what every decidable growth becomes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from autograder.answers.tree import Mul, Node, Number, Pow
from autograder.checks.growth.work import Undecidable, Work

LogForm = tuple[int, ...]
"""log of a product of powers, which are coprime integers: one entry a coordinate."""

Exponent = int | Fraction
"""Exact, and an int wherever it is whole: most are, and ints are ten times as fast."""

Key = TypeVar("Key")
Powers = tuple[tuple[Key, Exponent], ...]
MOST_PRODUCTS = 2_000


@dataclass(frozen=True)
class Monomial:
    """A product of powers of the coordinates and of powers of logarithms.

    `powers` has one entry a coordinate of the SideConditions. `written` is the same product in the words of whoever
    wrote it; two monomials are equal whatever was written.
    """

    powers: tuple[Exponent, ...]
    logs: Powers[LogForm] = ()
    written: Powers[Node] = field(default=(), compare=False)

    def times(self, other: "Monomial") -> "Monomial":
        powers = tuple([whole(a + b) for a, b in zip(self.powers, other.powers, strict=True)])
        logs = tuple(sorted(_merged(self.logs, other.logs))) if other.logs else self.logs
        return Monomial(powers, logs, _merged(self.written, other.written))

    def raised(self, exponent: Exponent) -> "Monomial":
        """`exponent` is not 0."""
        if exponent == 1:
            return self
        return Monomial(
            tuple([whole(power * exponent) for power in self.powers]),
            tuple([(form, whole(power * exponent)) for form, power in self.logs]),
            tuple([(atom, whole(power * exponent)) for atom, power in self.written]),
        )

    def over(self, other: "Monomial") -> "Monomial":
        return self.times(other.raised(-1))

    def as_written(self) -> Node:
        """A tree of this term, for showing it to whoever wrote it."""
        factors = tuple(
            atom if power == 1 else Pow(atom, Number(Fraction(power))) for atom, power in self.written if power
        )
        if not factors:
            return Number(Fraction(1))
        return factors[0] if len(factors) == 1 else Mul(factors)


def whole(value: Exponent) -> Exponent:
    """The same number, as an int if it is one."""
    return value.numerator if value.denominator == 1 else value


def _merged(left: Powers[Key], right: Powers[Key]) -> Powers[Key]:
    if not left or not right:
        return left or right
    total = dict(left)
    for key, power in right:
        total[key] = whole(total.get(key, 0) + power)
    return tuple([(key, power) for key, power in total.items() if power])


Terms = tuple[Monomial, ...]


def distinct(terms: Iterable[Monomial]) -> Terms:
    """Each growth once, in the order of first sight."""
    return tuple(dict.fromkeys(terms))


def products(left: Terms, right: Terms, work: Work) -> Terms:
    """Every term of one times every term of the other. Raises Undecidable for too many."""
    count = len(left) * len(right)
    if count <= 1:
        return (left[0].times(right[0]),) if count else ()
    if count > MOST_PRODUCTS:
        raise Undecidable("too_long")
    work.spend(count * 16)
    return distinct(a.times(b) for a in left for b in right)


@dataclass(frozen=True)
class Quotient:
    """(sum of `top`) / (sum of `bottom`), up to a positive constant. No `top` means zero; `bottom` is never empty."""

    top: Terms
    bottom: Terms

    @property
    def is_zero(self) -> bool:
        return not self.top

    def inverse(self) -> "Quotient":
        if self.is_zero:
            raise Undecidable("division_by_zero")
        return Quotient(self.bottom, self.top)

    def raised(self, exponent: Exponent) -> "Quotient":
        """`exponent` is not 0. (a + b)^p grows like a^p + b^p for every p > 0, so nothing is multiplied out."""
        if exponent < 0:
            return self.inverse().raised(-exponent)
        return Quotient(
            tuple(term.raised(exponent) for term in self.top), tuple(term.raised(exponent) for term in self.bottom)
        )
