"""Real numbers for evaluation: exact where they are rational, else between bounds that are certain.

A `Ball` holds every real number within `radius` of `middle`. Rounding always widens it, so two balls that do not meet
are two different numbers: a difference of 1e-30 is seen, and rounding is never taken for a difference.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from fractions import Fraction
from math import floor, isqrt
from typing import Union

from autograder.checks.symbolic.failures import TooLarge, Undefined

DIGITS = 50
MAXIMAL_BITS = 4_096
MAXIMAL_POWER = 10**6
MAXIMAL_ANGLE = 200
TRAPS = [InvalidOperation, DivisionByZero, Overflow]
NEAREST = Context(prec=DIGITS, Emax=10**6, Emin=-(10**6), traps=[*TRAPS, Underflow])
UPWARDS = Context(prec=12, rounding=ROUND_UP, Emax=10**6, Emin=-(10**6), traps=TRAPS)
RELATIVE_ERROR = Decimal(10) ** (2 - DIGITS)  # of one operation; the context's own is a hundredth of this
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ball:
    """The real numbers from middle - radius to middle + radius."""

    middle: Decimal
    radius: Decimal


Real = Union[Fraction, Ball]


def _up(*values: Decimal) -> Decimal:
    total = ZERO
    for value in values:
        total = UPWARDS.add(total, value)
    return total


def _around(middle: Decimal, *radii: Decimal) -> Ball:
    """A ball that also covers the rounding of `middle`."""
    return Ball(middle, _up(UPWARDS.multiply(abs(middle), RELATIVE_ERROR), *radii))


def ball(value: Real) -> Ball:
    if isinstance(value, Ball):
        return value
    return _around(NEAREST.divide(Decimal(value.numerator), Decimal(value.denominator)))


def bounds(value: Ball) -> tuple[Decimal, Decimal]:
    """Numbers below and above everything in the ball."""
    slack = UPWARDS.multiply(_up(abs(value.middle), value.radius), RELATIVE_ERROR)
    reach = _up(value.radius, slack)
    return NEAREST.subtract(value.middle, reach), NEAREST.add(value.middle, reach)


def _between(low: Decimal, high: Decimal) -> Ball:
    middle = NEAREST.divide(NEAREST.add(low, high), Decimal(2))
    return _around(
        middle,
        UPWARDS.divide(UPWARDS.subtract(high, low), Decimal(2)),
        UPWARDS.multiply(max(abs(low), abs(high)), RELATIVE_ERROR),
    )


def added(left: Real, right: Real) -> Real:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _kept(left + right)
    first, second = ball(left), ball(right)
    return _around(NEAREST.add(first.middle, second.middle), first.radius, second.radius)


def multiplied(left: Real, right: Real) -> Real:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _kept(left * right)
    if left == 0 or right == 0:
        return Fraction(0)
    first, second = ball(left), ball(right)
    return _around(
        NEAREST.multiply(first.middle, second.middle),
        UPWARDS.multiply(abs(first.middle), second.radius),
        UPWARDS.multiply(abs(second.middle), first.radius),
        UPWARDS.multiply(first.radius, second.radius),
    )


def negated(value: Real) -> Real:
    return -value if isinstance(value, Fraction) else Ball(value.middle.copy_negate(), value.radius)


def subtracted(left: Real, right: Real) -> Real:
    return added(left, negated(right))


def inverse(value: Real) -> Real:
    """One over the number. Raises `Undefined` for zero and `TooLarge` where zero cannot be ruled out."""
    if isinstance(value, Fraction):
        if not value:
            raise Undefined
        return 1 / value
    low, high = bounds(value)
    if low <= 0 <= high:
        raise TooLarge
    return _between(NEAREST.divide(Decimal(1), high), NEAREST.divide(Decimal(1), low))


def _kept(value: Fraction) -> Real:
    """The exact number, or a ball once exactness gets dear."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= MAXIMAL_BITS:
        return value
    return ball(value)


def sign(value: Real) -> int | None:
    """-1, 0 or 1, None where the ball does not say."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    low, high = bounds(value)
    return 1 if low > 0 else -1 if high < 0 else None


def power(base: Real, exponent: Real) -> Real:
    """A real power; of a negative number only a whole one. 0^0 is 1."""
    if isinstance(exponent, Fraction):
        if exponent.denominator == 1:
            return _whole_power(base, exponent.numerator)
        exact = _exact_root(base, exponent)
        if exact is not None:
            return exact
    where = sign(base)
    if where == 0:
        if sign(exponent) == 1:
            return Fraction(0)
        raise Undefined
    if where is None:
        raise TooLarge
    if where < 0:
        raise Undefined
    if exponent == Fraction(1, 2):
        return _monotone(base, NEAREST.sqrt)
    return exponential(multiplied(exponent, logarithm(base)))


def _whole_power(base: Real, exponent: int) -> Real:
    if exponent < 0:
        return inverse(_whole_power(base, -exponent))
    if isinstance(base, Fraction):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if bits <= 1 or bits * exponent <= MAXIMAL_BITS:
            return base**exponent
    if exponent > MAXIMAL_POWER:
        raise TooLarge
    result: Real = Fraction(1)
    square: Real = base
    while exponent:
        if exponent % 2:
            result = multiplied(result, square)
        exponent //= 2
        if exponent:
            square = multiplied(square, square)
    return result


def _exact_root(base: Real, exponent: Fraction) -> Fraction | None:
    """The square root of a rational square."""
    if isinstance(base, Ball) or base <= 0 or exponent not in (Fraction(1, 2), Fraction(-1, 2)):
        return None
    above, below = isqrt(base.numerator), isqrt(base.denominator)
    if above * above != base.numerator or below * below != base.denominator:
        return None
    return Fraction(above, below) if exponent > 0 else Fraction(below, above)


def _monotone(value: Real, function: Callable[[Decimal], Decimal]) -> Ball:
    """An increasing function, rounded by at most one unit in the last place."""
    low, high = bounds(ball(value))
    return _between(function(low), function(high))


def exponential(value: Real) -> Real:
    if value == 0:
        return Fraction(1)
    _, high = bounds(ball(value))
    if high > 10**5:
        raise TooLarge
    return _monotone(value, NEAREST.exp)


def logarithm(value: Real) -> Real:
    if value == 1:
        return Fraction(0)
    where = sign(value)
    if where is None:
        raise TooLarge
    if where <= 0:
        raise Undefined
    return _monotone(value, NEAREST.ln)


def sine(value: Real) -> Real:
    return _trigonometric(value, 1)


def cosine(value: Real) -> Real:
    return _trigonometric(value, 0)


def _trigonometric(value: Real, first: int) -> Ball:
    """The series of the sine (`first` 1) or cosine (0), with enough digits for its largest term."""
    angle = ball(value)
    if abs(angle.middle) > MAXIMAL_ANGLE:
        raise TooLarge
    context = Context(prec=2 * DIGITS + int(abs(angle.middle)), traps=TRAPS)
    square = context.multiply(angle.middle, angle.middle).copy_negate()
    term = total = angle.middle if first else Decimal(1)
    step = first
    while term and (term.adjusted() > -DIGITS - 5 or step < abs(angle.middle)):
        step += 2
        term = context.divide(context.multiply(term, square), Decimal(step * (step - 1)))
        total = context.add(total, term)
    return _around(total, angle.radius, RELATIVE_ERROR)


def absolute(value: Real) -> Real:
    if isinstance(value, Fraction):
        return abs(value)
    where = sign(value)
    return Ball(abs(value.middle), value.radius) if where is None else value if where > 0 else negated(value)


def floored(value: Real) -> Real:
    """The largest whole number that is not above; `TooLarge` where the ball lies on both sides of a step."""
    if isinstance(value, Fraction):
        return Fraction(floor(value))
    low, high = (floor(bound) for bound in bounds(value))
    if low != high:
        raise TooLarge
    return Fraction(low)


def largest(values: list[Real]) -> Real:
    """The maximum; a ball that covers it where the largest two cannot be told apart."""
    result = values[0]
    for value in values[1:]:
        where = sign(subtracted(value, result))
        if where is None:
            (first, second), (third, fourth) = bounds(ball(result)), bounds(ball(value))
            result = _between(max(first, third), max(second, fourth))
        elif where > 0:
            result = value
    return result


PI = Ball(Decimal("3.1415926535897932384626433832795028841971693993751"), RELATIVE_ERROR)
