"""The things that stand between signs: numbers, names, brackets, bars, fractions, functions and sums."""

from fractions import Fraction

from autograder.answers.cursor import Cursor
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.summation import summed
from autograder.answers.syntax import (
    Angle,
    Applied,
    Bars,
    Group,
    Ident,
    Infinity,
    Letter,
    Numeral,
    Product,
    Raised,
    Syntax,
    Wrapped,
)

_WRAPPERS = ("O", "Theta", "Omega")
_STATISTICS = frozenset({"E", "Var", "Cov", "Std", "Pr", "var", "cov", "VAR"})
_PLACEHOLDERS = frozenset({"todo", "tbd", "fixme", "xxx", "none", "nan", "na"})


def atom(cursor: Cursor) -> Syntax:
    """One thing, without what may follow it (powers, indices)."""
    token = cursor.next
    if token.kind == "number":
        cursor.take()
        assert token.value is not None
        return Numeral(token.start, token.end, token.value)
    if token.text in cursor.loop_names and token.kind in ("name", "unknown", "word"):
        cursor.take()
        return Letter(token.start, token.end, token.text)
    if token.kind == "name":
        cursor.take()
        return Ident(token.start, token.end, token.text)
    if token.kind == "unknown":
        return _letter(cursor)
    if token.kind == "function":
        return _function(cursor)
    if token.kind == "infinity":
        cursor.take()
        return Infinity(token.start, token.end)
    return _bracketed(cursor)


def _bracketed(cursor: Cursor) -> Syntax:
    token = cursor.next
    if token.kind == "bar" and token.style != "close":
        return _bars(cursor)
    if token.text == "<" and token.kind in ("open", "relation"):
        return _angle(cursor)
    if token.kind == "open":
        return group(cursor)
    if token.kind == "word":
        raise _word(token, cursor)
    if token.kind == "op":
        raise _stray_operator(cursor)
    raise cursor.unexpected()


def _stray_operator(cursor: Cursor) -> CannotRead:
    token = cursor.next
    if token.text in (",", ";", "±", "="):
        return cursor.unexpected()
    doubled = cursor.at > 0 and cursor.last.kind == "op"
    kind = "double_operator" if doubled else "missing_operand"
    return CannotRead(kind, token.start, token.end)


def _word(token: Token, cursor: Cursor) -> CannotRead:
    if token.text in _STATISTICS:
        return CannotRead("not_worked_out", token.start, token.end, name=token.text)
    if token.text.lower() in _PLACEHOLDERS:
        return CannotRead("placeholder", token.start, token.end)
    if token.text.lower() in ("or", "and"):
        return CannotRead("two_answers", token.start, token.end)
    if len(token.text) <= 4:
        return _undeclared_in(token, cursor)
    return cursor.unknown_word(token)


def _undeclared_in(token: Token, cursor: Cursor) -> CannotRead:
    """In a short run of letters the one that is not declared is named."""
    at = cursor.lexicon.first_strange(token.text)
    declared = tuple(cursor.lexicon.declared)
    name = token.text[at]
    meant = next((other for other in declared if other.lower() == name.lower()), None)
    place = token.start + at
    return CannotRead("undeclared_name", place, place + 1, name=name, declared=declared, meant=meant, word=token.text)


def group(cursor: Cursor) -> Group:
    """`(...)`, `[...]` and `{...}` group alike, but each is closed by its own."""
    opened = cursor.take()
    closing = {"(": ")", "[": "]", "{": "}"}[opened.text]
    if cursor.sees(closing):
        raise CannotRead("empty_brackets", opened.start, cursor.next.end)
    with cursor.inside():
        body = cursor.expression(cursor)
        if opened.text == "{" and cursor.takes("over"):
            below = cursor.expression(cursor)
            parts = (("", Group(body.at, body.end, body, "{")), ("/", Group(below.at, below.end, below, "{")))
            body = Product(body.at, below.end, parts)
    close = cursor.insist(closing, opened)
    return Group(opened.start, close.end, body, opened.text)


def _bars(cursor: Cursor) -> Syntax:
    opened = cursor.take()
    cursor.bars.append(opened.text)
    with cursor.deeper():
        body = cursor.expression(cursor)
    token = cursor.next
    if token.kind != "bar" or token.text != opened.text or token.style == "open":
        raise cursor.unexpected(opened, opened.text)
    cursor.take()
    cursor.bars.pop()
    return Bars(opened.start, token.end, opened.text, body)


def _angle(cursor: Cursor) -> Syntax:
    opened = cursor.take()
    with cursor.inside():
        cursor.bars.append("|")  # <q|k>: the bar between them begins nothing
        left = cursor.expression(cursor)
        if not (cursor.takes(",") or cursor.takes("|")):
            raise cursor.unexpected(opened, ">")
        right = cursor.expression(cursor)
    close = cursor.insist(">", opened)
    return Angle(opened.start, close.end, left, right)


def _letter(cursor: Cursor) -> Syntax:
    token = cursor.take()
    bracket = cursor.next.kind == "open"
    if token.text in _WRAPPERS and token.kind == "unknown" and (bracket or token.text == "O"):
        return _wrapped(cursor, token)
    if token.text == "o" and bracket:
        raise CannotRead("little_o", token.start, token.end)
    if token.text == "E" and (bracket or cursor.sees("_", "|")):
        raise CannotRead("not_worked_out", token.start, token.end, name="E")
    return Letter(token.start, token.end, token.text)


def _wrapped(cursor: Cursor, token: Token) -> Syntax:
    if cursor.next.kind != "open" or cursor.next.text == "<":
        raise CannotRead("wrapper_without_brackets", token.start, token.end, name=token.text)
    body = group(cursor)
    return Wrapped(token.start, body.end, token.text, body.body)


def _function(cursor: Cursor) -> Syntax:
    token = cursor.take()
    if token.text == "sum":
        return summed(cursor, token)
    if token.text == "frac":
        above, below = _tex_argument(cursor), _tex_argument(cursor)
        return Product(token.start, below.end, (("", above), ("/", below)))
    if token.text == "binom" and token.style == "tex":
        above, below = _tex_argument(cursor), _tex_argument(cursor)
        return Applied(token.start, below.end, "binom", (above, below))
    if token.text in ("sqrt", "cbrt"):
        return _root(cursor, token)
    return _call(cursor, token)


def _root(cursor: Cursor, token: Token) -> Syntax:
    r"""`\sqrt[3]{n}`, `sqrt(n)`, `√n`."""
    options: tuple[tuple[str, Syntax], ...] = ()
    if token.style == "tex" and cursor.sees("["):
        options = (("index", group(cursor)),)
    if token.style == "tex" and not cursor.sees("("):
        argument = _tex_argument(cursor)
    else:
        argument = bracketed_or_bare(cursor, token)
    return Applied(token.start, cursor.last.end, token.text, (argument,), options)


def _tex_argument(cursor: Cursor) -> Syntax:
    r"""What TeX takes for an argument: a group or one sign. `\frac12` is a half; `\sqrt12` misleads."""
    token = cursor.next
    if token.kind != "number":
        with cursor.deeper():
            return atom(cursor)
    if token.value is None or not token.text.isdigit():
        raise CannotRead("ambiguous_argument", token.start, token.end, function=cursor.last.text)
    if len(token.text) > 1:
        return _first_digit(cursor, token)
    return atom(cursor)


def _first_digit(cursor: Cursor, token: Token) -> Syntax:
    r"""Splits the two digits of `\frac12`; anything longer may mean several things."""
    if len(token.text) != 2 or cursor.last.text != "frac":
        raise CannotRead("ambiguous_argument", token.start, token.end, function=cursor.last.text)
    middle = token.start + 1
    cursor.tokens[cursor.at : cursor.at + 1] = [
        Token("number", digit, start, start + 1, value=Fraction(digit))
        for digit, start in zip(token.text, (token.start, middle), strict=True)
    ]
    return atom(cursor)


def bracketed_or_bare(cursor: Cursor, token: Token) -> Syntax:
    """The argument of a one-place function: in brackets, or one thing after which nothing may follow unsigned."""
    if cursor.next.kind == "open" and cursor.next.text != "<":
        return group(cursor)
    start = cursor.next.start
    with cursor.deeper():
        argument = _bare(cursor, token.text)
    following = cursor.next
    tight = token.style == "sign" and following.spaced and not isinstance(argument, Product)
    apart = following.kind == "open" and following.spaced and token.text in ("log", "ln", "lg")  # N log N (D + M)
    if following.kind in ("name", "unknown", "number", "open") and not (tight or apart):
        raise CannotRead("ambiguous_argument", start, following.end, function=token.text)
    return argument


def _bare(cursor: Cursor, function: str) -> Syntax:
    """`log n`, `log n^2`, and `log 2n`, which everyone takes for log(2n)."""
    number = cursor.next.kind == "number"
    first = cursor.postfix(cursor)
    if function not in ("log", "ln", "lg", "exp"):
        return first
    if not number or cursor.next.kind not in ("name", "unknown") or cursor.next.spaced:
        return first
    second = cursor.postfix(cursor)
    return Product(first.at, second.end, (("", first), ("", second)))


def _call(cursor: Cursor, token: Token) -> Syntax:
    r"""A function's base and power may stand before its arguments: `\log_2^2 n`."""
    options: list[tuple[str, Syntax]] = []
    power: Syntax | None = None
    while cursor.sees("_", "^"):
        if cursor.take().text == "_":
            options.append(("base", atom(cursor)))
        else:
            power = cursor.exponent(cursor)
    one_place = token.text in ("log", "ln", "lg", "exp", "trace") or token.text in _TRIGONOMETRIC
    if cursor.next.kind == "open" and cursor.next.text != "<":
        arguments, named = call_arguments(cursor)
    elif one_place:
        arguments, named = (bracketed_or_bare(cursor, token),), ()
    else:
        raise CannotRead("function_without_brackets", token.start, token.end, name=token.text)
    call: Syntax = Applied(token.start, cursor.last.end, token.text, arguments, (*options, *named))
    return call if power is None else Raised(call.at, call.end, call, power, False)


_TRIGONOMETRIC = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})


def call_arguments(cursor: Cursor) -> tuple[tuple[Syntax, ...], tuple[tuple[str, Syntax], ...]]:
    """The arguments between brackets of any kind, and those given by name (`ord=2`)."""
    opened = cursor.take()
    closing = {"(": ")", "[": "]", "{": "}"}[opened.text]
    arguments: list[Syntax] = []
    options: list[tuple[str, Syntax]] = []
    with cursor.inside():
        while True:
            if cursor.next.kind in ("name", "unknown", "word") and cursor.after.text == "=":
                name = cursor.take().text
                cursor.take()
                options.append((name, cursor.expression(cursor)))
            else:
                arguments.append(cursor.expression(cursor))
            if not cursor.takes(","):
                break
    cursor.insist(closing, opened)
    return tuple(arguments), tuple(options)
