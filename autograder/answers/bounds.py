"""What an answer may cost. Checked before the work that they bound; far above anything that a homework asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Limits of the reader."""

    characters: int = 2_000
    tokens: int = 600
    depth: int = 60
    digits: int = 40
    exponent: int = 100
    tower: int = 6
    degree: int = 400
    terms: int = 4_000
    constant_digits: int = 300
    sum_limit: int = 1_000
    nested_sums: int = 5
    factorial: int = 20
    binomial: int = 6


BOUNDS = Bounds()
