"""A multiple, a shift or a square of what a condition speaks of; the least or greatest of a query's similarities."""

from dataclasses import replace
from fractions import Fraction

from autograder.answers import conditions_words as words
from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_indices import check_index, group, limits
from autograder.answers.conditions_subjects import Spoken, function, spoken
from autograder.answers.reading import CannotRead

TIMES = ("*", "·", "×")
_BEFORE_ARGUMENTS = ("_", "(", "{")


def term(cursor: ConditionCursor) -> Spoken | None:
    """`sim(q, k)`, `2 sim(q, k)`, `-sum_j sim(Q_i, K_j)`, `sim(q, k) - 1`, `min_j sim(Q_i, K_j)`, or words for them.

    None with nothing taken.
    """
    start = cursor.at
    scale = _coefficient(cursor)
    found = _extreme(cursor) or spoken(cursor)
    if found is None:
        cursor.at = start
        return None
    found = replace(found, scale=found.scale * scale, place=cursor.tokens[start])
    written = cursor.tokens[cursor.at - 1].text in (")", "|", cursor.function.lower())
    return _with_rest(cursor, found) if written and found.subject == "one" else found


def _coefficient(cursor: ConditionCursor) -> Fraction:
    """The number before a similarity or a sum; 1 with nothing taken."""
    start = cursor.at
    sign = -1 if cursor.takes("-") else 1
    scale = _number(cursor) or Fraction(1)
    if cursor.at == start:
        return scale
    if cursor.tokens[cursor.at - 1].kind == "number":
        cursor.takes(*TIMES)
    if not (cursor.sees_function() or cursor.sees("∑", "|", *words.EXTREMES) or _sees_sum(cursor)):
        cursor.at = start
        return Fraction(1)
    return sign * scale


def _sees_sum(cursor: ConditionCursor) -> bool:
    return cursor.sees("sum") and cursor.ahead(1).text in _BEFORE_ARGUMENTS


def _number(cursor: ConditionCursor) -> Fraction | None:
    """A number other than zero, or a fraction of two; None with nothing taken."""
    if cursor.next.kind != "number" or not cursor.next.value:
        return None
    value = cursor.take().value or Fraction(1)
    if cursor.sees("/") and cursor.ahead(1).kind == "number" and cursor.ahead(1).value:
        cursor.take()
        value /= cursor.take().value or 1
    return value


def _with_rest(cursor: ConditionCursor, found: Spoken) -> Spoken:
    """With the power, the factor or quotient and the summand that follow in numbers."""
    if not found.extreme and _squares(cursor):
        found = replace(found, squared=True)
    found = replace(found, scale=found.scale * _factor(cursor))
    if cursor.sees("+", "-") and cursor.ahead(1).kind == "number":
        sign = -1 if cursor.take().text == "-" else 1
        place = cursor.next
        if (number := _number(cursor)) is None:
            raise CannotRead("condition_word", place.start, place.end, name=place.text)
        found = replace(found, shift=sign * number)
    return found


def _squares(cursor: ConditionCursor) -> bool:
    start = cursor.at
    if (cursor.takes("^") or (cursor.takes("*") and cursor.takes("*"))) and group(cursor) == ["2"]:
        return True
    cursor.at = start
    return False


def _factor(cursor: ConditionCursor) -> Fraction:
    """`* 2` or `/ 2` after a similarity; 1 with nothing taken."""
    if cursor.ahead(1).kind != "number" or not cursor.ahead(1).value:
        return Fraction(1)
    if cursor.takes("/"):
        return 1 / (cursor.take().value or Fraction(1))
    return _number(cursor) or Fraction(1) if cursor.takes(*TIMES) else Fraction(1)


def _extreme(cursor: ConditionCursor) -> Spoken | None:
    """`min_j sim(Q_i, K_j)`, `max(sim)`, "the minimum similarity over the keys"."""
    start = cursor.at
    cursor.takes_any(words.ARTICLES)
    if not cursor.sees_any(words.EXTREMES):
        cursor.at = start
        return None
    kind = words.EXTREMES[cursor.take().text]
    pairs = _over_pairs(cursor)
    index = "" if pairs else limits(cursor)
    cursor.takes("value")
    cursor.takes("of")
    cursor.takes("all")
    bracket = cursor.takes("(")
    arguments = function(cursor)
    if arguments is None:
        raise cursor.unexpected()
    if not pairs:
        check_index(cursor, index, arguments)
    if bracket:
        cursor.insist(")")
    return Spoken("one", extreme=kind, of_all_pairs=pairs)


def _over_pairs(cursor: ConditionCursor) -> bool:
    """Takes `_{i,j}`, which runs over queries as well as keys."""
    start = cursor.at
    if cursor.takes("_") and [text for text in group(cursor) if text != ","] in (["i", "j"], ["j", "i"], ["q", "k"]):
        return True
    cursor.at = start
    return False
