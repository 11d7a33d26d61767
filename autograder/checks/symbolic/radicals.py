"""Powers, absolute values, exponentials and logarithms of polynomials.

Everything is real. A fractional power of something whose sign is not known is taken where it is not negative, so
`sqrt(x)^2` is x, and `sqrt(x^2)` is |x|.
"""

from fractions import Fraction
from functools import lru_cache
from math import isqrt

from autograder.checks.symbolic.atoms import (
    UNIT,
    Absolute,
    Atom,
    Base,
    Exponential,
    Logarithm,
    Monomial,
    Polynomial,
    Rational,
    Symbol,
    constant,
    constant_value,
    is_even,
    is_nonnegative,
    magnitude,
    monomial_free,
    monomial_key,
    plain,
    single,
)
from autograder.checks.symbolic.failures import Budget, Undefined, Unsupported
from autograder.checks.symbolic.polynomial import (
    as_monomial,
    common_factor,
    difference,
    product,
    root_atom,
    scaled,
    settled,
    sum_of,
    whole_power,
)

SMALL_DIVISOR = 2_000
ROOT_TERMS = 60


def power(base: Polynomial, exponent: Polynomial, budget: Budget) -> Polynomial:
    """Any real power."""
    value = constant_value(exponent)
    if value is not None:
        return rational_power(base, value, budget)
    if not base.terms or not is_nonnegative(base):
        raise Unsupported
    return exponential(_multiplied_by_logarithm(exponent, logarithm(base, budget), budget), budget)


def _multiplied_by_logarithm(exponent: Polynomial, log: Polynomial, budget: Budget) -> Polynomial:
    """The product, in which log 10 = log 2 + log 5 still cancels against the same sum below a line."""
    if len(log.terms) < 2:
        return product(exponent, log, budget)
    common, rest = common_factor(log, budget, signed=True)
    atom = root_atom(rest)
    parts = [
        settled(dict(as_monomial({**dict(monomial), atom: dict(monomial).get(atom, 0) + 1})), value, budget)
        for monomial, value in product(exponent, common, budget).terms.items()
    ]
    return sum_of(parts)


def rational_power(base: Polynomial, exponent: Rational, budget: Budget) -> Polynomial:
    exponent = plain(exponent)
    if isinstance(exponent, int):
        return whole_power(base, exponent, budget)
    if not base.terms:
        if exponent < 0:
            raise Undefined
        return base
    if len(base.terms) == 1:
        return _root_of_monomial(base, exponent, budget)
    return _root_of_sum(base, exponent, budget)


def _root_of_monomial(base: Polynomial, exponent: Fraction, budget: Budget) -> Polynomial:
    ((monomial, value),) = base.terms.items()
    powers = _number_powers(magnitude(value), exponent)
    odd: list[tuple[Atom, Rational]] = []
    for atom, old in monomial:
        if atom.nonnegative or old.denominator != 1:
            powers[atom] = plain(old * exponent)
        elif is_even(old):
            powers[absolute_atom(single(atom))] = plain(old * exponent)
        else:
            odd.append((atom, old))
    if value < 0 and not odd:
        raise Undefined
    if value > 0 and len(odd) == 1:
        powers[odd[0][0]] = plain(odd[0][1] * exponent)
    elif odd:
        powers[root_atom(Polynomial({tuple(odd): 1 if value > 0 else -1}))] = exponent
    return settled(powers, 1, budget)


def _number_powers(value: Rational, exponent: Rational) -> dict[Atom, Rational]:
    powers: dict[Atom, Rational] = {}
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for number, count in factored(part):
            powers[base_atom(number)] = plain(sign * count * exponent)
    return powers


@lru_cache(maxsize=1024)
def factored(number: int) -> tuple[tuple[int, int], ...]:
    """A positive integer as powers. What small divisors leave of a large one may not be prime; it stays whole."""
    found: list[tuple[int, int]] = []
    divisor = 2
    while divisor < SMALL_DIVISOR and divisor * divisor <= number:
        count = 0
        while number % divisor == 0:
            number //= divisor
            count += 1
        if count:
            found.append((divisor, count))
        divisor += 1 if divisor == 2 else 2
    if number > 1:
        side = isqrt(number)
        found.append((side, 2) if side * side == number else (number, 1))
    return tuple(found)


def base_atom(number: int) -> Base:
    return Base(f"{number}", True, frozenset(), number)


def _root_of_sum(base: Polynomial, exponent: Fraction, budget: Budget) -> Polynomial:
    common, rest = common_factor(base, budget, signed=False)
    outside = rational_power(common, exponent, budget)
    if len(rest.terms) == 1:
        return product(outside, rational_power(rest, exponent, budget), budget)
    root = exact_root(rest, exponent.denominator, budget)
    if root is None:
        return product(outside, settled({root_atom(rest): exponent}, 1, budget), budget)
    if exponent.denominator % 2 == 0:
        root = absolute(root, budget)
    return product(outside, whole_power(root, exponent.numerator, budget), budget)


def exact_root(polynomial: Polynomial, degree: int, budget: Budget) -> Polynomial | None:
    """The polynomial whose `degree`-th power this is, up to sign, or None.

    The leading terms settle it one by one, as in the schoolbook method for square roots.
    """
    if len(polynomial.terms) > ROOT_TERMS or degree > 8:
        return None
    atoms = sorted({atom for monomial in polynomial.terms for atom, _ in monomial}, key=lambda atom: atom.key)
    lead = _leading(polynomial, atoms)
    start = _root_of_term(lead, degree)
    if start is None:
        return None
    divisor = scaled(whole_power(start, degree - 1, budget), degree)
    inverse = whole_power(divisor, -1, budget)
    root = start
    for _ in polynomial.terms:
        left = difference(polynomial, whole_power(root, degree, budget))
        if not left.terms:
            return root
        root = sum_of((root, product(_leading(left, atoms), inverse, budget)))
    return None


def _leading(polynomial: Polynomial, atoms: list[Atom]) -> Polynomial:
    def order(term: tuple[Monomial, Rational]) -> list[Rational]:
        exponents = dict(term[0])
        return [exponents.get(atom, 0) for atom in atoms]

    monomial, value = max(polynomial.terms.items(), key=order)
    return Polynomial({monomial: value})


def _root_of_term(term: Polynomial, degree: int) -> Polynomial | None:
    ((monomial, value),) = term.terms.items()
    if value < 0 or not all(
        atom.nonnegative or (exponent / Fraction(degree)).denominator == 1 for atom, exponent in monomial
    ):
        return None
    numbers = _number_powers(value, Fraction(1, degree))
    if any(exponent.denominator != 1 for exponent in numbers.values()):
        return None
    root = Fraction(1)
    for atom, exponent in numbers.items():
        root *= Fraction(int(atom.key)) ** int(exponent)
    return Polynomial({as_monomial({atom: Fraction(exponent) / degree for atom, exponent in monomial}): plain(root)})


def absolute_atom(argument: Polynomial) -> Absolute:
    return Absolute(f"|{argument.key}|", True, argument.free, argument)


def absolute(polynomial: Polynomial, budget: Budget) -> Polynomial:
    """|polynomial|, without the bars where the sign is known."""
    if is_nonnegative(polynomial):
        return polynomial
    if is_nonnegative(scaled(polynomial, -1)):
        return scaled(polynomial, -1)
    if len(polynomial.terms) > 1 and exact_root(polynomial, 2, budget) is not None:
        return polynomial
    if len(polynomial.terms) == 1:
        ((monomial, value),) = polynomial.terms.items()
        unsigned = {
            atom if atom.nonnegative or is_even(exponent) else absolute_atom(single(atom)): exponent
            for atom, exponent in monomial
        }
        return settled(unsigned, magnitude(value), budget)
    common, rest = common_factor(polynomial, budget, signed=True)
    below = single(absolute_atom(rest)) if len(rest.terms) > 1 else absolute(rest, budget)
    return product(absolute(common, budget), below, budget)


def logarithm(polynomial: Polynomial, budget: Budget) -> Polynomial:
    """The natural logarithm: a sum over the factors where there are any."""
    value = constant_value(polynomial)
    if value is not None:
        return _logarithm_of_number(value)
    if len(polynomial.terms) == 1:
        return _logarithm_of_monomial(polynomial, budget)
    common, rest = common_factor(polynomial, budget, signed=False)
    if len(rest.terms) == 1:
        return sum_of((logarithm(common, budget), logarithm(rest, budget)))
    root = exact_root(rest, 2, budget)
    if root is not None:
        return sum_of((logarithm(common, budget), scaled(logarithm(absolute(root, budget), budget), 2)))
    return sum_of((logarithm(common, budget), single(_logarithm_atom(rest))))


def _logarithm_of_number(value: Rational) -> Polynomial:
    if value <= 0:
        raise Undefined
    powers = _number_powers(value, 1)
    return sum_of(scaled(single(_logarithm_atom(constant(int(atom.key)))), count) for atom, count in powers.items())


def _logarithm_of_monomial(polynomial: Polynomial, budget: Budget) -> Polynomial:
    ((monomial, value),) = polynomial.terms.items()
    signed = tuple((atom, exponent) for atom, exponent in monomial if not atom.nonnegative and not is_even(exponent))
    if (value < 0 and not signed) or len(signed) > 1 or (signed and value < 0):
        raise Unsupported
    parts = [_logarithm_of_number(value)]
    for atom, exponent in monomial:
        argument = atom if atom.nonnegative or (atom, exponent) in signed else absolute_atom(single(atom))
        parts.append(scaled(_logarithm_of_atom(argument), exponent))
    return sum_of(parts)


def _logarithm_of_atom(atom: Atom) -> Polynomial:
    match atom:
        case Exponential(exponent=exponent):
            return Polynomial({exponent: 1})
        case Symbol(name="e"):
            return constant(1)
        case Base(number=number):
            return single(_logarithm_atom(constant(number)))
        case _:
            return single(_logarithm_atom(single(atom)))


def _logarithm_atom(argument: Polynomial) -> Logarithm:
    value = constant_value(argument)
    return Logarithm(f"log({argument.key})", value is not None and value > 1, argument.free, argument)


def exponential(polynomial: Polynomial, budget: Budget) -> Polynomial:
    """The exponential function: a product over the terms."""
    result = constant(1)
    for monomial, value in polynomial.terms.items():
        result = product(result, _exponential_of_term(monomial, value, budget), budget)
    return result


def _exponential_of_term(monomial: Monomial, value: Rational, budget: Budget) -> Polynomial:
    if monomial == UNIT:
        return single(euler_atom(), value)
    if len(monomial) == 1 and isinstance(monomial[0][0], Logarithm) and monomial[0][1] == 1:
        return rational_power(monomial[0][0].argument, value, budget)
    atom = Exponential(f"exp({monomial_key(monomial)})", True, monomial_free(monomial), monomial)
    return single(atom, value)


def euler_atom() -> Symbol:
    return Symbol("e", True, frozenset(), "e")
