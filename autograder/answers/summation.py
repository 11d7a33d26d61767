r"""Sums as students write them: `\sum_{i=1}^d x_i`, `sum_i x_i`, `sum(x_i^2)`, `sum(x[i]**2 for i in range(d))`."""

from dataclasses import replace
from fractions import Fraction

from autograder.answers import comprehension
from autograder.answers.characters import PARTNER
from autograder.answers.cursor import Cursor
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.syntax import Addition, Group, Letter, Numeral, Range, Summed, Syntax

MOST_INDICES = 3
_NOTHING = Range(0, 0, None, None, None)


def summed(cursor: Cursor, token: Token) -> Syntax:
    """A sum, after its sign or the word "sum"."""
    if cursor.sees("_", "^"):
        over = _limits(cursor)
    elif token.style != "sign" and cursor.sees("("):
        return _called(cursor, token)
    elif cursor.next.kind == "word" and cursor.next.text in ("over", "from", "of"):
        return _spoken(cursor, token)
    else:
        over = _NOTHING
    return _of_body(cursor, token, over)


def _of_body(cursor: Cursor, token: Token, over: Range) -> Syntax:
    outside = over.partner in cursor.indices
    with cursor.deeper(), cursor.summing(over.index, *over.further):
        body = cursor.term(cursor)
    if over.relation:
        return _of_pairs(body, over, token.start, outside=outside)
    for index in reversed(over.further):
        body = Summed(token.start, body.end, body, replace(over, index=index, further=()))
    return Summed(token.start, body.end, body, replace(over, further=()))


def _of_pairs(body: Syntax, over: Range, start: int, *, outside: bool) -> Syntax:
    """A sum over `i < j`: over both, or over i alone if j is the index of a sum around (`outside`)."""
    assert over.index is not None
    first, second = over.index, over.partner
    if over.relation == "≠":
        terms = (replace(over, relation=sign) for sign in ("<", ">"))
        sums = tuple(("+", _of_pairs(body, term, start, outside=outside)) for term in terms)
        return Group(start, body.end, Addition(start, body.end, sums), "(")
    if over.relation in (">", "≥") and not outside:
        first, second = second, first
    inner = Summed(start, body.end, body, _beside(over, first, second, above=outside and over.relation in (">", "≥")))
    if outside:
        return inner
    return Summed(start, body.end, inner, Range(over.at, over.end, second, over.lower, over.upper))


def _beside(over: Range, index: str, other: str, *, above: bool) -> Range:
    """The range of an index that stays below another one, or above it."""
    place = (over.at, over.end)
    limit: Syntax = Letter(*place, other)
    if over.relation in ("<", ">"):
        one = Numeral(*place, Fraction(1))
        limit = Addition(*place, (("+", limit), ("+" if above else "-", one)))
    lower = over.lower or Numeral(*place, Fraction(1))
    return Range(*place, index, limit, over.upper) if above else Range(*place, index, lower, limit)


def _spoken(cursor: Cursor, token: Token) -> Syntax:
    """`sum over i of x_i`, `sum from i = 1 to d of x_i`, `sum of x_i over i`, `sum of x_i from i = 1 to d`."""
    if cursor.next.text != "of":
        over = _spoken_range(cursor)
        if not (cursor.next.kind == "word" and cursor.next.text == "of"):
            raise cursor.unexpected()
        cursor.take()
        return _of_body(cursor, token, over)
    cursor.take()
    with cursor.deeper():
        body = cursor.term(cursor)
    spoken = cursor.next.kind == "word" and cursor.next.text in ("over", "from", "for")
    return Summed(token.start, body.end, body, _spoken_range(cursor) if spoken else _NOTHING)


def _spoken_range(cursor: Cursor) -> Range:
    start = cursor.take().start
    index = _index(cursor)
    lower = cursor.expression(cursor) if cursor.takes("=") else None
    return Range(start, cursor.last.end, index, lower, _to(cursor) if lower is not None else None)


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
    if opened.text == "<":
        raise CannotRead("sum_index", opened.start, opened.end)
    with cursor.inside():
        over = _index_with_range(cursor, start)
    cursor.insist(PARTNER[opened.text], opened)
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
        pair = _pair(cursor, start, lower)
        _relation(cursor, "≤")
        return replace(pair, end=cursor.last.end, upper=cursor.expression(cursor))
    pair = _pair(cursor, start, None)
    if pair.relation:
        return pair
    index = pair.index
    assert index is not None
    further = _further(cursor)
    if cursor.takes("="):
        lower = cursor.expression(cursor)
        return Range(start, cursor.last.end, index, lower, _to(cursor), further=further)
    if cursor.takes("∈"):
        return replace(_set(cursor, index, start), further=further)
    return Range(start, cursor.last.end, index, None, None, further=further)


def _pair(cursor: Cursor, start: int, lower: Syntax | None) -> Range:
    """An index, or two with a relation between them: `i < j`. (In `1 ≤ i ≤ d` the second sign leads to the limit.)"""
    index = _index(cursor)
    relation = cursor.next.text if cursor.sees("<", ">", "≠", "≤", "≥") else ""
    limit = lower is not None and relation == "≤" and cursor.tokens[cursor.at + 2].text != "≤"
    if not relation or limit:
        return Range(start, cursor.last.end, index, lower, None)
    cursor.take()
    return Range(start, cursor.next.end, index, lower, None, relation=relation, partner=_index(cursor))


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
    names = comprehension.names_ahead(cursor)
    with cursor.inside(), cursor.looping(names):
        listed = cursor.take() if names and cursor.sees("[") else None
        body = cursor.expression(cursor)
        over = comprehension.elements(cursor, names) if names else _range_argument(cursor)
        if listed is not None:
            cursor.insist("]", listed)
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
        return _with_limits(cursor, over)
    return over


def _with_limits(cursor: Cursor, over: Range) -> Range:
    """`sum(x_i, i = 1, d)` and `sum(x_i, i, 1, d)`."""
    first = cursor.expression(cursor)
    if over.lower is None and cursor.takes(","):
        return replace(over, end=cursor.last.end, lower=first, upper=cursor.expression(cursor))
    return replace(over, end=cursor.last.end, upper=first)


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
