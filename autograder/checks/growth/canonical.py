"""A form that equal growths share, and the terms that a growth has."""

from dataclasses import dataclass

from autograder.checks.growth.domination import is_dominated
from autograder.checks.growth.leading import Context, leading_terms, simplified
from autograder.checks.growth.terms import Monomial, Quotient, Terms, distinct, products


@dataclass(frozen=True)
class GrowthForm:
    """Hashable. Equal forms are equal growths under the same side conditions.

    Without logarithms, equal growths that have a form have the same one. With logarithms they nearly always do.
    """

    terms: frozenset[Monomial]
    inverted: bool = False


def form_of(size: Quotient, context: Context) -> GrowthForm | None:
    """The form of a growth that is a sum of monomials, or one over such a sum; None for any other."""
    terms = _as_sum(size, context)
    if terms is not None:
        return GrowthForm(frozenset(leading_terms(terms, context)))
    terms = _as_sum(simplified(size.inverse(), context), context)
    return None if terms is None else GrowthForm(frozenset(leading_terms(terms, context)), inverted=True)


def own_leading_terms(size: Quotient, context: Context) -> Terms:
    """The monomials that are somewhere as large as `size` and nowhere larger, without those that others cover."""
    if len(size.bottom) == 1:
        return leading_terms(size.top, context)
    return leading_terms(_supporting(size, context), context)


def _as_sum(size: Quotient, context: Context) -> Terms | None:
    if len(size.bottom) == 1:
        return size.top
    terms = _supporting(size, context)
    back = products(terms, size.bottom, context.work)
    covered = all(is_dominated(term, back, context.conditions, context.work) for term in size.top)
    return terms if covered else None


def _supporting(size: Quotient, context: Context) -> Terms:
    """Ratios of a term above and a term below that are O(the quotient).

    In logarithms the quotient is piecewise linear, each piece is such a ratio, and the quotient is a sum of monomials
    up to a constant exactly if it is convex: if the pieces that are nowhere above it reach it everywhere.
    """
    ratios = distinct(above.over(below) for above in size.top for below in size.bottom)
    return tuple(ratio for ratio in ratios if _is_within(ratio, size, context))


def _is_within(ratio: Monomial, size: Quotient, context: Context) -> bool:
    return all(
        is_dominated(term, size.top, context.conditions, context.work)
        for term in products((ratio,), size.bottom, context.work)
    )
