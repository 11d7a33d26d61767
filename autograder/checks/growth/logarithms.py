"""The logarithm of a growth, as a sum of logs of coordinates (or, where there are floors, of their products)."""

from math import gcd, lcm

from autograder.answers.tree import Node
from autograder.checks.growth.domination import is_dominated
from autograder.checks.growth.leading import Context, simplified
from autograder.checks.growth.terms import Exponent, LogForm, Monomial, Quotient, distinct
from autograder.checks.growth.work import Undecidable


def logarithm(size: Quotient, written: Node, context: Context) -> Quotient:
    """Log of `size`, which is 1 or more everywhere. Raises Undecidable where it is not, or for logs of logs.

    log(a·b) = log a + log b and log(a + b) ~ log a + log b for a, b >= 1; so only the variables that occur matter.
    """
    if size.is_zero or size.bottom != (context.conditions.one(),):
        raise Undecidable("logarithm")
    forms = [form for term in size.top for form in _log_forms(term, context)]
    if not forms:
        raise Undecidable("logarithm")
    zeros = context.conditions.one().powers
    terms = distinct(Monomial(zeros, ((form, 1),), ((written, 1),)) for form in forms)
    return simplified(Quotient(terms, (context.conditions.one(),)), context)


def _log_forms(term: Monomial, context: Context) -> list[LogForm]:
    grows = [i for i, power in enumerate(term.powers) if power > 0]
    if any(not all(term.powers[i] > 0 or entry == 0 for i, entry in enumerate(form)) for form, _ in term.logs):
        raise Undecidable("logarithm")
    if min(term.powers, default=0) >= 0:
        return [tuple(int(i == j) for j in range(len(term.powers))) for i in grows]
    if not is_dominated(context.conditions.one(), (term,), context.conditions, context.work):
        raise Undecidable("logarithm")
    return [_coprime(term.powers)]


def _coprime(powers: tuple[Exponent, ...]) -> LogForm:
    scale = lcm(*(power.denominator for power in powers))
    shrink = gcd(*(int(power * scale) for power in powers))
    return tuple(int(power * scale) // shrink for power in powers)
