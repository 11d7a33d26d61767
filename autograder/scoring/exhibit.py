"""What a public check shows besides its verdict: arrays that a page can draw. Never anything of the reference's."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LARGEST_SIDE = 16
MOST_TOKENS = 64


@dataclass(frozen=True)
class Comparison:
    """What the student's code gave for public inputs, and what anybody can work out for them: both (rows, columns)."""

    title: str
    expected: Array
    own: Array


@dataclass(frozen=True)
class Heads:
    """Attention that a student captured, (layers, heads, T, T), with its T tokens; `marked` are pairs (layer, head) and
    what is claimed of them.
    """

    title: str
    attention: Array
    tokens: tuple[str, ...]
    marked: tuple[tuple[tuple[int, int], str], ...] = ()


Exhibit = Comparison | Heads


def comparison(title: str, expected: Array, own: Array) -> Comparison:
    """The upper left part of two arrays (rows, columns), as much as can be looked at."""
    cut = (slice(LARGEST_SIDE), slice(LARGEST_SIDE))
    return Comparison(title, np.asarray(expected, dtype=np.float64)[cut], np.asarray(own, dtype=np.float64)[cut])
