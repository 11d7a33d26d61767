"""What the reader says of an answer: a tree and how it was read, or a refusal that says where reading stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.answers.tree import Node

Wrapper = Literal["O", "Theta", "Omega"]


@dataclass(frozen=True)
class Note:
    """Something the student should know about how the answer was read; `kind` is listed in `refusals.NOTES`."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """An answer that could be read.

    `wrapper` is the letter around a growth, None if there was none. `read_as` is the whole answer in one line,
    `others` are further answers that the student joined to the first by "=", in the order written. With `either_sign`
    the answer was ±x: `tree` is -x, and x is an answer too.
    """

    tree: Node
    wrapper: Wrapper | None
    read_as: str
    notes: tuple[Note, ...] = ()
    others: tuple[Node, ...] = ()
    either_sign: bool = False


@dataclass(frozen=True)
class Refusal:
    """An answer that could not be read.

    `kind` is listed in `refusals.KINDS`; `position` counts characters of the student's own text from 0, None if
    there is no one place; `found` is what stands there; `understood` is how the part before it was read.
    """

    kind: str
    position: int | None = None
    found: str = ""
    understood: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class CannotRead(Exception):
    """Reading stops here. `position` and `end` are places in the student's own text."""

    def __init__(self, kind: str, position: int | None = None, end: int | None = None, **data: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.position = position
        self.end = end
        self.data = data
