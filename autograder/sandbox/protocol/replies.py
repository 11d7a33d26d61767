"""Outcomes <-> the body of a reply. The reader trusts nothing: the writer may be a student's code.

A worker can only say that it has a value, that something is missing, or what was raised; that a worker
hung or died is the grader's own observation. The grader knows which module it asked, so the reply does not say.
"""

import builtins
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

from autograder.errors import ProtocolViolated
from autograder.sandbox.outcome import Crashed, Missing, Outcome, Value
from autograder.sandbox.protocol import plain
from autograder.sandbox.protocol.frames import Array

REASONS = ("raised", "import", "syntax", "exit", "memory")


def encode(outcome: Outcome, arrays: list[Array]) -> list[Any]:
    """Turn an outcome into JSON values. Raises TypeError if its data cannot travel."""
    match outcome:
        case Value(data):
            return ["value", plain.encode(data, arrays)]
        case Missing(name):
            return ["missing", name]
        case Crashed(exception, _, line, reason, lacks):
            return ["crashed", exception, line, reason, *([lacks] if lacks else [])]
    raise TypeError(f"A worker does not report a {type(outcome).__name__}.")


@dataclass(frozen=True)
class Asked:
    """What was asked of a worker: only these names can be missing, only lines of this module can have raised."""

    module: str
    names: Container[str]
    lines: int


def decode(body: Any, arrays: tuple[Array, ...], asked: Asked) -> Outcome:
    """Turn a worker's reply into an outcome, or raise ProtocolViolated."""
    match body:
        case ["value", data]:
            return Value(plain.decode(data, arrays))
        case ["missing", str(name)] if name in asked.names:
            return Missing(name)
        case ["crashed", str(exception), line, str(reason)] if reason in REASONS and _is_line(line, asked.lines):
            return Crashed(builtin_exception(exception), asked.module, line, reason)
        case ["crashed", str(), line, str(reason), str(lacks)] if _is_dotted(lacks):
            crash = decode(body[:4], arrays, asked)
            return replace(crash, lacks=lacks) if isinstance(crash, Crashed) else crash
    raise ProtocolViolated("The reply is not an outcome.")


def builtin_exception(name: str) -> str:
    """Return the name if it is a built-in exception's, else "Exception"."""
    found = getattr(builtins, name, None)
    is_exception = isinstance(found, type) and issubclass(found, BaseException)
    return name if is_exception else "Exception"


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _is_line(line: Any, lines: int) -> bool:
    return line is None or (type(line) is int and 1 <= line <= lines)
