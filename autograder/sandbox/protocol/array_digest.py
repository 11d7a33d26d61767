"""The SHA-256 of an array: its type, its shape and its numbers. One that cannot change is looked at once."""

import hashlib
import weakref
from typing import Any

import numpy as np

from autograder.sandbox.protocol.frames import Array, description

_KNOWN: dict[int, tuple[weakref.ref[Any], bytes]] = {}  # of arrays that are still there, by identity


def array_digest(array: Array) -> bytes:
    """Return 32 bytes, the same for arrays that arrive as the same. Raises TypeError for what does not travel."""
    known = _KNOWN.get(id(array))
    if known is not None and known[0]() is array:
        return known[1]
    described = description(array.dtype, array.shape).encode("ascii")
    found = hashlib.sha256(b"\n".join((described, array.tobytes()))).digest()
    if _is_fixed(array):
        _remember(array, found)
    return found


def _remember(array: Array, found: bytes) -> None:
    key = id(array)

    def forget(gone: object) -> None:
        if _KNOWN.get(key, (None,))[0] is gone:
            del _KNOWN[key]

    _KNOWN[key] = (weakref.ref(array, forget), found)


def _is_fixed(array: Any) -> bool:
    """Whether nobody can write into an array, nor into what it is a view of."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return False
        array = array.base
    return array is None or type(array) is bytes
