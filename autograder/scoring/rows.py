"""A function of one row, tried on many: the outcomes of single calls put together as if it had been one."""

from collections.abc import Iterable

import numpy as np

from autograder.sandbox.outcome import Outcome, Value


def is_table(outcome: Outcome, rows: int) -> bool:
    """Whether an outcome is an array (rows, L)."""
    data = outcome.data if isinstance(outcome, Value) else None
    return isinstance(data, np.ndarray) and data.ndim == 2 and len(data) == rows


def stacked(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Vectors (L,), one a row, as one array (rows, L); None as soon as one is not a vector like the first."""
    vectors: list[np.ndarray] = []
    for outcome in outcomes:
        data = outcome.data if isinstance(outcome, Value) else None
        if not isinstance(data, np.ndarray) or data.ndim != 1 or (vectors and data.shape != vectors[0].shape):
            return None
        vectors.append(data)
    return Value(np.stack(vectors)) if vectors else None
