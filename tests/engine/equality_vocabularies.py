"""What the tests of equality share: the names of the homework's parts, and reading."""

from fractions import Fraction

from autograder.answers.reader import read
from autograder.answers.reading import Reading
from autograder.answers.tree import Node, Number
from autograder.answers.vocabulary import Declared, Vocabulary

MOMENTS = Vocabulary(
    "expression",
    (Declared("mu", "d"), Declared("sigma", positive=True), Declared("d", positive=True, integer=True)),
)
SCALE = Vocabulary("expression", (Declared("d", positive=True, integer=True),))
KERNEL = Vocabulary(
    "expression",
    (Declared("q", "D"), Declared("k", "D"), *(Declared(name, positive=True, integer=True) for name in "Dd")),
)
REALS = Vocabulary("expression", (Declared("x"), Declared("y"), Declared("p", positive=True)))


def tree(text: str, vocabulary: Vocabulary) -> Node:
    reading = read(text, vocabulary)
    assert isinstance(reading, Reading), f"{text!r}: {reading}"
    return reading.tree


def number(value: int | Fraction) -> Number:
    return Number(Fraction(value))
