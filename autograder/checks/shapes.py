"""Judges the shape of a tensor that was written down by names or by values: `[n, h, m]`, `(n, h, n/h)`."""

from collections.abc import Mapping, Sequence

from autograder.answers.tree import Node
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.symbolic.comparison import compare_expressions
from autograder.checks.symbolic.substitution import substituted
from autograder.checks.verdict import Fact, Status, Verdict

RIGHT = Verdict(Status.RIGHT, 1.0, relation="equal")
UNDECIDED = Verdict(Status.UNDECIDED, 0.0, (Fact("comparison_undecided"),), relation="undecided")


def judge_shape(
    expected: Sequence[Node], actual: Sequence[Node], vocabulary: Vocabulary, equalities: Mapping[str, Node]
) -> Verdict:
    """Whether the sizes agree in order, each by its value once `equalities` such as k = d/h are put in."""
    if len(expected) != len(actual):
        return _wrong(Fact("shape_length", {"actual": len(actual)}))
    relations = [[_relation(wanted, size, vocabulary, equalities) for size in actual] for wanted in expected]
    places = range(len(actual))
    straight = [relations[place][place] for place in places]
    if all(relation == "equal" for relation in straight):
        return RIGHT
    if "undecided" in straight:
        return UNDECIDED
    if _is_reordered(relations):
        return _wrong(Fact("shape_order"))
    return _wrong(Fact("shape_sizes", {"places": [place + 1 for place in places if straight[place] != "equal"]}))


def _wrong(fact: Fact) -> Verdict:
    return Verdict(Status.WRONG, 0.0, (fact,), relation="not_equal")


def _relation(expected: Node, actual: Node, vocabulary: Vocabulary, equalities: Mapping[str, Node]) -> str:
    wanted, given = (substituted(node, equalities) for node in (expected, actual))
    return compare_expressions(wanted, given, vocabulary).relation


def _is_reordered(relations: list[list[str]]) -> bool:
    """Whether every expected size is one of the actual ones, each used once; equal sizes stand for each other."""
    left = list(range(len(relations)))
    for row in relations:
        place = next((place for place in left if row[place] == "equal"), None)
        if place is None:
            return False
        left.remove(place)
    return True
