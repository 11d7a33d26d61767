"""Judges conditions by what they allow: which rows of similarities, and whether such a row can add up to zero.

A row is s_1, ..., s_n for one query. The numbers that two conditions mention cut the line into cells (points, and the
open intervals between), and a condition does not tell two numbers of one cell apart. So all rows of up to `LONGEST`
similarities are covered by choosing a cell for each and one for their sum, wherever such numbers exist: the sums of
numbers from cells fill an interval. Nothing compares text.
"""

import operator
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement, pairwise, product

from autograder.answers.conditions_formula import AllOf, AnyOf, Compared, Condition, Every, Formula, Not, Some
from autograder.checks.verdict import Fact, Status, Verdict

LONGEST = 3
RELATIONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt, "≤": operator.le, "=": operator.eq, "≠": operator.ne, "≥": operator.ge, ">": operator.gt,
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A point (low = high), or the open interval between two points; None is infinity."""

    low: Fraction | None
    high: Fraction | None

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def inside(self) -> Fraction:
        """A number in the cell, a whole one near zero where there is one."""
        if self.low is None or self.high is None:
            end = self.low if self.low is not None else self.high
            return Fraction(0) if end is None else end + (1 if self.high is None else -1)
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Row:
    """Numbers that stand for their cells, and a number that stands for the cell of the sum."""

    similarities: tuple[Fraction, ...]
    total: Fraction


def judge_condition(expected: Condition, actual: Condition) -> Verdict:
    """Equal where both allow the same rows. One that allows only rows that `expected` allows earns as much as it does,
    provided that it allows a row at all that does not add up to zero.
    """
    wanted, given = expected.formula, actual.formula
    if implies(given, wanted) and implies(wanted, given):
        return Verdict(Status.RIGHT, 1.0, relation="equal")
    if not is_possible(given):
        return Verdict(Status.WRONG, 0.0, (Fact("condition_impossible"),), relation="not_equal")
    if implies(given, wanted):
        return Verdict(Status.RIGHT, 1.0, (Fact("condition_stronger"),), relation="not_equal")
    row = row_without_sum(given)
    facts = (Fact("condition_counterexample", {"values": [str(value) for value in row]}),) if row else ()
    return Verdict(Status.WRONG, 0.0, facts, relation="not_equal")


def implies(given: Formula, wanted: Formula) -> bool:
    """Whether every row that `given` allows is allowed by `wanted`."""
    return all(holds(wanted, row) for row in _rows(given, wanted) if holds(given, row))


def equivalent_conditions(left: Condition, right: Condition) -> bool:
    return implies(left.formula, right.formula) and implies(right.formula, left.formula)


def is_possible(formula: Formula) -> bool:
    """Whether some row that it allows does not add up to zero."""
    return any(row.total != 0 and holds(formula, row) for row in _rows(formula))


def keeps_sum_from_zero(formula: Formula) -> bool:
    """Whether no row that it allows adds up to zero."""
    return not any(row.total == 0 and holds(formula, row) for row in _rows(formula))


def row_without_sum(formula: Formula) -> tuple[Fraction, ...] | None:
    """A row that the formula allows and that adds up to zero, with small whole numbers where that is possible."""
    cells = [cell.inside for cell in _cells(_bounds(formula, "one"))]
    whole = sorted({Fraction(0), Fraction(1), Fraction(-1), *cells}, key=lambda value: (abs(value), -value))
    for first in whole:
        row = (first, -first)
        if holds(formula, Row(row, Fraction(0))):
            return row
    for first, second in product(whole, repeat=2):
        row3 = (first, second, -first - second)
        if holds(formula, Row(row3, Fraction(0))):
            return row3
    return (Fraction(0),) if holds(formula, Row((Fraction(0),), Fraction(0))) else None


def holds(formula: Formula, row: Row, one: Fraction = Fraction(0)) -> bool:
    """Whether the row meets the formula; `one` is the similarity that an enclosing quantifier speaks of."""
    match formula:
        case Compared(subject=subject):
            return _compare(formula, one if subject == "one" else row.total)
        case Every(body=body):
            return all(holds(body, row, value) for value in row.similarities)
        case Some(body=body):
            return any(holds(body, row, value) for value in row.similarities)
        case Not(body=body):
            return not holds(body, row, one)
        case AllOf(parts=parts):
            return all(holds(part, row, one) for part in parts)
        case AnyOf(parts=parts):
            return any(holds(part, row, one) for part in parts)


def _compare(comparison: Compared, value: Fraction) -> bool:
    size, bound = abs(value) if comparison.absolute else value, comparison.bound
    return RELATIONS[comparison.relation](size, bound)


def _rows(*formulas: Formula) -> tuple[Row, ...]:
    """A row for every choice of cells that numbers can be found for."""
    ones = frozenset(bound for formula in formulas for bound in _bounds(formula, "one"))
    sums = frozenset(bound for formula in formulas for bound in _bounds(formula, "sum"))
    return _rows_between(ones, sums)


@lru_cache(maxsize=64)
def _rows_between(ones: frozenset[Fraction], sums: frozenset[Fraction]) -> tuple[Row, ...]:
    totals = _cells(sums)
    choices = (
        chosen for length in range(1, LONGEST + 1) for chosen in combinations_with_replacement(_cells(ones), length)
    )
    return tuple(
        Row(tuple(cell.inside for cell in chosen), total.inside)
        for chosen in choices
        for total in totals
        if _can_add_up(chosen, total)
    )


def _bounds(formula: Formula, subject: str) -> set[Fraction]:
    """The numbers that similarities, or their sum, are held against, and 0."""
    match formula:
        case Compared(subject=own, bound=bound, absolute=absolute):
            return {Fraction(0)} | ({bound, -bound} if absolute else {bound} if own == subject else set())
        case Every(body=body) | Some(body=body) | Not(body=body):
            return _bounds(body, subject)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return {Fraction(0)}.union(*(_bounds(part, subject) for part in parts))


def _cells(bounds: Set[Fraction]) -> list[Cell]:
    points = sorted(bounds)
    ends: list[Fraction | None] = [None, *points, None]
    gaps = [Cell(low, high) for low, high in pairwise(ends)]
    return [*gaps, *(Cell(point, point) for point in points)]


def _can_add_up(chosen: Sequence[Cell], total: Cell) -> bool:
    """Whether numbers from these cells can have a sum in the cell `total`."""
    lows, highs = [cell.low for cell in chosen], [cell.high for cell in chosen]
    low = None if None in lows else sum((value for value in lows if value is not None), Fraction(0))
    high = None if None in highs else sum((value for value in highs if value is not None), Fraction(0))
    if all(cell.is_point for cell in chosen):
        return low is not None and _contains(total, low)
    if total.is_point and total.low is not None:
        return (low is None or low < total.low) and (high is None or total.low < high)
    below = low is None or total.high is None or low < total.high
    return below and (high is None or total.low is None or total.low < high)


def _contains(cell: Cell, value: Fraction) -> bool:
    if cell.is_point:
        return cell.low == value
    return (cell.low is None or cell.low < value) and (cell.high is None or value < cell.high)
