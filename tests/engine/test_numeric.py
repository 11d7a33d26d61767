"""Numbers against the reference's numbers: exact shape, dtype, finite entries, then the tolerance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.checks.numeric import all_agree, compare_arrays, compare_plain
from autograder.checks.verdict import Fact, Status, Verdict, right, wrong
from autograder.sandbox.outcome import Crashed, Missing, Opaque, SymbolicObject, TimedOut, Value

EXPECTED = np.array([[1.0, -2.0, 3.5], [0.25, 5.0, -0.75]], dtype=np.float32)


def compare(actual, expected=EXPECTED, **options):
    return compare_arrays(expected, Value(actual), **options)


def kinds(verdict):
    return [fact.kind for fact in verdict.facts]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_numbers_are_right_in_single_and_double_precision(dtype):
    assert compare(EXPECTED.astype(dtype)) == right()


def test_a_difference_within_the_tolerance_is_right():
    assert compare(EXPECTED * (1 + 5e-5)).status is Status.RIGHT


def test_a_tiny_offset_is_not_equal():
    assert compare(EXPECTED + 1e-3).status is Status.WRONG


def test_the_tolerance_is_relative_to_the_expected_number_and_not_to_the_student_s():
    assert compare(np.array([1e9]), np.array([1.0])).status is Status.WRONG
    assert compare(np.array([0.0]), np.array([1e-6])).status is Status.RIGHT
    assert compare(np.array([0.0]), np.array([1e-6]), atol=1e-8).status is Status.WRONG


@pytest.mark.parametrize("shape", [(3, 2), (6,), (1, 2, 3), (2, 3, 1), (2, 1), (1, 3), (3,), ()])
def test_a_shape_that_would_broadcast_or_reshape_is_refused(shape):
    verdict = compare(np.resize(EXPECTED, shape).astype(np.float32))
    assert verdict.status is Status.FAILED
    assert verdict.facts == (Fact("wrong_shape", {"expected": (2, 3), "actual": shape}),)


@pytest.mark.parametrize("dtype", [np.float16, np.complex64, np.complex128, np.bool_, np.int64, np.int32, np.uint8])
def test_other_kinds_of_number_are_refused_where_floats_are_expected(dtype):
    ones = np.ones((2, 3), dtype=np.float32)
    verdict = compare(ones.astype(dtype), ones)
    assert verdict.status is Status.FAILED
    assert verdict.facts[0].data["actual"] == np.dtype(dtype).name


def test_integers_are_right_where_integers_are_expected():
    assert compare(np.array([1, 4, 3], dtype=np.int32), np.array([1, 4, 3])).status is Status.RIGHT


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_entry_that_is_not_finite_is_wrong_however_the_rest_agrees(bad):
    actual = EXPECTED.copy()
    actual[1, 2] = bad
    verdict = compare(actual)
    assert kinds(verdict) == ["not_finite"]
    assert verdict.facts[0].data == {"nan": bool(np.isnan(bad)), "infinite": bool(np.isinf(bad)), "share": 0.167}


def test_nan_and_each_infinity_must_stand_where_they_are_expected():
    expected = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert compare(expected.copy(), expected).status is Status.RIGHT
    assert compare(np.array([np.nan, -np.inf, -np.inf, 1.0]), expected).status is Status.WRONG
    assert compare(np.array([np.inf, np.nan, -np.inf, 1.0]), expected).status is Status.WRONG
    assert compare(np.array([np.nan, np.inf, 3e38, 1.0]), expected).status is Status.WRONG


def test_empty_arrays_of_the_same_shape_agree():
    assert compare(np.zeros((0, 3)), np.zeros((0, 3))).status is Status.RIGHT
    assert compare(np.zeros((3, 0)), np.zeros((0, 3))).status is Status.FAILED


def test_a_tuple_whose_first_item_agrees_has_half_the_credit():
    verdict = compare((EXPECTED, np.zeros((2, 2))))
    assert (verdict.status, verdict.credit) == (Status.PARTIAL, 0.5)
    assert verdict.facts == (Fact("tuple_returned", {"items": 2}),)


def test_a_tuple_whose_second_item_agrees_has_none():
    verdict = compare((np.zeros((2, 3)), EXPECTED))
    assert verdict.credit == 0
    assert kinds(verdict) == ["tuple_returned", "values_differ"]


@pytest.mark.parametrize("value", [(), ("text", EXPECTED), ((EXPECTED,), EXPECTED), (None, EXPECTED)])
def test_a_tuple_that_does_not_begin_with_an_array_is_a_wrong_type(value):
    assert kinds(compare(value)) == ["wrong_type"]


OUTPUT = np.array([1.0, 4.0, 3.0], dtype=np.float32)


@pytest.mark.parametrize(
    "value",
    [
        (1, 4, 3),
        (1.0, 4.0, 3.0),
        np.array([1, 4, 3]),
        OUTPUT,
        (np.array(1.0), np.array(4), 3),
    ],
)
def test_numbers_written_out_are_right_where_a_sequence_is_allowed(value):
    assert compare(value, OUTPUT, sequence_ok=True).status is Status.RIGHT


@pytest.mark.parametrize(
    "value",
    [(True, 4, 3), (1, 4), ((1, 4, 3),), (1, 4, 4), ("1", "4", "3"), (1, (4, 3)), (10**400, 4, 3), np.ones(3) > 0],
)
def test_other_sequences_are_not(value):
    assert compare(value, OUTPUT, sequence_ok=True).credit == 0


def test_numbers_written_out_are_refused_where_an_array_is_asked_for():
    assert kinds(compare((1, 4, 3), OUTPUT)) == ["wrong_type"]


@pytest.mark.parametrize(
    ("outcome", "fact"),
    [
        (Missing("q4.step"), Fact("missing", {"name": "q4.step"})),
        (
            Crashed("ValueError", "q4", 12, "raised"),
            Fact("crashed", {"exception": "ValueError", "module": "q4", "line": 12, "reason": "raised"}),
        ),
        (TimedOut("q4", 5.0, "call"), Fact("timed_out", {"module": "q4", "seconds": 5.0, "during": "call"})),
        (Value(None), Fact("returned_none")),
        (
            Value(Opaque("generator", "cannot cross")),
            Fact("returned_opaque", {"type": "generator", "detail": "cannot cross"}),
        ),
        (Value("a"), Fact("wrong_type", {"actual": "str", "expected": "array"})),
        (Value(1.5), Fact("wrong_type", {"actual": "float", "expected": "array"})),
        (Value({"a": 1}), Fact("wrong_type", {"actual": "dict", "expected": "array"})),
        (Value(SymbolicObject("Symbol", ("d",))), Fact("wrong_type", {"actual": "SymPy object", "expected": "array"})),
    ],
)
def test_what_is_no_array_fails_with_a_fact(outcome, fact):
    verdict = compare_arrays(EXPECTED, outcome)
    assert (verdict.status, verdict.credit, verdict.facts) == (Status.FAILED, 0.0, (fact,))


def test_a_number_agrees_with_a_scalar_and_true_is_not_one():
    one = np.array(1.0, dtype=np.float32)
    assert compare(1.0, one).status is Status.RIGHT
    assert compare(True, one).status is Status.FAILED
    assert compare(np.array(True), one).status is Status.FAILED


def test_a_float_is_no_whole_number():
    assert compare(4, np.array(4)).status is Status.RIGHT
    assert compare(4.0, np.array(4)).facts == (Fact("wrong_type", {"actual": "float", "expected": "whole number"}),)


SERIES = np.random.default_rng(5).normal(size=(4, 5))


@pytest.mark.parametrize(
    ("actual", "pattern"),
    [
        (-SERIES, "sign"),
        (SERIES / np.sqrt(5), "factor"),
        (SERIES + 0.5, "offset"),
        (SERIES[::-1], "reordered"),
        (np.sin(SERIES), None),
    ],
)
def test_a_simple_relation_to_the_expected_numbers_is_named(actual, pattern):
    assert compare(actual, SERIES).facts[0].data["pattern"] == pattern


def test_facts_about_wrong_numbers_hold_no_expected_number():
    data = compare(SERIES * 1.01, SERIES).facts[0].data
    assert data == {"share": 1.0, "size": "moderate", "pattern": "factor"}


def test_numbers_that_overflow_are_just_wrong():
    assert compare(np.full((4, 5), 1e308), SERIES).facts[0].data["size"] == "large"


FINITE = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6))


@given(FINITE)
def test_every_array_agrees_with_itself(array):
    assert compare(array.copy(), array).status is Status.RIGHT


@given(FINITE, st.data())
def test_one_wrong_entry_is_enough(array, data):
    index = data.draw(st.tuples(*(st.integers(0, side - 1) for side in array.shape)))
    actual = array.copy()
    actual[index] += 1e-3 + 1e-3 * abs(actual[index])
    assert compare(actual, array).status is Status.WRONG


def test_the_least_credit_counts_with_its_case_s_facts():
    half = Verdict(Status.PARTIAL, 0.5, (Fact("tuple_returned", {"items": 2}),))
    verdict = all_agree([("small", right()), ("b = 1", half), ("h = k", wrong(Fact("values_differ"))), ("last", half)])
    assert verdict == wrong(Fact("values_differ", {"case": "h = k"}))
    assert all_agree([("small", right()), ("b = 1", half)]).facts[0].data == {"items": 2, "case": "b = 1"}


def test_right_in_every_case_is_right():
    assert all_agree([("a", right()), ("b", right())]) == right()


def test_cases_after_one_without_credit_are_not_computed():
    def cases():
        yield "first", wrong()
        raise AssertionError

    assert all_agree(cases()).credit == 0


def test_a_comparison_without_cases_is_our_own_error():
    with pytest.raises(ValueError, match="at least one case"):
        all_agree([])


@pytest.mark.parametrize(("expected", "actual"), [(30, 30), (True, True), ("W_o", "W_o")])
def test_a_plain_value_equal_in_type_and_value_is_right(expected, actual):
    assert compare_plain(expected, Value(actual)).status is Status.RIGHT


@pytest.mark.parametrize(("expected", "actual"), [(1, True), (30, 30.0), (30, 31), (True, 1), (30, "30"), (30, None)])
def test_a_plain_value_of_another_type_is_not(expected, actual):
    assert compare_plain(expected, Value(actual)).credit == 0
