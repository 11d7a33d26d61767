"""Polynomials with exact coefficients in atoms: the values of the normal form.

An atom is anything the normal form does not look into: a name, a component of a vector, a sum of components, the
square root of a polynomial, a logarithm. Exponents are rational. Two atoms are one atom when their keys agree, so
a key spells out everything that its atom depends on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Union

Rational = Union[int, Fraction]


@dataclass(frozen=True, eq=False)
class Atom:
    """`nonnegative`: for every value of the names. `free`: the bound indices it depends on."""

    key: str
    nonnegative: bool
    free: frozenset[str]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


Monomial = tuple[tuple[Atom, Rational], ...]  # sorted by key, no exponent is zero
UNIT: Monomial = ()


@dataclass(frozen=True, eq=False)
class Polynomial:
    """`terms` maps monomials to coefficients that are not zero."""

    terms: Mapping[Monomial, Rational]

    @cached_property
    def key(self) -> str:
        """Equal polynomials have equal keys, in every process."""
        return "+".join(sorted(f"{value}*{monomial_key(monomial)}" for monomial, value in self.terms.items())) or "0"

    @cached_property
    def free(self) -> frozenset[str]:
        return frozenset().union(*(atom.free for monomial in self.terms for atom, _ in monomial))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, eq=False)
class Base(Atom):
    """An integer above 1, prime where it could be factored, below a fractional exponent."""

    number: int


@dataclass(frozen=True, eq=False)
class Symbol(Atom):
    """A declared scalar, or one of the constants e and pi. `counts`: it is a whole number from 1 on."""

    name: str
    counts: bool = False


@dataclass(frozen=True, eq=False)
class Index(Atom):
    """The index of a sum."""

    name: str


@dataclass(frozen=True, eq=False)
class Entry(Atom):
    """One component of a declared vector."""

    vector: str
    length: Polynomial
    position: Polynomial


@dataclass(frozen=True, eq=False)
class Absolute(Atom):
    """The absolute value of something whose sign is not known."""

    argument: Polynomial


@dataclass(frozen=True, eq=False)
class Exponential(Atom):
    """e to the power of one monomial."""

    exponent: Monomial


@dataclass(frozen=True, eq=False)
class Logarithm(Atom):
    """The natural logarithm."""

    argument: Polynomial


@dataclass(frozen=True, eq=False)
class Root(Atom):
    """A polynomial of several terms, below a negative or a fractional exponent."""

    radicand: Polynomial


@dataclass(frozen=True, eq=False)
class Opaque(Atom):
    """A function without rules of its own: max, min and their like."""

    function: str
    arguments: tuple[Polynomial, ...]


@dataclass(frozen=True, eq=False)
class PowerSum(Atom):
    """`body` summed over `index` from 1 to `upper`."""

    body: Monomial
    index: str
    upper: Polynomial


def monomial_key(monomial: Monomial) -> str:
    return "·".join(f"{atom.key}^{exponent}" for atom, exponent in monomial)


def monomial_free(monomial: Monomial) -> frozenset[str]:
    return frozenset().union(*(atom.free for atom, _ in monomial))


def monomial_nonnegative(monomial: Monomial) -> bool:
    """Even powers are, and so are roots of an even degree, wherever they exist."""
    return all(atom.nonnegative or is_even(exponent) or exponent.denominator % 2 == 0 for atom, exponent in monomial)


def is_even(exponent: Rational) -> bool:
    return exponent.denominator == 1 and exponent.numerator % 2 == 0


def plain(value: Rational) -> Rational:
    """The same number, as an int where it is one: ints hash and multiply faster."""
    return value.numerator if value.denominator == 1 else value


def magnitude(value: Rational) -> Rational:
    return value if value >= 0 else -value


def constant(value: Rational) -> Polynomial:
    return Polynomial({UNIT: plain(value)}) if value else Polynomial({})


def single(atom: Atom, exponent: Rational = 1) -> Polynomial:
    return Polynomial({((atom, exponent),): 1})


def constant_value(polynomial: Polynomial) -> Rational | None:
    """The number that this polynomial is, or None."""
    if not polynomial.terms:
        return 0
    return polynomial.terms.get(UNIT) if len(polynomial.terms) == 1 else None


def is_nonnegative(polynomial: Polynomial) -> bool:
    """True only where it is certain for every value of the names."""
    return all(value > 0 and monomial_nonnegative(monomial) for monomial, value in polynomial.terms.items())


def is_never_negative(polynomial: Polynomial) -> bool:
    """The same, where it takes knowing that counts are 1 or more: d - 1 and d^2 - d are never negative."""
    if is_nonnegative(polynomial):
        return True
    atoms = {atom for monomial in polynomial.terms for atom, _ in monomial}
    if not all(isinstance(atom, Base) or (isinstance(atom, Symbol) and atom.counts) for atom in atoms):
        return False
    columns = [(dict(monomial), value) for monomial, value in polynomial.terms.items()]
    lowest = {atom: min(column.get(atom, 0) for column, _ in columns) for atom in atoms}
    losses = [column for column, value in columns if value < 0]
    at_lowest = all(column.get(atom, 0) == lowest[atom] for column in losses for atom in atoms)
    return at_lowest and sum(value for _, value in columns) >= 0


def is_whole(polynomial: Polynomial) -> bool:
    """True only where it is a whole number for every value of the names."""
    return all(
        value.denominator == 1
        and all(
            isinstance(atom, Symbol) and atom.counts and exponent.denominator == 1 and exponent > 0
            for atom, exponent in monomial
        )
        for monomial, value in polynomial.terms.items()
    )
