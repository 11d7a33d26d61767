"""A key under which equal expressions meet, for putting answers in groups."""

from collections.abc import Hashable
from decimal import Context

from autograder.answers.kinds import kind_of
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.symbolic.enclosure import Real, ball
from autograder.checks.symbolic.evaluation import Place, Point, places_at, value_at
from autograder.checks.symbolic.failures import Budget, Undefined, Unsettled
from autograder.checks.symbolic.points import points_for

STEPS = 3_000  # at one place of one point
ROUNDED = Context(prec=36)


def expression_normal_form(node: Node, vocabulary: Vocabulary) -> Hashable | None:
    """The kind of the node and its values at fixed points, to 36 digits; None where they cannot be computed.

    Equal expressions have equal keys. Expressions with equal keys are equal or very nearly so: for credit, compare
    them (comparison.py).
    """
    try:
        values = tuple(
            _rounded(node, point, place) for point in points_for(vocabulary) for place in places_at(node, point)
        )
    except (Undefined, Unsettled):
        return None
    return kind_of(node), values


def _rounded(node: Node, point: Point, place: Place) -> str:
    try:
        return _digits(value_at(node, point, Budget(STEPS), place))
    except Undefined:
        return "undefined"


def _digits(value: Real) -> str:
    around = ball(value)
    if abs(around.middle) <= around.radius:
        return "0"
    return str(ROUNDED.plus(around.middle).normalize())
