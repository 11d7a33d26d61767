"""Plain data <-> the JSON values of a frame's body. The same code serves both directions.

JSON has too few kinds of value, so every list starts with a tag:
    ["t", item, ...]  tuple       ["d", [key, value], ...]  dict       ["a", index]         array
    ["i", hex]        large int   ["f", "nan"]              nan, inf   ["s", operation, argument, ...]  SymPy node
    ["o", type, detail]  Opaque
"""

import math
import re
from typing import Any

import numpy as np

from autograder.errors import ProtocolViolated
from autograder.sandbox.outcome import Opaque, SymbolicObject
from autograder.sandbox.protocol.frames import Array
from autograder.sandbox.protocol.opaque import told

MAX_DEPTH = 150
MAX_INT_BITS = 4096
SMALL_INT = 2**62
MAX_NAME = 80
MAX_DETAIL = 80
NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
HEX = re.compile(r"-?0x[0-9a-f]{1,1024}")
PRINTABLE = re.compile(r"[ -~]*")


def encode(value: Any, arrays: list[Array], depth: int = 0) -> Any:
    """Turn plain data into JSON values, adding its arrays to `arrays`. Raises TypeError for anything else."""
    if depth > MAX_DEPTH:
        raise TypeError("Data nested this deeply does not travel.")
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return _encode_int(value)
    if kind is float:
        return value if math.isfinite(value) else ["f", str(value)]
    if kind is np.ndarray:
        arrays.append(value)
        return ["a", len(arrays) - 1]
    return _encode_compound(value, arrays, depth + 1)


def _encode_compound(value: Any, arrays: list[Array], depth: int) -> list[Any]:
    match value:
        case tuple() | list():
            return ["t", *(encode(item, arrays, depth) for item in value)]
        case dict():
            return ["d", *([_key(key), encode(item, arrays, depth)] for key, item in value.items())]
        case SymbolicObject():
            return ["s", value.operation, *(encode(argument, arrays, depth) for argument in value.arguments)]
        case Opaque():
            return ["o", value.type_name, value.detail]
    raise TypeError(f"A {type(value).__name__} does not travel.")


def _encode_int(value: int) -> Any:
    if -SMALL_INT < value < SMALL_INT:
        return value
    if value.bit_length() > MAX_INT_BITS:
        raise TypeError("An integer this long does not travel.")
    return ["i", hex(value)]


def _key(key: Any) -> str:
    if type(key) is not str:
        raise TypeError("A key that is not text does not travel.")
    return key


def decode(body: Any, arrays: tuple[Array, ...]) -> Any:
    """Turn a body back into plain data. Raises ProtocolViolated for whatever `encode` would not have written.

    Each array stands in one place: one that is named a thousand times would weigh a thousand times what came in.
    """
    if len(arrays) == 1 and type(body) is list and body == ["a", 0] and type(body[1]) is int:
        return arrays[0]  # what most functions give
    return _decode(body, dict(enumerate(arrays)), 0)


def _decode(body: Any, unused: dict[int, Array], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ProtocolViolated("The frame is nested too deeply.")
    if type(body) is str:
        return well_formed(body)
    if body is None or type(body) in (bool, int, float):
        return body
    if type(body) is not list or not body or type(body[0]) is not str:
        raise ProtocolViolated("The frame has a value without a tag.")
    return _decode_tagged(body[0], body[1:], unused, depth + 1)


def _decode_tagged(tag: str, rest: list[Any], unused: dict[int, Array], depth: int) -> Any:
    match tag, rest:
        case "t", _:
            return tuple(_decode(item, unused, depth) for item in rest)
        case "d", _:
            return _decode_dict(rest, unused, depth)
        case "a", [int(index)] if type(index) is int and index in unused:
            return unused.pop(index)
        case "i", [str(digits)] if HEX.fullmatch(digits):
            return int(digits, 16)
        case "f", [str(name)] if name in NOT_FINITE:
            return NOT_FINITE[name]
        case "s", [str(operation), *arguments] if is_name(operation):
            return SymbolicObject(operation, tuple(_decode(argument, unused, depth) for argument in arguments))
        case "o", [str(name), str(detail)] if is_name(name) and is_detail(detail):
            return told(name, detail)
    raise ProtocolViolated("The frame has a value with a wrong tag.")


def _decode_dict(pairs: list[Any], unused: dict[int, Array], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
            raise ProtocolViolated("The frame has a dictionary that is not one.")
        key = well_formed(pair[0])
        if key in found:
            raise ProtocolViolated("The frame has a dictionary with a key twice.")
        found[key] = _decode(pair[1], unused, depth)
    return found


def well_formed(text: str) -> str:
    """Return the text with lone surrogates, which no file could hold, replaced by question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def is_name(name: str) -> bool:
    """Whether a class name is one that may be shown: an identifier of ordinary length."""
    return len(name) <= MAX_NAME and name.isidentifier()


def is_detail(detail: str) -> bool:
    """Whether a detail is short printable ASCII."""
    return len(detail) <= MAX_DETAIL and PRINTABLE.fullmatch(detail) is not None
