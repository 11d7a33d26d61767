"""How long a vector-valued tree is, as written."""

from autograder.answers.kinds import kind_of
from autograder.answers.tree import Add, Mul, Node, Sum, Vector


def length_of(node: Node) -> Node | None:
    """The length of a vector-valued node, None where its vectors have different lengths."""
    lengths = {vector.length for vector in _summands(node)}
    return lengths.pop() if len(lengths) == 1 else None


def _summands(node: Node) -> frozenset[Vector]:
    match node:
        case Vector():
            return frozenset((node,))
        case Add(terms=nodes) | Mul(factors=nodes):
            vectors = (_summands(child) for child in nodes if kind_of(child) == "vector")
            return frozenset[Vector]().union(*vectors)
        case Sum(body=body):
            return _summands(body)
        case _:
            return frozenset()
