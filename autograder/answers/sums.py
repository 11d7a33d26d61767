"""What a sum runs over: its limits, the length of the vectors it indexes, or all entries of a vector."""

from autograder.answers import algebra
from autograder.answers.bounds import BOUNDS
from autograder.answers.context import Context
from autograder.answers.kinds import Typed, free_indices, vector_length, walk
from autograder.answers.reading import CannotRead
from autograder.answers.syntax import Lowered, Range, Summed, Syntax, children
from autograder.answers.tree import Add, Component, Name, Node, Number, Sum


def build_sum(context: Context, syntax: Summed) -> Typed:
    over = syntax.over
    if over.elements:
        return _over_elements(context, syntax)
    if over.index is None:
        return _without_index(context, syntax)
    inner = context.binding(over.index)
    if over.zero_based or _begins_at_zero(context, over):
        inner = inner.counting_from_zero()
    body = inner.scalar(syntax.body)
    lower, upper = _limits(context, over, body, syntax)
    return Typed(_sum(context, syntax, body, over.index, lower, upper))


def _over_elements(context: Context, syntax: Summed) -> Typed:
    """`sum(x * y for x, y in zip(u, v))`: the vectors have one length."""
    index = context.fresh_index()
    elements: dict[str, Node] = {}
    lengths: set[Node | None] = set()
    for name, vector in syntax.over.elements:
        typed = context.whole().build(vector)
        if not typed.is_vector:
            raise CannotRead("not_a_vector", vector.at, vector.end)
        elements[name] = Component(typed.node, Name(index))
        lengths.add(typed.length)
    length = lengths.pop()
    if lengths or length is None:
        raise CannotRead("lengths_differ", syntax.over.at, syntax.over.end)
    return Typed(Sum(context.with_elements(index, elements).scalar(syntax.body), index, algebra.ONE, length))


def _without_index(context: Context, syntax: Summed) -> Typed:
    """`Σ μ_i²` runs over the one index in it; `Σ μ²` and `sum(mu**2)` over the entries of the vector."""
    if not _has_index(syntax.body):
        return sum_of_entries(context, syntax.body)
    body = context.scalar(syntax.body)
    known = frozenset(context.lexicon.declared) | context.bound
    free = free_indices(body, known)
    if len(free) != 1:
        raise CannotRead("which_index", syntax.at, syntax.end, indices=free)
    context.note("index_of_sum", index=free[0])
    upper = _stated(context, syntax.over.upper)
    return Typed(_sum(context, syntax, body, free[0], algebra.ONE, upper or _length(body, free[0], syntax)))


def _has_index(syntax: Syntax) -> bool:
    return isinstance(syntax, Lowered) or any(_has_index(child) for child in children(syntax))


def sum_of_entries(context: Context, syntax: Syntax) -> Typed:
    """The sum over all entries of what is computed entry by entry, as NumPy does."""
    index = context.fresh_index()
    body = context.of_entries(index).scalar(syntax)
    return Typed(Sum(body, index, algebra.ONE, _length(body, index, syntax)))


def _begins_at_zero(context: Context, over: Range) -> bool:
    return over.lower is not None and context.scalar(over.lower) == algebra.number(0)


def _stated(context: Context, limit: Syntax | None) -> Node | None:
    if limit is None:
        return None
    node = context.whole().scalar(limit)
    if isinstance(node, Number) and (node.value.denominator != 1 or abs(node.value) > BOUNDS.sum_limit):
        raise CannotRead("sum_limit", limit.at, limit.end, limit=BOUNDS.sum_limit)
    return node


def _limits(context: Context, over: Range, body: Node, syntax: Summed) -> tuple[Node, Node]:
    """Both limits; what is not said is 1 and the length of the vectors that the sum indexes."""
    assert over.index is not None
    upper = _stated(context, over.upper)
    if over.zero_based:
        assert upper is not None
        return algebra.number(0), algebra.add((upper, algebra.MINUS_ONE))
    lower = _stated(context, over.lower)
    return lower or algebra.ONE, upper or _length(body, over.index, syntax)


def _length(body: Node, index: str, place: Syntax) -> Node:
    """The length of the vectors whose entries `index` runs over."""
    lengths = {vector_length(node.vector) for node in walk(body) if isinstance(node, Component) and _uses(node, index)}
    if len(lengths) != 1:
        raise CannotRead("sum_range_unknown" if not lengths else "lengths_differ", place.at, place.end)
    length = lengths.pop()
    assert length is not None
    return length


def _uses(node: Component, index: str) -> bool:
    return any(inner == Name(index) for inner in walk(node.index))


def _sum(context: Context, syntax: Summed, body: Node, index: str, lower: Node, upper: Node) -> Sum:
    """A sum over entries that are counted from 0 becomes one over entries counted from 1."""
    if lower != algebra.number(0):
        return Sum(body, index, lower, upper)
    names = [node for node in walk(body) if node == Name(index)]
    entries = [node for node in walk(body) if isinstance(node, Component) and _uses(node, index)]
    if not entries:
        return Sum(body, index, lower, upper)
    if len(names) != len(entries) or any(node.index != Name(index) for node in entries):
        raise CannotRead("index_from_one", syntax.over.at, syntax.over.end)
    context.note("counted_from_zero", index=index)
    return Sum(body, index, algebra.ONE, _one_more(upper))


def _one_more(upper: Node) -> Node:
    if isinstance(upper, Number):
        return Number(upper.value + 1)
    if isinstance(upper, Add) and upper.terms[-1] == algebra.MINUS_ONE:
        return algebra.add(upper.terms[:-1])
    return algebra.add((upper, algebra.ONE))
