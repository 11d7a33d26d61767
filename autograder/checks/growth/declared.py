"""Side conditions from what a part declares: names, equalities, inequalities.

Every name is at least 1, so an equality k = d/h also says h <= d. The facets of the resulting cone become the
coordinates if they are as many as the free names (h and d/h for h <= d); every coordinate may then take any value >= 1.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm

from autograder.answers.tree import Node
from autograder.checks.growth.conditions import SideConditions, Vector
from autograder.checks.growth.leading import Context
from autograder.checks.growth.simplex import maximize
from autograder.checks.growth.terms import whole
from autograder.checks.growth.translation import growth_of
from autograder.checks.growth.work import Undecidable, Work
from autograder.errors import HomeworkInvalid

Row = tuple[int, ...]


def side_conditions(
    names: Iterable[str],
    equalities: Mapping[str, Node] | None = None,
    inequalities: Iterable[tuple[str, str]] = (),
) -> SideConditions:
    """What holds between `names`, all at least 1.

    `equalities` say what a name stands for, as a tree; `inequalities` are pairs (smaller, larger). Raises
    HomeworkInvalid if they contradict each other, force two free names to be equal, or are not about these names.
    """
    definitions = dict(equalities or {})
    declared = tuple(names)
    _check_known(definitions, declared)
    free = _free_conditions([name for name in declared if name not in definitions], definitions)
    vectors = {name: vector for name in declared if (vector := _vector(name, free)) is not None}
    rows = [_coprime(vectors[name]) for name in definitions if name in vectors]
    rows += [_coprime(_ratio(smaller, larger, vectors)) for smaller, larger in inequalities]
    return _in_best_coordinates(free.size, vectors, rows, definitions)


def _check_known(definitions: Mapping[str, Node], declared: tuple[str, ...]) -> None:
    unknown = sorted(set(definitions) - set(declared))
    if unknown:
        raise HomeworkInvalid(f"An equality is about {unknown[0]}, which is not declared.")


def _free_conditions(free: list[str], definitions: Mapping[str, Node]) -> SideConditions:
    return SideConditions(len(free), {name: _unit(i, len(free)) for i, name in enumerate(free)}, (), definitions)


def _unit(index: int, size: int) -> Vector:
    return tuple(int(i == index) for i in range(size))


def _vector(name: str, free: SideConditions) -> Vector | None:
    """The name as a product of powers of free names; None if it is another growth."""
    if name in free.vectors:
        return free.vectors[name]
    try:
        size = growth_of(free.definitions[name], Context(free, Work()))
    except Undecidable as stop:
        raise HomeworkInvalid(f"What {name} is said to be equal to cannot be used ({stop.reason}).") from stop
    single = len(size.top) == len(size.bottom) == 1 and not size.top[0].logs
    return size.top[0].powers if single else None


def _ratio(smaller: str, larger: str, vectors: Mapping[str, Vector]) -> Vector:
    for name in (smaller, larger):
        if name not in vectors:
            raise HomeworkInvalid(f"The inequality {smaller} <= {larger} cannot be used: what is {name}?")
    return tuple(b - a for a, b in zip(vectors[smaller], vectors[larger], strict=True))


def _coprime(vector: Vector) -> Row:
    scale = lcm(*(value.denominator for value in vector))
    shrink = gcd(*(int(value * scale) for value in vector)) or 1
    return tuple(int(value * scale) // shrink for value in vector)


def _in_best_coordinates(
    size: int, vectors: Mapping[str, Vector], rows: list[Row], definitions: Mapping[str, Node]
) -> SideConditions:
    units = [tuple(int(i == j) for j in range(size)) for i in range(size)]
    forms = [row for row in dict.fromkeys((*units, *rows)) if any(row)]
    if not _has_room(forms, size):
        raise HomeworkInvalid("The side conditions contradict each other or force two names to be equal.")
    facets = _facets(forms, size)
    if len(facets) != size:
        return SideConditions(size, vectors, tuple(row for row in facets if row not in units), definitions)
    changed = {name: _solved(facets, vector) for name, vector in vectors.items()}
    return SideConditions(size, changed, (), definitions)


def _has_room(forms: list[Row], size: int) -> bool:
    """Whether all forms can be positive at once; every coordinate is one of them."""
    rows = [[*(-value for value in form), 1] for form in forms]
    best = maximize([0] * size + [1], [*rows, [0] * size + [1]], [0] * len(rows) + [1], Work())
    return best.value > 0


def _facets(forms: list[Row], size: int) -> list[Row]:
    """The forms that do not follow from the others."""
    kept = list(forms)
    for form in forms:
        others = [other for other in kept if other != form]
        if not _can_be_negative(form, others, size):
            kept = others
    return kept


def _can_be_negative(form: Row, others: list[Row], size: int) -> bool:
    rows = [[*form, *(-value for value in form), 1]]
    rows += [[*(-value for value in other), *other, 0] for other in others]
    rows.append([0] * (2 * size) + [1])
    return maximize([0] * (2 * size) + [1], rows, [0] * (len(rows) - 1) + [1], Work()).value > 0


def _solved(facets: list[Row], vector: Vector) -> Vector:
    """The weights of the facets that add up to `vector`, by Gauss-Jordan elimination."""
    size = len(vector)
    rows = [[*(Fraction(facet[i]) for facet in facets), Fraction(vector[i])] for i in range(size)]
    for column in range(size):
        pivot = next(i for i in range(column, size) if rows[i][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for i in range(size):
            if i != column and rows[i][column]:
                factor = rows[i][column]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[column], strict=True)]
    return tuple(whole(row[-1]) for row in rows)
