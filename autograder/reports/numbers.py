"""Points as people and JSON write them."""

from fractions import Fraction

DECIMALS = 4


def number(value: Fraction) -> float:
    """Whole numbers without a fraction, others rounded to four places."""
    return int(value) if value.denominator == 1 else round(float(value), DECIMALS)
