"""Syntax to the typed tree: what each thing means, given the names that the part declares."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from autograder.answers import algebra, vectors
from autograder.answers.bounds import BOUNDS
from autograder.answers.context import Context
from autograder.answers.ellipsis import written_out
from autograder.answers.functions import apply, bars, norm_order
from autograder.answers.kinds import Typed
from autograder.answers.lexicon import Lexicon
from autograder.answers.measures import check_exponent, check_size, constant_value
from autograder.answers.reading import CannotRead, Note
from autograder.answers.sums import build_sum
from autograder.answers.syntax import (
    Addition,
    Angle,
    Applied,
    Bars,
    Dots,
    Factorial,
    Group,
    Ident,
    Infinity,
    Letter,
    Lowered,
    Numeral,
    Product,
    Raised,
    Signed,
    Summed,
    Syntax,
    Transposed,
    Wrapped,
)
from autograder.answers.tree import Call, Component, Constant, Name, Node, Norm, Number, Vector


def build(syntax: Syntax, lexicon: Lexicon) -> tuple[Typed, tuple[Note, ...]]:
    """The tree of a piece of syntax, and what should be said of how it was read."""
    notes: list[Note] = []
    typed = _build(Context(lexicon, notes, _build), syntax)
    check_size(typed.node, syntax.at, syntax.end)
    return typed, tuple(notes)


def _build(context: Context, syntax: Syntax) -> Typed:
    return _BUILDERS[type(syntax)](context, syntax)


def _numeral(context: Context, syntax: Numeral) -> Typed:
    return Typed(Number(syntax.value))


def _ident(context: Context, syntax: Ident) -> Typed:
    if syntax.name in context.bound:
        return Typed(Name(syntax.name))
    node = context.declared_name(syntax.name)
    if not isinstance(node, Vector):
        return Typed(node)
    if context.indexing:
        raise CannotRead("vector_as_index", syntax.at, syntax.end, name=syntax.name)
    if context.entry is not None:
        return Typed(Component(node, Name(context.entry)))
    return Typed(node, "column", node.length)


def _letter(context: Context, syntax: Letter) -> Typed:
    if syntax.name in context.elements:
        return Typed(context.elements[syntax.name])
    if syntax.name in context.bound or (context.indexing and len(syntax.name) == 1):
        return Typed(Name(syntax.name))
    if syntax.name == "pi":
        return Typed(Constant("pi"))
    if syntax.name == "e":
        return Typed(Constant("e"))
    raise context.undeclared(syntax.name, syntax.at, syntax.end)


def _dots(context: Context, syntax: Syntax) -> Typed:
    raise CannotRead("placeholder", syntax.at, syntax.end)


def _infinity(context: Context, syntax: Syntax) -> Typed:
    raise CannotRead("infinity", syntax.at, syntax.end)


def _group(context: Context, syntax: Group) -> Typed:
    return context.build(syntax.body)


def _wrapped(context: Context, syntax: Wrapped) -> Typed:
    return context.build(syntax.body)


def _signed(context: Context, syntax: Signed) -> Typed:
    body = context.build(syntax.body)
    if syntax.sign == "+":
        return body
    return Typed(algebra.negate(body.node), body.kind, body.length)


def _addition(context: Context, syntax: Addition) -> Typed:
    if any(isinstance(term, Dots) for _, term in syntax.terms):
        return written_out(context, syntax)
    terms = []
    for sign, term in syntax.terms:
        typed = context.build(term)
        node = algebra.negate(typed.node) if sign == "-" else typed.node
        terms.append((Typed(node, typed.kind, typed.length), (term.at, term.end)))
    return vectors.total(terms)


def _product(context: Context, syntax: Product) -> Typed:
    _note_division(context, syntax)
    factors = [(sign, context.build(factor), (factor.at, factor.end)) for sign, factor in syntax.factors]
    return vectors.product(factors)


def _note_division(context: Context, syntax: Product) -> None:
    """Tells of `1/2d`, read as (1/2)·d, and of `d^1/2`, read as d/2."""
    before: Syntax | None = None
    divided = False
    for sign, factor in syntax.factors:
        if sign == "" and divided:
            context.note("division_order")
        tight = before is not None and factor.at == before.end + 1
        if sign == "/" and tight and isinstance(factor, Numeral) and _may_be_exponent(before, factor.value):
            context.note("power_before_division")
        divided = sign == "/" and not isinstance(factor, Group)
        before = factor


def _may_be_exponent(syntax: Syntax | None, below: Fraction) -> bool:
    """Whether `d^1/2` may have been meant as d^(1/2): not so for `d^2/2`."""
    if not isinstance(syntax, Raised) or not syntax.bare or below == 0:
        return False
    exponent = syntax.exponent.body if isinstance(syntax.exponent, Signed) else syntax.exponent
    return isinstance(exponent, Numeral) and (exponent.value / below).denominator != 1


def _raised(context: Context, syntax: Raised) -> Typed:
    base = context.build(syntax.base)
    if base.is_vector:
        raise CannotRead("power_of_vector", syntax.at, syntax.end, name=getattr(syntax.base, "name", ""))
    exponent = context.scalar(syntax.exponent)
    check_exponent(exponent, syntax.exponent.at, syntax.exponent.end)
    if base.node == algebra.number(0) and (constant_value(exponent) or 0) < 0:
        raise CannotRead("division_by_zero", syntax.at, syntax.end)
    if base.kind == "matrix" and not _is_count(exponent):
        raise CannotRead("not_a_scalar", syntax.base.at, syntax.base.end, kind_found=base.kind)
    node = algebra.power(base.node, exponent)
    check_size(node, syntax.exponent.at, syntax.exponent.end)
    return Typed(node, base.kind)


def _is_count(exponent: Node) -> bool:
    return isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value > 0


def _lowered(context: Context, syntax: Lowered) -> Typed:
    if _is_norm(syntax.base):
        return _norm_with_order(context, syntax)
    if isinstance(syntax.base, Letter) and syntax.base.name not in context.bound:
        raise context.undeclared(syntax.base.name, syntax.base.at, syntax.base.end)
    base = context.whole().build(syntax.base)
    if not base.is_vector:
        raise _index_of_scalar(context, syntax)
    index = context.in_index().scalar(syntax.index)
    if isinstance(index, Number):
        _check_place(context, index, syntax)
    return Typed(Component(base.node, index))


def _index_of_scalar(context: Context, syntax: Lowered) -> CannotRead:
    """`d_k` is a name of its own, which the part does not declare."""
    index = syntax.index.body if isinstance(syntax.index, Group) else syntax.index
    label = str(index.value) if isinstance(index, Numeral) else getattr(index, "name", "")
    name = getattr(syntax.base, "name", "")
    if name and label:
        return context.undeclared(f"{name}_{label}", syntax.at, syntax.end)
    return CannotRead("index_of_scalar", syntax.at, syntax.end, name=name)


def _check_place(context: Context, index: Number, syntax: Lowered) -> None:
    lowest = 0 if context.from_zero else 1
    if index.value.denominator != 1 or not lowest <= index.value <= BOUNDS.sum_limit:
        raise CannotRead("index_from_one", syntax.index.at, syntax.index.end)


def _is_norm(syntax: Syntax) -> bool:
    if isinstance(syntax, Group):
        return _is_norm(syntax.body)
    return isinstance(syntax, Bars) or (isinstance(syntax, Applied) and syntax.function == "norm")


def _innermost(syntax: Syntax) -> Syntax:
    r"""The norm in `{\|x\|}` and in `||x||` written with four single bars."""
    if isinstance(syntax, Group | Bars) and _is_norm(syntax.body):
        return _innermost(syntax.body)
    return syntax


def _norm_with_order(context: Context, syntax: Lowered) -> Typed:
    typed = context.whole().build(_innermost(syntax.base))
    if not isinstance(typed.node, Norm):
        raise CannotRead("norm_of_scalar", syntax.at, syntax.end)
    return Typed(Norm(typed.node.vector, norm_order(context, syntax.index)))


def _transposed(context: Context, syntax: Transposed) -> Typed:
    body = context.build(syntax.body)
    if context.entry is not None and not syntax.prime:
        return body
    if body.kind == "scalar" and (syntax.prime or not isinstance(syntax.body, Group)):
        raise CannotRead("transpose_of_scalar", syntax.at, syntax.end, name=getattr(syntax.body, "name", ""))
    return vectors.transpose(body)


def _factorial(context: Context, syntax: Factorial) -> Typed:
    body = context.scalar(syntax.body)
    value = constant_value(body)
    if value is not None and not 0 <= value <= BOUNDS.factorial:
        raise CannotRead("factorial_too_large", syntax.at, syntax.end, limit=BOUNDS.factorial)
    return Typed(Call("factorial", (body,)))


def _bars(context: Context, syntax: Bars) -> Typed:
    inside = context.whole() if syntax.sign == "‖" else context
    return bars(inside.build(syntax.body), (syntax.at, syntax.end))


def _angle(context: Context, syntax: Angle) -> Typed:
    whole = context.whole()
    return vectors.inner(whole.build(syntax.left), whole.build(syntax.right), (syntax.at, syntax.end))


_BUILDERS: dict[type[Syntax], Callable[[Context, Any], Typed]] = {
    Numeral: _numeral,
    Ident: _ident,
    Letter: _letter,
    Dots: _dots,
    Infinity: _infinity,
    Group: _group,
    Wrapped: _wrapped,
    Signed: _signed,
    Addition: _addition,
    Product: _product,
    Raised: _raised,
    Lowered: _lowered,
    Transposed: _transposed,
    Factorial: _factorial,
    Bars: _bars,
    Angle: _angle,
    Applied: apply,
    Summed: build_sum,
}
