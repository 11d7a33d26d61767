"""How large an expression would grow if it were multiplied out: bounded here, so that no judge is bombed."""

import math
from dataclasses import dataclass

from autograder.answers.bounds import BOUNDS
from autograder.answers.kinds import parts
from autograder.answers.reading import CannotRead
from autograder.answers.tree import Add, Call, Constant, Mul, Node, Number, Pow

_LARGEST = 2**900


@dataclass(frozen=True, slots=True)
class Size:
    """Degree and number of terms if multiplied out, the digits of the largest number, and the value if it has one.

    `value` is None for what has names in it, and infinite where it is too large to matter.
    """

    degree: float
    terms: float
    digits: float
    value: float | None = None


def size(node: Node) -> Size:
    if isinstance(node, Number):
        return _size_of_number(node)
    if isinstance(node, Constant):
        return Size(0, 1, 0, math.pi if node.name == "pi" else math.e)
    sizes = [size(part) for part in parts(node)]
    if not sizes:
        return Size(1, 1, 0)
    value = _value(node, sizes)
    digits = max(inner.digits for inner in sizes)
    degree = max(inner.degree for inner in sizes)
    if isinstance(node, Add) or (isinstance(node, Call) and node.function in ("max", "min")):
        return Size(degree, sum(inner.terms for inner in sizes), digits, value)
    if isinstance(node, Mul):
        terms = math.prod(inner.terms for inner in sizes)
        return Size(sum(inner.degree for inner in sizes), terms, sum(inner.digits for inner in sizes), value)
    if isinstance(node, Pow):
        return _size_of_power(sizes[0], sizes[1].value, digits, value)
    return Size(degree, max(inner.terms for inner in sizes), digits)


def _size_of_number(node: Number) -> Size:
    above, below = abs(node.value.numerator), node.value.denominator
    digits = max(above.bit_length(), below.bit_length()) * math.log10(2)
    value = float(node.value) if above < _LARGEST and below < _LARGEST else math.inf
    return Size(0, 1, digits, value)


def _value(node: Node, sizes: list[Size]) -> float | None:
    values = [inner.value for inner in sizes if inner.value is not None]
    if len(values) < len(sizes) or not isinstance(node, Add | Mul | Pow):
        return None
    try:
        if isinstance(node, Add):
            total = math.fsum(values)
        else:
            total = math.prod(values) if isinstance(node, Mul) else math.pow(*values)
    except (OverflowError, ValueError):
        return math.inf
    return total if math.isfinite(total) else math.inf


def _size_of_power(base: Size, exponent: float | None, digits: float, value: float | None) -> Size:
    if exponent is None:
        return Size(base.degree, base.terms, digits, value)
    steps = abs(exponent)
    terms = 1.0
    if base.terms > 1 and steps <= BOUNDS.exponent:
        terms = _multichoose(base.terms, math.ceil(steps))
    return Size(base.degree * max(steps, 1), terms, max(base.digits * steps, digits), value)


def _multichoose(kinds: float, many: int) -> float:
    """How many terms a sum of `kinds` terms has, raised to the power `many`."""
    if kinds > BOUNDS.terms:
        return math.inf
    return float(math.comb(int(kinds) + many - 1, many))


def constant_value(node: Node) -> float | None:
    """The value of an expression without names, None if it has names; infinite if it is too large to matter."""
    return size(node).value


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
