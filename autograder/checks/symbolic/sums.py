"""Sums over components, in closed form or as power sums.

Every sum is rewritten as F(upper) - F(lower - 1) with F(x) the sum of one monomial over 1..x. Over the whole length of
its vectors F is an invariant of them: sum_i mu_i^2, sum_i q_i k_i. Such invariants, like finitely many single
components, satisfy no polynomial identity that holds for all lengths, so equal expressions get equal polynomials.
"""

import re
from fractions import Fraction
from math import comb

from autograder.checks.symbolic.atoms import (
    UNIT,
    Absolute,
    Atom,
    Entry,
    Exponential,
    Index,
    Logarithm,
    Monomial,
    Opaque,
    Polynomial,
    PowerSum,
    Rational,
    Root,
    constant,
    constant_value,
    monomial_free,
    monomial_key,
    monomial_nonnegative,
    single,
)
from autograder.checks.symbolic.failures import Budget, TooLarge, Undefined, Unsupported
from autograder.checks.symbolic.functions import applied
from autograder.checks.symbolic.polynomial import as_monomial, difference, product, scaled, sum_of, whole_power
from autograder.checks.symbolic.radicals import absolute, exponential, logarithm, rational_power

LONGEST_EXPLICIT_SUM = 64
HIGHEST_INDEX_POWER = 12


def entry(vector: str, length: Polynomial, position: Polynomial) -> Polynomial:
    """One component. Positions count from 1; `Undefined` for one that is certainly outside."""
    number = constant_value(position)
    beyond = constant_value(difference(position, length))
    if (number is not None and (number < 1 or number.denominator != 1)) or (beyond is not None and beyond > 0):
        raise Undefined
    key = f"{vector}[{position.key}]"
    return single(Entry(key, False, position.free | length.free, vector, length, position))


def index_atom(name: str) -> Index:
    return Index(f"#{name}", True, frozenset((name,)), name)


def summed(body: Polynomial, index: str, lower: Polynomial, upper: Polynomial, budget: Budget) -> Polynomial:
    """`body` summed over `index` from `lower` to `upper`. Indices below 0 are not supported: their signs matter."""
    if (constant_value(lower) or 0) < 0:
        raise Unsupported
    span = constant_value(difference(upper, lower))
    if span is not None:
        return _explicit(body, index, lower, span, budget)
    before = difference(lower, constant(1))
    parts: list[Polynomial] = []
    for monomial, value in body.terms.items():
        inside = tuple(pair for pair in monomial if index in pair[0].free)
        outside = Polynomial({tuple(pair for pair in monomial if index not in pair[0].free): value})
        total = difference(_from_one(inside, index, upper, budget), _from_one(inside, index, before, budget))
        parts.append(product(outside, total, budget))
    return sum_of(parts)


def _explicit(body: Polynomial, index: str, start: Polynomial, span: Rational, budget: Budget) -> Polynomial:
    if span.denominator != 1:
        raise Undefined
    if span > LONGEST_EXPLICIT_SUM:
        raise TooLarge
    places = (sum_of((start, constant(step))) for step in range(int(span) + 1))
    return sum_of(replaced(body, index, place, budget) for place in places)


def _from_one(inside: Monomial, index: str, upper: Polynomial, budget: Budget) -> Polynomial:
    """F(upper): `inside` summed over 1..upper."""
    degree = _index_degree(inside)
    if degree is not None:
        return _faulhaber(degree, upper, budget)
    for anchor in _anchors(inside, index, upper):
        ahead = constant_value(difference(upper, anchor))
        if ahead is not None and ahead.denominator == 1 and -LONGEST_EXPLICIT_SUM <= ahead <= LONGEST_EXPLICIT_SUM:
            return _from_anchor(inside, index, anchor, int(ahead), budget)
    return _power_sum(inside, index, upper, budget)


def _index_degree(inside: Monomial) -> int | None:
    """The power k where the monomial is index^k, 0 for the empty monomial."""
    if inside == UNIT:
        return 0
    ((atom, exponent), *others) = inside
    whole = isinstance(atom, Index) and not others and exponent.denominator == 1
    return int(exponent) if whole and 0 < exponent <= HIGHEST_INDEX_POWER else None


def _faulhaber(degree: int, upper: Polynomial, budget: Budget) -> Polynomial:
    """1^degree + ... + upper^degree, by Bernoulli's numbers (with B_1 = 1/2)."""
    numbers = _bernoulli(degree)
    return sum_of(
        scaled(
            whole_power(upper, degree + 1 - step, budget), Fraction(comb(degree + 1, step), degree + 1) * numbers[step]
        )
        for step in range(degree + 1)
    )


def _bernoulli(count: int) -> list[Fraction]:
    numbers: list[Fraction] = []
    for size in range(count + 1):
        known = sum((comb(size + 1, step) * numbers[step] for step in range(size)), Fraction(0))
        numbers.append(1 - known / (size + 1))
    return numbers


def _anchors(inside: Monomial, index: str, upper: Polynomial) -> list[Polynomial]:
    """Ends from which a range is counted: 0, the vectors' length, one before the index of an outer sum."""
    outer = [
        difference(single(atom), constant(1))
        for monomial in upper.terms
        for atom, _ in monomial
        if isinstance(atom, Index)
    ]
    return [constant(0), *_lengths(inside, index)[:1], *outer[:1]]


def _lengths(monomial: Monomial, index: str) -> list[Polynomial]:
    """Lengths of the vectors that have the index itself as a position."""
    here = single(index_atom(index))
    found: list[Polynomial] = []
    for atom, _ in monomial:
        match atom:
            case Entry(position=position, length=length) if position == here:
                found.append(length)
            case PowerSum(body=body, index=bound):
                found += _lengths(body, bound)
            case Exponential(exponent=exponent):
                found += _lengths(exponent, index)
            case Absolute() | Root() | Logarithm():
                found += [length for inner in _argument(atom).terms for length in _lengths(inner, index)]
            case _:
                continue
    return found


def _argument(atom: Absolute | Root | Logarithm) -> Polynomial:
    return atom.radicand if isinstance(atom, Root) else atom.argument


def _from_anchor(inside: Monomial, index: str, anchor: Polynomial, ahead: int, budget: Budget) -> Polynomial:
    """F(anchor + ahead): the sum up to the anchor, and the few terms between."""
    steps = range(1, ahead + 1) if ahead >= 0 else range(ahead + 1, 1)
    body = Polynomial({inside: 1})
    between = sum_of(replaced(body, index, sum_of((anchor, constant(step))), budget) for step in steps)
    start = constant(0) if not anchor.terms else _whole(inside, index, anchor, budget)
    return sum_of((start, between if ahead >= 0 else scaled(between, -1)))


def _whole(inside: Monomial, index: str, upper: Polynomial, budget: Budget) -> Polynomial:
    """F(anchor); a sum over pairs j < i is brought to one of the two orders of its factors."""
    below = difference(single(index_atom(index)), constant(1))
    for place, (atom, exponent) in enumerate(inside):
        if isinstance(atom, PowerSum) and atom.upper == below and exponent == 1:
            return _triangle(inside[:place] + inside[place + 1 :], atom, index, upper, budget)
    return _power_sum(inside, index, upper, budget)


def _triangle(outer: Monomial, prefix: PowerSum, index: str, upper: Polynomial, budget: Budget) -> Polynomial:
    """sum_i A(i) sum_{j<i} B(j), where swapping A and B gives S_A S_B - S_AB minus the same."""
    here = index_atom(index)
    first = Polynomial({outer: 1})
    second = replaced(Polynomial({prefix.body: 1}), prefix.index, single(here), budget)
    names = (replaced(factor, index, single(index_atom("@0")), budget).key for factor in (first, second))
    if next(names) < next(names) and _index_degree(outer) is None:
        return _power_sum(as_monomial({**dict(outer), prefix: 1}), index, upper, budget)
    both, total, other = (
        summed(factor, index, constant(1), upper, budget) for factor in (product(first, second, budget), first, second)
    )
    apart = difference(product(total, other, budget), both)
    if first == second:
        return scaled(apart, Fraction(1, 2))
    inner = _prefix(outer, index, prefix.upper, budget)
    return difference(apart, summed(product(second, inner, budget), index, constant(1), upper, budget))


def _prefix(body: Monomial, index: str, upper: Polynomial, budget: Budget) -> Polynomial:
    """F(upper), where `upper` depends on the very index that runs."""
    running = "inner " + index
    renamed = replaced(Polynomial({body: 1}), index, single(index_atom(running)), budget)
    return summed(renamed, running, constant(1), upper, budget)


def _power_sum(inside: Monomial, index: str, upper: Polynomial, budget: Budget) -> Polynomial:
    """The sum as an atom. Its bound index is named by how deep sums are nested inside it, so names do not matter."""
    if index.startswith("@"):  # the name that it had in a sum before, which says nothing of the sums inside
        return _power_sum_of(
            replaced(Polynomial({inside: 1}), index, single(index_atom("running")), budget), upper, budget
        )
    depth = 1 + max(map(int, re.findall(r"@(\d+)", monomial_key(inside))), default=0)
    bound = f"@{depth}"
    renamed = replaced(Polynomial({inside: 1}), index, single(index_atom(bound)), budget)
    if len(renamed.terms) != 1:
        raise Unsupported
    ((body, value),) = renamed.terms.items()
    key = f"Σ[{bound}≤{upper.key}]({monomial_key(body)})"
    free = (monomial_free(body) - {bound}) | upper.free
    return scaled(single(PowerSum(key, monomial_nonnegative(body), free, body, bound, upper)), value)


def _power_sum_of(body: Polynomial, upper: Polynomial, budget: Budget) -> Polynomial:
    return sum_of(
        scaled(_power_sum(monomial, "running", upper, budget), value) for monomial, value in body.terms.items()
    )


def replaced(polynomial: Polynomial, index: str, value: Polynomial, budget: Budget) -> Polynomial:
    """The polynomial with a free index set to `value`."""
    if index not in polynomial.free:
        return polynomial
    parts: list[Polynomial] = []
    for monomial, number in polynomial.terms.items():
        part = Polynomial({tuple(pair for pair in monomial if index not in pair[0].free): number})
        for atom, exponent in monomial:
            if index in atom.free:
                changed = _replaced_atom(atom, index, value, budget)
                part = product(part, rational_power(changed, exponent, budget), budget)
        parts.append(part)
    return sum_of(parts)


def _replaced_atom(atom: Atom, index: str, value: Polynomial, budget: Budget) -> Polynomial:
    def inside(polynomial: Polynomial) -> Polynomial:
        return replaced(polynomial, index, value, budget)

    match atom:
        case Index():
            return value
        case Entry(vector=vector, length=length, position=position):
            return entry(vector, inside(length), inside(position))
        case Absolute(argument=argument):
            return absolute(inside(argument), budget)
        case Logarithm(argument=argument):
            return logarithm(inside(argument), budget)
        case Exponential(exponent=exponent):
            return exponential(inside(Polynomial({exponent: 1})), budget)
        case Root(radicand=radicand):
            return inside(radicand)
        case Opaque(function=function, arguments=arguments):
            return applied(function, tuple(inside(argument) for argument in arguments), budget)
        case PowerSum(body=body, index=bound, upper=upper):
            return summed(inside(Polynomial({body: 1})), bound, constant(1), inside(upper), budget)
        case _:
            raise Unsupported
