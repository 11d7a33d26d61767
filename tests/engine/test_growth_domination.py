"""Domination of a monomial by a sum: both answers carry a proof, and the proofs are checked here by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.domination import Dominated, Escapes, domination
from autograder.checks.growth.simplex import maximize
from autograder.checks.growth.terms import Monomial
from autograder.checks.growth.work import Undecidable, Work
from tests.engine.growth_answers import BETWEEN, DECODING, FREE

numbers = st.integers(-6, 6).map(lambda value: Fraction(value, 2))
vectors = st.tuples(*[numbers] * 4)


def along(vector: tuple[Fraction, ...], ray: tuple[Fraction, ...]) -> Fraction:
    return sum((a * b for a, b in zip(vector, ray, strict=True)), Fraction(0))


def in_the_dual_cone(vector: list[Fraction], conditions: SideConditions) -> bool:
    """Whether products with these powers are at least 1 everywhere: tried on all small directions of the cone."""
    directions = [(a, b, c, d) for a in range(3) for b in range(3) for c in range(3) for d in range(3)]
    allowed = [ray for ray in directions if all(along(floor, ray) >= 0 for floor in conditions.floors)]
    return all(along(tuple(vector), ray) >= 0 for ray in allowed)


@settings(max_examples=300, deadline=None)
@given(vectors, st.lists(vectors, min_size=1, max_size=6), st.sampled_from([FREE, DECODING, BETWEEN]))
def test_every_answer_of_the_program_is_proven(
    powers: tuple[Fraction, ...], others: list[tuple[Fraction, ...]], conditions: SideConditions
) -> None:
    terms = tuple(Monomial(other) for other in dict.fromkeys(others))
    found = domination(Monomial(powers), terms, conditions, Work())
    if isinstance(found, Escapes):
        (ray,) = found.levels
        assert min(ray) >= 0
        assert all(along(floor, ray) >= 0 for floor in conditions.floors)
        assert all(along(powers, ray) > along(term.powers, ray) for term in terms)
    else:
        assert found.weights is not None
        assert min(weight for _, weight in found.weights) > 0
        assert sum(weight for _, weight in found.weights) == 1
        mean = [sum((w * term.powers[i] for term, w in found.weights), Fraction(0)) for i in range(4)]
        assert in_the_dual_cone([a - b for a, b in zip(mean, powers, strict=True)], conditions)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=2, max_size=2),
    st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5), st.integers(0, 5)), max_size=5),
)
def test_the_simplex_method_finds_the_best_corner(objective: list[int], rows: list[tuple[int, int, int]]) -> None:
    bounded = [*rows, (1, 0, 7), (0, 1, 7)]  # so that there is a maximum
    best = maximize(objective, [row[:2] for row in bounded], [row[2] for row in bounded], Work())
    lines = [*bounded, (-1, 0, 0), (0, -1, 0)]
    corners = [corner for i, a in enumerate(lines) for b in lines[:i] if (corner := crossing(a, b)) is not None]
    feasible = [(x, y) for x, y in corners if all(a * x + b * y <= c for a, b, c in lines)]
    assert best.value == max(objective[0] * x + objective[1] * y for x, y in feasible)
    assert best.value == along(tuple(map(Fraction, objective)), best.point)
    # duality: the prices prove that nothing is better
    assert best.value == sum((price * row[2] for price, row in zip(best.prices, bounded, strict=True)), Fraction(0))


def crossing(first: tuple[int, int, int], second: tuple[int, int, int]) -> tuple[Fraction, Fraction] | None:
    (a, b, c), (d, e, f) = first, second
    determinant = a * e - b * d
    return (Fraction(c * e - b * f, determinant), Fraction(a * f - c * d, determinant)) if determinant else None


def test_a_program_without_a_maximum_or_a_feasible_origin_is_refused() -> None:
    with pytest.raises(ValueError, match="no maximum"):
        maximize([1], [[-1]], [0], Work())
    with pytest.raises(ValueError, match="origin"):
        maximize([1], [[1]], [-1], Work())


def test_work_runs_out() -> None:
    with pytest.raises(Undecidable) as stop:
        domination(Monomial((Fraction(1),)), (Monomial((Fraction(2),)),) * 3, SideConditions(1, {}), Work(5))
    assert stop.value.reason == "too_long"


@pytest.mark.parametrize("power", [Fraction(1), Fraction(7, 3)])
def test_a_log_is_below_every_power_and_no_power_below_a_log(power: Fraction) -> None:
    conditions = SideConditions(1, {})
    logs, tiny = Monomial((0,), (((1,), power * 9),)), Monomial((Fraction(1, 9),))
    assert isinstance(domination(logs, (tiny,), conditions, Work()), Dominated)
    assert isinstance(domination(tiny, (logs,), conditions, Work()), Escapes)
