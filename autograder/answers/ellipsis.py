"""`mu_1^2 + mu_2^2 + ... + mu_d^2` as a sum: only where the terms on both sides of the dots are of one form."""

from dataclasses import replace as replaced

from autograder.answers import algebra, vectors
from autograder.answers.context import Context
from autograder.answers.kinds import Typed, free_indices, walk
from autograder.answers.reading import CannotRead
from autograder.answers.syntax import Addition, Dots, Syntax
from autograder.answers.tree import Add, Call, Component, Dot, Mul, Name, Node, Norm, Number, Outer, Pow, Sum


def written_out(context: Context, syntax: Addition) -> Typed:
    """A sum of terms, of which the ones around the dots become one `Sum`."""
    places = [at for at, (_, term) in enumerate(syntax.terms) if isinstance(term, Dots)]
    dots = syntax.terms[places[0]][1]
    if len(places) != 1 or not 0 < places[0] < len(syntax.terms) - 1:
        raise CannotRead("unclear_dots", dots.at, dots.end)
    typed = [_term(context, syntax, at) for at in range(len(syntax.terms)) if at != places[0]]
    before, after = typed[: places[0]], typed[places[0] :]
    index = context.fresh_index()
    pattern = _pattern(before, after[0].node, index)
    if pattern is None or any(term.kind != "scalar" for term in typed) or syntax.terms[places[0]][0] == "-":
        raise CannotRead("unclear_dots", dots.at, dots.end)
    summed, used = pattern
    _check_end(context, summed.upper, syntax.terms[places[0] + 1][1])
    others = [*before[: len(before) - used], *after[1:]]
    if any(algebra.number(0) in _places(term.node) for term in others):
        raise CannotRead("index_from_one", syntax.at, dots.at)
    nodes = [*before[: len(before) - used], Typed(summed), *after[1:]]
    return vectors.total([(term, (syntax.at, syntax.end)) for term in nodes])


def _check_end(context: Context, upper: Node, term: Syntax) -> None:
    """The last index is a number or a name of the part: `mu_1 + ... + mu_n` needs an n."""
    loose = free_indices(upper, frozenset(context.lexicon.declared) | context.bound)
    if loose:
        raise context.undeclared(loose[0], term.at, term.end)


def _term(context: Context, syntax: Addition, at: int) -> Typed:
    sign, term = syntax.terms[at]
    typed = context.counting_from_zero().build(term)
    return typed if sign == "+" else replaced(typed, node=algebra.negate(typed.node))


def _pattern(before: list[Typed], last: Node, index: str) -> tuple[Sum, int] | None:
    """The sum that ends in `last`, and how many of the terms before the dots belong to it."""
    nearest = before[-1].node
    start = _place(nearest)
    end = _place(last)
    if not isinstance(start, Number) or end is None:
        return None
    body = _with_index(nearest, start, Name(index))
    if _with_index(body, Name(index), end) != last or body == nearest:
        return None
    used, first = 1, start.value
    while used < len(before) and before[-used - 1].node == _with_index(body, Name(index), Number(first - 1)):
        used, first = used + 1, first - 1
    if first == 0 and isinstance(end, Add) and end.terms[-1] == algebra.MINUS_ONE:
        return Sum(body, index, algebra.ONE, algebra.add(end.terms[:-1])), used
    return (Sum(body, index, Number(first), end), used) if first >= 1 else None


def _places(node: Node) -> set[Node]:
    return {inner.index for inner in walk(node) if isinstance(inner, Component)}


def _place(node: Node) -> Node | None:
    """The one index at which a term takes its entries."""
    places = _places(node)
    return places.pop() if len(places) == 1 else None


def _with_index(node: Node, old: Node, new: Node) -> Node:
    """The term with its entries taken at `new` instead of `old`."""
    match node:
        case Component(vector, at):
            return Component(vector, new) if at == old else node
        case Add(terms):
            return Add(tuple(_with_index(term, old, new) for term in terms))
        case Mul(factors):
            return Mul(tuple(_with_index(factor, old, new) for factor in factors))
        case Pow(base, exponent):
            return Pow(_with_index(base, old, new), _with_index(exponent, old, new))
        case Call(function, arguments):
            return Call(function, tuple(_with_index(argument, old, new) for argument in arguments))
        case Dot() | Norm() | Outer() | Sum():
            return node
        case _:
            return node
