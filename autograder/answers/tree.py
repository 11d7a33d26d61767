"""The typed tree that every written answer becomes, whatever notation it was written in.

A node is frozen and hashable. Numbers are exact (`0.5` is one half). Subtraction is `Add` with a factor of -1,
division is `Mul` with a power of -1, a root is a `Pow` with a fraction as exponent. A vector's length is a
`Node` too: usually `Name("d")`.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Union


@dataclass(frozen=True)
class Number:
    """An exact rational number."""

    value: Fraction


@dataclass(frozen=True)
class Constant:
    """A number with a name that is not rational."""

    name: Literal["pi", "e"]


@dataclass(frozen=True)
class Name:
    """A scalar that the part declares, or the bound index of a `Sum`."""

    name: str


@dataclass(frozen=True)
class Vector:
    """A vector that the part declares, of length `length`."""

    name: str
    length: "Node"


@dataclass(frozen=True)
class Component:
    """One component of a vector, `mu_i`; `index` is a scalar, or a letter that no sum binds: a free index."""

    vector: "Node"
    index: "Node"


@dataclass(frozen=True)
class Add:
    """A sum of at least two terms, all of one kind; scalars beside a matrix are added to each of its entries."""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Mul:
    """A product of at least two factors, at most one of which is not a scalar."""

    factors: tuple["Node", ...]


@dataclass(frozen=True)
class Pow:
    """A scalar to a scalar power, or a matrix to one: read so that it can be marked, never equal to a scalar."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True)
class Call:
    """A named function of scalars: max, min, log (one argument, or argument and base), exp, abs, and their like."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Sum:
    """`body` summed over `index` from `lower` to `upper`, both included."""

    body: "Node"
    index: str
    lower: "Node"
    upper: "Node"


@dataclass(frozen=True)
class Dot:
    """The inner product of two vectors of one length."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Norm:
    """The p-norm of a vector; `order` is a Number, or None for the maximum norm."""

    vector: "Node"
    order: Union[Number, None] = Number(Fraction(2))


@dataclass(frozen=True)
class Outer:
    """The outer product of two vectors: a matrix."""

    left: "Node"
    right: "Node"


Node = Union[Number, Constant, Name, Vector, Component, Add, Mul, Pow, Call, Sum, Dot, Norm, Outer]
