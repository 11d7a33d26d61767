"""Tokens to syntax by precedence climbing: sums, products (written or not), powers, and what follows a thing.

Products and quotients have one precedence and go from left to right, whether the sign of the product is written or
not: `1/2d` is (1/2)·d, as in Python, and the student is told so.
"""

from collections.abc import Sequence
from itertools import count

from autograder.answers.atoms import atom, call_arguments
from autograder.answers.bounds import BOUNDS
from autograder.answers.characters import PARTNER
from autograder.answers.cursor import Cursor
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.syntax import (
    Addition,
    Applied,
    Dots,
    Factorial,
    Group,
    Ident,
    Lowered,
    Product,
    Raised,
    Signed,
    Syntax,
    Transposed,
)

FEW_POSTFIXES = 3
_SIGNS = ("*", "·", "×", "@", "/")


def parse(tokens: Sequence[Token], lexicon: Lexicon) -> Syntax:
    """The syntax of all the tokens; the last is of kind "end"."""
    cursor = open_cursor(tokens, lexicon)
    whole = expression(cursor)
    if cursor.next.kind != "end":
        raise cursor.unexpected()
    return whole


def open_cursor(tokens: Sequence[Token], lexicon: Lexicon) -> Cursor:
    return Cursor(tokens, lexicon, expression=expression, term=term, postfix=postfix, exponent=exponent)


def expression(cursor: Cursor) -> Syntax:
    """Terms joined by + and -."""
    start = cursor.next.start
    with cursor.deeper():
        terms = [(_signs(cursor), _term_or_dots(cursor))]
        while cursor.sees("+", "-"):
            terms.append((_signs(cursor), _term_or_dots(cursor)))
    if len(terms) == 1 and terms[0][0] == "+":
        return terms[0][1]
    if len(terms) == 1:
        return Signed(start, cursor.last.end, "-", terms[0][1])
    return Addition(start, cursor.last.end, tuple(terms))


def _signs(cursor: Cursor) -> str:
    """A sign, and after it a minus that clearly belongs to what follows: `n - -d`, or `--d` at the very beginning."""
    if not cursor.sees("+", "-"):
        return "+"
    first = cursor.at == 0 and cursor.next.text == "-" and cursor.after.text == "-"
    sign = cursor.take().text
    if not cursor.sees("+", "-"):
        return sign
    apart = cursor.next.spaced or (first and cursor.after.text not in ("+", "-"))
    if cursor.next.text == "+" or cursor.after.spaced or not apart:
        raise CannotRead("double_operator", cursor.next.start, cursor.next.end)
    cursor.take()
    return "+" if sign == "-" else "-"


def _minus(cursor: Cursor) -> None:
    """A minus straight before what it belongs to; in `d^ + n` a power was lost."""
    if cursor.next.text == "+" or cursor.after.spaced or cursor.after.text in ("+", "-"):
        raise CannotRead("double_operator", cursor.next.start, cursor.next.end)
    cursor.take()


def _term_or_dots(cursor: Cursor) -> Syntax:
    if cursor.next.kind == "dots":
        token = cursor.take()
        return Dots(token.start, token.end)
    return term(cursor)


def term(cursor: Cursor) -> Syntax:
    """Factors joined by signs of multiplication, by `/`, or by nothing."""
    start = cursor.next.start
    factors: list[tuple[str, Syntax]] = [("", postfix(cursor))]
    while True:
        if cursor.sees(*_SIGNS):
            factors.append((cursor.take().text, _signed(cursor)))
        elif cursor.next.kind == "function" and cursor.next.text == "dot" and cursor.after.kind != "open":
            cursor.take()  # mu dot mu
            factors.append(("·", _signed(cursor)))
        elif _starts_factor(cursor):
            factors.append(("", postfix(cursor)))
        else:
            break
    if len(factors) == 1:
        return factors[0][1]
    return Product(start, cursor.last.end, tuple(factors))


def _signed(cursor: Cursor) -> Syntax:
    """A factor after a written sign; it may have a sign of its own."""
    start = cursor.next.start
    if not cursor.sees("+", "-"):
        return postfix(cursor)
    _minus(cursor)
    body = postfix(cursor)
    return Signed(start, body.end, "-", body)


def _starts_factor(cursor: Cursor) -> bool:
    """Whether the next token begins a factor with nothing before it."""
    token = cursor.next
    if token.kind == "number":
        kind = "numbers_side_by_side" if cursor.last.kind == "number" else "number_after_name"
        raise CannotRead(kind, token.start, token.end)
    if token.kind == "bar":
        return not _closes(cursor, token)
    if token.kind == "word" and token.text in ("for", "to", "in", "of", "over", "from"):
        return False  # `sum(x[i] for i in range(d))`: they end what stands before them
    if _is_index_of_scalar(cursor):
        raise CannotRead("index_of_scalar", token.start, token.end, name=cursor.last.text)
    starts = token.kind in ("name", "unknown", "word", "function", "open") or _is_angle(cursor)
    if starts and token.new_line:
        raise CannotRead("two_answers", token.start, token.end)
    return starts


def _is_angle(cursor: Cursor) -> bool:
    """Whether a `<` opens an inner product, as in `2<q, k>`: a name, a comma, a name, and its partner."""
    tokens = cursor.tokens[cursor.at : cursor.at + 5]
    return [token.text for token in tokens][::2] == ["<", ",", ">"] and all(
        token.kind == "name" for token in (tokens[1], tokens[3])
    )


def _is_index_of_scalar(cursor: Cursor) -> bool:
    """`d[0]`: a number alone in square brackets, straight after a letter, is an index and no factor."""
    bracket = cursor.last.kind == "name" and cursor.next.text == "[" and not cursor.next.spaced
    return bracket and cursor.after.kind == "number" and cursor.tokens[cursor.at + 2].text == "]"


def _closes(cursor: Cursor, token: Token) -> bool:
    """Whether a bar that follows a factor ends what an earlier bar began; `||` may be two ends."""
    if token.style == "close":
        return True
    if token.style == "open" or not cursor.bars:
        return False
    if token.text == "‖" and token.style == "ascii" and cursor.bars[-1] == "|":
        middle = token.start + 1
        halves = [Token("bar", "|", token.start, middle), Token("bar", "|", middle, token.end)]
        cursor.tokens[cursor.at : cursor.at + 1] = halves
        return True
    return token.text == cursor.bars[-1]


def postfix(cursor: Cursor) -> Syntax:
    """A thing with its powers, indices, transposes, factorials and methods."""
    node = atom(cursor)
    for place in count():
        token = cursor.next
        cursor.stacked += place > FEW_POSTFIXES
        if cursor.stacked > BOUNDS.depth:  # brackets have a limit of their own
            raise CannotRead("too_deep", token.start, token.end, limit=BOUNDS.depth)
        if cursor.takes("^"):
            node = _raise(cursor, node)
        elif cursor.takes("_"):
            node = _lower(node, _subscript(cursor), cursor.last.end)
        elif cursor.takes("!"):
            node = Factorial(node.at, token.end, node)
        elif cursor.takes("'") or token.kind == "transpose":
            cursor.at += token.kind == "transpose"
            node = Transposed(node.at, token.end, node, token.text == "'")
        elif token.kind == "method":
            node = _method(cursor, node)
        elif _is_item(cursor, node):
            node = _item(cursor, node)
        else:
            break
    return node


def _raise(cursor: Cursor, base: Syntax) -> Syntax:
    bare = cursor.next.kind != "open"
    if _is_transpose(cursor):
        return Transposed(base.at, cursor.last.end, base)
    power = exponent(cursor)
    return Raised(base.at, cursor.last.end, base, power, bare)


def _is_transpose(cursor: Cursor) -> bool:
    r"""Takes `T`, `\top`, `{T}`, `(T)` or a prime, if that is the whole exponent."""
    brackets = cursor.next.kind == "open"
    token = cursor.after if brackets else cursor.next
    letter = token.kind == "unknown" and token.text in ("T", "t", "H")
    if not (letter or token.kind == "transpose" or token.text == "'"):
        return False
    if brackets and (token.kind == "end" or cursor.tokens[cursor.at + 2].text != PARTNER[cursor.next.text]):
        return False
    cursor.at += 3 if brackets else 1
    return True


def exponent(cursor: Cursor) -> Syntax:
    """What `^` raises to: one thing, with a sign if need be; `a^b^c` is a^(b^c)."""
    start = cursor.next.start
    with cursor.higher():
        if cursor.sees("+", "-"):
            _minus(cursor)
            body = exponent(cursor)
            return Signed(start, body.end, "-", body)
        if cursor.sees("^"):
            raise CannotRead("double_operator", cursor.next.start, cursor.next.end)
        node = atom(cursor)
        if cursor.sees("^") and (isinstance(node, Group) or cursor.next.start == cursor.next.end):
            raise CannotRead("double_operator", cursor.next.start, cursor.after.end)  # `d^{2}^3`, `d^2³`
        if cursor.takes("^"):
            bare = cursor.next.kind != "open"
            upper = exponent(cursor)
            return Raised(node.at, cursor.last.end, node, upper, bare)
    return node


def _subscript(cursor: Cursor) -> Syntax:
    """One thing after `_`."""
    with cursor.deeper():
        if cursor.next.kind == "infinity":
            return atom(cursor)
        if cursor.next.kind not in ("name", "unknown", "number", "open"):
            raise cursor.unexpected()
        return atom(cursor)


def _lower(node: Syntax, index: Syntax, end: int) -> Syntax:
    """`x^2_i` is (x_i)^2: an index belongs to the thing, not to its power."""
    if isinstance(node, Raised):
        return Raised(node.at, end, Lowered(node.at, end, node.base, index), node.exponent, node.bare)
    if isinstance(node, Transposed):
        return Transposed(node.at, end, Lowered(node.at, end, node.body, index))
    return Lowered(node.at, end, node, index)


def _method(cursor: Cursor, node: Syntax) -> Syntax:
    """`x.T`, `x.dot(y)`, `(x*y).sum()`: as the function of that name."""
    token = cursor.take()
    name = {"t": "T", "mT": "T", "transpose": "T", "inner": "dot"}.get(token.text, token.text)
    arguments: tuple[Syntax, ...] = ()
    options: tuple[tuple[str, Syntax], ...] = ()
    if cursor.sees("(") and (token.text not in ("T", "mT")):
        arguments, options = _method_arguments(cursor)
    elif name != "T":
        raise CannotRead("attribute", token.start, token.end)
    if name == "T":
        return Transposed(node.at, cursor.last.end, node)
    return Applied(node.at, cursor.last.end, name, (node, *arguments), options)


def _method_arguments(cursor: Cursor) -> tuple[tuple[Syntax, ...], tuple[tuple[str, Syntax], ...]]:
    if cursor.after.text != ")":
        return call_arguments(cursor)
    cursor.at += 2
    return (), ()


def _is_item(cursor: Cursor, node: Syntax) -> bool:
    """`mu[i]` is a component where mu is a vector; elsewhere a square bracket only groups."""
    if not cursor.sees("[") or cursor.next.spaced:
        return False
    return isinstance(node, Ident) and cursor.lexicon.is_vector(node.name)


def _item(cursor: Cursor, node: Syntax) -> Syntax:
    opened = cursor.take()
    with cursor.inside():
        index = expression(cursor)
    cursor.insist("]", opened)
    return Lowered(node.at, cursor.last.end, node, index)
