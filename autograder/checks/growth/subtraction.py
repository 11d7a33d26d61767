"""Sums with minus signs. Equal terms cancel exactly; a vanishing share is dropped; the rest is not decided."""

from fractions import Fraction

from autograder.answers.tree import Add, Mul, Name, Node, Number, Pow
from autograder.checks.growth.constants import exact_value
from autograder.checks.growth.domination import is_below
from autograder.checks.growth.leading import Context, Signed, total
from autograder.checks.growth.terms import Quotient, products

Factors = frozenset[tuple[Node, Fraction]]
Polynomial = dict[Factors, Fraction]
LARGEST_EXPANDED = 12
NOTHING: Factors = frozenset()


def signed_sum(parts: list[Signed], context: Context) -> Signed | None:
    """The sum, if all signs agree or one side is a vanishing share of the other; None otherwise."""
    gains = total([part.size for part in parts if part.sign > 0], context)
    losses = total([part.size for part in parts if part.sign < 0], context)
    if losses.is_zero or _vanishes_beside(losses, gains, context):
        return Signed(1, gains)
    if gains.is_zero or _vanishes_beside(gains, losses, context):
        return Signed(-1, losses)
    return None


def _vanishes_beside(small: Quotient, large: Quotient, context: Context) -> bool:
    shares = products(small.top, large.bottom, context.work)
    wholes = products(large.top, small.bottom, context.work)
    context.work.spend(len(shares) * len(wholes))
    return all(any(is_below(share, whole) and not is_below(whole, share) for whole in wholes) for share in shares)


def multiplied_out(node: Node, context: Context) -> list[Node]:
    """The terms of `node` multiplied out, like terms collected, names replaced by what they stand for."""
    return [_term(coefficient, factors) for factors, coefficient in _expand(node, context).items() if coefficient]


def _term(coefficient: Fraction, factors: Factors) -> Node:
    powers = tuple(base if power == 1 else Pow(base, Number(power)) for base, power in factors)
    return Mul((Number(coefficient), *powers)) if powers else Number(coefficient)


def _expand(node: Node, context: Context) -> Polynomial:
    """Whatever cannot be multiplied out is a factor of its own."""
    context.work.spend(8)
    match node:
        case Number(value):
            return {NOTHING: value}
        case Name(name) if name in context.conditions.definitions:
            return _expand(context.conditions.definitions[name], context)
        case Add(terms):
            return _collected([_expand(term, context) for term in terms])
        case Mul(factors):
            return _multiplied([_expand(factor, context) for factor in factors], context)
        case Pow(base, exponent):
            return _expand_power(node, _expand(base, context), exact_value(exponent), context)
    return _opaque(node)


def _expand_power(node: Node, base: Polynomial, exponent: Fraction | None, context: Context) -> Polynomial:
    if exponent is None:
        return _opaque(node)
    if exponent.denominator == 1 and 0 <= exponent <= LARGEST_EXPANDED:
        return _multiplied([base] * int(exponent), context)
    if len(base) != 1:
        return _opaque(node)
    ((factors, coefficient),) = base.items()
    whole = exponent.denominator == 1 and -LARGEST_EXPANDED <= exponent < 0
    if not whole and (coefficient != 1 or not all(isinstance(atom, Name) for atom, _ in factors)):
        return _opaque(node)
    value = coefficient ** int(exponent) if whole else coefficient
    return {frozenset((atom, power * exponent) for atom, power in factors): value}


def _opaque(node: Node) -> Polynomial:
    return {frozenset({(node, Fraction(1))}): Fraction(1)}


def _collected(parts: list[Polynomial]) -> Polynomial:
    result: Polynomial = {}
    for part in parts:
        for factors, coefficient in part.items():
            result[factors] = result.get(factors, Fraction(0)) + coefficient
    return {factors: coefficient for factors, coefficient in result.items() if coefficient}


def _multiplied(parts: list[Polynomial], context: Context) -> Polynomial:
    result: Polynomial = {NOTHING: Fraction(1)}
    for part in parts:
        context.work.spend(len(result) * len(part) * 8)
        result = _collected([{_joined(a, b): x * y} for a, x in result.items() for b, y in part.items()])
    return result


def _joined(left: Factors, right: Factors) -> Factors:
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, Fraction(0)) + power
    return frozenset((atom, power) for atom, power in powers.items() if power)
