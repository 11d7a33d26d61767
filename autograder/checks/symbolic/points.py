"""Points at which expressions are compared: the same ones on every run, within the side conditions of the names."""

from fractions import Fraction
from functools import lru_cache
from math import floor
from random import Random

from autograder.answers.vocabulary import Declared, Form, Vocabulary
from autograder.checks.symbolic.evaluation import Point

ONE = Fraction(1)
DIMENSIONS = (3, 2, 5, 1, 4, 7, 2, 6)
SCALES = (ONE, ONE, ONE, ONE / 10, ONE, ONE * 20, ONE / 60, ONE * 90)  # so that max(x, 5) is seen to differ from x
SEED = 20251116


def points_for(vocabulary: Vocabulary) -> tuple[Point, ...]:
    """Points of several dimensions and sizes, the telling ones first."""
    return _points(vocabulary.form, vocabulary.names, vocabulary.inequalities)


@lru_cache(maxsize=64)
def _points(form: Form, names: tuple[Declared, ...], inequalities: tuple[tuple[str, str], ...]) -> tuple[Point, ...]:
    vocabulary = Vocabulary(form, names, inequalities=inequalities)
    random = Random(SEED)
    lengths = sorted({declared.length for declared in names if declared.length})
    points: list[Point] = []
    for dimension, scale in zip(DIMENSIONS, SCALES, strict=True):
        sizes = {name: dimension + place for place, name in enumerate(lengths)}
        points.append(_point(vocabulary, sizes, scale, random))
    return tuple(points)


def _point(vocabulary: Vocabulary, sizes: dict[str, int], scale: Fraction, random: Random) -> Point:
    scalars = {name: Fraction(size) for name, size in sizes.items()}
    vectors: dict[str, tuple[Fraction, ...]] = {}
    for declared in vocabulary.names:
        if declared.length:
            vectors[declared.name] = tuple(scale * _component(random) for _ in range(sizes[declared.length]))
        elif declared.name not in sizes:
            scalars[declared.name] = _scalar(declared, vocabulary, scale, random)
    return Point(_ordered(scalars, vocabulary, frozenset(sizes)), vectors)


def _component(random: Random) -> Fraction:
    return Fraction(random.choice((-1, 1)) * random.randint(1, 9), random.choice((1, 2, 4, 5)))


def _scalar(declared: Declared, vocabulary: Vocabulary, scale: Fraction, random: Random) -> Fraction:
    """Whole where it has to be, at least 1 in a growth or a shape, of either sign where nothing forbids it."""
    at_least_one = vocabulary.form in ("growth", "shape")
    if declared.integer:
        size = Fraction(max(1, floor(scale * random.randint(2, 12))))
    else:
        size = scale * (random.randint(2, 12) + Fraction(random.randint(1, 9), 10))
        size = size + 1 if at_least_one else size
    negative = not (declared.positive or at_least_one) and random.random() < 0.5
    return -size if negative else size


def _ordered(scalars: dict[str, Fraction], vocabulary: Vocabulary, fixed: frozenset[str]) -> dict[str, Fraction]:
    """The same values, exchanged until they keep to the inequalities, lengths of vectors aside."""
    for _ in vocabulary.inequalities:
        for smaller, larger in vocabulary.inequalities:
            loose = smaller in scalars and larger in scalars and not fixed & {smaller, larger}
            if loose and scalars[smaller] > scalars[larger]:
                scalars[smaller], scalars[larger] = scalars[larger], scalars[smaller]
    return scalars
