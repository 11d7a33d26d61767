"""Sets of numbers that a similarity may be said to lie in: R^+, R_{≥0}, (0, ∞), R without 0."""

from fractions import Fraction

from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_formula import NOTHING, Formula, Relation, conjunction
from autograder.answers.conditions_subjects import Size, Spoken, size
from autograder.answers.reading import CannotRead

REALS: dict[str, Relation | None] = {
    "": None, "1": None, "+": ">", "++": ">", ">0": ">", "*+": ">", "+*": ">", "≥0": "≥", "0+": "≥", "+0": "≥",
    "≠0": "≠", "*": "≠", "-": "<", "--": "<", "<0": "<", "≤0": "≤",
}  # fmt: skip
DOMAIN_SIGNS = frozenset({"×", "^", "_", "{", "}", "(", ")", "[", "]", ",", "*", "·"})


def sees_set(cursor: ConditionCursor) -> bool:
    return cursor.sees("R", "(", "[")


def member(cursor: ConditionCursor, subject: Spoken) -> Formula:
    """That the subject lies in the set that stands next."""
    return _reals(cursor, subject) if cursor.takes("R") else _interval(cursor, subject)


def _reals(cursor: ConditionCursor, subject: Spoken) -> Formula:
    """R with marks such as ^+, _{>0}, or without {0}."""
    start = cursor.next
    marks = "+" if cursor.takes("+") else ""
    while cursor.takes("^", "_"):
        marks += _mark(cursor)
    if cursor.takes("∖", "-") or cursor.sees("{"):
        for text in ("{", "0", "}"):
            cursor.insist(text)
        marks += "≠0"
    if marks not in REALS:
        raise CannotRead("condition_set", start.start, cursor.next.start, name=f"R {marks}")
    return _beyond(subject, REALS[marks], Size(Fraction(0)))


def _beyond(subject: Spoken, relation: Relation | None, bound: Size) -> Formula:
    if relation is None or bound.value is None:
        return NOTHING
    return subject.compared(relation, bound.value, bound.name)


def _mark(cursor: ConditionCursor) -> str:
    if not cursor.takes("{"):
        first = cursor.take().text
        return first + (cursor.take().text if first in ("<", ">", "≤", "≥", "≠") else "")
    texts = ""
    while not cursor.takes("}"):
        if cursor.next.kind == "end":
            raise cursor.unexpected()
        texts += cursor.take().text
    return texts


def _interval(cursor: ConditionCursor, subject: Spoken) -> Formula:
    opened = cursor.insist("(", "[")
    low = size(cursor)
    cursor.insist(",", ";")
    high = size(cursor)
    closed = cursor.insist(")", "]")
    if low is None or high is None or (low.value is None) > (low.sign < 0) or (high.value is None) > (high.sign > 0):
        raise CannotRead("condition_set", opened.start, closed.end, name="interval")
    above = _beyond(subject, ">" if opened.text == "(" else "≥", low)
    below = _beyond(subject, "<" if closed.text == ")" else "≤", high)
    return conjunction(*(part for part in (above, below) if part != NOTHING)) if above != below else NOTHING


def skip_domain(cursor: ConditionCursor) -> None:
    """What a function is defined on, `R^D × R^D`, up to the arrow."""
    while not cursor.takes("→"):
        token = cursor.next
        if token.kind == "sign" and token.text not in DOMAIN_SIGNS:
            raise cursor.unexpected()
        if token.kind == "end" or (token.kind == "word" and len(token.text) > 1):
            raise cursor.unexpected()
        cursor.take()
