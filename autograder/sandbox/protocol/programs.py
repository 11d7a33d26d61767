"""Requests to student code: small frozen trees, built by the graded suites, evaluated only in a worker.

A program is stateless: each evaluation builds its instances and inputs afresh. An `Argument` is plain data, a NumPy
array (a torch tensor when it arrives) or another program. Two programs are the same request if their
`autograder.sandbox.protocol.requests.digest` is the same; `==` compares identity, because arrays have no single truth.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from autograder.sandbox.protocol.frames import Array

Argument = Any
Named = tuple[tuple[str, Argument], ...]


@dataclass(frozen=True, eq=False)
class ModuleAttribute:
    """`name` in the student's module `module`."""

    module: str
    name: str


@dataclass(frozen=True, eq=False)
class Attribute:
    """`owner.name`."""

    owner: "Program"
    name: str


@dataclass(frozen=True, eq=False)
class Call:
    """`function(*arguments, **keywords)`. An nn.Module that comes out is put in evaluation mode."""

    function: "Program"
    arguments: tuple[Argument, ...] = ()
    keywords: Named = ()


@dataclass(frozen=True, eq=False)
class Loaded:
    """An nn.Module with the named parameters or buffers (`"W_q.weight"`) overwritten, in evaluation mode.

    A name that the instance does not have gives Missing; a shape that differs gives a ValueError.
    """

    instance: "Program"
    weights: tuple[tuple[str, Array], ...]


@dataclass(frozen=True, eq=False)
class Parameters:
    """The shapes of an nn.Module's parameters: `{"W_q.weight": (8, 8), ...}`."""

    instance: "Program"


@dataclass(frozen=True, eq=False)
class Code:
    """The student's own statements, run with a copy of their module's globals and `given`; then `expression`."""

    module: str
    statements: str
    expression: str
    given: Named = ()


@dataclass(frozen=True, eq=False)
class StandIn:
    """A plain object with these attributes, to stand for `self`."""

    attributes: Named


@dataclass(frozen=True, eq=False)
class Linear:
    """A torch.nn.Linear with these values. weight: (out, in), bias: (out,) or None."""

    weight: Array
    bias: Array | None = None


@dataclass(frozen=True, eq=False)
class Snippet:
    """A trusted expression from a suite, never from a student, with `torch`, `math`, `F` in scope."""

    source: str


@dataclass(frozen=True, eq=False)
class Counted:
    """`program`'s value with the work that its outermost call did; the names are in `COUNTS`."""

    program: "Program"


Result = TypeVar("Result")


def by_program(function: Callable[["Program"], Result]) -> Callable[["Program"], Result]:
    """Decorates a function of a program: what it gave is kept as long as the program, which is the same only as itself.

    What is asked for is named, looked up, then sent; and some programs are asked of a whole class.
    """
    place = f"_{function.__name__}"

    @wraps(function)
    def looked_up(program: "Program") -> Result:
        known = program.__dict__  # a dictionary by identity would be asked as often, and takes four times as long
        if place not in known:
            known[place] = function(program)
        return known[place]  # type: ignore[no-any-return]  # what this function gave

    return looked_up


COUNTS = ("multiply_adds", "bytes_moved", "bytes_allocated", "operations")

Program = ModuleAttribute | Attribute | Call | Loaded | Parameters | Code | StandIn | Linear | Snippet | Counted
PROGRAM_TYPES = (ModuleAttribute, Attribute, Call, Loaded, Parameters, Code, StandIn, Linear, Snippet, Counted)
PROGRAM_KINDS = frozenset(PROGRAM_TYPES)


def parts(program: Program) -> tuple[Program, ...]:
    """Return the program and every program inside it, outermost first."""
    return (program, *_inside(program))


@by_program
def _inside(program: Program) -> tuple[Program, ...]:
    found: list[Program] = []
    waiting = [*reversed(_inner(program))]
    while waiting:
        part = waiting.pop()
        if type(part) in PROGRAM_KINDS:
            found.append(part)
            waiting += reversed(_inner(part))
    return tuple(found)


def _inner(program: Program) -> tuple[Any, ...]:
    match program:
        case Attribute(owner, _):
            return (owner,)
        case Call(function, arguments, keywords):
            return (function, *arguments, *(value for _, value in keywords))
        case Loaded(instance, _) | Parameters(instance):
            return (instance,)
        case Code(given=named) | StandIn(named):
            return tuple(value for _, value in named)
        case Counted(inner):
            return (inner,)
    return ()


def dotted(program: Program, *rest: str) -> str:
    """Name a program as a student would: the names on the way to it, calls left out."""
    match program:
        case ModuleAttribute(module, name):
            return ".".join((module, name, *rest))
        case Attribute(owner, name):
            return dotted(owner, name, *rest)
        case Call(function=inner) | Loaded(instance=inner):
            return dotted(inner, *rest)
    return ".".join(rest) or "submission"


def names_of(program: Program) -> frozenset[str]:
    """Return every name that an evaluation of the program may find missing."""
    return frozenset(_names_of(program))


@dataclass(frozen=True)
class NamesOf:
    """The same names, found out only if it is asked for one: few replies say that something is missing."""

    program: Program

    def __contains__(self, name: object) -> bool:
        return name in names_of(self.program)


def _names_of(program: Program) -> Iterator[str]:
    for part in parts(program):
        match part:
            case ModuleAttribute(module, name):
                yield from (module, f"{module}.{name}")
            case Code(module):
                yield module
            case Attribute():
                yield dotted(part)
            case Loaded(instance, weights):
                yield from (dotted(instance, name) for name, _ in weights)


@by_program
def module_of(program: Program) -> str:
    """Return the first student module that the program names, or "" if it names none."""
    outer: Any = program
    while type(outer) in OUTER:  # what a program is made of in front, which names the module nearly always
        outer = getattr(outer, OUTER[type(outer)])
    if isinstance(outer, ModuleAttribute | Code):
        return outer.module
    return next((part.module for part in parts(program) if isinstance(part, ModuleAttribute | Code)), "")


OUTER = {Attribute: "owner", Call: "function", Loaded: "instance", Parameters: "instance", Counted: "program"}
