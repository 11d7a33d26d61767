"""From the typed tree to polynomials in atoms: equal polynomials are equal expressions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from math import floor

from autograder.answers.kinds import kind_of
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
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.symbolic.atoms import Polynomial, Rational, Root, Symbol, constant, single
from autograder.checks.symbolic.failures import Budget, Undefined, Unsupported
from autograder.checks.symbolic.functions import applied, opaque
from autograder.checks.symbolic.lengths import length_of
from autograder.checks.symbolic.polynomial import difference, product, scaled, sum_of
from autograder.checks.symbolic.radicals import absolute, euler_atom, exponential, logarithm, power, rational_power
from autograder.checks.symbolic.sums import entry, index_atom, replaced, summed

Position = tuple[Polynomial, ...]  # () for a scalar, one index for a vector, two for a matrix


@dataclass(frozen=True)
class Normaliser:
    """`positive`: scalars known to be above zero; `counts`: those that are whole, too. `bound`: the indices of the
    enclosing sums, by their written names.

    `fresh` numbers indices, so that no two sums share one.
    """

    positive: frozenset[str]
    counts: frozenset[str]
    budget: Budget
    bound: Mapping[str, Polynomial] = field(default_factory=dict)
    fresh: Iterator[int] = field(default_factory=count)

    def normal(self, node: Node, position: Position = ()) -> Polynomial:
        """One component of the node, the node itself where it is a scalar.

        Raises `Unsettled` where this method has no answer, `Undefined` where the node has no value.
        """
        self.budget.spend()
        match node:
            case Add(terms=terms):
                return sum_of(self.normal(term, position) for term in terms)
            case Mul(factors=factors):
                return self._product(factors, position)
            case Sum():
                return self._sum(node, position)
            case Vector(name=name, length=length) if len(position) == 1:
                return entry(name, self.normal(length), position[0])
            case Outer(left=left, right=right) if len(position) == 2:
                return product(self.normal(left, position[:1]), self.normal(right, position[1:]), self.budget)
            case _ if not position:
                return self._scalar(node)
        raise Unsupported

    def _scalar(self, node: Node) -> Polynomial:
        match node:
            case Number(value=value):
                return constant(value)
            case Constant(name=name):
                return single(euler_atom() if name == "e" else Symbol(name, True, frozenset(), name))
            case Name(name=name):
                return self.bound.get(name) or self._symbol(name)
            case Pow(base=base, exponent=exponent):
                return power(self.normal(base), self.normal(exponent), self.budget)
            case Component(vector=vector, index=index):
                return self.normal(vector, (self.normal(index),))
            case Dot(left=left, right=right):
                return self._dot(left, right)
            case Norm(vector=vector, order=order):
                return self._norm(vector, order)
            case Call(function=function, arguments=arguments):
                return self._call(function, arguments)
            case _:
                raise Unsupported

    def _symbol(self, name: str) -> Polynomial:
        return single(Symbol(name, name in self.positive, frozenset(), name, name in self.counts))

    def _product(self, factors: tuple[Node, ...], position: Position) -> Polynomial:
        result = constant(1)
        for factor in factors:
            here = position if kind_of(factor) != "scalar" else ()
            result = product(result, self.normal(factor, here), self.budget)
        return result

    def _sum(self, node: Sum, position: Position) -> Polynomial:
        index = f"{next(self.fresh)}"
        inner = replace(self, bound={**self.bound, node.index: single(index_atom(index))})
        return summed(
            inner.normal(node.body, position), index, self.normal(node.lower), self.normal(node.upper), self.budget
        )

    def _dot(self, left: Node, right: Node) -> Polynomial:
        index, length = self._running(left, right)
        here = (single(index_atom(index)),)
        body = product(self.normal(left, here), self.normal(right, here), self.budget)
        return summed(body, index, constant(1), length, self.budget)

    def _norm(self, vector: Node, order: Number | None) -> Polynomial:
        index, length = self._running(vector)
        component = self.normal(vector, (single(index_atom(index)),))
        if order is None:
            return self._maximum(absolute(component, self.budget), index, length)
        if order.value <= 0:
            raise Unsupported
        even = order.value.denominator == 1 and order.value % 2 == 0
        size = component if even else absolute(component, self.budget)
        body = rational_power(size, order.value, self.budget)
        return rational_power(summed(body, index, constant(1), length, self.budget), 1 / order.value, self.budget)

    def _maximum(self, body: Polynomial, index: str, length: Polynomial) -> Polynomial:
        named = replaced(body, index, single(index_atom("@")), self.budget)
        return opaque("largest component", (named, length))

    def _running(self, *vectors: Node) -> tuple[str, Polynomial]:
        """A fresh index over all components of vectors that have one length, and that length."""
        lengths = {length_of(vector) for vector in vectors}
        length = lengths.pop()
        if lengths or length is None:
            raise Undefined
        return f"{next(self.fresh)}", self.normal(length)

    def _call(self, function: str, arguments: tuple[Node, ...]) -> Polynomial:
        values = tuple(self.normal(argument) for argument in arguments)
        match function, values:
            case "exp", (exponent,):
                return exponential(exponent, self.budget)
            case "log", (argument,):
                return logarithm(argument, self.budget)
            case "log", (argument, base):
                below = rational_power(logarithm(base, self.budget), -1, self.budget)
                return product(logarithm(argument, self.budget), below, self.budget)
            case "abs", (argument,):
                return absolute(argument, self.budget)
            case (("sinh" | "cosh" | "tanh" | "sigmoid"), (argument,)):
                return self._from_exponentials(function, argument)
            case _:
                return applied(function, values, self.budget)

    def _from_exponentials(self, function: str, argument: Polynomial) -> Polynomial:
        up, down = (exponential(scaled(argument, sign), self.budget) for sign in (1, -1))
        above, below = {
            "sinh": (difference(up, down), constant(2)),
            "cosh": (sum_of((up, down)), constant(2)),
            "tanh": (difference(up, down), sum_of((up, down))),
            "sigmoid": (constant(1), sum_of((constant(1), down))),
        }[function]
        return product(above, rational_power(below, -1, self.budget), self.budget)


def normaliser(vocabulary: Vocabulary, steps: int) -> Normaliser:
    """For the names of one part; `steps` bounds the work."""
    lengths = {declared.length for declared in vocabulary.names if declared.length}
    positive = {declared.name for declared in vocabulary.names if _is_positive(declared, vocabulary)}
    counts = {declared.name for declared in vocabulary.names if declared.integer and declared.name in positive}
    return Normaliser(frozenset(positive | lengths), frozenset(counts | lengths), Budget(steps))


def _is_positive(declared: Declared, vocabulary: Vocabulary) -> bool:
    return declared.length is None and (declared.positive or vocabulary.form in ("growth", "shape"))


def without_denominators(polynomial: Polynomial, budget: Budget) -> Polynomial:
    """The polynomial times whatever it takes to leave no negative powers of sums; zero exactly where it is zero."""
    for _ in range(8):
        lowest = _lowest_powers(polynomial)
        if not lowest:
            return polynomial
        for atom, exponent in lowest.items():
            polynomial = product(polynomial, single(atom, -floor(exponent)), budget)
    raise Unsupported


def _lowest_powers(polynomial: Polynomial) -> dict[Root, Rational]:
    lowest: dict[Root, Rational] = {}
    for monomial in polynomial.terms:
        for atom, exponent in monomial:
            if isinstance(atom, Root) and exponent < lowest.get(atom, 0):
                lowest[atom] = exponent
    return lowest
