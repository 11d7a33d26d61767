"""A tree as presentation MathML, for pages. All text that comes from names is escaped here."""

from html import escape

from autograder.answers import algebra
from autograder.answers.characters import GREEK_SYMBOLS
from autograder.answers.render import plain
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

_WRAPPERS = {"O": "O", "Theta": "Θ", "Omega": "Ω"}


def mathml(node: Node, wrapper: str | None = None) -> str:
    """A `<math>` element, within the letter of a growth if there is one; the plain line is its alternative text."""
    body, text = _of(node), plain(node)
    if wrapper is not None:
        body = _row(_identifier(_WRAPPERS[wrapper]), _fenced("(", body, ")"))
        text = f"{_WRAPPERS[wrapper]}({text})"
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="{escape(text)}">{body}</math>'


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _sign(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _identifier(name: str, style: str = "") -> str:
    return f"<mi{style}>{escape(GREEK_SYMBOLS.get(name, name))}</mi>"


def _fenced(opening: str, inside: str, closing: str) -> str:
    return _row(_sign(opening), inside, _sign(closing))


def _of(node: Node) -> str:
    match node:
        case Number(value):
            return _number(value.numerator, value.denominator)
        case Constant(name):
            return _identifier("π" if name == "pi" else "e")
        case Name(name):
            return _identifier(name)
        case Vector(name, _):
            return _identifier(name, ' mathvariant="bold"')
        case Add(terms):
            return _addition(terms)
        case Mul(factors):
            return _product(factors)
        case Pow(base, exponent):
            return _power(base, exponent)
        case _:
            return _applied(node)


def _number(above: int, below: int) -> str:
    sign = _sign("−") if above < 0 else ""
    numeral = f"<mn>{abs(above)}</mn>"
    return _row(sign, numeral if below == 1 else f"<mfrac>{numeral}<mn>{below}</mn></mfrac>")


def _addition(terms: tuple[Node, ...]) -> str:
    parts = [_of(terms[0])]
    for term in terms[1:]:
        leading = term.factors[0] if isinstance(term, Mul) else term
        negative = isinstance(leading, Number) and leading.value < 0
        parts += [_sign("−"), _factor(algebra.negate(term))] if negative else [_sign("+"), _of(term)]
    return _row(*parts)


def _product(factors: tuple[Node, ...]) -> str:
    """A fraction if anything stands below the line."""
    if factors[0] == algebra.MINUS_ONE and len(factors) > 1:
        return _row(_sign("−"), _product(factors[1:]) if len(factors) > 2 else _factor(factors[1]))
    below = [f.base for f in factors if isinstance(f, Pow) and f.exponent == algebra.MINUS_ONE]
    above = [f for f in factors if not (isinstance(f, Pow) and f.exponent == algebra.MINUS_ONE)]
    if not below:
        return _line(above)
    return f"<mfrac>{_line(above or [algebra.ONE])}{_line(below)}</mfrac>"


def _line(factors: list[Node]) -> str:
    if len(factors) == 1:
        return _of(factors[0])
    parts = [_factor(factors[0])]
    for factor in factors[1:]:
        parts += [_sign("·" if isinstance(factor, Number) else "\u2062"), _factor(factor)]
    return _row(*parts)


def _factor(node: Node) -> str:
    loose = isinstance(node, Add | Sum) or (isinstance(node, Number) and node.value < 0)
    return _fenced("(", _of(node), ")") if loose else _of(node)


def _atom(node: Node) -> str:
    single = isinstance(node, Name | Constant | Vector | Component | Norm)
    single = single or (isinstance(node, Number) and node.value >= 0 and node.value.denominator == 1)
    return _of(node) if single else _fenced("(", _of(node), ")")


def _power(base: Node, exponent: Node) -> str:
    if exponent == algebra.MINUS_ONE:
        return f"<mfrac><mn>1</mn>{_of(base)}</mfrac>"
    if exponent == algebra.HALF:
        return f"<msqrt>{_of(base)}</msqrt>"
    return f"<msup>{_atom(base)}{_of(exponent)}</msup>"


def _applied(node: Node) -> str:
    match node:
        case Component(vector, index):
            return f"<msub>{_atom(vector)}{_of(index)}</msub>"
        case Dot(left, right):
            return _row(_transposed(left), _atom(right))
        case Outer(left, right):
            return _row(_atom(left), _transposed(right))
        case Norm(vector, order):
            return _norm(_fenced("‖", _of(vector), "‖"), order)
        case Sum(body, index, lower, upper):
            below = _row(_identifier(index), _sign("="), _of(lower))
            return _row(f"<munderover>{_sign('∑')}{below}{_of(upper)}</munderover>", _factor(body))
        case Call(function, arguments):
            return _call(function, arguments)
    raise TypeError(type(node).__name__)


def _transposed(vector: Node) -> str:
    return f"<msup>{_atom(vector)}{_sign('⊤')}</msup>"


def _norm(fenced: str, order: Number | None) -> str:
    below = _sign("∞") if order is None else _of(order)
    return fenced if order == algebra.TWO else f"<msub>{fenced}{below}</msub>"


def _call(function: str, arguments: tuple[Node, ...]) -> str:
    if function == "abs":
        return _fenced("|", _of(arguments[0]), "|")
    if function == "factorial":
        return _row(_atom(arguments[0]), _sign("!"))
    name = _identifier(function)
    if function == "log" and len(arguments) == 2:
        name, arguments = f"<msub>{name}{_of(arguments[1])}</msub>", arguments[:1]
    inside = _sign(",").join(_of(argument) for argument in arguments)
    return _row(name, _fenced("(", inside, ")"))
