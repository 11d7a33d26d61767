"""Where logarithms occur: the search for a way to infinity along which a monomial outgrows a sum, complete.

Let u be the logarithms of the coordinates, c·u the log forms that occur, and v_c = log(1 + c·u). The monomial escapes
exactly if some sequence of u in the cone sends every difference a·u + sum of b_c·v_c to infinity. Passing to a
subsequence, u is a sum of directions at scales s1 >> s2 >> ..., and each log form is first touched at one of them, or
stays bounded. At a scale s that touches the forms T, all v_c with c in T equal V = log s up to constants; V is a new
unknown, far below s, above every v_c of the forms not yet touched, and otherwise free. So one linear program a scale
decides, over all orders in which the forms may be touched. A direction may be taken in the relative interior of those
that are possible: adding such a direction at its scale harms no goal, so what it settles is settled for good. Every
direction may be taken in the cone: a correction that leaves it is made good by adding more of a faster direction's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.simplex import maximize
from autograder.checks.growth.terms import LogForm
from autograder.checks.growth.work import Work

Row = tuple[int, ...]


@dataclass(frozen=True)
class Difference:
    """The logarithm of a ratio: `powers`·u plus the sum of `logs`; it is to go to infinity."""

    powers: Row
    logs: tuple[tuple[LogForm, int], ...] = ()


@dataclass(frozen=True)
class _State:
    """What is left to settle. Rows have one entry a coordinate, then one a V; `forms` are not yet touched."""

    width: int
    goals: tuple[Difference, ...]
    floors: tuple[Row, ...]
    forms: tuple[LogForm, ...]


def escaping_regime(
    differences: list[Difference], conditions: SideConditions, work: Work
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Directions, fastest scale first, along which every difference goes to infinity; None if there are none.

    At the scale of log s1, if it comes second, the exponents are those of log s1 itself.
    """
    size = conditions.size
    forms = tuple(sorted({form for difference in differences for form, _ in difference.logs}))
    path = _search(_State(size, tuple(differences), tuple({*conditions.floors, *forms}), forms), work)
    if path is None:
        return None
    return tuple(_in_units_of_scale(level, size) for level in path if any(level[:size]))


def _in_units_of_scale(level: tuple[Fraction, ...], size: int) -> tuple[Fraction, ...]:
    share = level[size] if len(level) > size else Fraction(0)
    return tuple(value / (share or 1) for value in level[:size])


def _search(state: _State, work: Work) -> tuple[tuple[Fraction, ...], ...] | None:
    point = _direction(state, (), work)
    assert point is not None, "a direction that touches nothing may be 0"
    state = _settled(state, point)
    if not state.goals:
        return (point,)
    for touched in _subsets(state.forms):
        step = _direction(state, touched, work)
        if step is None:
            continue
        rest = _search(_with_scale(_settled(state, step), touched), work)
        if rest is not None:
            return (point, step, *rest)
    return None


def _subsets(forms: tuple[LogForm, ...]) -> Iterator[tuple[LogForm, ...]]:
    return chain.from_iterable(combinations(forms, count) for count in range(1, len(forms) + 1))


def _direction(state: _State, touched: tuple[LogForm, ...], work: Work) -> tuple[Fraction, ...] | None:
    """A direction that lowers no goal and no floor, raises as many goals as can be, and touches exactly these forms."""
    needed = [_padded(form, state.width) for form in touched]
    rising = [goal.powers for goal in state.goals] + needed
    count = len(rising)
    rows = [[*_negated(row), *_unit(i, count)] for i, row in enumerate(rising)]
    rows += [[*_negated(_padded(floor, state.width)), *([0] * count)] for floor in state.floors]
    rows += [[*_padded(form, state.width), *([0] * count)] for form in state.forms if form not in touched]
    bounds = [0] * len(rows) + [1] * count
    rows += [[*([0] * state.width), *_unit(i, count)] for i in range(count)]
    best = maximize([0] * state.width + [1] * count, rows, bounds, work)
    point = best.point[: state.width]
    return point if all(_along(row, point) > 0 for row in needed) else None


def _settled(state: _State, point: tuple[Fraction, ...]) -> _State:
    goals = tuple(goal for goal in state.goals if _along(goal.powers, point) == 0)
    return _State(state.width, goals, state.floors, state.forms)


def _with_scale(state: _State, touched: tuple[LogForm, ...]) -> _State:
    """The same goals with a new unknown V in place of the logs of `touched`."""
    untouched = tuple(form for form in state.forms if form not in touched)
    goals = [_goal_with_scale(goal, touched) for goal in state.goals]
    scale = (*([0] * state.width), 1)
    goals.append(Difference(scale))
    goals += [Difference(scale, ((form, -1),)) for form in untouched]
    return _State(state.width + 1, tuple(goals), state.floors, untouched)


def _goal_with_scale(goal: Difference, touched: tuple[LogForm, ...]) -> Difference:
    share = sum(power for form, power in goal.logs if form in touched)
    return Difference((*goal.powers, share), tuple(pair for pair in goal.logs if pair[0] not in touched))


def _negated(row: Row) -> list[int]:
    return [-value for value in row]


def _unit(index: int, length: int) -> list[int]:
    return [int(i == index) for i in range(length)]


def _padded(row: Row, width: int) -> Row:
    return (*row, *([0] * (width - len(row))))


def _along(row: Row, point: tuple[Fraction, ...]) -> Fraction:
    return Fraction(sum(a * b for a, b in zip(row, point, strict=True) if a and b))
