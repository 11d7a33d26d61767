"""Length-prefixed frames: a small strict JSON header and the raw bytes of its arrays.

    4 bytes  magic
    4 bytes  length of the header       (big-endian)
    8 bytes  length of all arrays       (big-endian)
    header   {"arrays": [[dtype, shape], ...], "body": ...}, ASCII
    arrays   one after the other, C order, the machine's own byte order

Both lengths are checked against `Caps` before anything of that size is read.
"""

import json
import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

import numpy as np

from autograder.errors import ProtocolViolated

MAGIC = b"agf1"
PREFIX = struct.Struct("!4sIQ")
MAX_ARRAYS = 10_000
MAX_VALUES = 500_000
MAX_DIMENSIONS = 16
MAX_LENGTH = 2**40
MAX_DIGITS = 20
MANY_DIGITS = re.compile(rb"\d{%d}" % MAX_DIGITS)
BEFORE, BETWEEN, AFTER = b'{"arrays":', b',"body":', b"}"
BRIEF = 100  # bytes that describe arrays, up to which it pays to remember what they say
MAX_CODE_POINT = 0x10FFFF
HEADER_WEIGHT = 8  # what a byte of JSON takes as Python objects, at worst about

NUMBER_TYPES = (
    *("float16", "float32", "float64"),
    *("int8", "int16", "int32", "int64", "uint8"),
    *("bool", "complex64", "complex128"),
)
DTYPES = {name: np.dtype(name) for name in NUMBER_TYPES}
MAX_TEXT_WIDTH = 10_000

Array = np.ndarray[Any, np.dtype[Any]]
Described = tuple[np.dtype[Any], tuple[int, ...], int]  # an array's type, shape and size in bytes
ReadExactly = Callable[[int], bytes]


@dataclass(frozen=True)
class Caps:
    """The largest header and the largest sum of arrays that a reader accepts, in bytes."""

    header_bytes: int
    array_bytes: int


class Frame(NamedTuple):
    """A header's body, still as JSON values, and its arrays (read-only). `weight`: bytes that it may take in memory."""

    body: Any
    arrays: tuple[Array, ...]
    weight: int = 0


@dataclass(frozen=True)
class Json:
    """JSON values that are written down already, as `json_of` writes them."""

    text: str


def json_of(values: Any) -> str:
    """Write JSON values as short as can be, in ASCII. Raises ValueError for NaN and infinities."""
    return ENCODER.encode(values)


def pack(body: Any, arrays: Sequence[Array]) -> bytes:
    """Return the bytes of one frame. `body` holds JSON values only, or is Json; raises TypeError for another array
    type.
    """
    described = ",".join([description(array.dtype, array.shape) for array in arrays])
    text = body.text if isinstance(body, Json) else json_of(body)
    header = f'{{"arrays":[{described}],"body":{text}}}'.encode("ascii")
    contents = [array.tobytes() for array in arrays]
    prefix = PREFIX.pack(MAGIC, len(header), sum(map(len, contents)))
    return b"".join((prefix, header, *contents))


def read(read_exactly: ReadExactly, caps: Caps) -> Frame:
    """Read one frame. Raises ProtocolViolated for anything that is not one, before reading more than `caps`."""
    magic, header_bytes, array_bytes = PREFIX.unpack(read_exactly(PREFIX.size))
    if magic != MAGIC:
        raise ProtocolViolated("The bytes on the channel are not a frame.")
    if header_bytes > caps.header_bytes or array_bytes > caps.array_bytes:
        raise ProtocolViolated("The frame on the channel is too large.")
    content = read_exactly(header_bytes + array_bytes)
    described, body = parse_header(content[:header_bytes])
    if sum([size for _, _, size in described]) != array_bytes:
        raise ProtocolViolated("The frame's arrays are not as long as its header says.")
    arrays, start = [], header_bytes
    for dtype, shape, size in described:
        arrays.append(_array(content[start : start + size], dtype, shape))
        start += size
    return Frame(body, tuple(arrays), HEADER_WEIGHT * header_bytes + array_bytes)


def read_whole(read_exactly: ReadExactly, caps: Caps) -> bytes:
    """Read one frame and leave it packed, to be handed on. Raises ProtocolViolated for one that is too large."""
    prefix = read_exactly(PREFIX.size)
    magic, header_bytes, array_bytes = PREFIX.unpack(prefix)
    if magic != MAGIC or header_bytes > caps.header_bytes or array_bytes > caps.array_bytes:
        raise ProtocolViolated("The bytes on the channel are not a frame, or it is too large.")
    return prefix + read_exactly(header_bytes + array_bytes)


def parse_header(text: bytes) -> tuple[tuple[Described, ...], Any]:
    """Return what a header says of its arrays, and its body; strictly: as `pack` writes it, ASCII, no key twice, no NaN
    or Infinity, bounded numbers, count and depth.
    """
    if len(text) > MAX_VALUES and text.count(b",") > MAX_VALUES:
        raise ProtocolViolated("The frame's header has too many values.")
    between = text.find(BETWEEN)
    if between < 0 or not text.startswith(BEFORE) or not text.endswith(AFTER):
        raise ProtocolViolated("The frame's header has the wrong keys.")
    described = text[len(BEFORE) : between]
    read = _described_before if len(described) <= BRIEF else _described_arrays
    return read(described), _strictly(text[between + len(BETWEEN) : -len(AFTER)])


def _strictly(text: bytes) -> Any:
    decoder = BOUNDED_DECODER if MANY_DIGITS.search(text) else DECODER
    try:
        values, end = decoder.raw_decode(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ProtocolViolated("The frame's header is not strict JSON.") from error
    if end != len(text):
        raise ProtocolViolated("The frame's header is not strict JSON.")
    return values


@lru_cache(maxsize=1024)
def description(dtype: np.dtype[Any], shape: tuple[int, ...]) -> str:
    """Return what a header says of an array. Raises TypeError for a type that does not travel."""
    return json_of([dtype_name(dtype), shape])


@lru_cache(maxsize=64)  # NumPy works a name out anew each time
def dtype_name(dtype: np.dtype[Any]) -> str:
    """Return the name under which arrays of this type travel, or raise TypeError."""
    if dtype.kind == "U" and dtype.isnative and 0 < dtype.itemsize <= 4 * MAX_TEXT_WIDTH:
        return f"text{dtype.itemsize // 4}"
    if dtype.isnative and dtype.name in NUMBER_TYPES:
        return str(dtype.name)
    raise TypeError(f"Arrays of type {dtype} do not travel.")


def _dtype(name: Any) -> np.dtype[Any]:
    if isinstance(name, str) and name in DTYPES:
        return DTYPES[name]
    if isinstance(name, str) and name.startswith("text") and name[4:].isdecimal() and len(name) <= 9:
        width = int(name[4:])
        if 0 < width <= MAX_TEXT_WIDTH:  # NumPy turns a width of 0 into 1, and would need memory of its own
            return np.dtype(f"U{width}")
    raise ProtocolViolated("The frame has an array of a type that does not travel.")


def _described_arrays(text: bytes) -> tuple[Described, ...]:
    described = _strictly(text)
    if not isinstance(described, list) or len(described) > MAX_ARRAYS:
        raise ProtocolViolated("The frame's list of arrays is not one.")
    found = []
    for entry in described:
        if not isinstance(entry, list) or len(entry) != 2:
            raise ProtocolViolated("The frame's list of arrays is not one.")
        dtype, shape = _dtype(entry[0]), _shape(entry[1])
        found.append((dtype, shape, math.prod(shape) * dtype.itemsize))
    return tuple(found)


_described_before = lru_cache(maxsize=1024)(_described_arrays)  # most arrays are like one that came before


def _shape(lengths: Any) -> tuple[int, ...]:
    if not isinstance(lengths, list) or len(lengths) > MAX_DIMENSIONS:
        raise ProtocolViolated("The frame has an array without a proper shape.")
    if any(type(length) is not int or not 0 <= length <= MAX_LENGTH for length in lengths):
        raise ProtocolViolated("The frame has an array without a proper shape.")
    if math.prod(length for length in lengths if length) > MAX_LENGTH:  # NumPy refuses it, even with no entries
        raise ProtocolViolated("The frame has an array without a proper shape.")
    return tuple(lengths)


def _array(content: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    if dtype.kind == "U" and content and np.frombuffer(content, np.uint32).max() > MAX_CODE_POINT:
        raise ProtocolViolated("The frame has text that is not Unicode.")
    if dtype.kind == "b" and content and np.frombuffer(content, np.uint8).max() > 1:
        raise ProtocolViolated("The frame has truth values that are neither 0 nor 1.")
    return np.ndarray(shape, dtype, buffer=content)  # which nobody can write into, as into any bytes


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _bounded_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("integer too long")
    return int(digits)


def _finite_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("number too large")
    return number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite_float, object_pairs_hook=_unique_keys)
BOUNDED_DECODER = json.JSONDecoder(
    parse_constant=_refuse_constant,
    parse_int=_bounded_int,
    parse_float=_finite_float,
    object_pairs_hook=_unique_keys,
)
