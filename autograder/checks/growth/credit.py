"""What each relation of two growths is worth: numbers alone, for a rubric to hold without the judges."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GrowthCredit:
    """Shares of the points for each relation; `lower_bound` is for answers with a leading term of the expected one."""

    equal: float = 1.0
    upper_bound: float = 0.5
    lower_bound: float = 0.25
