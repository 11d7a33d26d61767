"""For whom a statement holds: "for all i, j", "for at least one key", "there is a j such that"."""

from dataclasses import dataclass

from autograder.answers import conditions_words as words
from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_formula import Every, Formula, Some
from autograder.answers.conditions_subjects import size
from autograder.answers.reading import CannotRead


@dataclass(frozen=True)
class Range:
    """`some`: for at least one key, not for all."""

    some: bool

    def over(self, formula: Formula) -> Formula:
        return Some(formula) if self.some else Every(formula)


def ranges(cursor: ConditionCursor) -> Range | None:
    """All quantifiers that stand next, taken together; None without any. "For all i, for some j" is for some j."""
    found: Range | None = None
    while True:
        start = cursor.at
        if found is not None:
            cursor.takes(",")
            cursor.takes("and")
        following = _range(cursor)
        if following is None or (found is not None and not _is_over(cursor)):
            cursor.at = start
            return found
        found = Range(following.some or (found is not None and found.some))


def _is_over(cursor: ConditionCursor) -> bool:
    """Whether the statement is over, so that a further quantifier belongs to it and not to the next statement."""
    return cursor.next.kind == "end" or cursor.sees(",", ".", ";", ")", "and", "or", "but")


def _range(cursor: ConditionCursor) -> Range | None:
    start = cursor.at
    if cursor.phrase(("for some", "with", "where", "for a", "for")) and _constant(cursor):
        return Range(some=False)
    cursor.at = start
    if cursor.phrase(words.FOR_SOME):
        if cursor.sees_function() or not _over_keys(cursor):
            cursor.at = start
            return None
        return Range(some=True)
    every = cursor.phrase(words.FOR_EVERY) is not None
    if (every or cursor.takes("for")) and cursor.next.kind == "number" and cursor.ahead(1).text in ("≤", "<"):
        cursor.at += 2  # 1 ≤ i, j ≤ N
        every = True
    if every:
        _variables(cursor)
        return Range(some=False)
    cursor.at = start
    if cursor.takes("everywhere", "always"):
        return Range(some=False)
    cursor.at = start
    return None


def _constant(cursor: ConditionCursor) -> bool:
    """`ε > 0`, "some small positive constant c"."""
    while cursor.takes("a", "some", "small", "fixed", "positive", "constant", "real", "number", "arbitrarily"):
        continue
    if cursor.next.text not in words.CONSTANTS | words.CONSTANT_LETTERS or size(cursor) is None:
        return False
    if cursor.takes(">"):
        cursor.insist("0")
    return True


def _over_keys(cursor: ConditionCursor) -> bool:
    """Whether what stands next is a key; "for some query" would say nothing about the others."""
    if not cursor.sees_any(words.RANGED):
        return False
    token = cursor.next
    if token.text in words.QUERY_WORDS:
        raise CannotRead("condition_some_query", token.start, token.end, name=token.text)
    _variables(cursor)
    return True


def _variables(cursor: ConditionCursor) -> None:
    """`i, j`, `q, k ∈ R^D`, `i ∈ {1, ..., N}`, "queries and keys"; at least one of them."""
    ranged = words.RANGED | cursor.letters
    if not (cursor.sees_any(ranged) or cursor.sees("(", "[", "{")):
        raise cursor.unexpected()
    brackets = 0
    while True:
        token, following = cursor.next, cursor.ahead(1)
        if token.text in ("{", "(", "["):
            brackets += 1
        elif token.text in ("}", ")", "]"):
            if not brackets:
                return
            brackets -= 1
        elif not (brackets and token.kind != "end") and not _goes_on(token.text, token.kind, following.text, ranged):
            return
        cursor.take()


def _goes_on(text: str, kind: str, following: str, ranged: frozenset[str]) -> bool:
    if kind == "end":
        return False
    if text in (",", "and", "/", "-"):
        return following in ranged
    return text in ranged or text in words.RANGED_SIGNS or kind == "number"


def there_is(cursor: ConditionCursor) -> Formula | None:
    """Takes "there is a key such that ...", `∃ j: ...`, "at least one positive similarity"; None if it is not there."""
    start = cursor.at
    sign = cursor.takes("∃")
    if not sign and cursor.phrase(words.THERE_IS) is None:
        return None
    cursor.phrase(("at least one", "at least a", "some", "one", "a", "an"))
    if cursor.sees_any(words.RANGED) and not cursor.sees_any(words.QUERY_WORDS):
        _variables(cursor)
        if cursor.phrase(words.SUCH_THAT) or cursor.takes(":", ",", "|", ".") or sign:
            return Some(cursor.part(cursor))
    cursor.at = start
    raise cursor.unexpected()
