"""Results -> plain data. Whatever may not cross becomes Opaque with a few words that say why.

Exact types only: a subclass could answer every question about itself as it likes, so its own methods are not asked.
"""

import sys
from typing import Any

import numpy as np
import torch

from autograder.sandbox.outcome import Opaque
from autograder.sandbox.protocol.frames import NUMBER_TYPES, dtype_name
from autograder.sandbox.worker import symbolic
from autograder.sandbox.worker.absent import Absent

MAX_DEPTH = 60
MAX_ITEMS = 100_000

# What an object that pretends to be another, or a tensor without a shape, raises when it is taken at its word.
UNREADABLE = (TypeError, ValueError, RuntimeError, AttributeError, ArithmeticError, LookupError)


class Converter:
    """Converts one result within a budget of array bytes, characters and items."""

    def __init__(self, array_bytes: int, characters: int) -> None:
        self.array_bytes = array_bytes
        self.characters = characters
        self.items = MAX_ITEMS

    def plain(self, value: Any, depth: int = 0) -> Any:
        """Return plain data. Iterates over nothing but lists, tuples and dictionaries."""
        self.items -= 1
        if depth > MAX_DEPTH or self.items < 0:
            return Opaque(_type_name(value), "too deep or too many items")
        try:
            return self._plain(value, depth)
        except UNREADABLE:
            return Opaque(_type_name(value), "cannot be read")

    def _plain(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool | int | float | str):
            return self._scalar(value)
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        if isinstance(value, list | tuple | dict):
            return self._container(value, depth + 1)
        if isinstance(value, complex):
            return self._array(np.complex128(value))
        if symbolic.is_symbolic(value):
            return symbolic.tree(value)
        if type(value) is Absent:
            value.refuse()
        return Opaque(_type_name(value))

    def _scalar(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(str.__str__(value))
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            number = int.__add__(value, 0)
            return number if number.bit_length() <= symbolic.MAX_BITS else Opaque("int", "too large")
        return float.__float__(value)

    def _text(self, text: str) -> Any:
        self.characters -= len(text)
        return text if self.characters >= 0 else Opaque("str", "too long")

    def _container(self, value: Any, depth: int) -> Any:
        if _length(value) > self.items:
            return Opaque(_type_name(value), "too many items")
        if isinstance(value, dict):
            return self._dict(value, depth)
        items = list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
        return tuple(self.plain(item, depth) for item in items)

    def _dict(self, value: dict[Any, Any], depth: int) -> Any:
        converted = {}
        for key, item in dict.items(value):
            if not isinstance(key, str):
                return Opaque("dict", "a key is not text")
            text = self._text(str.__str__(key))
            if isinstance(text, Opaque):
                return text
            converted[text] = self.plain(item, depth)
        return converted

    def _tensor(self, value: torch.Tensor) -> Any:
        name = _type_name(value)
        with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
            refusal = _why_no_array(value)
            if refusal:
                return Opaque(name, refusal)
            if not self._afford(value.numel() * value.element_size()):
                return Opaque(name, "too large")
            plain = value.detach().as_subclass(torch.Tensor).resolve_conj().resolve_neg()
            return np.array(plain.contiguous().numpy(), copy=True, order="C", subok=False)

    def _array(self, value: Any) -> Any:
        if isinstance(value, np.str_):
            return self._text(str.__str__(value))
        if _is_masked(value):
            return Opaque("MaskedArray")
        if not self._afford(value.size * value.dtype.itemsize):
            return Opaque(_type_name(value), "too large")
        array = np.array(value, dtype=value.dtype.newbyteorder("="), copy=True, order="C", subok=False)
        try:
            dtype_name(array.dtype)
        except TypeError:
            return Opaque(_type_name(value), f"dtype {array.dtype.kind}")
        return array

    def _afford(self, size: int) -> bool:
        self.array_bytes -= size
        return self.array_bytes >= 0


def _is_masked(value: Any) -> bool:
    """Whether it is one of `numpy.ma`'s arrays. If that was never imported here, nothing is."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)


def _why_no_array(value: torch.Tensor) -> str:
    """Say why a tensor cannot become an array, or "" if it can."""
    dtype = str(value.dtype).removeprefix("torch.")
    if value.layout is not torch.strided:
        return str(value.layout).removeprefix("torch.")
    if value.is_quantized or dtype not in NUMBER_TYPES:
        return f"dtype {dtype}"
    return "" if value.device.type == "cpu" else f"on {value.device.type}"


def _length(value: Any) -> int:
    kind: Any = next(kind for kind in (list, tuple, dict) if isinstance(value, kind))
    return int(kind.__len__(value))


def _type_name(value: Any) -> str:
    name = type.__dict__["__name__"].__get__(type(value))
    return name if isinstance(name, str) and name.isidentifier() and len(name) <= 60 else "object"


def too_large(data: Any) -> Opaque:
    """Return what stands for data whose encoding does not fit a frame."""
    return Opaque(_type_name(data), "too large")
