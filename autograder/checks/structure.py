"""Plain values: attributes, shapes, entries of a dict. `expected` values here are public promises of the homework."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checks.failures import data_or_failure, tuple_returned, unanswered, wrong_type
from autograder.checks.verdict import Fact, Status, Verdict, right, wrong
from autograder.sandbox.outcome import Outcome


def attribute_is(actual: Outcome, name: str, expected: int) -> Verdict:
    """Whether an attribute of an object has the number that the homework asks for."""
    data = data_or_failure(actual)
    if isinstance(data, Verdict):
        return data
    if type(data) is int and data == expected:
        return right()
    return wrong(Fact("attribute_differs", {"name": name, "expected": expected}))


def shape_is(actual: Outcome, expected: tuple[int, ...]) -> Verdict:
    """Whether a result is an array of the promised shape. A tuple whose first item is has half the credit."""
    data = data_or_failure(actual)
    if isinstance(data, Verdict):
        return data
    first = data[0] if isinstance(data, tuple) and data else data
    if not isinstance(first, np.ndarray):
        return wrong_type(first, expected="a tensor")
    if first.shape == expected:
        return right() if first is data else tuple_returned(data)
    return wrong(Fact("wrong_shape", {"expected": expected, "actual": first.shape}))


def entry_of(actual: Outcome, key: str, kind: type) -> Any:
    """The entry `key` of a dict if it is there and of `kind`, else a Verdict that says what is wrong."""
    data = data_or_failure(actual)
    if isinstance(data, Verdict):
        return data
    if not isinstance(data, dict):
        return wrong_type(data, expected="a dict")
    value = _as_python(data.get(key))
    if value is None or (isinstance(value, str) and not value):
        return unanswered()
    return value if type(value) is kind else wrong_type(value, expected=f"{kind.__name__} in {key!r}")


def _as_python(value: Any) -> Any:
    """NumPy's truth values, indices and pairs of them as Python's: `.all()`, `argmax` and `argwhere` give those."""
    if isinstance(value, tuple):
        return tuple(_as_python(item) for item in value)
    if not isinstance(value, np.ndarray) or value.ndim > 1 or value.size > 2 or value.dtype.kind not in "biu":
        return value
    return value.item() if value.ndim == 0 else tuple(value.tolist())


def flags_agree(expected: dict[str, bool], actual: Outcome) -> dict[str, Verdict]:
    """A verdict for each entry of a dict of truth values."""
    return {key: _flag_agrees(value, entry_of(actual, key, bool), key) for key, value in expected.items()}


def flags_given(keys: Sequence[str], actual: Outcome) -> dict[str, Verdict]:
    """Whether each entry of a dict is a truth value at all."""
    entries = {key: entry_of(actual, key, bool) for key in keys}
    return {key: entry if isinstance(entry, Verdict) else right() for key, entry in entries.items()}


def _flag_agrees(expected: bool, actual: bool | Verdict, key: str) -> Verdict:
    if isinstance(actual, Verdict):
        return actual
    return right() if actual is expected else wrong(Fact("entry_differs", {"key": key}))


def pair_of_indices(value: Sequence[Any], name: str, limits: tuple[int, int], *, axes: tuple[str, str]) -> Any:
    """`value` as two whole numbers, each from 0 to below its limit, else a Verdict. `axes`: what the two count."""
    counted = ", ".join(axes)
    fits = len(value) == 2 and all(type(index) is int for index in value)
    if not fits:
        return wrong(Fact("not_a_pair", {"name": name, "axes": counted}))
    if not all(0 <= index < limit for index, limit in zip(value, limits, strict=True)):
        return wrong(Fact("pair_out_of_range", {"name": name, "limits": limits, "axes": counted}))
    return tuple(value)


def first_failure(verdicts: Sequence[Verdict]) -> Verdict:
    """All of them have to hold: the least credit counts, with the facts of the first that has it."""
    return min(verdicts, key=lambda verdict: verdict.credit)


def share_right(verdicts: Mapping[str, Verdict]) -> Verdict:
    """The share of entries that are right, and which are not."""
    short = [key for key, verdict in verdicts.items() if verdict.status is not Status.RIGHT]
    shown = [verdict.facts for verdict in verdicts.values() if verdict.status is Status.RIGHT]
    if not short:
        return Verdict(Status.RIGHT, 1.0, shown[0])
    first = verdicts[short[0]]
    if not shown and all(verdict == first for verdict in verdicts.values()):
        return first
    credit = len(shown) / len(verdicts)
    facts = (Fact("entries_lacking", {"keys": ", ".join(short)}), *(shown[0] if shown else ()))
    return Verdict(Status.PARTIAL if shown else Status.UNANSWERED, credit, facts)
