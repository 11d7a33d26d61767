"""Polynomials that are zero only where they have no terms."""

from autograder.checks.symbolic.atoms import (
    Atom,
    Base,
    Entry,
    Index,
    Monomial,
    Polynomial,
    PowerSum,
    Rational,
    Symbol,
    constant_value,
)


def is_certainly_not_zero(polynomial: Polynomial) -> bool:
    """Whether a polynomial with terms takes a value other than zero, because no relation holds between its atoms.

    Names are free. Roots of different products of primes are linearly independent over the rationals. Power sums and
    single components are algebraically independent once the length is large enough. Of e and pi together nothing
    is known.
    """
    atoms = {atom for monomial in polynomial.terms for atom, _ in monomial}
    transcendental = sum(isinstance(atom, Symbol) and atom.name in ("e", "pi") for atom in atoms)
    return transcendental < 2 and all(_is_independent(monomial) for monomial in polynomial.terms)


def _is_independent(monomial: Monomial) -> bool:
    return all(_is_free(atom, exponent) for atom, exponent in monomial)


def _is_free(atom: Atom, exponent: Rational) -> bool:
    if not atom.nonnegative and exponent.denominator != 1:
        return False
    match atom:
        case Base() | Symbol() | Index():
            return True
        case Entry(position=position):
            return constant_value(position) is not None or _is_one_name(position)
        case PowerSum(body=body, upper=upper):
            return _is_one_name(upper) and all(
                isinstance(inner, Entry) and whole.denominator == 1 and whole > 0 for inner, whole in body
            )
        case _:
            return False


def _is_one_name(polynomial: Polynomial) -> bool:
    """A single name or index, as it is."""
    if len(polynomial.terms) != 1:
        return False
    ((monomial, value),) = polynomial.terms.items()
    return value == 1 and len(monomial) == 1 and isinstance(monomial[0][0], Symbol | Index) and monomial[0][1] == 1
