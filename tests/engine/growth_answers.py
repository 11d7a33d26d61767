"""Answers about growth as trees, and the side conditions that the tests use."""

from autograder.answers.reader import read
from autograder.answers.reading import Reading
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.declared import side_conditions

LETTERS = Vocabulary("growth", tuple(Declared(name) for name in ["b", "n", "d", "h", "k", "q", "v", "N", "D", "M"]))


def tree(text: str) -> Node:
    reading = read(text, LETTERS)
    assert isinstance(reading, Reading), (text, reading)
    return reading.tree


def _declared(
    names: str, equalities: dict[str, str] | None = None, inequalities: tuple[tuple[str, str], ...] = ()
) -> SideConditions:
    trees = {name: tree(text) for name, text in (equalities or {}).items()}
    return side_conditions(names.split(), trees, inequalities)


FREE = _declared("b n d h")
DECODING = _declared("b n d h k q v", {"k": "d/h", "q": "d/h", "v": "d/h"}, (("h", "d"),))
KERNEL = _declared("N D M")
SAME_SIZES = _declared("N D M", {"M": "D"})
BETWEEN = _declared("b n d h", None, (("h", "d"), ("b", "d")))  # more facets than names
