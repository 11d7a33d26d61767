"""Closes every descriptor but the channel, so that nothing of the grader's or of another worker's is inherited."""

import itertools
import os

from autograder.sandbox.limits.layer import Confinement

CHANNEL = 3
FIRST_LIBRARY = 10
HIGHEST = 1_048_576


def close_descriptors(plan: Confinement) -> None:
    """Move the channel to descriptor 3, point 0 to 2 at /dev/null, close the rest but the handles on directories."""
    if plan.channel != CHANNEL:
        os.dup2(plan.channel, CHANNEL, inheritable=False)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(CHANNEL):
        os.dup2(nothing, standard)
    kept = (CHANNEL, *sorted({*plan.readable, *plan.libraries}), HIGHEST)
    for before, after in itertools.pairwise(kept):
        os.closerange(before + 1, after)


def close_handles(plan: Confinement) -> None:
    """Close the handles that only Landlock needed."""
    for handle in set(plan.readable) - set(plan.libraries):
        os.close(handle)
