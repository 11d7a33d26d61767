"""What was written, before it is known what it means: the parser's output. Every node knows its place in the text.

`at` and `end` count characters of the student's own text. Names are not yet scalars or vectors here, and a product
still has its signs, for `·` between two vectors means something that `*` does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Syntax:
    """One thing that was written."""

    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Numeral(Syntax):
    """A number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Ident(Syntax):
    """A declared name."""

    name: str


@dataclass(frozen=True, slots=True)
class Letter(Syntax):
    """A letter that the part does not declare: an index, a constant, or a mistake."""

    name: str


@dataclass(frozen=True, slots=True)
class Dots(Syntax):
    """`...`"""


@dataclass(frozen=True, slots=True)
class Infinity(Syntax):
    """`∞`"""


@dataclass(frozen=True, slots=True)
class Group(Syntax):
    """Something in brackets."""

    body: Syntax
    bracket: str


@dataclass(frozen=True, slots=True)
class Signed(Syntax):
    """`sign` is "+" or "-"."""

    sign: str
    body: Syntax


@dataclass(frozen=True, slots=True)
class Addition(Syntax):
    """Terms with their signs, in the order written; one of them may be `Dots`."""

    terms: tuple[tuple[str, Syntax], ...]


@dataclass(frozen=True, slots=True)
class Product(Syntax):
    """Factors, each with the sign before it: "" (nothing between), "*", "·", "×", "@" or "/"; the first has ""."""

    factors: tuple[tuple[str, Syntax], ...]


@dataclass(frozen=True, slots=True)
class Raised(Syntax):
    """`bare` if the exponent stands without brackets."""

    base: Syntax
    exponent: Syntax
    bare: bool


@dataclass(frozen=True, slots=True)
class Lowered(Syntax):
    """Something with an index."""

    base: Syntax
    index: Syntax


@dataclass(frozen=True, slots=True)
class Transposed(Syntax):
    """Something with a transpose; `prime` if it is only a prime, which means nothing after a scalar."""

    body: Syntax
    prime: bool = False


@dataclass(frozen=True, slots=True)
class Factorial(Syntax):
    """Something with an exclamation mark."""

    body: Syntax


@dataclass(frozen=True, slots=True)
class Bars(Syntax):
    """`sign` is "|" or "‖"."""

    sign: str
    body: Syntax


@dataclass(frozen=True, slots=True)
class Angle(Syntax):
    """`<left, right>`"""

    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Applied(Syntax):
    """A function with its arguments; `options` are those given by name."""

    function: str
    arguments: tuple[Syntax, ...]
    options: tuple[tuple[str, Syntax], ...] = ()


@dataclass(frozen=True, slots=True)
class Range(Syntax):
    """What a sum runs over, as far as it is said; `zero_based` for Python's range. `further` indices run alike.

    `relation` holds between the index and `partner`: the i < j below a sum. `elements` are the names that stand for the
    entries of vectors, as in `for x, y in zip(u, v)`; there is no index then.
    """

    index: str | None
    lower: Syntax | None
    upper: Syntax | None
    zero_based: bool = False
    further: tuple[str, ...] = ()
    relation: str = ""
    partner: str = ""
    elements: tuple[tuple[str, Syntax], ...] = ()


@dataclass(frozen=True, slots=True)
class Summed(Syntax):
    """A sum."""

    body: Syntax
    over: Range


@dataclass(frozen=True, slots=True)
class Wrapped(Syntax):
    """`letter` is O, Theta or Omega."""

    letter: str
    body: Syntax


def children(node: Syntax) -> Iterator[Syntax]:
    """The parts of a node, in the order written."""
    for name in _parts_of(type(node)):  # type: ignore[arg-type]  # classes do have a hash
        yield from _inside(getattr(node, name))


@cache
def _parts_of(kind: type[Syntax]) -> tuple[str, ...]:
    """The fields that may hold syntax: all but the places."""
    return tuple(field.name for field in fields(kind) if field.name not in ("at", "end"))


def _inside(value: Any) -> Iterator[Syntax]:
    if isinstance(value, Syntax):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
