"""Python's loops over the entries of vectors: `sum(x**2 for x in u)`, `sum([x * y for x, y in zip(u, v)])`."""

from autograder.answers.cursor import Cursor
from autograder.answers.reading import CannotRead
from autograder.answers.syntax import Range, Syntax

MOST_NAMES = 3


def names_ahead(cursor: Cursor) -> tuple[str, ...]:
    """The names between `for` and `in` of a loop over vectors within the bracket that was opened; else none."""
    depth, at = 0, cursor.at
    while at < len(cursor.tokens) and depth >= 0:
        token = cursor.tokens[at]
        depth += (token.kind == "open") - (token.kind == "close")
        inside = depth == 0 or (depth == 1 and cursor.tokens[cursor.at].text == "[")
        if inside and token.kind == "word" and token.text == "for":
            return _loop_names(cursor, at + 1)
        at += 1
    return ()


def _loop_names(cursor: Cursor, at: int) -> tuple[str, ...]:
    names: list[str] = []
    tokens = cursor.tokens
    while tokens[at].kind in ("name", "unknown", "word") and len(names) < MOST_NAMES:
        names.append(tokens[at].text)
        at += 1
        if tokens[at].text != ",":
            break
        at += 1
    loops = tokens[at].kind == "word" and tokens[at].text == "in" and "in" not in names
    over = tokens[min(at + 1, len(tokens) - 1)]
    vectors = over.text == "zip" or (over.kind == "name" and cursor.lexicon.is_vector(over.text))
    return tuple(names) if loops and vectors else ()


def elements(cursor: Cursor, names: tuple[str, ...]) -> Range:
    """What the names stand for, after the body of the loop."""
    start = cursor.take().start  # for
    while not (cursor.next.kind == "word" and cursor.next.text == "in"):
        cursor.take()
    cursor.take()
    vectors = _zipped(cursor) if cursor.next.text == "zip" else (cursor.expression(cursor),)
    if len(vectors) != len(names):
        raise CannotRead("sum_index", start, cursor.last.end)
    return Range(start, cursor.last.end, None, None, None, elements=tuple(zip(names, vectors, strict=True)))


def _zipped(cursor: Cursor) -> tuple[Syntax, ...]:
    cursor.take()
    opened = cursor.take()
    if opened.text != "(":
        raise CannotRead("sum_index", opened.start, opened.end)
    vectors = [cursor.expression(cursor)]
    while cursor.takes(","):
        vectors.append(cursor.expression(cursor))
    cursor.insist(")", opened)
    return tuple(vectors)
