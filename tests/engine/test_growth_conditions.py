"""Side conditions: what they are made of, and what they refuse."""

from fractions import Fraction

import pytest

from autograder.checks.growth.comparison import compare_growth
from autograder.checks.growth.declared import side_conditions
from autograder.errors import HomeworkInvalid
from tests.engine.growth_answers import BETWEEN, DECODING, SAME_SIZES, tree


def test_facets_become_coordinates_where_they_are_as_many_as_the_free_names() -> None:
    assert DECODING.size == 4
    assert DECODING.floors == ()
    assert DECODING.vectors["d"] == tuple(map(sum, zip(DECODING.vectors["h"], DECODING.vectors["k"], strict=True)))


def test_other_side_conditions_are_kept_as_floors() -> None:
    assert BETWEEN.size == 4
    assert len(BETWEEN.floors) == 2


def test_an_equality_says_that_the_name_is_at_least_one() -> None:
    ratio = side_conditions(["d", "h", "k"], {"k": tree("d/h")})
    assert compare_growth(tree("d"), tree("d + h"), ratio).relation == "equal"


def test_equalities_may_build_on_each_other() -> None:
    chain = side_conditions(["d", "h", "k", "v"], {"v": tree("k"), "k": tree("d/h")})
    assert compare_growth(tree("d"), tree("h v"), chain).relation == "equal"


def test_a_name_may_stand_for_a_sum() -> None:
    total = side_conditions(["n", "d", "k"], {"k": tree("n + d")})
    assert compare_growth(tree("max(n, d)"), tree("k"), total).relation == "equal"
    assert compare_growth(tree("n"), tree("k - d"), total).relation == "equal"


def test_a_name_may_be_another_name() -> None:
    assert compare_growth(tree("N D^2"), tree("N D M"), SAME_SIZES).relation == "equal"


def test_roots_may_be_declared() -> None:
    root = side_conditions(["n", "d"], {"d": tree("sqrt(n)")})
    assert compare_growth(tree("n"), tree("d^2"), root).relation == "equal"
    assert root.vectors["d"] == (Fraction(1, 2),)


@pytest.mark.parametrize(
    ("equalities", "inequalities"),
    [
        ({"k": "d/h", "d": "h k"}, ()),  # in a circle
        ({"x": "d"}, ()),  # not declared
        ({"k": "N"}, ()),  # stands for what is not declared
        ({"k": "2^d"}, ()),
        ({}, (("h", "d"), ("d", "h"))),  # forces h = d
        ({"k": "1/d"}, ()),  # forces d = 1
        ({}, (("h", "y"),)),
        ({"k": "d + h"}, (("k", "d"),)),  # an inequality about a sum
    ],
)
def test_side_conditions_that_cannot_be_used_are_refused(
    equalities: dict[str, str], inequalities: tuple[tuple[str, str], ...]
) -> None:
    trees = {name: tree(text) for name, text in equalities.items()}
    with pytest.raises(HomeworkInvalid):
        side_conditions(["d", "h", "k"], trees, inequalities)
