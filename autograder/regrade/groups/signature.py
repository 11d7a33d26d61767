"""What code computed, in a few numbers that can be kept and compared: the same outcome has the same ones, nearly.

An array is kept as its shape and two weighted sums of its entries, the weights being signs that depend on the position
alone. Arrays that differ in one entry differ in both sums; rounding in the last digits moves them by as little.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox.outcome import Crashed, Missing, Outcome, TimedOut, Unfilled, Value

MOST = 64  # outcomes that are looked at
SUMS = 2
RELATIVE, ABSOLUTE = 1e-3, 1e-4  # ten times a part's usual tolerance, as where a mistake is recognised
Signature = tuple[Any, ...]


def signature(outcomes: Iterable[Outcome]) -> Signature:
    """One entry an outcome, in the order in which they were asked for; plain JSON."""
    return tuple(_entry(outcome) for outcome, _ in zip(outcomes, range(MOST), strict=False))


def _entry(outcome: Outcome) -> list[Any]:
    match outcome:
        case Value(np.ndarray() as array) if array.dtype.kind in "biuf":
            return _array(array.astype(np.float64))
        case Value(bool() | int() | float() as number):
            return _array(np.array(float(number) if abs(number) < 1e300 else np.inf))
        case Value(tuple() as items):
            return ["items", [_entry(Value(item)) for item in items[:8]]]
        case Value(data):
            return ["value", hashlib.sha256(repr(data).encode("utf-8", "backslashreplace")).hexdigest()[:16]]
        case Crashed(exception, _, _, reason):
            return ["crashed", exception, reason]
        case TimedOut(_, _, during):
            return ["timed out", during]
        case Missing(name):
            return ["missing", name]
        case Unfilled():
            return ["unfilled"]


def _array(array: NDArray[np.float64]) -> list[Any]:
    flat = array.ravel()
    finite = np.isfinite(flat)
    if not finite.all():
        return ["not finite", list(array.shape), int(finite.sum())]
    if not flat.size:
        return ["array", list(array.shape), 0.0, [0.0] * SUMS]
    scale = float(np.sqrt(np.mean(np.square(flat / 2**512)))) * 2.0**512
    sums = [float(signs @ (flat / np.sqrt(flat.size))) for signs in _signs(flat.size)]
    return ["array", list(array.shape), *_rounded([scale]), _rounded(sums)]


def _rounded(numbers: Sequence[float]) -> list[float]:
    return [float(f"{number:.7g}") if np.isfinite(number) else 0.0 for number in numbers]


@lru_cache(maxsize=64)
def _signs(size: int) -> tuple[NDArray[np.float64], ...]:
    random = np.random.default_rng(size)
    return tuple(random.choice((-1.0, 1.0), size) for _ in range(SUMS))


def is_same(left: Signature, right: Signature) -> bool:
    """Whether the same was computed, up to rounding."""
    return len(left) == len(right) and all(map(_is_same_entry, left, right))


def _is_same_entry(left: Sequence[Any], right: Sequence[Any]) -> bool:
    if left[0] != right[0] or left[0] != "array":
        return list(left) == list(right)
    if left[1] != right[1]:
        return False
    margin = ABSOLUTE + RELATIVE * max(left[2], right[2])
    return all(abs(one - other) <= margin for one, other in zip(left[3], right[3], strict=True))


def has_value(entries: Signature) -> bool:
    """Whether anything was computed at all."""
    return any(entry[0] in ("array", "items", "value", "not finite") for entry in entries)
