"""How large an expression would grow if it were multiplied out: bounded here, so that no judge is bombed."""

import math
from dataclasses import dataclass

from autograder.answers.bounds import BOUNDS
from autograder.answers.kinds import parts
from autograder.answers.reading import CannotRead
from autograder.answers.tree import Add, Call, Constant, Mul, Node, Number, Pow

_TOO_LARGE = 1e300


@dataclass(frozen=True, slots=True)
class Size:
    """Degree and number of terms if multiplied out, and the digits of the largest number."""

    degree: float
    terms: float
    digits: float


def constant_value(node: Node) -> float | None:
    """The value of an expression without names, None if it has names; infinite if it is too large to matter."""
    if isinstance(node, Number):
        return float(node.value) if abs(node.value) < _TOO_LARGE else math.inf
    if isinstance(node, Constant):
        return math.pi if node.name == "pi" else math.e
    if isinstance(node, Add | Mul | Pow):
        values = [constant_value(part) for part in parts(node)]
        if None in values:
            return None
        return _combined(node, [value for value in values if value is not None])
    return None


def _combined(node: Node, values: list[float]) -> float:
    try:
        if isinstance(node, Add):
            total = math.fsum(values)
        elif isinstance(node, Mul):
            total = math.prod(values)
        else:
            total = math.pow(*values)
    except (OverflowError, ValueError):
        return math.inf
    return total if math.isfinite(total) else math.inf


def size(node: Node) -> Size:
    if isinstance(node, Number):
        digits = max(node.value.numerator.bit_length(), node.value.denominator.bit_length()) * math.log10(2)
        return Size(0, 1, digits)
    sizes = [size(part) for part in parts(node)]
    if not sizes:
        return Size(1, 1, 0)
    digits = max(inner.digits for inner in sizes)
    if isinstance(node, Add):
        return Size(max(s.degree for s in sizes), sum(s.terms for s in sizes), digits)
    if isinstance(node, Mul):
        return Size(sum(s.degree for s in sizes), math.prod(s.terms for s in sizes), sum(s.digits for s in sizes))
    if isinstance(node, Pow):
        return _size_of_power(node, sizes[0], digits)
    if isinstance(node, Call) and node.function in ("max", "min"):
        return Size(max(s.degree for s in sizes), sum(s.terms for s in sizes), digits)
    return Size(max(s.degree for s in sizes), max(s.terms for s in sizes), digits)


def _size_of_power(node: Pow, base: Size, digits: float) -> Size:
    exponent = constant_value(node.exponent)
    if exponent is None:
        return Size(base.degree, base.terms, digits)
    steps = abs(exponent)
    terms = 1.0
    if base.terms > 1 and steps <= BOUNDS.exponent:
        terms = _multichoose(int(base.terms), math.ceil(steps))
    return Size(base.degree * max(steps, 1), max(terms, 1), max(base.digits * steps, digits))


def _multichoose(kinds: int, many: int) -> float:
    """How many terms a sum of `kinds` terms has, raised to the power `many`."""
    if kinds > BOUNDS.terms:
        return math.inf
    return float(math.comb(kinds + many - 1, many))


def check_exponent(exponent: Node, at: int, end: int) -> None:
    """Refuses exponents whose value is out of all proportion, before anything is raised to them."""
    value = constant_value(exponent)
    if value is not None and abs(value) > BOUNDS.exponent:
        raise CannotRead("exponent_too_large", at, end, limit=BOUNDS.exponent)


def check_size(node: Node, at: int, end: int) -> None:
    """Refuses what would explode if a judge multiplied it out."""
    measured = size(node)
    if measured.terms > BOUNDS.terms:
        raise CannotRead("too_many_terms", at, end, limit=BOUNDS.terms)
    if measured.degree > BOUNDS.degree:
        raise CannotRead("exponent_too_large", at, end, limit=BOUNDS.degree)
    if measured.digits > BOUNDS.constant_digits:
        raise CannotRead("number_too_long", at, end, limit=BOUNDS.constant_digits)
