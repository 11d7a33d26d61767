"""Entries of a dict that a student filled in: Python's values, or NumPy's, as computed answers are."""

import numpy as np
import pytest

from autograder.checks.structure import entry_of, pair_of_indices
from autograder.checks.verdict import Status, Verdict
from autograder.sandbox.outcome import Value


def entry(value, kind):
    return entry_of(Value({"key": value}), "key", kind)


@pytest.mark.parametrize("value", [True, np.array(True)])
def test_a_truth_value_may_be_numpys(value):
    assert entry(value, bool) is True


@pytest.mark.parametrize(
    "value", [(2, 0), (np.array(2), np.array(0)), np.array([2, 0]), (np.array(2, dtype=np.uint8), 0)]
)
def test_a_pair_of_indices_may_be_numpys(value):
    assert pair_of_indices(entry(value, tuple), "key", (3, 4), axes=("layer", "head")) == (2, 0)


@pytest.mark.parametrize("value", [(2.0, 0), (True, 0), (np.array(True), 0), (2, 0, 1), (-1, 0), (3, 0)])
def test_what_is_no_pair_of_indices_is_wrong(value):
    assert isinstance(pair_of_indices(entry(value, tuple), "key", (3, 4), axes=("layer", "head")), Verdict)


@pytest.mark.parametrize("value", [1, 1.0, "True", np.array(1), np.array([True, True, True]), np.ones((2, 2))])
def test_what_is_no_truth_value_is_refused(value):
    verdict = entry(value, bool)
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.FAILED


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_entry_is_not_answered(value):
    assert entry(value, bool).status is Status.UNANSWERED
