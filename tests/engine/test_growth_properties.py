"""What must hold for all growths, and an oracle that evaluates far out along rays."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers.tree import Add, Mul, Name, Node, Number, Pow
from autograder.checks.growth.comparison import compare_growth
from benchmarks.growth_oracle import Region, faults, random_answer, random_pair, regions, sampled_logs
from tests.engine.growth_answers import FREE

NAMES = ("b", "n", "d", "h")
MIRRORED = {"upper_bound": "lower_bound", "lower_bound": "upper_bound"}
Exponents = tuple[Fraction, ...]

exponents = st.tuples(*[st.sampled_from([Fraction(n, 2) for n in (-2, -1, 0, 0, 0, 1, 2, 2, 3, 4, 6)])] * len(NAMES))
sums = st.lists(exponents, min_size=1, max_size=5, unique=True)
answers = st.integers(0, 2**32).map(lambda seed: random_answer(random.Random(seed), NAMES))


def monomial(powers: Exponents) -> Node:
    return Mul(tuple(Pow(Name(name), Number(power)) for name, power in zip(NAMES, powers, strict=True)))


def add(terms: list[Node]) -> Node:
    return Add(tuple(terms)) if len(terms) > 1 else terms[0]


def add_up(terms: list[Exponents]) -> Node:
    return add([monomial(term) for term in terms])


def relation(expected: Node, actual: Node) -> str:
    return compare_growth(expected, actual, FREE).relation


@settings(max_examples=150, deadline=None)
@given(answers, answers)
def test_the_relation_is_mirrored_when_the_sides_change_places(left: Node, right: Node) -> None:
    one, other = relation(left, right), relation(right, left)
    assert "undecided" in (one, other) or MIRRORED.get(one, one) == other


@settings(max_examples=80, deadline=None)
@given(answers)
def test_an_answer_equals_itself(answer: Node) -> None:
    assert relation(answer, answer) in ("equal", "undecided")


@settings(max_examples=100, deadline=None)
@given(sums, sums, st.randoms(use_true_random=False))
def test_order_grouping_and_constants_change_nothing(
    left: list[Exponents], right: list[Exponents], rng: random.Random
) -> None:
    other = [Mul((monomial(term), Number(Fraction(rng.randint(1, 9), rng.randint(1, 9))))) for term in right]
    rng.shuffle(other)
    regrouped = add([other[0], add(other[1:])] if len(other) > 1 else other)
    assert relation(add_up(left), add_up(right)) == relation(add_up(left), regrouped)


@settings(max_examples=100, deadline=None)
@given(sums, exponents, exponents)
def test_multiplying_out_changes_nothing(terms: list[Exponents], first: Exponents, second: Exponents) -> None:
    factored = Mul((add_up(terms), add_up([first, second])))
    products = [tuple(a + b for a, b in zip(term, factor, strict=True)) for term in terms for factor in (first, second)]
    assert relation(factored, add_up(products)) == "equal"


@settings(max_examples=150, deadline=None)
@given(sums, st.data())
def test_adding_a_dominated_term_changes_nothing(terms: list[Exponents], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 5), min_size=len(terms), max_size=len(terms)).filter(any))
    smaller = data.draw(st.tuples(*[st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 2)])] * len(NAMES)))
    mean = [
        sum((weight * term[i] for weight, term in zip(weights, terms, strict=True)), Fraction(0)) / sum(weights)
        for i in range(len(NAMES))
    ]
    dominated = tuple(a - b for a, b in zip(mean, smaller, strict=True))
    assert relation(add_up(terms), add_up([*terms, dominated])) == "equal"


def is_escaping(candidate: Exponents, terms: list[Exponents]) -> bool:
    """Whether some of many rays has the candidate above all terms; enough to know that no sum of them covers it."""
    rays = np.random.default_rng(0).integers(0, 9, (400, len(NAMES)))
    rates = rays @ np.array(terms, dtype=float).T
    return bool(np.any(rays @ np.array(candidate, dtype=float) > rates.max(axis=1) + 1e-9))


@settings(max_examples=150, deadline=None)
@given(sums, exponents)
def test_adding_an_undominated_term_is_a_looser_bound(terms: list[Exponents], extra: Exponents) -> None:
    expected = "upper_bound" if is_escaping(extra, terms) else "equal"
    found = relation(add_up(terms), add_up([*terms, extra]))
    # the rays may miss a way out, but they never see one that is not there
    assert found == expected or (expected, found) == ("equal", "upper_bound")


@settings(max_examples=150, deadline=None)
@given(sums.filter(lambda terms: len(terms) > 1))
def test_removing_a_needed_term_is_a_lower_bound(terms: list[Exponents]) -> None:
    for term in terms:
        others = [other for other in terms if other != term]
        if is_escaping(term, others):
            assert relation(add_up(terms), add_up(others)) == "lower_bound"


@settings(max_examples=120, deadline=None)
@given(sums, sums, sums)
def test_bounds_of_bounds_are_bounds(first: list[Exponents], second: list[Exponents], third: list[Exponents]) -> None:
    low, middle, high = add_up(first), add_up(first + second), add_up(first + second + third)
    assert relation(low, middle) in ("equal", "upper_bound")
    assert relation(middle, high) in ("equal", "upper_bound")
    assert relation(low, high) in ("equal", "upper_bound")
    if relation(low, high) == "equal":
        assert relation(low, middle) == relation(middle, high) == "equal"


@settings(max_examples=60, deadline=None)
@given(sums, st.fractions(Fraction(1, 4), 4, max_denominator=4))
def test_a_power_of_a_sum_is_the_sum_of_the_powers(terms: list[Exponents], power: Fraction) -> None:
    raised = [tuple(entry * power for entry in term) for term in terms]
    assert relation(Pow(add_up(terms), Number(power)), add_up(raised)) == "equal"


@settings(max_examples=60, deadline=None)
@given(sums)
def test_a_cancelled_term_leaves_no_trace(terms: list[Exponents]) -> None:
    huge = monomial((Fraction(9),) * len(NAMES))
    assert relation(add_up(terms), Add((huge, add_up(terms), Mul((Number(Fraction(-1)), huge))))) == "equal"


@pytest.mark.parametrize("region", regions(), ids=("free", "h <= d and k = d/h"))
def test_an_evaluation_far_out_agrees(region: Region) -> None:
    rng, logs = random.Random(5), sampled_logs(region, 300, 5)
    for _ in range(150):
        expected, actual = random_pair(rng, region.names)
        comparison = compare_growth(expected, actual, region.conditions)
        assert faults(expected, actual, comparison, logs) == [], (expected, actual, comparison)
