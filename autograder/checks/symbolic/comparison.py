"""Are two expressions equal for all values of their names? READ THIS FIRST of the package.

1. Kinds and free indices: a matrix is never a scalar, and an index that no sum binds leaves no value to compare.
2. Points: where certain bounds of the two values do not meet, the expressions differ (enclosure.py, evaluation.py).
3. Normal form: where the difference multiplies out to zero, they are equal (normal_form.py). Where it does not, and
   only atoms without relations between them are in it, they differ, however little.
4. SymPy, in a process that can be ended, for what is left (prover.py). Without a proof the answer is "undecided".
"""

from dataclasses import dataclass
from math import lcm
from typing import Literal

from autograder.answers.kinds import Kind, free_indices, kind_of
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.symbolic.atoms import Polynomial, Root, is_nonnegative, single
from autograder.checks.symbolic.failures import Budget, Undefined, Unsettled
from autograder.checks.symbolic.independence import is_certainly_not_zero
from autograder.checks.symbolic.lengths import length_of
from autograder.checks.symbolic.normal_form import normaliser, without_denominators
from autograder.checks.symbolic.polynomial import difference, whole_power
from autograder.checks.symbolic.prover import Prover
from autograder.checks.symbolic.sums import index_atom
from autograder.checks.symbolic.trial import tried
from autograder.checks.verdict import Fact

STEPS = 20_000
HIGHEST_ROOT = 6
PROVER = Prover()
POSITIONS: dict[Kind, tuple[str, ...]] = {"scalar": (), "vector": ("row",), "matrix": ("row", "column")}

Relation = Literal["equal", "not_equal", "undecided"]


@dataclass(frozen=True)
class ExpressionComparison:
    """`facts` say why, in terms of the actual expression only."""

    relation: Relation
    facts: tuple[Fact, ...] = ()


EQUAL = ExpressionComparison("equal", (Fact("expression_equal"),))
UNDECIDED = ExpressionComparison("undecided", (Fact("comparison_undecided"),))


def compare_expressions(
    expected: Node, actual: Node, vocabulary: Vocabulary, *, prover: Prover | None = PROVER
) -> ExpressionComparison:
    """Whether the two are equal for all values of the names. Without a prover, step 4 is left out."""
    misfit = _misfit(expected, actual, vocabulary)
    if misfit is not None:
        return misfit
    if expected == actual:
        return EQUAL
    trial = tried(expected, actual, vocabulary)
    if trial.witness is not None:
        return _differs(trial.witness)
    proved = _proved(expected, actual, vocabulary, prover if trial.compared else None)
    # Without values, a proof by rules alone would not notice a division by zero in disguise.
    return UNDECIDED if proved.relation == "equal" and not trial.compared else proved


def _differs(witness: str, **data: str) -> ExpressionComparison:
    return ExpressionComparison("not_equal", (Fact("expression_differs", {"witness": witness, **data}),))


def _misfit(expected: Node, actual: Node, vocabulary: Vocabulary) -> ExpressionComparison | None:
    """What can be said before any value is computed."""
    lengths = {declared.length for declared in vocabulary.names if declared.length}
    loose = free_indices(actual, frozenset(lengths.union(declared.name for declared in vocabulary.names)))
    if loose:
        return _differs("free_index", index=loose[0])
    kind = kind_of(actual)
    if kind != kind_of(expected):
        return _differs("kind", kind=kind)
    if kind == "vector" and length_of(actual) != length_of(expected):
        return _differs("length")
    return None


def _proved(expected: Node, actual: Node, vocabulary: Vocabulary, prover: Prover | None) -> ExpressionComparison:
    rules = normaliser(vocabulary, STEPS)
    position = tuple(single(index_atom(name)) for name in POSITIONS[kind_of(expected)])
    try:
        wanted = rules.normal(expected, position)
    except (Unsettled, Undefined):
        return UNDECIDED
    try:
        found = rules.normal(actual, position)
        gap = without_denominators(difference(wanted, found), rules.budget)
    except Unsettled:
        return UNDECIDED
    except Undefined:
        return _differs("undefined")
    if not gap.terms or _powers_agree(wanted, found, rules.budget):
        return EQUAL
    if is_certainly_not_zero(gap):
        return _differs("value")
    integers = frozenset(declared.name for declared in vocabulary.names if declared.integer)
    if prover is not None and prover.proves_zero(gap, integers):
        return EQUAL
    return UNDECIDED


def _powers_agree(left: Polynomial, right: Polynomial, budget: Budget) -> bool:
    """Whether both are never negative and some power of them, without the roots of sums, is the same."""
    degree = lcm(
        *(
            exponent.denominator
            for polynomial in (left, right)
            for monomial in polynomial.terms
            for atom, exponent in monomial
            if isinstance(atom, Root)
        )
    )
    if not 1 < degree <= HIGHEST_ROOT or not (is_nonnegative(left) and is_nonnegative(right)):
        return False
    try:
        powers = (whole_power(side, degree, budget) for side in (left, right))
        return not without_denominators(difference(*powers), budget).terms
    except (Unsettled, Undefined):
        return False
