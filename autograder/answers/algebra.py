"""Smart constructors of the tree: sums and products stay flat, quotients of numerals become numbers, no more.

What comes out still looks like what was written (`2·3` stays a product), and is the same for every spelling of it.
Trees made here are in *normal form*: `render.plain` writes them so that they read back as themselves.
"""

from collections.abc import Iterable
from fractions import Fraction

from autograder.answers.tree import Add, Mul, Node, Number, Pow

ONE = Number(Fraction(1))
MINUS_ONE = Number(Fraction(-1))
TWO = Number(Fraction(2))
HALF = Number(Fraction(1, 2))


def number(value: Fraction | int) -> Number:
    return Number(Fraction(value))


def add(terms: Iterable[Node]) -> Node:
    """The sum of at least one term."""
    flat: list[Node] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Add) else (term,))
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def multiply(factors: Iterable[Node]) -> Node:
    """The product of at least one factor. `1·(1/d)` is 1/d: a quotient of 1 is written in one way."""
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Mul) else (factor,))
    while len(flat) > 1 and flat[0] == ONE and isinstance(flat[1], Pow) and flat[1].exponent == MINUS_ONE:
        flat.pop(0)
    return flat[0] if len(flat) == 1 else Mul(tuple(flat))


def negate(node: Node) -> Node:
    """-node; twice gives back what was there, except where a leading factor 1 or -1 was written out."""
    if isinstance(node, Number):
        return Number(-node.value)
    if isinstance(node, Mul) and isinstance(node.factors[0], Number):
        leading = -node.factors[0].value
        return multiply(node.factors[1:] if leading == 1 else (Number(leading), *node.factors[1:]))
    return multiply((MINUS_ONE, node))


def inverse(node: Node) -> Node:
    """1/node; the caller has made sure that node is not the number 0."""
    if isinstance(node, Number):
        return Number(1 / node.value)
    return Pow(node, MINUS_ONE)


def divide(above: Node, below: Node) -> Node:
    """above/below; below is not the number 0."""
    if isinstance(above, Number) and isinstance(below, Number):
        return Number(above.value / below.value)
    if above == ONE:
        return inverse(below)
    return multiply((above, inverse(below)))


def power(base: Node, exponent: Node) -> Node:
    """base^exponent; a base of 0 has no negative exponent."""
    if exponent == MINUS_ONE:
        return inverse(base)
    return Pow(base, exponent)


def root(node: Node, degree: int) -> Node:
    return Pow(node, Number(Fraction(1, degree)))
