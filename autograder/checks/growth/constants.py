"""Values of the parts of an answer that hold no name."""

from fractions import Fraction
from math import e, isfinite, log, pi, prod

from autograder.answers.tree import Add, Call, Constant, Mul, Node, Number, Pow

LARGEST_POWER = 64
LARGEST_BASE = 10**6


def exact_value(node: Node) -> Fraction | None:
    """The rational value, or None where there is none or it is not small enough to be worked out."""
    match node:
        case Number(value):
            return value
        case Add(terms):
            values = [exact_value(term) for term in terms]
            return sum((v for v in values if v is not None), Fraction(0)) if None not in values else None
        case Mul(factors):
            values = [exact_value(factor) for factor in factors]
            return prod((v for v in values if v is not None), start=Fraction(1)) if None not in values else None
        case Pow(base, exponent):
            return _exact_power(exact_value(base), exact_value(exponent))
    return None


def _exact_power(base: Fraction | None, exponent: Fraction | None) -> Fraction | None:
    if base is None or exponent is None or exponent.denominator != 1 or abs(exponent) > LARGEST_POWER:
        return None
    if max(abs(base.numerator), base.denominator) > LARGEST_BASE or (base == 0 and exponent <= 0):
        return None
    return base ** int(exponent)


def constant_value(node: Node) -> float | None:
    """A close value of a tree without names, or None: it has names, or no real value, or too large a one."""
    try:
        value = _evaluate(node)
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return value if value is not None and isfinite(value) else None


def _evaluate(node: Node) -> float | None:
    match node:
        case Number(value):
            return float(value)
        case Constant(name):
            return {"pi": pi, "e": e}[name]
        case Add(terms):
            values = [_evaluate(term) for term in terms]
            return sum(v for v in values if v is not None) if None not in values else None
        case Mul(factors):
            values = [_evaluate(factor) for factor in factors]
            return prod(v for v in values if v is not None) if None not in values else None
        case Pow(base, exponent):
            low, high = _evaluate(base), _evaluate(exponent)
            return _real_power(low, high) if low is not None and high is not None else None
        case Call("log", (argument,)):
            inner = _evaluate(argument)
            return log(inner) if inner is not None else None
    return None


def _real_power(base: float, exponent: float) -> float | None:
    power = base**exponent
    return power if isinstance(power, float) else None
