"""What a sum in a condition runs over: its limits, and the index of what is summed."""

from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.reading import CannotRead

COUNTS = frozenset("NnTtL")  # how many keys there are; M and D are sizes of vectors, and any other letter may be


def limits(cursor: ConditionCursor) -> str:
    """`_j`, `_{j=1}^{N}`, nothing: the letter that is summed over, or "". A sum that leaves keys out is refused."""
    place = cursor.next
    below: list[str] = []
    above: list[str] = []
    for sign in ("_", "^", "_"):
        if not cursor.takes(sign):
            continue
        texts = group(cursor)
        if sign == "_" and cursor.takes("="):
            texts = [*texts, "=", *group(cursor)]
        if sign == "^":
            above = texts
        else:
            below = below or texts
    if not _is_over_all(below, above):
        end = cursor.tokens[cursor.at - 1].end
        name = " ".join(below) + (f" to {' '.join(above)}" if above else "")
        raise CannotRead("condition_sum_over", place.start, end, name=name)
    return next((text for text in below if text.isalpha()), "")


def _is_over_all(below: list[str], above: list[str]) -> bool:
    """Whether an index runs over everything: `j`, `j = 1` to `N`, `j = 0` to `N - 1`, `1 ≤ j ≤ N`, `j ∈ [N]`."""
    counts = len(above) == 1 and above[0] in COUNTS
    match below:
        case []:
            return not above or counts
        case [_]:
            return not above or counts
        case [_, "=", "1"]:
            return not above or counts
        case [_, "=", "0"]:
            return len(above) == 3 and above[0] in COUNTS and above[1:] == ["-", "1"]
        case ["1", "≤", _, "≤", last]:
            return last in COUNTS
        case [_, "=", "1", ",", "...", ",", last] | [_, "=", "1", ".", ".", last] | [_, "=", "1", "...", last]:
            return last in COUNTS
        case [_, "∈", *members]:
            return not any(text in ("-", "+", "∖", "≠", "0") or (text.isdigit() and text != "1") for text in members)
        case _:
            return False


def group(cursor: ConditionCursor) -> list[str]:
    """The texts of one token, or of all tokens in braces or brackets."""
    if not cursor.takes("{"):
        return [cursor.take().text]
    texts: list[str] = []
    while not cursor.takes("}"):
        if cursor.next.kind == "end":
            raise cursor.unexpected()
        texts.append(cursor.take().text)
    return texts or [""]


def check_index(cursor: ConditionCursor, index: str, arguments: list[list[str]]) -> None:
    """A sum over queries is not a row's sum: the index belongs to the keys, however it is called."""
    where = [place for place, texts in enumerate(arguments) if index in texts[1:]]
    marked = any("_" in texts for texts in arguments)
    last = len(arguments) - 1
    unbound = len(index) == 1 and marked and not where and "_" in arguments[last]
    elsewhere = (marked and index and where not in ([], [last])) or unbound
    keys_first = bool(arguments) and where == [0] and arguments[0][0] in ("k", "K")
    if index in ("query", "queries", "Q", "q") or (elsewhere and not keys_first):
        raise CannotRead("condition_sum_over", cursor.next.start, cursor.next.end, name=index)
