"""Reads the arrays of an .npz file that a student hands in. Nothing is unpickled; sizes are known before any is read.

Format: numpy.lib.format, versions 1.0 to 3.0, in a zip. `numpy.load` would trust the header and allocate what it says.
"""

import io
import math
import re
import struct
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import SubmissionUnreadable
from autograder.settings import Limits
from autograder.submission.archive import open_archive, read_member
from autograder.submission.model import shown

Array = NDArray[Any]

MAGIC = b"\x93NUMPY"
HEADER = re.compile(
    r"\{\s*'descr'\s*:\s*(?:'(?P<dtype>[^']{1,20})'|(?P<fields>\[.*\]))\s*,"
    r"\s*'fortran_order'\s*:\s*(?P<fortran>True|False)\s*,"
    r"\s*'shape'\s*:\s*\((?P<shape>[\d\s,L]*)\)\s*,?\s*\}\s*",
    re.DOTALL,
)
DTYPE = re.compile(r"(?:[<>=|](?:f[248]|[iu][1248])|\|b1|[<>=|]U\d{1,5})")
LONGEST_HEADER = 4096
MOST_ARRAYS = 64
LARGEST_RANK = 8
LONGEST_SIDE = 10**9  # also of an array without entries, whose other sides cost nothing
LAST_CHARACTER = 0x10FFFF


@dataclass(frozen=True)
class ArrayRefusal:
    """Why there are no arrays.

    not_npz: no zip. too_many(most). too_large(limit): of one array or of all, in bytes, once unpacked.
    With `array`, the name of one: not_npy; pickled (an object array); dtype(dtype); damaged; duplicate; encrypted;
    compression; link; not_a_file; ratio.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Header:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran: bool
    start: int

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read_arrays(
    content: bytes, limits: Limits, names: Collection[str] | None = None
) -> Mapping[str, Array] | ArrayRefusal:
    """The file's arrays of floats, integers, truth values and texts; only those called `names`, if given.

    Together they have at most `limits.data_file_bytes` bytes. One bad array of those asked for refuses the file.
    """
    try:
        with open_archive(io.BytesIO(content), "the file", limits) as archive:
            return _read_all(archive, limits.data_file_bytes, names)
    except SubmissionUnreadable:
        return ArrayRefusal("not_npz")


def _read_all(
    archive: zipfile.ZipFile, limit: int, names: Collection[str] | None
) -> Mapping[str, Array] | ArrayRefusal:
    wanted = [info for info in archive.filelist if names is None or _array_name(info) in names]
    if len(wanted) > MOST_ARRAYS:
        return ArrayRefusal("too_many", {"most": MOST_ARRAYS})
    arrays: dict[str, Array] = {}
    left = limit
    for info in wanted:
        name = _array_name(info)
        found: Array | ArrayRefusal = ArrayRefusal("duplicate") if name in arrays else _read_one(archive, info, left)
        if isinstance(found, ArrayRefusal):
            size = {"limit": limit} if found.kind == "too_large" else {}
            return ArrayRefusal(found.kind, {"array": shown(name), **found.data, **size})
        arrays[name] = found
        left -= info.file_size
    return arrays


def _array_name(info: zipfile.ZipInfo) -> str:
    return info.filename.removesuffix(".npy")


def _read_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> Array | ArrayRefusal:
    if not info.filename.endswith(".npy"):
        return ArrayRefusal("not_npy")
    content = read_member(archive, info, limit)
    return ArrayRefusal(content) if isinstance(content, str) else array_of(content)


def array_of(content: bytes) -> Array | ArrayRefusal:
    """The array of an .npy file, read-only. Its header must promise exactly the bytes that there are."""
    header = _header(content)
    if isinstance(header, ArrayRefusal):
        return header
    plausible = len(header.shape) <= LARGEST_RANK and all(side <= LONGEST_SIDE for side in header.shape)
    if not plausible or header.bytes != len(content) - header.start or not header.dtype.itemsize:
        return ArrayRefusal("damaged")
    flat = np.frombuffer(content, header.dtype, count=math.prod(header.shape), offset=header.start)
    if header.dtype.kind == "U" and not _is_text(flat):
        return ArrayRefusal("damaged")
    array = flat.reshape(header.shape, order="F" if header.fortran else "C")
    return array.astype(header.dtype.newbyteorder("="), copy=False)


def _header(content: bytes) -> _Header | ArrayRefusal:
    text_and_start = _header_text(content)
    found = HEADER.fullmatch(text_and_start[0]) if text_and_start else None
    if text_and_start is None or found is None:
        return ArrayRefusal("not_npy")
    dtype = found["dtype"]
    if dtype is None or not DTYPE.fullmatch(dtype):
        return ArrayRefusal("pickled") if "O" in (dtype or found["fields"]) else ArrayRefusal("dtype", _shown(found))
    shape = tuple(int(side.rstrip("L")) for side in re.findall(r"\d{1,18}L?", found["shape"]))
    return _Header(np.dtype(dtype), shape, found["fortran"] == "True", text_and_start[1])


def _header_text(content: bytes) -> tuple[str, int] | None:
    """The header's text, and where it ends."""
    length_format = {b"\x01\x00": "<H", b"\x02\x00": "<I", b"\x03\x00": "<I"}.get(content[6:8])
    if not content.startswith(MAGIC) or length_format is None:
        return None
    start = 8 + struct.calcsize(length_format)
    if len(content) < start:
        return None
    (length,) = struct.unpack_from(length_format, content, 8)
    if length > LONGEST_HEADER or len(content) < start + length:
        return None
    return content[start : start + length].decode("latin-1"), start + length


def _shown(found: re.Match[str]) -> Mapping[str, str]:
    return {"dtype": shown(found["dtype"] or "a record")}


def _is_text(flat: Array) -> bool:
    """Whether every number that stands for a character is one; NumPy itself would find out only when it is shown."""
    codes = flat.view(np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder))
    return bool((codes <= LAST_CHARACTER).all())
