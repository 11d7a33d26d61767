"""The end of a comparison that cannot or may not go on."""

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "exponential", "subtraction", "negative", "logarithm", "function", "division_by_zero", "too_long", "unknown_name"
]
PATIENCE = 80_000


class Undecidable(Exception):
    """Every public function of this package turns it into a value."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass
class Work:
    """A count of steps of about a microsecond, so that hostile answers end soon, and alike on any machine."""

    left: int = PATIENCE

    def spend(self, steps: int) -> None:
        """Raises Undecidable when the limit is passed."""
        self.left -= steps
        if self.left < 0:
            raise Undecidable("too_long")
