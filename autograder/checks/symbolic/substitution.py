"""Puts something in the place of names."""

from collections.abc import Callable, Mapping

from autograder.answers.kinds import walk
from autograder.answers.tree import Add, Call, Component, Dot, Mul, Name, Node, Norm, Number, Outer, Pow, Sum, Vector


def substituted(node: Node, values: Mapping[str, Node]) -> Node:
    """The node with `values` in place of scalars and vectors of these names. Indices that sums bind are left alone."""
    match node:
        case Name(name=name) | Vector(name=name):
            return values.get(name, node)
        case Sum(body=body, index=index, lower=lower, upper=upper):
            kept = {name: value for name, value in values.items() if name != index}
            return Sum(substituted(body, kept), index, substituted(lower, values), substituted(upper, values))
        case _:
            return rebuilt(node, lambda child: substituted(child, values))


def specialise(node: Node, values: Mapping[str, Number]) -> Node:
    """The node at given values of names. A vector can only be set to zero: it becomes 0 times itself.

    Raises ValueError for a vector and a value that is not zero.
    """
    vectors = {vector.name: vector for vector in walk(node) if isinstance(vector, Vector)}
    replacements: dict[str, Node] = dict(values)
    for name in vectors.keys() & values.keys():
        if values[name].value:
            raise ValueError(f"the vector {name} can only be set to zero")
        replacements[name] = Mul((values[name], vectors[name]))
    return substituted(node, replacements)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every child, as listed by answers.kinds.parts, changed."""
    match node:
        case Add(terms=terms):
            return Add(tuple(map(change, terms)))
        case Mul(factors=factors):
            return Mul(tuple(map(change, factors)))
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(map(change, arguments)))
        case Pow(base=base, exponent=exponent):
            return Pow(change(base), change(exponent))
        case Component(vector=vector, index=index):
            return Component(change(vector), change(index))
        case Dot(left=left, right=right):
            return Dot(change(left), change(right))
        case Outer(left=left, right=right):
            return Outer(change(left), change(right))
        case Norm(vector=vector, order=order):
            return Norm(change(vector), order)
        case Sum(body=body, index=index, lower=lower, upper=upper):
            return Sum(change(body), index, change(lower), change(upper))
        case _:
            return node
