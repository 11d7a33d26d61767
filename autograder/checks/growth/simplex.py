"""Linear programs in exact integers: the primal simplex method from a feasible origin.

Source: Bland, "New finite pivoting rules for the simplex method", Mathematics of Operations Research 2(2), 1977, for
termination on degenerate problems (all of ours are); Edmonds' integer-preserving pivots, as in Bareiss 1968, for
tableaus without fractions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.checks.growth.work import Work

Row = list[int]


@dataclass(frozen=True)
class Optimum:
    """`point` is an optimal x; `prices` are the optimal dual values, one a constraint, all at least 0."""

    value: Fraction
    point: tuple[Fraction, ...]
    prices: tuple[Fraction, ...]


@dataclass
class _Tableau:
    """A dictionary: a row for each variable in the basis, then the objective; a column for each of the others.

    All entries share the denominator; the last column is the right-hand side. Variables are numbered, slack last.
    """

    rows: list[Row]
    basis: list[int]
    others: list[int]
    denominator: int = 1


def maximize(
    objective: Sequence[int], constraints: Sequence[Sequence[int]], bounds: Sequence[int], work: Work
) -> Optimum:
    """The maximum of objective·x over x >= 0 with constraints·x <= bounds, where every bound is >= 0.

    The problem must be bounded. Raises Undecidable if `work` runs out, ValueError for a negative bound or no maximum.
    """
    if min(bounds, default=0) < 0:
        raise ValueError("the origin must satisfy every constraint")
    variables, count = len(objective), len(constraints)
    rows = [[*row, bound] for row, bound in zip(constraints, bounds, strict=True)]
    rows.append([*(-value for value in objective), 0])
    tableau = _Tableau(rows, list(range(variables, variables + count)), list(range(variables)))
    while (entering := _entering(tableau)) is not None:
        work.spend(8 + (count + 1) * (variables + 1) // 4)
        _pivot(tableau, _leaving(tableau, entering), entering)
    return _read(tableau)


def _entering(tableau: _Tableau) -> int | None:
    candidates = [j for j, value in enumerate(tableau.rows[-1][:-1]) if value < 0]
    return min(candidates, key=tableau.others.__getitem__, default=None)


def _leaving(tableau: _Tableau, entering: int) -> int:
    best: int | None = None
    for i, row in enumerate(tableau.rows[:-1]):
        if row[entering] <= 0:
            continue
        if best is None:
            best = i
            continue
        # this ratio minus the best one, times both pivots
        gap = row[-1] * tableau.rows[best][entering] - tableau.rows[best][-1] * row[entering]
        if gap < 0 or (gap == 0 and tableau.basis[i] < tableau.basis[best]):
            best = i
    if best is None:
        raise ValueError("the problem has no maximum")
    return best


def _pivot(tableau: _Tableau, leaving: int, entering: int) -> None:
    source, denominator = tableau.rows[leaving], tableau.denominator
    pivot = source[entering]
    for i, row in enumerate(tableau.rows):
        factor = row[entering]
        if i == leaving or (factor == 0 and pivot == denominator):
            continue
        changed = [(a * pivot - factor * b) // denominator for a, b in zip(row, source, strict=True)]
        changed[entering] = -factor
        tableau.rows[i] = changed
    source[entering] = denominator
    tableau.basis[leaving], tableau.others[entering] = tableau.others[entering], tableau.basis[leaving]
    tableau.denominator = pivot


def _read(tableau: _Tableau) -> Optimum:
    denominator, last = tableau.denominator, tableau.rows[-1]
    variables = len(tableau.others)
    point, prices = [Fraction(0)] * variables, [Fraction(0)] * len(tableau.basis)
    for variable, row in zip(tableau.basis, tableau.rows, strict=False):
        if variable < variables:
            point[variable] = Fraction(row[-1], denominator)
    for variable, value in zip(tableau.others, last, strict=False):
        if variable >= variables:
            prices[variable - variables] = Fraction(value, denominator)
    return Optimum(Fraction(last[-1], denominator), tuple(point), tuple(prices))
