"""Where logarithms occur: the search for a way to infinity along which a monomial outgrows a sum, complete.

Let u be the logarithms of the coordinates, c·u the log forms that occur, and v_c = log(1 + c·u). The monomial escapes
exactly if some sequence of u in the cone sends every difference a·u + sum of b_c·v_c to infinity. Passing to a
subsequence, u is a sum of directions at scales s1 >> s2 >> ..., and each log form is first touched at one of them, or
stays bounded. At a scale s that touches the forms T, all v_c with c in T equal V = log s up to constants; V is a new
unknown, far below s, above every v_c of the forms not yet touched, and otherwise free. So one linear program a scale
decides, over all orders in which the forms may be touched. A direction may be taken in the relative interior of those
that are possible: adding such a direction at its scale harms no goal, so what it settles is settled for good.
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
    """Directions, fastest scale first, along which every difference goes to infinity; None if there are none."""
    forms = sorted({form for difference in differences for form, _ in difference.logs})
    rows = [difference.powers for difference in differences] + forms + list(conditions.floors)
    used = [i for i in range(conditions.size) if any(row[i] for row in rows)]
    goals = tuple(_goal_on(used, difference) for difference in differences)
    units = [tuple(int(i == j) for j in used) for i in used]
    still = [_row_on(used, row) for row in (*conditions.floors, *forms)]
    state = _State(len(used), goals, tuple(dict.fromkeys(units + still)), tuple(_row_on(used, form) for form in forms))
    path = _search(state, work)
    if path is None:
        return None
    return tuple(_spread(level, used, conditions.size) for level in path if any(level[: len(used)]))


def _row_on(used: list[int], row: Row) -> Row:
    return tuple(row[i] for i in used)


def _goal_on(used: list[int], difference: Difference) -> Difference:
    logs = tuple((_row_on(used, form), power) for form, power in difference.logs)
    return Difference(_row_on(used, difference.powers), logs)


def _spread(level: tuple[Fraction, ...], used: list[int], size: int) -> tuple[Fraction, ...]:
    values = dict(zip(used, level, strict=False))
    return tuple(values.get(i, Fraction(0)) for i in range(size))


def _search(state: _State, work: Work) -> tuple[tuple[Fraction, ...], ...] | None:
    point = _direction(state, (), work)
    assert point is not None, "the origin is a direction that touches nothing"
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
    """A direction that lowers no goal and no floor, raises as many as can be, and touches exactly these forms."""
    rising = [goal.powers for goal in state.goals] + list(state.floors)
    needed = [_padded(form, state.width) for form in touched]
    still = [_padded(form, state.width) for form in state.forms if form not in touched]
    rows = [[*_both_signs(row, -1), *_unit(i, len(rising))] for i, row in enumerate(rising)]
    rows += [[*_both_signs(row, 1), *([0] * len(rising))] for row in still]
    rows += [[*([0] * 2 * state.width), *_unit(i, len(rising))] for i in range(len(rising))]
    bounds = [0] * (len(rising) + len(still)) + [1] * len(rising)
    best = maximize([0] * 2 * state.width + [1] * len(rising), rows, bounds, work)
    point = tuple(best.point[2 * i] - best.point[2 * i + 1] for i in range(state.width))
    return point if all(_along(row, point) > 0 for row in needed) else None


def _settled(state: _State, point: tuple[Fraction, ...]) -> _State:
    goals = tuple(goal for goal in state.goals if _along(goal.powers, point) == 0)
    floors = tuple(floor for floor in state.floors if _along(floor, point) == 0)
    return _State(state.width, goals, floors, state.forms)


def _with_scale(state: _State, touched: tuple[LogForm, ...]) -> _State:
    """The same goals with a new unknown V in place of the logs of `touched`."""
    untouched = tuple(form for form in state.forms if form not in touched)
    goals = [_goal_with_scale(goal, touched) for goal in state.goals]
    scale = (*([0] * state.width), 1)
    goals.append(Difference(scale))
    goals += [Difference(scale, ((form, -1),)) for form in untouched]
    return _State(state.width + 1, tuple(goals), tuple((*floor, 0) for floor in state.floors), untouched)


def _goal_with_scale(goal: Difference, touched: tuple[LogForm, ...]) -> Difference:
    share = sum(power for form, power in goal.logs if form in touched)
    return Difference((*goal.powers, share), tuple(pair for pair in goal.logs if pair[0] not in touched))


def _both_signs(row: Row, sign: int) -> Iterator[int]:
    return chain.from_iterable((sign * value, -sign * value) for value in row)


def _unit(index: int, length: int) -> list[int]:
    return [int(i == index) for i in range(length)]


def _padded(row: Row, width: int) -> Row:
    return (*row, *([0] * (width - len(row))))


def _along(row: Row, point: tuple[Fraction, ...]) -> Fraction:
    return Fraction(sum(a * b for a, b in zip(row, point, strict=True) if a and b))
