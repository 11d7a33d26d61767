"""What became of one request to student code. Frozen; failure is a value too.

`Value.data` is plain: None, bool, int, float, str, tuple, dict with str keys, `numpy.ndarray`
(tensors arrive as arrays), `SymbolicObject`, or `Opaque` for anything that may not cross.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SymbolicObject:
    """A SymPy object as plain data: the class name of the node and its arguments, never a string to evaluate.

    Leaves carry one plain argument: ("Symbol", ("d",)), ("Integer", (2,)), ("Rational", (1, 2)), ("Float", ("0.5",)).
    """

    operation: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Opaque:
    """An object that may not cross: a generator, a module, a tensor on "meta". `detail` says why, in a few words."""

    type_name: str
    detail: str = ""


@dataclass(frozen=True)
class Value:
    """The request was answered."""

    data: Any


@dataclass(frozen=True)
class Missing:
    """The submission has no such module, attribute or function. `name` is dotted: `q4_decoding.computation`."""

    name: str


@dataclass(frozen=True)
class Crashed:
    """Student code raised, left, or took its process down.

    `exception` is the name of a built-in exception, else "Exception"; `line` is the line in the submitted
    module, if known. `reason` is one of "raised", "import", "syntax", "exit", "killed", "memory", "cpu",
    "garbage": what ended it. Whoever reads the source may say "view" (of a transposed tensor), whoever loads weights
    "weights": then `exception` is the parameter that they do not fit. `lacks` is a module that is not there, which the
    submission imports and used.
    """

    exception: str
    module: str
    line: int | None = None
    reason: str = "raised"
    lacks: str | None = None


@dataclass(frozen=True)
class TimedOut:
    """No answer within `seconds`. `during` is "import" or "call"; "question" or "run" if all its time was used; "again"
    if it was not asked, because it did not answer before.
    """

    module: str
    seconds: float
    during: str


@dataclass(frozen=True)
class Unfilled:
    """A blank of the template is still there. Found by whoever reads the source, never said by a worker."""

    module: str
    line: int | None = None


Outcome = Value | Missing | Crashed | TimedOut | Unfilled
