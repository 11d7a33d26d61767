"""Products, transposes and norms by kind: what may stand beside what, and which node it becomes."""

from dataclasses import replace

from autograder.answers.algebra import add, divide, multiply
from autograder.answers.kinds import Typed
from autograder.answers.reading import CannotRead
from autograder.answers.tree import Add, Dot, Mul, Node, Norm, Number, Outer

Place = tuple[int, int]


def product(factors: list[tuple[str, Typed, Place]]) -> Typed:
    """The product of factors from left to right; each comes with the sign before it and its place.

    Scalars gather in front to back order; a row meets a column in a dot product, a column meets a row in an outer
    product, and two columns may only stand together with a dot between them.
    """
    nodes: list[Node] = []
    pending: Typed | None = None
    slot = 0
    for sign, factor, place in factors:
        if sign == "/":
            nodes = [_quotient(nodes, pending, slot, factor, place)]
            pending = replace(pending, node=nodes[0]) if pending is not None else None
            slot = 0
        elif factor.kind == "scalar":
            nodes.append(factor.node)
        elif pending is None:
            pending, slot = factor, len(nodes)
            nodes.append(factor.node)
        else:
            pending = _meet(pending, sign, factor, place)
            nodes[slot] = pending.node
            pending = None if pending.kind == "scalar" else pending
    return Typed(multiply(nodes)) if pending is None else replace(pending, node=multiply(nodes))


def _quotient(nodes: list[Node], pending: Typed | None, slot: int, below: Typed, place: Place) -> Node:
    if below.kind != "scalar":
        raise CannotRead("division_by_vector", *place)
    if isinstance(below.node, Number) and below.node.value == 0:
        raise CannotRead("division_by_zero", *place)
    return divide(multiply(nodes), below.node)


def _meet(left: Typed, sign: str, right: Typed, place: Place) -> Typed:
    if left.kind == "row" and right.kind == "column":
        return inner(left, right, place)
    if left.kind == "column" and right.kind == "row":
        return Typed(Outer(left.node, right.node), "matrix")
    if left.kind == "column" and right.kind == "column":
        if sign in ("·", "@"):
            return inner(left, right, place)
        raise CannotRead("cross_product" if sign == "×" else "vector_product", *place)
    if left.kind == "row" and right.kind == "row":
        raise CannotRead("vector_product", *place)
    return _with_matrix(left, right, place)


def _with_matrix(left: Typed, right: Typed, place: Place) -> Typed:
    """(u vᵀ) w = u (v·w), wᵀ (u vᵀ) = (w·u) vᵀ, and (u vᵀ)(w xᵀ) = (v·w) u xᵀ."""
    if isinstance(left.node, Outer) and right.kind == "column":
        dot = _dot(left.node.right, right.node)
        return Typed(multiply((left.node.left, dot)), "column", right.length)
    if isinstance(right.node, Outer) and left.kind == "row":
        return Typed(multiply((_dot(left.node, right.node.left), right.node.right)), "row", left.length)
    if isinstance(left.node, Outer) and isinstance(right.node, Outer):
        dot = _dot(left.node.right, right.node.left)
        return Typed(multiply((dot, Outer(left.node.left, right.node.right))), "matrix")
    raise CannotRead("matrix_product", *place)


def _dot(left: Node, right: Node) -> Dot:
    return Dot(left, right)


def inner(left: Typed, right: Typed, place: Place) -> Typed:
    """The inner product of two vectors of one length."""
    if not (left.is_vector and right.is_vector):
        raise CannotRead("not_a_vector", *place)
    if left.length != right.length:
        raise CannotRead("lengths_differ", *place)
    return Typed(Dot(left.node, right.node))


def transpose(body: Typed) -> Typed:
    """Turns columns and rows into each other; a scalar stays what it is."""
    if body.kind == "scalar":
        return body
    if body.is_vector:
        return replace(body, kind="row" if body.kind == "column" else "column")
    return replace(body, node=_transposed_matrix(body.node))


def _transposed_matrix(node: Node) -> Node:
    if isinstance(node, Outer):
        return Outer(node.right, node.left)
    if isinstance(node, Add):
        return add(_transposed_matrix(term) for term in node.terms)
    if isinstance(node, Mul):
        return multiply(_transposed_matrix(factor) for factor in node.factors)
    return node


def trace(body: Typed, place: Place) -> Typed:
    """tr(u vᵀ) = u·v, and what follows from it for sums and multiples; the trace of a scalar is the scalar."""
    if body.kind == "scalar":
        return body
    if body.kind != "matrix":
        raise CannotRead("not_a_matrix", *place)
    return Typed(_trace(body.node, place))


def _trace(node: Node, place: Place) -> Node:
    if isinstance(node, Outer):
        return Dot(node.left, node.right)
    if isinstance(node, Add):
        if not all(_has_matrix(term) for term in node.terms):
            raise CannotRead("kinds_differ", *place)
        return add(_trace(term, place) for term in node.terms)
    if isinstance(node, Mul):
        return multiply(_trace(f, place) if _has_matrix(f) else f for f in node.factors)
    raise CannotRead("matrix_product", *place)


def _has_matrix(node: Node) -> bool:
    if isinstance(node, Add | Mul):
        return any(_has_matrix(part) for part in (node.terms if isinstance(node, Add) else node.factors))
    return isinstance(node, Outer)


def norm(body: Typed, order: Number | None, place: Place) -> Typed:
    if not body.is_vector:
        raise CannotRead("norm_of_matrix", *place)
    return Typed(Norm(body.node, order))


def total(terms: list[tuple[Typed, Place]]) -> Typed:
    """The sum of terms of one kind. A matrix plus a scalar is read (entry by entry): it is a matrix, and so wrong."""
    kinds = {typed.kind for typed, _ in terms}
    node = add(typed.node for typed, _ in terms)
    if "matrix" in kinds and not kinds & {"row", "column"}:
        return Typed(node, "matrix")
    first = terms[0][0]
    for typed, place in terms[1:]:
        if typed.kind != first.kind:
            raise CannotRead("kinds_differ", *place)
        if typed.length != first.length:
            raise CannotRead("lengths_differ", *place)
    return Typed(node, first.kind, first.length)
