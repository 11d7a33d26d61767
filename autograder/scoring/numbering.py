"""Part numbers: which question a part belongs to. "4.g", "4g", "A.1" and "1(a)" are all numbers."""

import re

PIECE = re.compile(r"\d+|[^\W\d_]+")


def belongs(number: str, wanted: str) -> bool:
    """Whether a part is `wanted` or within it: "4.g" and "4g" are within "4", "40" and "4.gh" are not within "4.g"."""
    rest = number[len(wanted) :]
    return number.startswith(wanted) and not (rest and _is_one_piece(wanted[-1:] + rest[0]))


def _is_one_piece(letters: str) -> bool:
    return PIECE.fullmatch(letters) is not None
