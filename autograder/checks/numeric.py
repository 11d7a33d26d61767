"""Compares numbers with the reference's: shape, then dtype, then the finite entries, then |a - b| <= atol + rtol |b|.

Nothing broadcasts, and nothing of the student's is called: what is compared are arrays of our own.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.failures import tuple_returned
from autograder.checks.outcomes import type_in_words, without_value
from autograder.checks.verdict import Fact, Status, Verdict, failed, right, wrong
from autograder.sandbox.outcome import Outcome, Value

Array = NDArray[Any]
FLOAT_BYTES = frozenset({4, 8})  # float32 and float64
LARGEST_RANK = 8


def compare_arrays(
    expected: Array, actual: Outcome, *, rtol: float = 1e-4, atol: float = 1e-5, sequence_ok: bool = False
) -> Verdict:
    """Whether an array agrees with `expected`, whose shape it must have exactly.

    float32 and float64 are accepted; integers only where `expected` holds integers or `sequence_ok`. With
    `sequence_ok` a list or tuple of numbers is an array too. A tuple whose first item agrees, such as
    (output, weights), has half the credit. Facts never hold a number of `expected`.
    """
    unusable = without_value(actual)
    if unusable is not None or not isinstance(actual, Value):
        return unusable or failed()
    value = actual.data
    if isinstance(value, tuple | list):
        return _compare_sequence(expected, value, rtol, atol, sequence_ok)
    if isinstance(value, int | float) and expected.ndim == 0:
        if expected.dtype.kind in "iu" and type(value) is not int:  # a size: 4.0 features make no layer
            return failed(_wrong_type(value, "whole number"))
        return _compare_written(expected, value, rtol, atol)
    return _compare_value(expected, value, rtol, atol, integers_ok=sequence_ok)


def agrees(expected: Array, actual: Outcome, *, rtol: float, atol: float) -> bool:
    """Whether `compare_arrays` says that it is right, without why not."""
    value = actual.data if isinstance(actual, Value) else None
    if isinstance(value, np.ndarray):
        if _refuse_shape(expected, value) or _refuse_dtype(expected, value, False):
            return False
        near = _are_near(expected, value, rtol, atol)
        if near is not None:
            return near
    return compare_arrays(expected, actual, rtol=rtol, atol=atol).status is Status.RIGHT


def all_agree(cases: Iterable[tuple[str, Verdict]]) -> Verdict:
    """One verdict on several labelled cases: the least credit of all, with the facts of the first case that has it.

    Each of those facts gets the case's label as `case`. Cases after one without credit are not computed.
    """
    worst: Verdict | None = None
    for label, verdict in cases:
        if worst is None or verdict.credit < worst.credit:
            worst = in_case(verdict, label)
        if verdict.credit == 0:
            break
    if worst is None:
        raise ValueError("a comparison needs at least one case")
    return worst


def compare_plain(expected: bool | int | str, actual: Outcome) -> Verdict:
    """Whether a plain value is `expected` and of its type: True is not 1, and 4.0 is not 4."""
    unusable = without_value(actual)
    if unusable is not None or not isinstance(actual, Value):
        return unusable or failed()
    if type(actual.data) is not type(expected):
        return failed(_wrong_type(actual.data, type_in_words(expected)))
    return right() if actual.data == expected else wrong(Fact("value_differs"))


def in_case(verdict: Verdict, label: str) -> Verdict:
    """The verdict, whose facts name the case that they were found in, unless it is right or the case has no name."""
    if not label or verdict.status is Status.RIGHT:
        return verdict
    return replace(verdict, facts=tuple(Fact(fact.kind, {**fact.data, "case": label}) for fact in verdict.facts))


def _compare_sequence(expected: Array, value: Any, rtol: float, atol: float, sequence_ok: bool) -> Verdict:
    if sequence_ok and _is_numbers(value):
        return _compare_written(expected, value, rtol, atol)
    if not value or not isinstance(value[0], np.ndarray):
        return failed(_wrong_type(value, "array"))
    first = _compare_value(expected, value[0], rtol, atol, integers_ok=sequence_ok)
    if first.status is Status.RIGHT:
        return tuple_returned(tuple(value))
    return replace(first, facts=(*tuple_returned(tuple(value)).facts, *first.facts))


def _compare_written(expected: Array, value: Any, rtol: float, atol: float) -> Verdict:
    """Compares numbers that are written out, where integers stand for themselves."""
    array = _as_array(value)
    if array is None:
        return failed(_wrong_type(value, "numbers"))
    return _compare_value(expected, array, rtol, atol, integers_ok=True)


def _compare_value(expected: Array, value: Any, rtol: float, atol: float, *, integers_ok: bool) -> Verdict:
    if not isinstance(value, np.ndarray):
        return failed(_wrong_type(value, "array"))
    refusal = _refuse_shape(expected, value) or _refuse_dtype(expected, value, integers_ok)
    if refusal is not None:
        return failed(refusal)
    if _are_near(expected, value, rtol, atol):
        return right()
    difference = _refuse_finite(expected, value) or _difference(expected, value, rtol, atol)
    return wrong(difference) if difference else right()


def _wrong_type(value: Any, wanted: str) -> Fact:
    return Fact("wrong_type", {"actual": type_in_words(value), "expected": wanted})


def _refuse_shape(expected: Array, actual: Array) -> Fact | None:
    if expected.shape == actual.shape:
        return None
    return Fact("wrong_shape", {"expected": expected.shape, "actual": actual.shape[:LARGEST_RANK]})


def _refuse_dtype(expected: Array, actual: Array, integers_ok: bool) -> Fact | None:
    integers_fit = integers_ok or expected.dtype.kind in "iu"
    is_float = actual.dtype.kind == "f" and actual.dtype.itemsize in FLOAT_BYTES
    if is_float or (integers_fit and actual.dtype.kind in "iu"):
        return None
    name = "text" if actual.dtype.kind == "U" else actual.dtype.name  # whose name would tell how long the text is
    return Fact("wrong_dtype", {"actual": name, "expected": "float32 or float64"})


def _are_near(expected: Array, actual: Array, rtol: float, atol: float) -> bool | None:
    """Whether all entries agree, at one look; None if that takes a closer one, because some are not finite."""
    wanted, got = _wide(expected), _wide(actual)
    with np.errstate(all="ignore"):
        distance = np.abs(got - wanted)
        if not np.isfinite(distance).all():
            return None
        return bool((distance <= atol + rtol * np.abs(wanted)).all())


def _refuse_finite(expected: Array, actual: Array) -> Fact | None:
    """Compares the entries that are not numbers: NaN must stand where NaN stands, and each infinity by its sign."""
    wanted, got = _wide(expected), _wide(actual)
    same = (np.isnan(wanted) == np.isnan(got)) & (np.isinf(wanted) == np.isinf(got))
    same &= ~np.isinf(wanted) | (np.sign(wanted) == np.sign(got))
    if same.all():
        return None
    data = {"nan": bool(np.isnan(got).any()), "infinite": bool(np.isinf(got).any()), "share": _share(~same)}
    return Fact("not_finite", data)


def _difference(expected: Array, actual: Array, rtol: float, atol: float) -> Fact | None:
    """What is wrong with the finite entries; the other ones agree."""
    finite = np.isfinite(_wide(expected))
    wanted, got = _wide(expected)[finite], _wide(actual)[finite]
    with np.errstate(all="ignore"):  # a student's 1e308 overflows on its way to being wrong
        distance = np.abs(got - wanted)
        apart = distance > atol + rtol * np.abs(wanted)
        if not apart.any():
            return None
        data = {"share": _share(apart), "size": _size(distance, wanted), "pattern": _pattern(wanted, got, rtol, atol)}
    return Fact("values_differ", data)


def _size(distance: Array, wanted: Array) -> str:
    """How large the largest difference is, compared with the size of the number that it belongs to."""
    scale = np.maximum(np.maximum(np.abs(wanted), np.mean(np.abs(wanted))), np.finfo(np.float64).tiny)
    largest = float(np.max(distance / scale))
    return "slight" if largest < 0.01 else "moderate" if largest < 1 else "large"


def _pattern(wanted: Array, got: Array, rtol: float, atol: float) -> str | None:
    """How wrong numbers are related to the right ones as a whole; None if in no simple way.

    "sign", "factor" (all are the same multiple), "offset" (all are off by the same amount), "reordered".
    """
    if wanted.size < 4 or np.ptp(wanted) == 0 or np.ptp(got) == 0:
        return None

    def near(left: Array, right_: Array) -> bool:
        return bool(np.allclose(left, right_, rtol=10 * rtol, atol=10 * atol))

    square = float(wanted @ wanted)  # 0 also where numbers are so small that their squares vanish
    factor = float(got @ wanted) / square if square else 0.0
    if near(got, -wanted):
        return "sign"
    if near(got, factor * wanted):
        return "factor"
    if near(got - wanted, np.full_like(wanted, np.mean(got - wanted))):
        return "offset"
    return "reordered" if near(np.sort(got), np.sort(wanted)) else None


def _wide(array: Array) -> Array:
    return array.astype(np.float64)


def _share(mask: Array) -> float:
    return round(float(np.mean(mask)), 3)


def _is_numbers(value: Any) -> bool:
    """Whether a nest of lists and tuples has a number (a scalar array counts) at every leaf."""
    if isinstance(value, tuple | list):
        return len(value) > 0 and all(_is_numbers(item) for item in value)
    return isinstance(value, bool | int | float) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _as_array(value: Any) -> Array | None:
    """A float64 array of written numbers; None for booleans, ragged lists and integers that no float can hold."""
    if not _no_flags(value):
        return None
    try:
        return np.asarray(value, dtype=np.float64)
    except (ValueError, OverflowError):
        return None


def _no_flags(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(_no_flags(item) for item in value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu" and value.dtype != np.float16
    return not isinstance(value, bool)
