"""Scalars, vectors (columns, and rows once transposed) and matrices: what each node is, without evaluating it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from autograder.answers.tree import (
    Add,
    Call,
    Component,
    Dot,
    Mul,
    Name,
    Node,
    Norm,
    Outer,
    Pow,
    Sum,
    Vector,
)

Kind = Literal["scalar", "vector", "matrix"]


@dataclass(frozen=True, slots=True)
class Typed:
    """A node and what it is. A `row` is a transposed vector; the tree itself does not tell rows from columns."""

    node: Node
    kind: Literal["scalar", "column", "row", "matrix"] = "scalar"
    length: Node | None = None

    @property
    def is_vector(self) -> bool:
        return self.kind in ("column", "row")


def kind_of(node: Node) -> Kind:
    """Whether a tree is a scalar, a vector or a matrix. A sum or a power that holds a matrix is one."""
    if isinstance(node, Vector):
        return "vector"
    if isinstance(node, Outer):
        return "matrix"
    if isinstance(node, Add):
        return _largest(node.terms)
    if isinstance(node, Mul):
        return _largest(node.factors)
    if isinstance(node, Pow):
        return kind_of(node.base)
    return "scalar"


def _largest(nodes: tuple[Node, ...]) -> Kind:
    kinds = {kind_of(node) for node in nodes}
    if "matrix" in kinds:
        return "matrix"
    return "vector" if "vector" in kinds else "scalar"


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside a node, in order; a vector's length is not one of them."""
    match node:
        case Add(terms):
            return terms
        case Mul(factors):
            return factors
        case Pow(base, exponent):
            return (base, exponent)
        case Call(_, arguments):
            return arguments
        case Sum(body, _, lower, upper):
            return (body, lower, upper)
        case Component(vector, index):
            return (vector, index)
        case Dot(left, right) | Outer(left, right):
            return (left, right)
        case Norm(vector, _):
            return (vector,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes within it, from the outside in."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(parts(current)))


def vector_length(node: Node) -> Node | None:
    """The length of a vector-valued node, taken from the first vector in it."""
    for inner in walk(node):
        if isinstance(inner, Vector):
            return inner.length
    return None


def free_indices(node: Node, declared: frozenset[str]) -> tuple[str, ...]:
    """Names that stand as an index and are neither declared nor bound by a sum, in order, each once."""
    found: dict[str, None] = {}
    _collect(node, declared, found)
    return tuple(found)


def _collect(node: Node, known: frozenset[str], found: dict[str, None]) -> None:
    if isinstance(node, Name) and node.name not in known:
        found[node.name] = None
    inner = known | {node.index} if isinstance(node, Sum) else known
    for part in parts(node):
        _collect(part, inner, found)
