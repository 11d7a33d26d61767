"""A tree as one line of Unicode: `b·d² + b·n·d`, `‖μ‖²`, `√d`. Deterministic, and it reads back as the same tree.

That holds for trees in normal form (see `algebra`), which is what the reader makes. Every product has its sign, so
that nothing is left to convention; what stands before a quotient that goes on is put in brackets.
"""

from decimal import Decimal
from fractions import Fraction

from autograder.answers import algebra
from autograder.answers.characters import GREEK_SYMBOLS
from autograder.answers.kinds import kind_of
from autograder.answers.tree import (
    Add,
    Call,
    Component,
    Constant,
    Dot,
    Mul,
    Name,
    Node,
    Norm,
    Number,
    Outer,
    Pow,
    Sum,
    Vector,
)

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_WRAPPERS = {"O": "O", "Theta": "Θ", "Omega": "Ω"}


def plain(node: Node) -> str:
    """The node in one line."""
    match node:
        case Add(terms):
            return _addition(terms)
        case Mul(factors):
            return _product(factors)
        case Number(value):
            return _number(value)
        case _:
            return _thing(node)


def wrapped(node: Node, wrapper: str | None) -> str:
    """The node in one line, within the letter of its growth."""
    return plain(node) if wrapper is None else f"{_WRAPPERS[wrapper]}({plain(node)})"


def _number(value: Fraction) -> str:
    sign = "−" if value < 0 else ""
    if _is_long_decimal(value):
        return sign + format(Decimal(abs(value.numerator)) / Decimal(value.denominator), "f")
    bottom = "" if value.denominator == 1 else f"/{value.denominator}"
    return f"{sign}{abs(value.numerator)}{bottom}"


def _is_long_decimal(value: Fraction) -> bool:
    """Whether a number ends after a few decimals and would be a clumsy fraction: 1.414, but 1/2."""
    return value.denominator > 100 and 10**12 % value.denominator == 0 and abs(value.numerator) < 10**12


def _addition(terms: tuple[Node, ...]) -> str:
    text = _summand(terms[0])
    for term in terms[1:]:
        if _is_negative(term):
            text += " − " + _summand(algebra.negate(term))
        else:
            text += " + " + _summand(term)
    return text


def _is_negative(term: Node) -> bool:
    """Whether a term can be written with a minus before it and read back."""
    leading = term.factors[0] if isinstance(term, Mul) else term
    if not isinstance(leading, Number) or leading.value >= 0:
        return False
    opposite = algebra.negate(term)
    return not isinstance(opposite, Add) and algebra.negate(opposite) == term


def _summand(term: Node) -> str:
    if isinstance(term, Add):
        return f"({plain(term)})"
    text = plain(term)
    return f"({text})" if text.startswith("−") and isinstance(term, Number) else text


def _product(factors: tuple[Node, ...]) -> str:
    first, rest = factors[0], factors[1:]
    if isinstance(first, Number) and first.value < 0 and not (first.value == -1 and isinstance(rest[0], Number)):
        positive = algebra.negate(Mul(factors))
        return "−" + (_product(positive.factors) if isinstance(positive, Mul) else _factor(positive, False))
    return _positive_product(factors, kind_of(Mul(factors)) != "scalar")


def _positive_product(factors: tuple[Node, ...], has_vector: bool) -> str:
    text = _factor(factors[0], has_vector, leading=len(factors) > 1)
    lone_number = isinstance(factors[0], Number)
    divided = lone_number and "/" in text
    for place, factor in enumerate(factors[1:], start=1):
        below = _divisor(factor, lone_number)
        if divided and not (text.startswith("(") and place == 1):
            text = text if below is not None and not lone_number else _bracketed(text)
        if below is not None:
            text += "/" + below
        else:
            text += "·" + _factor(factor, has_vector, last=place == len(factors) - 1)
        divided = below is not None
        lone_number = False
    return text


def _bracketed(text: str) -> str:
    return f"({text})"


def _divisor(factor: Node, after_number: bool) -> str | None:
    """What stands below the line, if the factor is a quotient that reads back as itself."""
    if isinstance(factor, Number) and factor.value.numerator == 1 and factor.value.denominator > 1:
        return None if after_number else str(factor.value.denominator)
    if isinstance(factor, Pow) and factor.exponent == algebra.MINUS_ONE:
        return _below(factor.base)
    return None


def _below(node: Node) -> str:
    """What follows a `/`: a power needs no brackets there, unless it is itself a quotient."""
    return plain(node) if isinstance(node, Pow) and node.exponent != algebra.MINUS_ONE else _atom(node)


def _factor(factor: Node, has_vector: bool, *, leading: bool = False, last: bool = False) -> str:
    if isinstance(factor, Number):
        negative = factor.value < 0
        text = _number(factor.value)
        return f"({text})" if negative or "/" in text else text
    if isinstance(factor, Add | Outer) or (isinstance(factor, Dot) and has_vector):
        return f"({plain(factor)})"
    if isinstance(factor, Sum) and not last:
        return f"({plain(factor)})"
    if leading and isinstance(factor, Pow) and factor.exponent == algebra.MINUS_ONE:
        return f"({plain(factor)})"
    return plain(factor)


def _thing(node: Node) -> str:
    match node:
        case Constant(name):
            return "π" if name == "pi" else "e"
        case Name(name) | Vector(name, _):
            return GREEK_SYMBOLS.get(name, name)
        case Component(vector, index):
            return f"{_atom(vector)}_{_index(index)}"
        case Pow():
            return _power(node)
        case Call():
            return _call(node)
        case Sum():
            return _sum(node)
        case _:
            return _of_vectors(node)


def _of_vectors(node: Node) -> str:
    match node:
        case Dot(left, right):
            return f"{_atom(left)}ᵀ{_atom(right)}"
        case Outer(left, right):
            return f"{_atom(left)}·{_atom(right)}ᵀ"
        case Norm(vector, order):
            return f"‖{plain(vector)}‖{_order(order)}"
        case _:
            raise TypeError(type(node).__name__)


def _order(order: Number | None) -> str:
    if order is None:
        return "_∞"
    if order == algebra.TWO:
        return ""
    if order.value.denominator == 1:
        return str(order.value).translate(_LOWERED)
    return f"_({_number(order.value)})"


def _index(index: Node) -> str:
    simple = isinstance(index, Name) or (isinstance(index, Number) and index.value.denominator == 1)
    return plain(index) if simple else f"({plain(index)})"


def _power(node: Pow) -> str:
    if node.exponent == algebra.MINUS_ONE:
        return f"1/{_below(node.base)}"
    if node.exponent == algebra.HALF:
        inside = plain(node.base)
        return f"√{inside}" if isinstance(node.base, Name) else f"√({inside})"
    return _atom(node.base) + _exponent(node.exponent)


def _exponent(exponent: Node) -> str:
    if isinstance(exponent, Number) and exponent.value.denominator == 1:
        return str(exponent.value).translate(_RAISED)
    if isinstance(exponent, Name | Constant):
        return f"^{plain(exponent)}"
    return f"^({plain(exponent)})"


def _atom(node: Node) -> str:
    """The node, in brackets unless it is one thing that a power or an index can follow."""
    text = plain(node)
    if isinstance(node, Number):
        return text if text.isdigit() else f"({text})"
    if isinstance(node, Call) and node.function == "factorial":
        return f"({text})"
    if isinstance(node, Name | Constant | Vector | Component | Call | Norm):
        return text
    return f"({text})"


def _call(node: Call) -> str:
    """Every argument is rendered once: twice at each level would be 2^60 times in an answer that nests so deep."""
    if node.function == "factorial":
        return f"{_atom(node.arguments[0])}!"
    if node.function == "log" and len(node.arguments) == 2:
        return f"log_{_index(node.arguments[1])}({plain(node.arguments[0])})"
    inside = ", ".join(plain(argument) for argument in node.arguments)
    if node.function == "abs" and "|" not in inside:
        return f"|{inside}|"
    return f"{GREEK_SYMBOLS.get(node.function, node.function)}({inside})"


def _sum(node: Sum) -> str:
    upper = plain(node.upper)
    limit = upper if isinstance(node.upper, Name) or upper.isdecimal() else f"{{{upper}}}"
    body = plain(node.body)
    if isinstance(node.body, Add) or body.startswith("−"):
        body = f"({body})"
    return f"Σ_{{{node.index}={plain(node.lower)}}}^{limit} {body}"
