"""Points as people and JSON write them."""

from fractions import Fraction

DECIMALS = 4


def number(value: Fraction) -> float:
    """Whole numbers without a fraction, others rounded to four places."""
    return int(value) if value.denominator == 1 else round(float(value), DECIMALS)


def several(count: int, what: str) -> str:
    """`1 score`, `2 scores`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
