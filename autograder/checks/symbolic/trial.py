"""Evaluates two expressions at the same points and says how they differ, if they do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import DecimalException
from typing import Literal

from autograder.answers.tree import Node
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.symbolic import enclosure
from autograder.checks.symbolic.enclosure import Real
from autograder.checks.symbolic.evaluation import Place, Point, places_at, value_at
from autograder.checks.symbolic.failures import Budget, Undefined, Unsettled
from autograder.checks.symbolic.points import points_for

STEPS = 3_000  # for one expression at one place of one point

Witness = Literal["value", "sign", "factor", "undefined", "length"]


@dataclass(frozen=True)
class Trial:
    """`witness`: how the values differ, None if they do not. `compared`: whether both had values somewhere."""

    witness: Witness | None
    compared: bool


@dataclass(frozen=True)
class Pair:
    """Values at one place of one point. None for the actual one where it has no real value."""

    expected: Real
    actual: Real | None


def tried(expected: Node, actual: Node, vocabulary: Vocabulary) -> Trial:
    """Values of both at all points, compared."""
    points = points_for(vocabulary)
    if any(_shapes_differ(expected, actual, point) for point in points):
        return Trial("length", True)
    pairs = [pair for point in points for pair in _pairs(expected, actual, point)]
    both = [(pair.expected, pair.actual) for pair in pairs if pair.actual is not None]
    if pairs and not both:
        return Trial("undefined", False)
    return Trial(_difference(both), bool(both))


def _shapes_differ(expected: Node, actual: Node, point: Point) -> bool:
    try:
        return places_at(expected, point) != places_at(actual, point)
    except (Undefined, Unsettled):
        return False


def _pairs(expected: Node, actual: Node, point: Point) -> Iterator[Pair]:
    try:
        for place in places_at(expected, point):
            wanted = value_at(expected, point, Budget(STEPS), place)
            yield Pair(wanted, _value_or_none(actual, point, place))
    except (Undefined, Unsettled):
        return


def _value_or_none(node: Node, point: Point, place: Place) -> Real | None:
    try:
        return value_at(node, point, Budget(STEPS), place)
    except Undefined:
        return None


def _difference(both: Sequence[tuple[Real, Real]]) -> Witness | None:
    if all(_may_be_equal(expected, actual) for expected, actual in both):
        return None
    if all(_may_be_equal(expected, enclosure.negated(actual)) for expected, actual in both):
        return "sign"
    return "factor" if _is_constant_factor(both) else "value"


def _may_be_equal(left: Real, right: Real) -> bool:
    """True too where the numbers are too large to subtract."""
    try:
        return enclosure.sign(enclosure.subtracted(left, right)) in (0, None)
    except DecimalException:
        return True


def _is_constant_factor(both: Sequence[tuple[Real, Real]]) -> bool:
    """Whether actual / expected is one number other than zero, while the expected value itself changes."""
    if any(enclosure.sign(value) in (0, None) for pair in both for value in pair):
        return False
    try:
        ratios = [enclosure.multiplied(actual, enclosure.inverse(expected)) for expected, actual in both]
    except DecimalException:
        return False
    changes = any(not _may_be_equal(expected, both[0][0]) for expected, _ in both)
    return changes and all(_may_be_equal(ratio, ratios[0]) for ratio in ratios)
