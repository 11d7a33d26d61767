"""Conditions are judged by the rows of similarities that they allow, whatever words they are in."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers.conditions import read_condition
from autograder.answers.conditions_formula import (
    AllOf,
    AnyOf,
    Compared,
    Condition,
    Every,
    Formula,
    Not,
    Some,
    closed,
)
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.conditions import (
    Row,
    equivalent_conditions,
    holds,
    implies,
    is_possible,
    judge_condition,
    keeps_sum_from_zero,
    row_without_sum,
)
from autograder.checks.verdict import Status

SIMILARITY = Vocabulary("condition", (), functions={"sim": 2})


def read(answer: str) -> Condition:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Condition), result
    return result


POSITIVE = read("sim(q, k) > 0")
# The alternatives of marking.md, row 6.a, and the share that each earns.
ALTERNATIVES = [
    (read("sim(q, k) > 0"), 1.0),
    (read("sum_j sim(Q_i, K_j) != 0"), 1.0),
    (read("sum_j sim(Q_i, K_j) > 0"), 1.0),
    (read("sim(q, k) >= 0"), 0.5),
    (read("sum_j sim(Q_i, K_j) >= 0"), 0.5),
    (read("sim(q, k) != 0"), 0.25),
    (read("sim(q, k) <= 0"), 0.0),
]


def credit(answer: str) -> float:
    given = read(answer)
    return max(judge_condition(wanted, given).credit * share for wanted, share in ALTERNATIVES)


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ("sim(q, k) > 0", 1), ("sum != 0", 1), ("sum > 0", 1), ("sum < 0", 1), ("sim < 0", 1), ("|sum| > 0", 1),
        ("sim >= 0 and not all zero", 1), ("sim >= 0 and sum != 0", 1), ("sim >= 0 and sim != 0", 1),
        ("not (sim <= 0)", 1), ("not (sum = 0)", 1), ("sim > 0 for all q, k or sim < 0 for all q, k", 1),
        ("sim is always positive or always negative", 1), ("sim != 0 and the same sign", 1), ("sim > 1", 1),
        ("sim > 0 or sum > 0", 1), ("sim >= 0 and at least one sim > 0", 1), ("sum = 1", 1), ("0 < sim <= 1", 1),
        ("sim >= 0", 0.5), ("sum >= 0", 0.5), ("0 <= sim <= 1", 0.5), ("sim >= 0 or sim > 0", 0.5),
        ("sum >= 0 and sim != 0", 0.5),
        ("sim != 0", 0.25), ("sim > 0 or sim < 0", 0.25), ("|sim| > 0", 0.25), ("sim > 1 or sim < -1", 0.25),
        ("sim <= 0", 0), ("sim = 0", 0), ("none", 0), ("sim > 0 and sim < 0", 0), ("not (sim > 0)", 0), ("sum = 0", 0),
        ("not all sim are zero", 0), ("at least one sim > 0", 0), ("sim > -1", 0), ("sim is finite", 0),
        ("sum <= 0", 0), ("sim >= 0 or sim <= 0", 0), ("sim < 1", 0),
    ],
)  # fmt: skip
def test_an_answer_earns_what_it_implies(answer: str, share: float) -> None:
    assert credit(answer) == share


@pytest.mark.parametrize(
    ("answer", "row"),
    [("sim >= 0", ["0", "0"]), ("sim != 0", ["1", "-1"]), ("sim > -1", ["0", "0"]), ("sum >= 0", ["0", "0"]),
     ("sim >= 2 or sim < -1", ["2", "-2"]), ("at least one sim > 0", ["1", "-1"])],
)  # fmt: skip
def test_the_counterexample_is_a_small_row_that_adds_up_to_zero(answer: str, row: list[str]) -> None:
    verdict = judge_condition(POSITIVE, read(answer))
    assert (verdict.status, verdict.relation) == (Status.WRONG, "not_equal")
    assert [dict(fact.data) for fact in verdict.facts] == [{"values": row}]


@pytest.mark.parametrize("answer", ["sim > 0 and sim < 0", "sim = 0", "sum = 0", "sim >= 0 and sum < 0"])
def test_a_condition_that_nothing_useful_meets_is_called_so(answer: str) -> None:
    verdict = judge_condition(POSITIVE, read(answer))
    assert [fact.kind for fact in verdict.facts] == ["condition_impossible"]
    assert verdict.credit == 0


def test_equal_and_stronger_conditions_are_right() -> None:
    equal, stronger = judge_condition(POSITIVE, read("not (sim <= 0)")), judge_condition(POSITIVE, read("sim > 3"))
    assert (equal.status, equal.relation) == (Status.RIGHT, "equal")
    assert (stronger.status, stronger.relation) == (Status.RIGHT, "not_equal")


BOUNDS = (Fraction(-1), Fraction(0), Fraction(0), Fraction(1, 2), Fraction(1))
_comparisons = st.builds(
    Compared, st.sampled_from(["one", "sum"]), st.sampled_from(["<", "≤", "=", "≠", "≥", ">"]),
    st.sampled_from(BOUNDS), st.booleans(),
)  # fmt: skip
formulas = st.recursive(
    _comparisons,
    lambda inner: st.one_of(
        st.builds(Not, inner), st.builds(Every, inner), st.builds(Some, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=4,
).map(closed)  # fmt: skip
GRID = [Fraction(value, 4) for value in (-9, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6)]
ROWS = [Row(row, sum(row, Fraction(0))) for length in (1, 2, 3) for row in product(GRID, repeat=length)]


@settings(deadline=None, max_examples=60)
@given(formulas, formulas)
def test_what_implies_is_never_refuted_by_a_row(left: Formula, right: Formula) -> None:
    """Rows of actual numbers, with their actual sums, against the cells of the judge."""
    refuted = any(holds(left, row) and not holds(right, row) for row in ROWS)
    assert implies(left, right) is not True or not refuted


@settings(deadline=None, max_examples=60)
@given(formulas)
def test_the_judge_knows_when_a_sum_can_be_zero(formula: Formula) -> None:
    zero = any(row.total == 0 and holds(formula, row) for row in ROWS)
    row = row_without_sum(formula)
    assert not (keeps_sum_from_zero(formula) and (zero or row))
    assert row is None or (sum(row) == 0 and holds(formula, Row(row, Fraction(0))))
    assert row is not None or not zero
    assert is_possible(formula) or not any(row.total != 0 and holds(formula, row) for row in ROWS)


@settings(deadline=None, max_examples=60)
@given(formulas, formulas)
def test_a_conjunction_implies_its_parts_and_they_their_disjunction(left: Formula, right: Formula) -> None:
    both, either = AllOf((left, right)), AnyOf((left, right))
    assert implies(both, left)
    assert implies(left, either)
    assert equivalent_conditions(Condition(Not(both), ""), Condition(AnyOf((Not(left), Not(right))), ""))


@settings(deadline=None, max_examples=60)
@given(formulas, formulas)
def test_the_verdict_is_equal_exactly_when_both_imply_each_other(left: Formula, right: Formula) -> None:
    verdict = judge_condition(Condition(left, ""), Condition(right, ""))
    assert (verdict.relation == "equal") == (implies(left, right) and implies(right, left))
