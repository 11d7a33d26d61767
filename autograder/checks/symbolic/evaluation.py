"""The value of a tree at one point, exact or between certain bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import DecimalException
from fractions import Fraction
from itertools import product
from math import factorial

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
from autograder.checks.symbolic import enclosure
from autograder.checks.symbolic.enclosure import Real
from autograder.checks.symbolic.failures import Budget, TooLarge, Undefined, Unsupported

LONGEST_SUM = 400
LARGEST_FACTORIAL = 60
ONE = Fraction(1)
Place = tuple[int, ...]  # () in a scalar, one index from 1 in a vector, two in a matrix


@dataclass(frozen=True)
class Point:
    """Values of the scalars, and the components of the vectors."""

    scalars: Mapping[str, Fraction]
    vectors: Mapping[str, tuple[Fraction, ...]]


def places_at(node: Node, point: Point) -> tuple[Place, ...]:
    """Where the components of the node stand: `((),)` for a scalar."""
    shape = _Evaluator(point, Budget(0)).shape(node)
    return tuple(product(*(range(1, size + 1) for size in shape)))


def value_at(node: Node, point: Point, budget: Budget, place: Place = ()) -> Real:
    """The value of one component of the node.

    Raises `Undefined` where there is no real value and `Unsettled` where this method cannot tell.
    """
    try:
        return _Evaluator(point, budget).value(node, place)
    except DecimalException as error:
        raise TooLarge from error


@dataclass(frozen=True)
class _Evaluator:
    point: Point
    budget: Budget

    def value(self, node: Node, place: Place = ()) -> Real:
        self.budget.spend()
        match node:
            case Number(value=value):
                return value
            case Name(name=name):
                return self._scalar(name)
            case Vector(name=name):
                return self._component(name, place)
            case Add(terms=terms):
                return self._total([self.value(term, place) for term in terms])
            case Mul(factors=factors):
                return self._product(factors, place)
            case Pow(base=base, exponent=exponent):
                return enclosure.power(self.value(base), self.value(exponent))
            case Outer(left=left, right=right):
                return enclosure.multiplied(self.value(left, place[:1]), self.value(right, place[1:]))
            case Component(vector=vector, index=index):
                return self.value(vector, (self._whole(index),))
            case Sum():
                return self._sum(node, place)
            case _:
                return self._other(node)

    def _other(self, node: Node) -> Real:
        match node:
            case Constant(name=name):
                return enclosure.exponential(ONE) if name == "e" else enclosure.PI
            case Dot(left=left, right=right):
                size = self._length(left, right)
                pairs = [(self.value(left, (i,)), self.value(right, (i,))) for i in range(1, size + 1)]
                return self._total([enclosure.multiplied(first, second) for first, second in pairs])
            case Norm(vector=vector, order=order):
                return self._norm(vector, order)
            case Call(function=function, arguments=arguments):
                return called(function, [self.value(argument) for argument in arguments])
            case _:
                raise Unsupported

    def _scalar(self, name: str) -> Fraction:
        if name not in self.point.scalars:
            raise Unsupported
        return self.point.scalars[name]

    def _component(self, name: str, place: Place) -> Fraction:
        components = self.point.vectors.get(name)
        if components is None or len(place) != 1:
            raise Unsupported
        if not 1 <= place[0] <= len(components):
            raise Undefined
        return components[place[0] - 1]

    def _total(self, values: list[Real]) -> Real:
        self.budget.spend(len(values))
        total: Real = Fraction(0)
        for value in values:
            total = enclosure.added(total, value)
        return total

    def _product(self, factors: tuple[Node, ...], place: Place) -> Real:
        result: Real = ONE
        for factor in factors:
            here = place if place and kind_of(factor) != "scalar" else ()
            result = enclosure.multiplied(result, self.value(factor, here))
        return result

    def _whole(self, node: Node) -> int:
        value = self.value(node)
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise Undefined
        return value.numerator

    def _sum(self, node: Sum, place: Place) -> Real:
        lower, upper = self._whole(node.lower), self._whole(node.upper)
        if upper - lower > LONGEST_SUM:
            raise TooLarge
        values: list[Real] = []
        for i in range(lower, upper + 1):
            here = Point({**self.point.scalars, node.index: Fraction(i)}, self.point.vectors)
            values.append(_Evaluator(here, self.budget).value(node.body, place))
        return self._total(values)

    def _length(self, *nodes: Node) -> int:
        """The one length of vectors."""
        shapes = {self.shape(node) for node in nodes}
        if len(shapes) != 1:
            raise Undefined
        (length,) = shapes.pop()
        return length

    def shape(self, node: Node) -> tuple[int, ...]:
        match node:
            case Vector(name=name) if name in self.point.vectors:
                return (len(self.point.vectors[name]),)
            case Outer(left=left, right=right):
                return (*self.shape(left), *self.shape(right))
            case Add(terms=nodes):
                shapes = {self.shape(term) for term in nodes}
                if len(shapes) != 1:
                    raise Undefined
                return shapes.pop()
            case Mul(factors=factors):
                return max((self.shape(factor) for factor in factors), key=len)
            case Sum(body=body):
                return self.shape(body)
            case Vector():
                raise Unsupported
            case _:
                return ()

    def _norm(self, vector: Node, order: Number | None) -> Real:
        sizes = [enclosure.absolute(self.value(vector, (i,))) for i in range(1, self._length(vector) + 1)]
        if order is None:
            return enclosure.largest(sizes)
        if order.value <= 0:
            raise Unsupported
        total = self._total([enclosure.power(size, order.value) for size in sizes])
        return enclosure.power(total, 1 / order.value)


def called(function: str, values: list[Real]) -> Real:
    """A named function of numbers."""
    match function, values:
        case "exp", [exponent]:
            return enclosure.exponential(exponent)
        case "log", [argument]:
            return enclosure.logarithm(argument)
        case "log", [argument, base]:
            below = enclosure.inverse(enclosure.logarithm(base))
            return enclosure.multiplied(enclosure.logarithm(argument), below)
        case "abs", [argument]:
            return enclosure.absolute(argument)
        case "max", [_, *_]:
            return enclosure.largest(values)
        case "min", [_, *_]:
            return enclosure.negated(enclosure.largest([enclosure.negated(value) for value in values]))
        case "sin", [argument]:
            return enclosure.sine(argument)
        case "cos", [argument]:
            return enclosure.cosine(argument)
        case "tan", [argument]:
            return enclosure.multiplied(enclosure.sine(argument), enclosure.inverse(enclosure.cosine(argument)))
        case (("sinh" | "cosh" | "tanh" | "sigmoid"), [argument]):
            return _from_exponentials(function, argument)
        case "floor", [argument]:
            return enclosure.floored(argument)
        case "factorial", [argument]:
            return _factorial(argument)
        case "ceil", [argument]:
            return enclosure.negated(enclosure.floored(enclosure.negated(argument)))
        case _:
            raise Unsupported


def _factorial(argument: Real) -> Real:
    if not isinstance(argument, Fraction) or argument.denominator != 1 or argument > LARGEST_FACTORIAL:
        raise Unsupported
    if argument < 0:
        raise Undefined
    return Fraction(factorial(argument.numerator))


def _from_exponentials(function: str, argument: Real) -> Real:
    up, down = enclosure.exponential(argument), enclosure.exponential(enclosure.negated(argument))
    total, gap = enclosure.added(up, down), enclosure.subtracted(up, down)
    match function:
        case "sinh":
            return enclosure.multiplied(gap, Fraction(1, 2))
        case "cosh":
            return enclosure.multiplied(total, Fraction(1, 2))
        case "tanh":
            return enclosure.multiplied(gap, enclosure.inverse(total))
        case _:
            return enclosure.inverse(enclosure.added(ONE, down))
