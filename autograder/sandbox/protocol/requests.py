"""Programs <-> the body of a frame, and a digest that names a request for good.

A program is a list that starts with "p" and its kind, so that it can stand wherever plain data can.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.errors import ProtocolViolated
from autograder.sandbox.protocol import plain
from autograder.sandbox.protocol.array_digest import array_digest
from autograder.sandbox.protocol.frames import Array, Json, json_of
from autograder.sandbox.protocol.programs import (
    PROGRAM_TYPES,
    Attribute,
    Call,
    Code,
    Counted,
    Linear,
    Loaded,
    ModuleAttribute,
    Named,
    Parameters,
    Program,
    Snippet,
    StandIn,
    by_program,
)

Arrays = tuple[Array, ...]
MAX_PROGRAM_DEPTH = 50


@dataclass(frozen=True)
class Encoded:
    """A program as it travels: JSON, and its arrays. Not to be changed."""

    body: Json
    arrays: Sequence[Array]


@by_program
def encoded(program: Program) -> Encoded:
    """Return what a request for a program consists of. Raises TypeError for what cannot travel."""
    if isinstance(program, Code):
        return _encoded_code(program)
    if isinstance(program, Attribute) and isinstance(program.owner, Code):
        owner = encoded(program.owner)
        return Encoded(Json(f'["p","attribute",{owner.body.text},{json_of(program.name)}]'), owner.arrays)
    arrays: list[Array] = []
    return Encoded(Json(json_of(encode(program, arrays))), arrays)


@lru_cache(maxsize=64)  # what a whole class is asked together is the same programs, not only equal ones
def encoded_together(programs: tuple[Program, ...]) -> Encoded:
    """Return what a request for several programs consists of: each with the number of arrays that are its own."""
    requests = [encoded(program) for program in programs]
    parts = [f"[{request.body.text},{len(request.arrays)}]" for request in requests]
    return Encoded(Json(f"[{','.join(parts)}]"), [array for request in requests for array in request.arrays])


def _encoded_code(program: Code) -> Encoded:
    """The same as of any other program; what is given is the same for a whole class, and is written down once."""
    given = _encoded_named(_Itself(program.given))
    texts = map(json_of, (program.module, program.statements, program.expression))
    return Encoded(Json(f'["p","code",{",".join(texts)},{given.body.text}]'), given.arrays)


@dataclass(frozen=True, eq=False)
class _Itself:
    """A value that is the same only as itself."""

    named: Named

    def __hash__(self) -> int:
        return id(self.named)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.named is other.named


@lru_cache(maxsize=256)
def _encoded_named(itself: _Itself) -> Encoded:
    arrays: list[Array] = []
    return Encoded(Json(json_of(_encode_named(itself.named, arrays))), arrays)


@by_program
def digest(program: Program) -> str:
    """Return the SHA-256 of the program's canonical encoding, in hex: equal for equal requests, stable over runs.

    It is made of the digests of the arrays, because many programs have the same ones.
    """
    request = encoded(program)
    hasher = hashlib.sha256(request.body.text.encode("ascii"))
    for array in request.arrays:
        hasher.update(array_digest(array))
    return hasher.hexdigest()


def encode(program: Program, arrays: list[Array]) -> list[Any]:
    """Turn a program into JSON values, adding its arrays to `arrays`. Raises TypeError for what cannot travel."""
    match program:
        case ModuleAttribute(module, name):
            return ["p", "module", module, name]
        case Attribute(owner, name):
            return ["p", "attribute", encode(owner, arrays), name]
        case Call(function, arguments, keywords):
            positional = [_encode_argument(argument, arrays) for argument in arguments]
            return ["p", "call", encode(function, arrays), positional, _encode_named(keywords, arrays)]
        case Loaded(instance, weights):
            return ["p", "loaded", encode(instance, arrays), _encode_named(weights, arrays)]
        case Parameters(instance):
            return ["p", "parameters", encode(instance, arrays)]
        case Code(module, statements, expression, given):
            return ["p", "code", module, statements, expression, _encode_named(given, arrays)]
        case StandIn(attributes):
            return ["p", "standin", _encode_named(attributes, arrays)]
        case Linear(weight, bias):
            return ["p", "linear", plain.encode(weight, arrays), plain.encode(bias, arrays)]
        case Snippet(source):
            return ["p", "snippet", source]
        case Counted(inner):
            return ["p", "counted", encode(inner, arrays)]


def _encode_argument(argument: Any, arrays: list[Array]) -> Any:
    if type(argument) in PROGRAM_TYPES:
        return encode(argument, arrays)
    return plain.encode(argument, arrays)


def _encode_named(named: Named, arrays: list[Array]) -> list[Any]:
    return [[name, _encode_argument(value, arrays)] for name, value in named]


def decode(body: Any, arrays: Arrays, depth: int = 0) -> Program:
    """Turn a body back into a program. Raises ProtocolViolated if it is not one."""
    match body:
        case ["p", str(kind), *rest] if kind in _DECODERS and depth <= MAX_PROGRAM_DEPTH:
            try:
                return _DECODERS[kind](rest, arrays, depth + 1)
            except (TypeError, ValueError) as error:
                raise ProtocolViolated(f"The request has a {kind} that is not one.") from error
    raise ProtocolViolated("The frame is not a request.")


def _decode_argument(body: Any, arrays: Arrays, depth: int) -> Any:
    if isinstance(body, list) and body[:1] == ["p"]:
        return decode(body, arrays, depth)
    return plain.decode(body, arrays)


def _decode_named(body: Any, arrays: Arrays, depth: int) -> Named:
    return tuple((str(name), _decode_argument(value, arrays, depth)) for name, value in body)


def _call(rest: list[Any], arrays: Arrays, depth: int) -> Program:
    function, positional, keywords = rest
    arguments = tuple(_decode_argument(argument, arrays, depth) for argument in positional)
    return Call(decode(function, arrays, depth), arguments, _decode_named(keywords, arrays, depth))


def _loaded(rest: list[Any], arrays: Arrays, depth: int) -> Program:
    instance, weights = rest
    return Loaded(decode(instance, arrays, depth), _decode_named(weights, arrays, depth))


def _code(rest: list[Any], arrays: Arrays, depth: int) -> Program:
    module, statements, expression, given = rest
    return Code(str(module), str(statements), str(expression), _decode_named(given, arrays, depth))


def _attribute(rest: list[Any], arrays: Arrays, depth: int) -> Program:
    owner, name = rest
    return Attribute(decode(owner, arrays, depth), str(name))


def _linear(rest: list[Any], arrays: Arrays, _: int) -> Program:
    weight, bias = rest
    return Linear(plain.decode(weight, arrays), plain.decode(bias, arrays))


def _module(rest: list[Any], _arrays: Arrays, _depth: int) -> Program:
    module, name = rest
    return ModuleAttribute(str(module), str(name))


_DECODERS: dict[str, Callable[[list[Any], Arrays, int], Program]] = {
    "module": _module,
    "attribute": _attribute,
    "call": _call,
    "loaded": _loaded,
    "parameters": lambda rest, arrays, depth: Parameters(decode(rest[0], arrays, depth)),
    "code": _code,
    "standin": lambda rest, arrays, depth: StandIn(_decode_named(rest[0], arrays, depth)),
    "linear": _linear,
    "snippet": lambda rest, _arrays, _depth: Snippet(str(rest[0])),
    "counted": lambda rest, arrays, depth: Counted(decode(rest[0], arrays, depth)),
}
