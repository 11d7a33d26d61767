"""Evaluates a tree on NumPy arrays: a student's kernel on given vectors, many at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.answers.kinds import kind_of, walk
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
    Pow,
    Sum,
    Vector,
)

Array = NDArray[np.float64]
LONGEST_SUM = 10_000
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp, "abs": np.abs, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "floor": np.floor, "ceil": np.ceil,
}  # fmt: skip


class CannotEvaluate(ValueError):
    """The node has no value for this binding: a name without a value, a component that does not exist, a matrix."""


def evaluate(node: Node, binding: Mapping[str, ArrayLike]) -> Array:
    """The value of a scalar or vector expression, in float64.

    A vector is an array (..., length), a scalar an array (...); leading axes are broadcast, so (P, 1, D) and (1, R, D)
    give (P, R). Where there is no real value the result is NaN or infinite, as in NumPy. A name for a length
    may be left out. Raises `CannotEvaluate`.
    """
    values = {name: np.asarray(value, dtype=np.float64) for name, value in binding.items()}
    values = {**_lengths(node, values), **values}
    with np.errstate(all="ignore"):
        return np.asarray(_Arrays(values).value(node), dtype=np.float64)


def _lengths(node: Node, values: Mapping[str, Array]) -> dict[str, Array]:
    """The names that stand for the lengths of vectors with a value."""
    vectors = [vector for vector in walk(node) if isinstance(vector, Vector) and vector.name in values]
    return {
        vector.length.name: np.asarray(float(values[vector.name].shape[-1]))
        for vector in vectors
        if isinstance(vector.length, Name)
    }


@dataclass(frozen=True)
class _Arrays:
    values: Mapping[str, Array]

    def value(self, node: Node) -> Any:
        match node:
            case Number(value=value):
                return float(value)
            case Constant(name=name):
                return np.e if name == "e" else np.pi
            case Name(name=name) | Vector(name=name):
                return self._named(name)
            case Add(terms=terms):
                return reduce(np.add, map(self.value, terms))
            case Mul(factors=factors):
                return self._product(factors)
            case Pow(base=base, exponent=exponent):
                return np.power(np.asarray(self.value(base), dtype=np.float64), self.value(exponent))
            case Dot(left=left, right=right):
                return np.sum(self.value(left) * self.value(right), axis=-1)
            case Norm(vector=vector, order=order):
                return self._norm(vector, order)
            case Component(vector=vector, index=index):
                return self._component(self.value(vector), self._whole(index))
            case Sum():
                return self._sum(node)
            case Call(function=function, arguments=arguments):
                return _called(function, [self.value(argument) for argument in arguments])
            case _:
                raise CannotEvaluate("a matrix has no value here")

    def _named(self, name: str) -> Array:
        if name not in self.values:
            raise CannotEvaluate(f"{name} has no value")
        return self.values[name]

    def _product(self, factors: tuple[Node, ...]) -> Any:
        mixed = any(kind_of(factor) == "vector" for factor in factors)
        values = [self._aligned(factor) if mixed else self.value(factor) for factor in factors]
        return reduce(np.multiply, values)

    def _aligned(self, factor: Node) -> Any:
        """A scalar with an axis of its own for the components of the vector that it multiplies."""
        value = self.value(factor)
        return value if kind_of(factor) == "vector" else np.expand_dims(value, -1)

    def _norm(self, vector: Node, order: Number | None) -> Any:
        sizes = np.abs(self.value(vector))
        if order is None:
            return np.max(sizes, axis=-1)
        power = float(order.value)
        return np.sum(sizes**power, axis=-1) ** (1 / power)

    def _component(self, vector: Array, position: int) -> Any:
        if not 1 <= position <= vector.shape[-1]:
            raise CannotEvaluate(f"there is no component {position}")
        return vector[..., position - 1]

    def _whole(self, node: Node) -> int:
        value = np.asarray(self.value(node))
        if value.ndim or value != np.round(value):
            raise CannotEvaluate("an index is not a whole number")
        return int(value)

    def _sum(self, node: Sum) -> Any:
        lower, upper = self._whole(node.lower), self._whole(node.upper)
        if upper - lower > LONGEST_SUM:
            raise CannotEvaluate("a sum is too long")
        places = (_Arrays({**self.values, node.index: np.asarray(float(i))}) for i in range(lower, upper + 1))
        return reduce(np.add, (place.value(node.body) for place in places), np.float64(0))


def _called(function: str, values: list[Any]) -> Any:
    match function, values:
        case "log", [argument]:
            return np.log(argument)
        case "log", [argument, base]:
            return np.log(argument) / np.log(base)
        case "max" | "min", [_, *_]:
            return reduce(np.maximum if function == "max" else np.minimum, values)
        case _, [argument] if function in FUNCTIONS:
            return FUNCTIONS[function](argument)
        case _:
            raise CannotEvaluate(f"{function} is not known here")
