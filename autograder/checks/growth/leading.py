"""Which terms of a sum decide its growth."""

from dataclasses import dataclass

from autograder.checks.growth.conditions import SideConditions
from autograder.checks.growth.domination import is_below, is_dominated
from autograder.checks.growth.terms import Quotient, Terms, distinct, products
from autograder.checks.growth.work import Undecidable, Work

MOST_TERMS = 40
CHEAP_TERMS = 8


@dataclass(frozen=True)
class Context:
    """What every step of one comparison needs. `work` is used up as it goes."""

    conditions: SideConditions
    work: Work


@dataclass(frozen=True)
class Signed:
    """A growth with a sign, 1 or -1; zero has an empty size."""

    sign: int
    size: Quotient


def thinned(terms: Terms, context: Context) -> Terms:
    """The same growth with fewer terms; not always the fewest. Raises Undecidable for too many."""
    if len(terms) < 2:
        return terms
    context.work.spend(len(terms) ** 2 // 2)
    kept = tuple(
        term for i, term in enumerate(terms) if not any(is_below(term, other) for other in terms[:i] + terms[i + 1 :])
    )
    if len(kept) > CHEAP_TERMS:
        kept = leading_terms(kept, context)
    if len(kept) > MOST_TERMS:
        raise Undecidable("too_long")
    return kept


def leading_terms(terms: Terms, context: Context) -> Terms:
    """The terms that no sum of the others covers. Without logarithms, equal growths have equal leading terms."""
    kept = list(terms)
    for term in terms:
        others = tuple(other for other in kept if other != term)
        if is_dominated(term, others, context.conditions, context.work):
            kept = list(others)
    return tuple(kept)


def simplified(quotient: Quotient, context: Context) -> Quotient:
    """The same growth, thinned on both sides; a single term below is divided out."""
    top, bottom = thinned(distinct(quotient.top), context), thinned(distinct(quotient.bottom), context)
    if bottom == (context.conditions.one(),):
        return Quotient(top, bottom)
    if len(bottom) == 1:
        context.work.spend(len(top) * 16)
        return Quotient(tuple(term.over(bottom[0]) for term in top), (context.conditions.one(),))
    return Quotient(top, bottom)


def zero(context: Context) -> Quotient:
    return Quotient((), (context.conditions.one(),))


def one(context: Context) -> Quotient:
    return Quotient((context.conditions.one(),), (context.conditions.one(),))


def total(parts: list[Quotient], context: Context) -> Quotient:
    """The sum, and so also the maximum."""
    if not parts:
        return zero(context)
    result, *others = parts
    for part in others:
        result = _added(result, part, context)
    return result


def _added(left: Quotient, right: Quotient, context: Context) -> Quotient:
    if left.bottom == right.bottom:
        return simplified(Quotient(left.top + right.top, left.bottom), context)
    top = products(left.top, right.bottom, context.work) + products(right.top, left.bottom, context.work)
    return simplified(Quotient(top, products(left.bottom, right.bottom, context.work)), context)


def product_of(parts: list[Quotient], context: Context) -> Quotient:
    result, *others = parts
    for part in others:
        top, bottom = (products(a, b, context.work) for a, b in ((result.top, part.top), (result.bottom, part.bottom)))
        result = simplified(Quotient(top, bottom), context)
    return result


def smallest(parts: list[Quotient], context: Context) -> Quotient:
    """The minimum, which is the harmonic sum up to a constant."""
    if any(part.is_zero for part in parts):
        return zero(context)
    return simplified(total([part.inverse() for part in parts], context).inverse(), context)
