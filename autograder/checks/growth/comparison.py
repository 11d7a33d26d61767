"""The relation between two growths, with its certificate. One comparison serves O, Θ and Ω."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from autograder.answers.tree import Node
from autograder.checks.growth.canonical import GrowthForm, form_of, own_leading_terms
from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.domination import Dominated, domination
from autograder.checks.growth.leading import Context
from autograder.checks.growth.rays import Ray, counterexample
from autograder.checks.growth.terms import Quotient, Terms, products
from autograder.checks.growth.translation import growth_of
from autograder.checks.growth.work import Reason, Undecidable, Work

Relation = Literal["equal", "upper_bound", "lower_bound", "incomparable", "undecided"]
Letter = Literal["O", "Theta", "Omega"]

# (actual = O(expected), expected = O(actual))
RELATIONS: Mapping[tuple[bool, bool], Relation] = {
    (True, True): "equal",
    (False, True): "upper_bound",
    (True, False): "lower_bound",
    (False, False): "incomparable",
}
# the relations of `actual` to the true growth for which "growth = letter(actual)" is a true sentence
TRUE_RELATIONS: Mapping[Letter, frozenset[Relation]] = {
    "O": frozenset({"equal", "upper_bound"}),
    "Theta": frozenset({"equal"}),
    "Omega": frozenset({"equal", "lower_bound"}),
}


@dataclass(frozen=True)
class Weighted:
    """`term` is at most a constant times the product of the `bounds` to their weights, which add up to 1.

    `bounds` is None where logarithms occur and no single product proves the bound.
    """

    term: Node
    bounds: tuple[tuple[Node, Fraction], ...] | None


@dataclass(frozen=True)
class Excess:
    """Where one side outgrows the other. `term` is the term that does; None if its side is not a sum of terms."""

    term: Node | None
    ray: Ray


@dataclass(frozen=True)
class Certificate:
    """Why the relation holds. Each direction has either its weights or its excess.

    `excess`: a term of the student's answer that outgrows the reference. `missing`: how the reference outgrows the
    student's answer; it names a term of the reference, as do the weights, so only its ray may be shown to students.
    """

    actual_within: tuple[Weighted, ...] = ()
    expected_within: tuple[Weighted, ...] = ()
    excess: Excess | None = None
    missing: Excess | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class GrowthComparison:
    """`relation` is that of `actual` to `expected`: an upper_bound is a looser one."""

    relation: Relation
    certificate: Certificate


def compare_growth(expected: Node, actual: Node, side_conditions: SideConditions) -> GrowthComparison:
    """Compares two growths over the whole region of the side conditions, exactly or not at all."""
    context = Context(side_conditions, Work())
    try:
        wanted, given = growth_of(expected, context), growth_of(actual, context)
        within = _within(given, wanted, context)
        covering = _within(wanted, given, context)
    except Undecidable as stop:
        return GrowthComparison("undecided", Certificate(reason=stop.reason))
    relation = RELATIONS[not isinstance(within, Excess), not isinstance(covering, Excess)]
    return GrowthComparison(relation, _certificate(within, covering))


def equal_growth(left: Node, right: Node, side_conditions: SideConditions) -> bool | None:
    """Whether two growths are equal; None where that is undecided."""
    relation = compare_growth(left, right, side_conditions).relation
    return None if relation == "undecided" else relation == "equal"


def shares_leading_term(expected: Node, actual: Node, side_conditions: SideConditions) -> bool:
    """Whether a leading term of `expected` is one of the leading terms of `actual`; False where undecided."""
    context = Context(side_conditions, Work())
    try:
        return bool(set(_leading(expected, context)) & set(_leading(actual, context)))
    except Undecidable:
        return False


def contains_term(actual: Node, term: Node, side_conditions: SideConditions) -> bool:
    """Whether all leading terms of `term`, usually one, are leading terms of `actual`; False where undecided."""
    context = Context(side_conditions, Work())
    try:
        return set(_leading(term, context)) <= set(_leading(actual, context))
    except Undecidable:
        return False


def growth_normal_form(node: Node, side_conditions: SideConditions) -> GrowthForm | None:
    """A hashable value that equal growths share, for grouping; None where there is none. See GrowthForm."""
    context = Context(side_conditions, Work())
    try:
        return form_of(growth_of(node, context), context)
    except Undecidable:
        return None


def _leading(node: Node, context: Context) -> Terms:
    return own_leading_terms(growth_of(node, context), context)


def _certificate(within: tuple[Weighted, ...] | Excess, covering: tuple[Weighted, ...] | Excess) -> Certificate:
    return Certificate(
        actual_within=() if isinstance(within, Excess) else within,
        expected_within=() if isinstance(covering, Excess) else covering,
        excess=within if isinstance(within, Excess) else None,
        missing=covering if isinstance(covering, Excess) else None,
    )


def _within(smaller: Quotient, larger: Quotient, context: Context) -> tuple[Weighted, ...] | Excess:
    """Smaller = O(larger)? a/b = O(c/d) exactly if every term of a·d is O(b·c). Of several excesses, the plainest."""
    bounds = products(larger.top, smaller.bottom, context.work)
    proofs: list[Weighted] = []
    excesses: list[Excess] = []
    for term in smaller.top:
        for product in products((term,), larger.bottom, context.work):
            found = domination(product, bounds, context.conditions, context.work)
            if isinstance(found, Dominated):
                proofs.append(_weighted(product.as_written(), found))
            else:
                shown = term.as_written() if len(smaller.bottom) == 1 else None
                ray = counterexample(product, bounds, found.levels, context.conditions, context.work)
                excesses.append(Excess(shown, ray))
    return min(excesses, key=lambda excess: excess.ray.complexity) if excesses else tuple(proofs)


def _weighted(term: Node, found: Dominated) -> Weighted:
    if found.weights is None:
        return Weighted(term, None)
    return Weighted(term, tuple((bound.as_written(), weight) for bound, weight in found.weights))
