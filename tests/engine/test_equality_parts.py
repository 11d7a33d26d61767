"""The parts that the comparison of expressions stands on: bounds that are certain, arrays, the process with SymPy."""

import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers.tree import Node
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.shapes import judge_shape
from autograder.checks.symbolic import enclosure
from autograder.checks.symbolic.comparison import compare_expressions
from autograder.checks.symbolic.evaluate import CannotEvaluate, evaluate
from autograder.checks.symbolic.fingerprint import expression_normal_form
from autograder.checks.symbolic.prover import Prover
from autograder.checks.verdict import Fact, Status
from tests.engine.equality_vocabularies import KERNEL, MOMENTS, REALS, tree

_fractions = st.fractions(min_value=-50, max_value=50, max_denominator=60)
_positive = _fractions.filter(lambda value: value > 0)


def ball(value: Fraction) -> enclosure.Ball:
    return enclosure.ball(value)


def holds(around: enclosure.Real, exact: Fraction) -> bool:
    """Whether the enclosure contains the number, and is narrow."""
    if isinstance(around, Fraction):
        return around == exact
    middle, radius = Fraction(around.middle), Fraction(around.radius)
    return abs(middle - exact) <= radius and radius <= Fraction(1, 10**40) * (1 + abs(exact))


@settings(deadline=None)
@given(_fractions, _fractions)
def test_bounds_of_sums_and_products_contain_them(left: Fraction, right: Fraction) -> None:
    assert holds(enclosure.added(ball(left), ball(right)), left + right)
    assert holds(enclosure.multiplied(ball(left), ball(right)), left * right)
    assert holds(enclosure.subtracted(ball(left), right), left - right)
    if right:
        assert holds(enclosure.multiplied(left, enclosure.inverse(ball(right))), left / right)


@settings(deadline=None)
@given(_positive, st.integers(-4, 6))
def test_bounds_of_powers_and_roots_contain_them(base: Fraction, exponent: int) -> None:
    assert holds(enclosure.power(ball(base), Fraction(exponent)), base**exponent)
    root = enclosure.power(ball(base), Fraction(1, 3))
    assert holds(enclosure.power(root, Fraction(3)), base)
    assert holds(enclosure.power(enclosure.power(base, Fraction(1, 2)), Fraction(2)), base)


@settings(deadline=None)
@given(_positive)
def test_bounds_of_exponentials_and_logarithms_contain_them(value: Fraction) -> None:
    assert holds(enclosure.exponential(enclosure.logarithm(ball(value))), value)
    sine, cosine = enclosure.sine(value), enclosure.cosine(value)
    assert holds(enclosure.added(enclosure.multiplied(sine, sine), enclosure.multiplied(cosine, cosine)), Fraction(1))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(q^T k + 1)^2", 144.0), ("sum_i q_i k_i", 11.0), ("||q||_1 + ||k||^2", 28.0), ("||q|| ||q||", 5.0),
        (r"\|k\|_\infty", 4.0), ("max(D, 3) + q_1 k_2", 7.0), ("log(8, 2) + exp(0)", 4.0), ("|q_1 - k_2|", 3.0),
        ("sum_{i=1}^D i q_i", 5.0), ("sqrt(q^T k - 2)", 3.0), ("||q/2 + k||^2", 37.25),
    ],
)  # fmt: skip
def test_an_expression_is_evaluated_on_arrays(text: str, value: float) -> None:
    q, k = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert evaluate(tree(text, KERNEL), {"q": q, "k": k, "d": 9}) == pytest.approx(value)


def test_arrays_are_broadcast_over_leading_axes() -> None:
    random = np.random.default_rng(1)
    left, right = random.normal(size=(5, 3)), random.normal(size=(4, 3))
    kernel = tree("(q^T k + 1)^2 + D ||q||", KERNEL)
    values = evaluate(kernel, {"q": left[:, None, :], "k": right[None, :, :]})
    expected = (left @ right.T + 1) ** 2 + 3 * np.linalg.norm(left, axis=-1)[:, None]
    assert values.shape == (5, 4)
    assert np.allclose(values, expected)


@pytest.mark.parametrize("text", ["q_3", "d + 1", "q k^T", "q^T k + d"])
def test_what_has_no_value_is_said_to_have_none(text: str) -> None:
    with pytest.raises(CannotEvaluate):
        evaluate(tree(text, KERNEL), {"q": [1.0, 2.0], "k": [3.0, 4.0]})


UNPROVED = [("sin(2x)", "2 sin(x) cos(x)"), ("sqrt(3 + 2 sqrt(2)) x", "x + sqrt(2) x")]


def test_sympy_proves_what_the_normal_form_does_not() -> None:
    patient = Prover(seconds=60)
    for left, right in UNPROVED:
        trees = tree(left, REALS), tree(right, REALS)
        assert compare_expressions(*trees, REALS, prover=None).relation == "undecided"
        assert compare_expressions(*trees, REALS, prover=patient).relation == "equal"


def test_a_division_by_zero_in_disguise_is_never_equal() -> None:
    zero = "(sin(2x) - 2 sin(x) cos(x))"
    trees = tree("x", REALS), tree(f"x {zero}/{zero}", REALS)
    assert compare_expressions(*trees, REALS, prover=None).relation == "undecided"


def test_without_time_for_a_proof_the_answer_is_undecided() -> None:
    trees = tree("sin(2x)", REALS), tree("2 sin(x) cos(x)", REALS)
    began = time.monotonic()
    assert compare_expressions(*trees, REALS, prover=Prover(seconds=0.001)).relation == "undecided"
    assert time.monotonic() - began < 5


def test_equal_answers_have_one_key_and_others_have_another() -> None:
    same = ["||mu||^2", "mu^T mu", "sum_{j=1}^d mu_j^2", "exp(2 log ||mu||)", "||2 mu||^2/4"]
    keys = {expression_normal_form(tree(text, MOMENTS), MOMENTS) for text in same}
    assert len(keys) == 1
    others = ["||mu||", "d", "0", "||mu||^2 + 10^-30", "mu", "mu mu^T", "sqrt(-d)"]
    assert len(keys | {expression_normal_form(tree(text, MOMENTS), MOMENTS) for text in others}) == 1 + len(others)


HEADS = Vocabulary("shape", tuple(Declared(name) for name in "hdkqv"), inequalities=(("h", "d"),))
WIDTHS = {name: tree("d/h", replace(HEADS, form="expression")) for name in "kqv"}


def shape(*sizes: str) -> tuple[Node, ...]:
    return tuple(tree(size, replace(HEADS, form="expression")) for size in sizes)


@pytest.mark.parametrize("sizes", ["h d q", "h d k", "h d v", "h d d/h", "d/k d q", "h h*q k", "h k*h d^2/(d*h)"])
def test_a_shape_is_judged_by_its_values(sizes: str) -> None:
    verdict = judge_shape(shape("h", "d", "q"), shape(*sizes.split()), HEADS, WIDTHS)
    assert (verdict.status, verdict.relation) == (Status.RIGHT, "equal")


@pytest.mark.parametrize(
    ("sizes", "fact"),
    [
        ("d q", Fact("shape_length", {"actual": 2})), ("h d q 1", Fact("shape_length", {"actual": 4})),
        ("d h q", Fact("shape_order")), ("k d h", Fact("shape_order")), ("h d d", Fact("shape_sizes", {"places": [3]})),
        ("d d d", Fact("shape_sizes", {"places": [1, 3]})), ("h q q", Fact("shape_sizes", {"places": [2]})),
        ("h d q+1", Fact("shape_sizes", {"places": [3]})), ("h d h/d", Fact("shape_sizes", {"places": [3]})),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_wrong_in_its_own_way(sizes: str, fact: Fact) -> None:
    verdict = judge_shape(shape("h", "d", "q"), shape(*sizes.split()), HEADS, WIDTHS)
    assert (verdict.status, verdict.credit, verdict.facts) == (Status.WRONG, 0.0, (fact,))
