"""What a part lets a student write: names, their kinds, and the side conditions that hold between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Form = Literal["expression", "growth", "condition", "shape"]


@dataclass(frozen=True)
class Declared:
    """One name. `length` is the name of a vector's length, None for a scalar; growth names are always >= 1."""

    name: str
    length: str | None = None
    positive: bool = False
    integer: bool = False


@dataclass(frozen=True)
class Definition:
    """What a function stands for: `text` is a formula in the names of its arguments, which are scalars."""

    arguments: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{', '.join(self.arguments)} -> {self.text}"


@dataclass(frozen=True)
class Vocabulary:
    """The names of one part and what is known of them.

    `equalities` pairs a name with what it stands for, as text in the same names: {"k": "d/h"}.
    `inequalities` are pairs (smaller, larger): (("h", "d"),) for h <= d.
    `functions` are further functions that may be applied, with their number of arguments: {"sim": 2}. They are
    undefined, but for those that `definitions` has an entry for.
    """

    form: Form
    names: tuple[Declared, ...]
    equalities: Mapping[str, str] = field(default_factory=dict)
    inequalities: tuple[tuple[str, str], ...] = ()
    functions: Mapping[str, int] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        named = (self.equalities, self.functions, self.definitions)
        return hash((self.form, self.names, self.inequalities, *(frozenset(mapping.items()) for mapping in named)))
