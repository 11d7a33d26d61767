"""Texts that are nearly the same, put together: for words, of which no program says what they mean."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

NEAR = 88.0  # of 100: rapidfuzz's ratio of two texts, their words in order or sorted, whichever is higher
LONGEST = 4_000
MOST = 3_000  # texts that are compared with each other; those beyond stand alone


def near_together(texts: Sequence[str]) -> list[list[int]]:
    """The places of the texts, group by group, the largest first; each group's first text is what the others are near.

    A text joins the first group whose first text it is near to, so that a chain of small steps joins nothing.
    """
    plain = [_plain(text) for text in texts]
    distinct = list(dict.fromkeys(plain))
    leader = _leaders(distinct[:MOST]) | {text: text for text in distinct[MOST:]}
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(plain):
        groups.setdefault(leader[text], []).append(place)
    return sorted(groups.values(), key=lambda places: (-len(places), places[0]))


def _leaders(texts: Sequence[str]) -> dict[str, str]:
    """For each text the first one that it is near to."""
    if not texts:
        return {}
    found: dict[str, str] = {}
    near = _scores(texts, fuzz.ratio) | _scores(texts, fuzz.token_sort_ratio)
    for row, text in enumerate(texts):
        if text not in found:
            joined = (other for other, is_near in zip(texts, near[row], strict=True) if is_near and other not in found)
            found |= dict.fromkeys([text, *joined], text)
    return found


def _scores(texts: Sequence[str], scorer: Callable[..., float]) -> NDArray[np.bool_]:
    scores: NDArray[Any] = process.cdist(texts, texts, scorer=scorer, score_cutoff=NEAR, dtype=np.uint8)
    return scores > 0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text[:LONGEST].casefold()))
