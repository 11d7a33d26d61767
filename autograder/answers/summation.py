r"""Sums as students write them: `\sum_{i=1}^d x_i`, `sum_i x_i`, `sum(x_i^2)`, `sum(x[i]**2 for i in range(d))`."""

from dataclasses import replace
from fractions import Fraction

from autograder.answers.cursor import Cursor
from autograder.answers.reading import CannotRead
from autograder.answers.syntax import Addition, Group, Numeral, Range, Summed, Syntax
from autograder.answers.scanner import Token

MOST_INDICES = 3
_NOTHING = Range(0, 0, None, None, None)


def summed(cursor: Cursor, token: Token) -> Syntax:
    """A sum, after its sign or the word "sum"."""
    if cursor.sees("_", "^"):
        over = _limits(cursor)
    elif token.style != "sign" and cursor.sees("("):
        return _called(cursor, token)
    else:
        over = _NOTHING
    with cursor.deeper():
        body = cursor.term(cursor)
    for index in reversed(over.further):
        body = Summed(token.start, body.end, body, replace(over, index=index, further=()))
    return Summed(token.start, body.end, body, replace(over, further=()))


def _limits(cursor: Cursor) -> Range:
    """`_{i=1}^{d}` in either order, each of them optional."""
    start = cursor.next.start
    below: Range | None = None
    upper: Syntax | None = None
    while cursor.sees("_", "^"):
        if cursor.take().text == "_":
            below = _below(cursor)
        else:
            upper = cursor.exponent(cursor)
    if below is None:
        return Range(start, cursor.last.end, None, None, upper)
    return replace(below, end=cursor.last.end, upper=upper if upper is not None else below.upper)


def _below(cursor: Cursor) -> Range:
    """What stands below a sum's sign: an index, and perhaps where it begins or what it runs over."""
    start = cursor.next.start
    if cursor.next.kind != "open":
        return Range(start, cursor.next.end, _index(cursor), None, None)
    opened = cursor.take()
    with cursor.inside():
        over = _index_with_range(cursor, start)
    cursor.insist({"(": ")", "[": "]", "{": "}"}[opened.text], opened)
    return over


def _index(cursor: Cursor) -> str:
    token = cursor.take()
    if token.kind not in ("name", "unknown") or len(token.text) != 1:
        raise CannotRead("sum_index", token.start, token.end)
    return token.text


def _index_with_range(cursor: Cursor, start: int) -> Range:
    """`i`, `i=1`, `i=1..d`, `i in [d]`, `i in {1, ..., d}`, `1 <= i <= d`."""
    if cursor.next.kind == "number":
        lower = cursor.expression(cursor)
        _relation(cursor, "≤")
        index = _index(cursor)
        _relation(cursor, "≤")
        return Range(start, cursor.last.end, index, lower, cursor.expression(cursor))
    index = _index(cursor)
    further = _further(cursor)
    if cursor.takes("="):
        lower = cursor.expression(cursor)
        return Range(start, cursor.last.end, index, lower, _to(cursor), further=further)
    if cursor.takes("∈"):
        return replace(_set(cursor, index, start), further=further)
    return Range(start, cursor.last.end, index, None, None, further=further)


def _further(cursor: Cursor) -> tuple[str, ...]:
    r"""The other indices of `\sum_{i,j=1}^d`, a sum for each."""
    names: list[str] = []
    while cursor.sees(",") and cursor.after.kind in ("name", "unknown") and len(names) < MOST_INDICES:
        cursor.take()
        names.append(_index(cursor))
    return tuple(names)


def _relation(cursor: Cursor, sign: str) -> None:
    if not cursor.takes(sign):
        raise cursor.unexpected()


def _to(cursor: Cursor) -> Syntax | None:
    """The end of `1..d`, `1, ..., d` or `1 to d`, if the range goes on."""
    if cursor.sees(",") and cursor.after.kind == "dots":
        cursor.take()
    if cursor.next.kind == "dots" or (cursor.next.kind == "word" and cursor.next.text == "to"):
        cursor.take()
        cursor.takes(",")
        return cursor.expression(cursor)
    return None


def _set(cursor: Cursor, index: str, start: int) -> Range:
    """`[d]` and `{1, ..., d}`."""
    opened = cursor.take()
    if opened.text not in ("[", "{"):
        raise CannotRead("sum_index", opened.start, opened.end)
    first = cursor.expression(cursor)
    upper = _to(cursor)
    cursor.insist("]" if opened.text == "[" else "}", opened)
    lower: Syntax = Numeral(first.at, first.end, Fraction(1)) if upper is None else first
    return Range(start, cursor.last.end, index, lower, first if upper is None else upper)


def _called(cursor: Cursor, token: Token) -> Syntax:
    """`sum(...)`: with a comprehension, with a range as second argument, or over the whole vector."""
    spaced = cursor.next.spaced
    opened = cursor.take()
    with cursor.inside():
        body = cursor.expression(cursor)
        over = _range_argument(cursor)
    close = cursor.insist(")", opened)
    if spaced and cursor.sees("^"):
        raise CannotRead("ambiguous_argument", token.start, cursor.next.end, function="sum")
    return Group(token.start, close.end, Summed(token.start, close.end, body, over), "(")


def _range_argument(cursor: Cursor) -> Range:
    start = cursor.next.start
    if cursor.next.kind == "word" and cursor.next.text == "for":
        cursor.take()
        return _comprehension(cursor, start)
    if not cursor.takes(","):
        return _NOTHING
    if cursor.sees("("):
        return _triple(cursor, start)
    if cursor.next.kind == "word" and cursor.next.text in ("axis", "dim"):
        cursor.take()
        cursor.takes("=")
        cursor.expression(cursor)
        return _NOTHING
    over = _index_with_range(cursor, start)
    if over.upper is None and cursor.takes(","):
        return Range(start, cursor.last.end, over.index, over.lower, cursor.expression(cursor))
    return over


def _triple(cursor: Cursor, start: int) -> Range:
    """SymPy's `(i, 1, d)`."""
    opened = cursor.take()
    index = _index(cursor)
    bounds: list[Syntax] = []
    while cursor.takes(",") and len(bounds) < 2:
        bounds.append(cursor.expression(cursor))
    cursor.insist(")", opened)
    if len(bounds) != 2:
        raise CannotRead("sum_index", opened.start, cursor.last.end)
    return Range(start, cursor.last.end, index, bounds[0], bounds[1])


def _comprehension(cursor: Cursor, start: int) -> Range:
    """`i in range(d)`, `i in range(1, d + 1)`, `i in 1..d`, `i = 1 to d`, or an index alone."""
    index = _index(cursor)
    if cursor.takes("="):
        lower = cursor.expression(cursor)
        return Range(start, cursor.last.end, index, lower, _to(cursor))
    if not (cursor.next.kind == "word" and cursor.next.text == "in") and not cursor.sees("∈"):
        return Range(start, cursor.last.end, index, None, None)
    cursor.take()
    if cursor.next.kind == "word" and cursor.next.text == "range":
        cursor.take()
        return _python_range(cursor, index, start)
    if cursor.sees("[", "{"):
        return _set(cursor, index, start)
    lower = cursor.expression(cursor)
    return Range(start, cursor.last.end, index, lower, _to(cursor))


def _python_range(cursor: Cursor, index: str, start: int) -> Range:
    """Python's range ends before its second limit; `zero_based` where it begins at 0."""
    opened = cursor.take()
    first = cursor.expression(cursor)
    second = cursor.expression(cursor) if cursor.takes(",") else None
    cursor.insist(")", opened)
    end = cursor.last.end
    if second is None:
        return Range(start, end, index, None, first, True)
    return Range(start, end, index, first, _minus_one(second))


def _minus_one(limit: Syntax) -> Syntax:
    """Limit - 1, without writing `d + 1 - 1`."""
    if isinstance(limit, Addition) and len(limit.terms) == 2:
        (_, first), (sign, last) = limit.terms
        if sign == "+" and isinstance(last, Numeral) and last.value == 1:
            return first
    one = Numeral(limit.at, limit.end, Fraction(1))
    return Addition(limit.at, limit.end, (("+", limit), ("-", one)))
