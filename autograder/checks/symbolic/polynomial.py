"""Exact arithmetic of polynomials in atoms."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor, gcd, lcm

from autograder.checks.symbolic.atoms import (
    Absolute,
    Atom,
    Base,
    Monomial,
    Opaque,
    Polynomial,
    Rational,
    Root,
    constant,
    is_nonnegative,
    monomial_key,
    plain,
    single,
)
from autograder.checks.symbolic.failures import Budget, TooLarge, Undefined

MAXIMAL_BITS = 20_000
MAXIMAL_POWER = 400


def sum_of(polynomials: Iterable[Polynomial]) -> Polynomial:
    terms: dict[Monomial, Rational] = {}
    for polynomial in polynomials:
        for monomial, value in polynomial.terms.items():
            total = terms.get(monomial, 0) + value
            if total:
                terms[monomial] = plain(total)
            else:
                del terms[monomial]
    return Polynomial(terms)


def scaled(polynomial: Polynomial, factor: Rational) -> Polynomial:
    if not factor:
        return Polynomial({})
    return Polynomial({monomial: plain(value * factor) for monomial, value in polynomial.terms.items()})


def difference(left: Polynomial, right: Polynomial) -> Polynomial:
    return sum_of((left, scaled(right, -1)))


def product(left: Polynomial, right: Polynomial, budget: Budget) -> Polynomial:
    """Multiply out."""
    budget.spend(len(left.terms) * len(right.terms))
    terms: dict[Monomial, Rational] = {}
    unsettled: list[Polynomial] = []
    for first, first_value in left.terms.items():
        for second, second_value in right.terms.items():
            powers = _merged(first, second)
            value = _bounded(first_value * second_value)
            if any(_needs_settling(atom, exponent) for atom, exponent in powers.items()):
                unsettled.append(settled(powers, value, budget))
                continue
            monomial = as_monomial(powers)
            terms[monomial] = plain(terms.get(monomial, 0) + value)
    collected = Polynomial({monomial: value for monomial, value in terms.items() if value})
    return sum_of((collected, *unsettled)) if unsettled else collected


def _merged(first: Monomial, second: Monomial) -> dict[Atom, Rational]:
    powers = dict(first)
    for atom, exponent in second:
        powers[atom] = plain(powers.get(atom, 0) + exponent)
    return powers


def as_monomial(powers: Mapping[Atom, Rational]) -> Monomial:
    kept = ((atom, plain(exponent)) for atom, exponent in powers.items() if exponent)
    return tuple(sorted(kept, key=lambda pair: pair[0].key))


def _bounded(value: Rational) -> Rational:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAXIMAL_BITS:
        raise TooLarge
    return plain(value)


def _needs_settling(atom: Atom, exponent: Rational) -> bool:
    match atom:
        case Base():
            return not 0 <= exponent < 1
        case Root():
            return exponent >= 1
        case Absolute():
            return exponent.denominator == 1 and exponent != 1
        case Opaque(function="cos"):
            return exponent.denominator == 1 and exponent > 1
        case _:
            return False


def settled(powers: Mapping[Atom, Rational], value: Rational, budget: Budget) -> Polynomial:
    """A product of powers in its canonical form: whole powers of numbers, of radicands and of |x|^2 are taken out."""
    kept = dict(powers)
    outside: list[Polynomial] = []
    for atom, exponent in powers.items():
        if not _needs_settling(atom, exponent):
            continue
        whole = exponent - exponent % 2 if isinstance(atom, Absolute | Opaque) else floor(exponent)
        kept[atom] = plain(exponent - whole)
        outside.append(_whole_power(atom, int(whole), budget))
    result = Polynomial({as_monomial(kept): value})
    for factor in outside:
        result = product(result, factor, budget)
    return result


def _whole_power(atom: Atom, exponent: int, budget: Budget) -> Polynomial:
    match atom:
        case Base(number=number):
            return constant(integer_power(number, exponent))
        case Root(radicand=radicand):
            return whole_power(radicand, exponent, budget)
        case Absolute(argument=argument):
            return whole_power(argument, exponent, budget)
        case Opaque(arguments=arguments):
            return whole_power(_square_of_cosine(arguments), exponent // 2, budget)
        case _:
            raise AssertionError(atom)


def _square_of_cosine(arguments: tuple[Polynomial, ...]) -> Polynomial:
    """1 - sin^2 of the same."""
    key = f"sin({';'.join(argument.key for argument in arguments)})"
    free = frozenset[str]().union(*(argument.free for argument in arguments))
    return difference(constant(1), single(Opaque(key, False, free, "sin", arguments), 2))


def integer_power(number: Rational, exponent: int) -> Rational:
    """An exact power of a number; `TooLarge` beyond `MAXIMAL_BITS`."""
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    if bits > 1 and bits * abs(exponent) > MAXIMAL_BITS:
        raise TooLarge
    if exponent < 0 and not number:
        raise Undefined
    return plain(Fraction(number) ** exponent)


def whole_power(polynomial: Polynomial, exponent: int, budget: Budget) -> Polynomial:
    """A power by a whole number, multiplied out; a negative one keeps a sum of terms whole, as a `Root` atom."""
    if len(polynomial.terms) == 1:
        return _monomial_power(polynomial, exponent, budget)
    if exponent < 0:
        if not polynomial.terms:
            raise Undefined
        return _reciprocal_power(polynomial, exponent, budget)
    if exponent > MAXIMAL_POWER and polynomial.terms:
        raise TooLarge
    result = constant(1)
    square = polynomial
    while exponent:
        if exponent % 2:
            result = product(result, square, budget)
        exponent //= 2
        if exponent:
            square = product(square, square, budget)
    return result


def _monomial_power(polynomial: Polynomial, exponent: int, budget: Budget) -> Polynomial:
    ((monomial, value),) = polynomial.terms.items()
    powers = {atom: plain(old * exponent) for atom, old in monomial}
    return settled(powers, integer_power(value, exponent), budget)


def _reciprocal_power(polynomial: Polynomial, exponent: int, budget: Budget) -> Polynomial:
    common, rest = common_factor(polynomial, budget, signed=True)
    outside = whole_power(common, exponent, budget)
    below = single(root_atom(rest), exponent) if len(rest.terms) > 1 else whole_power(rest, exponent, budget)
    return product(outside, below, budget)


def root_atom(radicand: Polynomial) -> Root:
    return Root(f"({radicand.key})", is_nonnegative(radicand), radicand.free, radicand)


def common_factor(polynomial: Polynomial, budget: Budget, *, signed: bool) -> tuple[Polynomial, Polynomial]:
    """A monomial that all terms share, and the rest, whose coefficients are coprime integers.

    With `signed` the factor may be negative or of unknown sign, and the rest starts with a positive coefficient;
    without, the factor is nonnegative, so that roots may be drawn from it and the rest apart.
    """
    shared = _shared_powers(polynomial, signed=signed)
    inverse = Polynomial({as_monomial({atom: -exponent for atom, exponent in shared.items()}): 1})
    rest = product(polynomial, inverse, budget)
    if not rest.terms:
        raise Undefined
    content = _content(rest.terms.values())
    if signed and min(rest.terms.items(), key=lambda term: monomial_key(term[0]))[1] < 0:
        content = -content
    return Polynomial({as_monomial(shared): plain(content)}), scaled(rest, Fraction(1) / content)


def _shared_powers(polynomial: Polynomial, *, signed: bool) -> dict[Atom, Rational]:
    columns = [dict(monomial) for monomial in polynomial.terms]
    atoms = {atom for column in columns for atom in column if signed or atom.nonnegative}
    lowest = {atom: min(column.get(atom, 0) for column in columns) for atom in atoms}
    return {atom: exponent for atom, exponent in lowest.items() if exponent}


def _content(values: Iterable[Rational]) -> Rational:
    fractions = [Fraction(value) for value in values]
    numerator = gcd(*(fraction.numerator for fraction in fractions))
    return plain(Fraction(numerator, lcm(*(fraction.denominator for fraction in fractions))))
