"""The figures of classical test theory: difficulty, and discrimination as the corrected item-total correlation.

Source: Lord and Novick, Statistical Theories of Mental Test Scores (1968), chapter 15; "corrected" leaves the item
itself out of the total.
"""

from collections.abc import Sequence

import numpy as np

from autograder.reports.class_report.model import Spread

STEPS = 10
FEWEST = 5  # submissions below which a correlation says nothing
FLAT = 1e-9


def spread_of(scores: Sequence[float], most: float) -> Spread | None:
    """How total scores are spread; None where there are none."""
    if not scores or most <= 0:
        return None
    values = np.asarray(scores, dtype=float)
    places = np.clip(np.floor(values / most * STEPS + FLAT), 0, STEPS - 1).astype(int)
    ordered = sorted(values.tolist())
    return Spread(
        most=most,
        counts=tuple(int(count) for count in np.bincount(places, minlength=STEPS)),
        mean=float(values.mean()),
        deviation=float(values.std(ddof=1)) if len(values) > 1 else 0.0,
        quartiles=(quantile(ordered, 0.25), quantile(ordered, 0.5), quantile(ordered, 0.75)),
        lowest=float(values.min()),
        highest=float(values.max()),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """What this share of the values lies below, on the line between the two next to it (Hyndman and Fan, "Sample
    Quantiles in Statistical Packages", 1996, definition 7). numpy.quantile is the same, and imports numpy.ma for it.
    """
    place = share * (len(ordered) - 1)
    low = int(place)
    left, right = ordered[low], ordered[min(low + 1, len(ordered) - 1)]
    step, beyond = right - left, place - low
    return left + step * beyond if beyond < 0.5 else right - step * (1 - beyond)


def correlation(part: Sequence[float], total: Sequence[float]) -> float | None:
    """Between what a part earned and what all others did; None for few submissions, or where either is the same for
    everybody.
    """
    own = np.asarray(part, dtype=float)
    rest = np.asarray(total, dtype=float) - own
    if len(own) < FEWEST or own.std() < FLAT or rest.std() < FLAT:
        return None
    return float(np.corrcoef(own, rest)[0, 1])


def in_words(value: float | None) -> str:
    """What a discrimination means, in the usual steps (Ebel and Frisbie, Essentials of Educational Measurement)."""
    if value is None:
        return "undefined"
    if value < 0:
        return "the wrong way round"
    steps = ((0.2, "hardly"), (0.3, "somewhat"), (0.4, "well"))
    return next((words for limit, words in steps if value < limit), "very well")
