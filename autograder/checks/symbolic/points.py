"""Points at which expressions are compared: the same ones on every run, within the side conditions of the names."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.symbolic.evaluation import Point

DIMENSIONS = (3, 2, 5, 1, 4, 7)
SEED = 20251116


def points_for(vocabulary: Vocabulary) -> Iterator[Point]:
    """As many points as there are dimensions to try, the telling ones first."""
    random = Random(SEED)
    lengths = sorted({declared.length for declared in vocabulary.names if declared.length})
    for dimension in DIMENSIONS:
        sizes = {name: dimension + place for place, name in enumerate(lengths)}
        yield _point(vocabulary, sizes, random)


def _point(vocabulary: Vocabulary, sizes: dict[str, int], random: Random) -> Point:
    scalars = {name: Fraction(size) for name, size in sizes.items()}
    vectors: dict[str, tuple[Fraction, ...]] = {}
    for declared in vocabulary.names:
        if declared.length:
            vectors[declared.name] = tuple(_component(random) for _ in range(sizes[declared.length]))
        elif declared.name not in sizes:
            scalars[declared.name] = _scalar(declared, vocabulary, random)
    return Point(_ordered(scalars, vocabulary, frozenset(sizes)), vectors)


def _component(random: Random) -> Fraction:
    return Fraction(random.choice((-1, 1)) * random.randint(1, 9), random.choice((1, 2, 4, 5)))


def _scalar(declared: Declared, vocabulary: Vocabulary, random: Random) -> Fraction:
    at_least_one = vocabulary.form in ("growth", "shape")
    size = Fraction(random.randint(2, 12))
    if not declared.integer:
        size += Fraction(random.randint(1, 9), 10)
        if not at_least_one and random.random() < 0.3:
            size = 1 / size
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
