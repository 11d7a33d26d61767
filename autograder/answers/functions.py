"""Functions by name: how many arguments, of which kind, and which node they become."""

from collections.abc import Callable
from fractions import Fraction
from math import factorial

from autograder.answers import algebra, vectors
from autograder.answers.bounds import BOUNDS
from autograder.answers.context import Context
from autograder.answers.kinds import Typed
from autograder.answers.measures import check_size
from autograder.answers.reading import CannotRead
from autograder.answers.sums import sum_of_entries
from autograder.answers.syntax import (
    Applied,
    Factorial,
    Group,
    Infinity,
    Letter,
    Numeral,
    Product,
    Raised,
    Syntax,
)
from autograder.answers.tree import Call, Node, Number, Outer, Sum

_PLAIN = frozenset({"exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "floor", "ceil"})


def apply(context: Context, syntax: Applied) -> Typed:
    """A function applied to its arguments."""
    if syntax.function in context.lexicon.vocabulary.functions:
        return _undefined(context, syntax)
    if syntax.function in _PLAIN:
        return Typed(Call(syntax.function, (context.scalar(_only(syntax)),)))
    return _FUNCTIONS[syntax.function](context, syntax)


def _undefined(context: Context, syntax: Applied) -> Typed:
    """A function that the part declares without saying what it is."""
    wanted = context.lexicon.vocabulary.functions[syntax.function]
    _count(syntax, wanted, wanted)
    return Typed(Call(syntax.function, tuple(context.build(argument).node for argument in syntax.arguments)))


def _count(syntax: Applied, least: int, most: int) -> None:
    if not least <= len(syntax.arguments) <= most:
        about = {"name": syntax.function, "least": least, "most": most}
        raise CannotRead("wrong_number_of_arguments", syntax.at, syntax.end, **about)


def _only(syntax: Applied) -> Syntax:
    _count(syntax, 1, 1)
    return syntax.arguments[0]


def _option(syntax: Applied, *names: str) -> Syntax | None:
    """The value of an option by any of its names; options that we do not know are refused."""
    found = None
    for name, value in syntax.options:
        if name not in names and name not in ("axis", "dim"):
            raise CannotRead("unknown_option", value.at, value.end, name=name)
        if name in names:
            found = value
    return found


def _sqrt(context: Context, syntax: Applied) -> Typed:
    degree = 2 if syntax.function == "sqrt" else 3
    index = _option(syntax, "index")
    if index is not None:
        degree = _degree(context.scalar(index), index)
    return Typed(algebra.root(context.scalar(_only(syntax)), degree))


def _degree(node: Node, syntax: Syntax) -> int:
    if not isinstance(node, Number) or node.value.denominator != 1 or not 1 <= node.value <= BOUNDS.exponent:
        raise CannotRead("root_index", syntax.at, syntax.end)
    return int(node.value)


def _logarithm(context: Context, syntax: Applied) -> Typed:
    _count(syntax, 1, 2)
    written = _option(syntax, "base")
    base = context.scalar(written) if written is not None else None
    if len(syntax.arguments) == 2:
        base = context.scalar(syntax.arguments[1])
    if syntax.function == "lg":
        context.note("lg_is_log2")
        base = algebra.TWO
    argument = context.scalar(syntax.arguments[0])
    return Typed(Call("log", (argument,) if base is None else (argument, base)))


def _extreme(context: Context, syntax: Applied) -> Typed:
    _count(syntax, 1, BOUNDS.tokens)
    _option(syntax)
    return Typed(Call(syntax.function, tuple(context.scalar(argument) for argument in syntax.arguments)))


def bars(body: Typed, place: vectors.Place) -> Typed:
    """`|x|` and `‖x‖`: the absolute value of a scalar, the 2-norm of a vector."""
    if body.kind == "scalar":
        return Typed(Call("abs", (body.node,)))
    return vectors.norm(body, algebra.TWO, place)


def _absolute(context: Context, syntax: Applied) -> Typed:
    return bars(context.build(_only(syntax)), (syntax.at, syntax.end))


def _norm(context: Context, syntax: Applied) -> Typed:
    _count(syntax, 1, 2)
    order = _option(syntax, "ord", "p", "base")
    if len(syntax.arguments) == 2:
        order = syntax.arguments[1]
    body = context.whole().build(syntax.arguments[0])
    if body.kind == "scalar":
        raise CannotRead("norm_of_scalar", syntax.at, syntax.end)
    chosen = algebra.TWO if order is None else norm_order(context, order)
    return vectors.norm(body, chosen, (syntax.at, syntax.end))


def norm_order(context: Context, syntax: Syntax) -> Number | None:
    """The order of a norm as written: a number from 1 on, infinity (None), F or "fro" (2 for a vector)."""
    inner = syntax.body if isinstance(syntax, Group) else syntax
    if isinstance(inner, Infinity) or (isinstance(inner, Letter) and inner.name == "inf"):
        return None
    if isinstance(inner, Letter) and inner.name == "F":
        return algebra.TWO
    order = None if isinstance(inner, Letter) else context.scalar(inner)
    if isinstance(order, Number) and 1 <= order.value <= BOUNDS.exponent:
        return order
    raise CannotRead("norm_order", syntax.at, syntax.end)


def _dot(context: Context, syntax: Applied) -> Typed:
    _count(syntax, 2, 2)
    whole = context.whole()
    left, right = (whole.build(argument) for argument in syntax.arguments)
    return vectors.inner(left, right, (syntax.at, syntax.end))


def _trace(context: Context, syntax: Applied) -> Typed:
    return vectors.trace(context.whole().build(_only(syntax)), (syntax.at, syntax.end))


def _transpose(context: Context, syntax: Applied) -> Typed:
    body = context.build(_only(syntax))
    return body if context.entry is not None else vectors.transpose(body)


def _square(context: Context, syntax: Applied) -> Typed:
    two = Numeral(syntax.at, syntax.end, algebra.TWO.value)
    return context.build(Raised(syntax.at, syntax.end, _only(syntax), two, False))


def _power(context: Context, syntax: Applied) -> Typed:
    _count(syntax, 2, 2)
    base, exponent = syntax.arguments
    return context.build(Raised(syntax.at, syntax.end, base, exponent, False))


def _factorial(context: Context, syntax: Applied) -> Typed:
    return context.build(Factorial(syntax.at, syntax.end, _only(syntax)))


def _sum(context: Context, syntax: Applied) -> Typed:
    _option(syntax)
    return sum_of_entries(context, _only(syntax))


def _mean(context: Context, syntax: Applied) -> Typed:
    """NumPy's mean of all entries."""
    _option(syntax)
    total = sum_of_entries(context, _only(syntax)).node
    assert isinstance(total, Sum)
    return Typed(algebra.divide(total, total.upper))


def _multiply(context: Context, syntax: Applied) -> Typed:
    """NumPy's product, entry by entry: within a sum over the entries."""
    _count(syntax, 2, 2)
    left, right = syntax.arguments
    return context.build(Product(syntax.at, syntax.end, (("", left), ("*", right))))


def _outer(context: Context, syntax: Applied) -> Typed:
    _count(syntax, 2, 2)
    whole = context.whole()
    left, right = (whole.build(argument) for argument in syntax.arguments)
    if not (left.is_vector and right.is_vector):
        raise CannotRead("not_a_vector", syntax.at, syntax.end)
    return Typed(Outer(left.node, right.node), "matrix")


def _binomial(context: Context, syntax: Applied) -> Typed:
    """A (a - 1) ... (a - k + 1) / k!, where k is a number."""
    _count(syntax, 2, 2)
    above, below = (context.scalar(argument) for argument in syntax.arguments)
    if not isinstance(below, Number) or below.value.denominator != 1 or not 0 <= below.value <= BOUNDS.binomial:
        raise CannotRead("binomial_lower", syntax.at, syntax.end, limit=BOUNDS.binomial)
    steps = range(int(below.value))
    factors = [algebra.add((above, algebra.number(-step))) if step else above for step in steps]
    node = algebra.multiply((algebra.number(Fraction(1, factorial(int(below.value)))), *factors))
    check_size(node, syntax.at, syntax.end)
    return Typed(node)


def _length(context: Context, syntax: Applied) -> Typed:
    """Python's len of a vector."""
    argument = _only(syntax)
    typed = context.whole().build(argument)
    if typed.length is None:
        raise CannotRead("not_a_vector", argument.at, argument.end)
    return Typed(typed.length)


_FUNCTIONS: dict[str, Callable[[Context, Applied], Typed]] = {
    "sqrt": _sqrt,
    "cbrt": _sqrt,
    "log": _logarithm,
    "ln": _logarithm,
    "lg": _logarithm,
    "max": _extreme,
    "min": _extreme,
    "abs": _absolute,
    "norm": _norm,
    "dot": _dot,
    "trace": _trace,
    "transpose": _transpose,
    "square": _square,
    "pow": _power,
    "factorial": _factorial,
    "sum": _sum,
    "mean": _mean,
    "multiply": _multiply,
    "outer": _outer,
    "len": _length,
    "binom": _binomial,
}
