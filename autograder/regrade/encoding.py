"""Outcomes and rows <-> what the store keeps: frames of the protocol and JSON, never pickle."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any, get_args

import numpy as np

from autograder.answers.tree import Node
from autograder.checks.verdict import Fact, Status, Verdict
from autograder.errors import ProtocolViolated
from autograder.sandbox.outcome import Crashed, Missing, Outcome, TimedOut, Unfilled, Value
from autograder.sandbox.protocol import frames, plain
from autograder.sandbox.protocol.frames import Array, Caps, Json
from autograder.scoring.sheet import Row
from autograder.settings import GIBI
from autograder.submission.model import IntakeProblem

AN_ARRAY = Json('["value",["a",0]]')
OURS = Caps(GIBI, 4 * GIBI)  # these bytes were written by us

ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
NODES = {kind.__name__: kind for kind in get_args(Node)}
NODE_KINDS = tuple(NODES.values())


def pack_outcome(outcome: Outcome) -> bytes:
    """One outcome as one frame."""
    if type(outcome) is Value and type(outcome.data) is np.ndarray:  # what most functions give
        return frames.pack(AN_ARRAY, (outcome.data,))
    arrays: list[Array] = []
    body = _outcome(outcome, arrays)
    return frames.pack(body, arrays)


def _outcome(outcome: Outcome, arrays: list[Array]) -> list[Any]:
    match outcome:
        case Value(data):
            return ["value", plain.encode(data, arrays)]
        case Missing(name):
            return ["missing", name]
        case Crashed(exception, module, line, reason, lacks):
            return ["crashed", exception, module, line, reason, *([lacks] if lacks else [])]
        case TimedOut(module, seconds, during):
            return ["timed out", module, seconds, during]
        case Unfilled(module, line):
            return ["unfilled", module, line]


def unpack_outcome(content: bytes) -> Outcome:
    """Raises ProtocolViolated for what `pack_outcome` did not write."""
    frame = frames.read(reader_of(content), OURS)
    match frame.body:
        case ["value", data]:
            return Value(plain.decode(data, frame.arrays))
        case ["missing", name]:
            return Missing(name)
        case ["crashed", exception, module, line, reason]:
            return Crashed(exception, module, line, reason)
        case ["crashed", exception, module, line, reason, lacks]:
            return Crashed(exception, module, line, reason, lacks)
        case ["timed out", module, seconds, during]:
            return TimedOut(module, seconds, during)
        case ["unfilled", module, line]:
            return Unfilled(module, line)
    raise ProtocolViolated("The store has an outcome that is not one.")


def reader_of(content: bytes) -> frames.ReadExactly:
    """Reads bytes as if they came over a channel."""
    position = 0

    def read_exactly(size: int) -> bytes:
        nonlocal position
        piece = content[position : position + size]
        position += size
        if len(piece) < size:
            raise ProtocolViolated("The bytes end in the middle of a frame.")
        return piece

    return read_exactly


def pack_row(row: Row) -> str:
    """One row as JSON."""
    return _dumps(
        {
            "number": row.number,
            "title": row.title,
            "points": None if row.points is None else str(row.points),
            "earned": str(row.earned),
            "visibility": row.visibility,
            "verdicts": [[name, _verdict(verdict)] for name, verdict in row.verdicts.items()],
        }
    )


def unpack_row(text: str) -> Row:
    read = json.loads(text)
    return Row(
        number=read["number"],
        title=read["title"],
        points=None if read["points"] is None else Fraction(read["points"]),
        earned=Fraction(read["earned"]),
        verdicts={name: _as_verdict(verdict) for name, verdict in read["verdicts"]},
        visibility=read["visibility"],
    )


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "credit": float(verdict.credit),
        "facts": [[fact.kind, _plain(fact.data)] for fact in verdict.facts],
        "read_as": verdict.read_as,
        "relation": verdict.relation,
    }


def _as_verdict(read: Mapping[str, Any]) -> Verdict:
    facts = tuple(Fact(kind, _as_data(data)) for kind, data in read["facts"])
    return Verdict(Status(read["status"]), read["credit"], facts, read["read_as"], read["relation"])


def pack_problems(problems: tuple[IntakeProblem, ...]) -> str:
    return _dumps([[problem.kind, problem.name, _plain(problem.data)] for problem in problems])


def unpack_problems(text: str) -> tuple[IntakeProblem, ...]:
    return tuple(IntakeProblem(kind, name, _as_data(data)) for kind, name, data in json.loads(text))


def _dumps(value: Any) -> str:
    return ENCODER.encode(value)


def _plain(value: Any) -> Any:
    """JSON for the data of a fact. What JSON has not is an object with one key."""
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, NODE_KINDS):
        return {"node": [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value))]}
    if isinstance(value, Mapping):
        return {"dict": [[str(key), _plain(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_plain(item) for item in value]}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"A fact holds a {type(value).__name__}, which the store cannot keep.")


def _as_data(value: Any) -> Any:
    match value:
        case {"float": text}:
            return float(text)
        case {"fraction": text}:
            return Fraction(text)
        case {"node": [name, *parts]}:
            return NODES[name](*map(_as_data, parts))
        case {"dict": pairs}:
            return {key: _as_data(item) for key, item in pairs}
        case {"tuple": items}:
            return tuple(_as_data(item) for item in items)
        case list():
            return [_as_data(item) for item in value]
    return value
