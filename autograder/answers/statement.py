"""An answer as it stands on the page: dollars around it, "Answer:" before it, a left-hand side, "=" between answers.

Words are dropped only where they can mean nothing else; all other words stay, and are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.answers import phrases
from autograder.answers.derivation import steps
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.tokens import BOLD

_UNITS = frozenset(
    {"operations", "ops", "flops", "time", "space", "memory", "total", "overall", "complexity", "accesses", "elements"}
    | {"bytes", "numbers", "computation", "multiplications", "steps"}
)
MOST_IMAGES = 2


@dataclass(frozen=True)
class Statement:
    """The sides that "=" joins, each without its end token. `implies`: what follows is said to follow from it."""

    sides: tuple[tuple[Token, ...], ...]
    implies: bool = False


def dissect(tokens: Sequence[Token], *, growth: bool) -> list[Statement]:
    """The statements, each as its sides, that these tokens (without delimiters and "end") make up."""
    return [Statement(tuple(_sides(step.tokens, growth)), step.implies) for step in steps(tokens)]


def _sides(tokens: Sequence[Token], growth: bool) -> list[tuple[Token, ...]]:
    body = list(tokens)
    body = phrases.without_first_clause(body)
    body = phrases.without_remarks(body[_after_label(body) :])
    body = phrases.with_equals_signs(body)
    stop = _before_units(body) if growth else len(body)
    return _split(body[:stop], growth)


def has_either_sign(statements: Sequence[Statement]) -> bool:
    """Whether the one answer is `±` something, and no other sign of that kind stands anywhere."""
    tokens = [token for statement in statements for side in statement.sides for token in side]
    last = statements[-1].sides[-1]
    signs = sum(token.text == "±" for token in tokens)
    return len(statements) == 1 and signs == 1 and last[:1] != () and last[0].text == "±" and _is_one_term(last[1:])


def _is_one_term(tokens: Sequence[Token]) -> bool:
    """Whether no sum stands there: ±a + b is a + b or -a + b."""
    return bool(tokens) and not any(tokens[at].text in ("+", "-", "±") for at in phrases.top_level(tokens))


def with_minus(statements: Sequence[Statement]) -> list[Statement]:
    """The same with the minus of `±` alone."""
    *before, last = statements
    *sides, side = last.sides
    minus = replace(side[0], text="-")
    return [*before, replace(last, sides=(*sides, (minus, *side[1:])))]


def without_surroundings(tokens: Sequence[Token]) -> list[Token]:
    """Without the end, without dollars and their like, without a box around all."""
    return _without_box(_without_delimiters(list(tokens[:-1])))


def _without_box(tokens: list[Token]) -> list[Token]:
    r"""Without the braces of `\boxed{s = ...}` around a whole equation. Elsewhere they group, and may stay."""
    boxed = len(tokens) > 2 and tokens[0].text == "{" and phrases.past_bracket(tokens, 0) == len(tokens)
    return tokens[1:-1] if boxed and any(token.text == "=" for token in tokens) else tokens


def _without_delimiters(tokens: list[Token]) -> list[Token]:
    """Without the dollars and their like, which must come in pairs; `$a$$b$` would be two answers."""
    kept: list[Token] = []
    waiting: list[Token] = []
    closed: Token | None = None
    for token in tokens:
        if token.kind != "delimiter":
            kept.append(token)
            closed = None
        elif waiting and _pair(waiting[-1].text, token.text):
            closed = waiting.pop()
        elif closed is not None and BOLD not in (closed.text, token.text) and kept[-1:] and kept[-1].text != "=":
            raise CannotRead("math_delimiters", token.start, token.end)
        else:
            waiting.append(token)
    if waiting:
        raise CannotRead("math_delimiters", waiting[0].start, waiting[0].end)
    return kept


def _pair(opening: str, closing: str) -> bool:
    return closing == {"\\(": "\\)", "\\[": "\\]"}.get(opening, opening) and opening not in ("\\)", "\\]")


def _after_label(tokens: Sequence[Token]) -> int:
    """Where the answer begins: after "Answer:", "The answer is", "Time complexity:", "K(q, k):"."""
    colon = next((at for at, token in enumerate(tokens[:10]) if token.text == ":" and token.kind == "op"), None)
    words = tokens[:colon]
    if colon and all(phrases.is_label(token) or _is_letter_of_label(token) for token in words):
        return colon + 1
    if colon and words[0].kind == "unknown" and is_left_hand_side(words):
        return colon + 1
    return phrases.after_label(tokens)


def _is_letter_of_label(token: Token) -> bool:
    """The signs within "Big-O"."""
    return token.text in ("-", "O", "o")


def _before_units(tokens: Sequence[Token]) -> int:
    """Where the answer ends: before "operations", "time" and their like after a bracket."""
    stop = len(tokens)
    while stop and tokens[stop - 1].kind == "word" and phrases.lower(tokens[stop - 1]) in _UNITS:
        stop -= 1
    return stop if stop and tokens[stop - 1].kind == "close" else len(tokens)


def _split(tokens: list[Token], growth: bool) -> list[tuple[Token, ...]]:
    sides: list[list[Token]] = [[]]
    outside = set(phrases.top_level(tokens))
    for at, token in enumerate(tokens):
        joins = token.text == "=" or (growth and token.text == "∈")
        if joins and at in outside and token.kind in ("op", "relation") and not _is_limit(tokens, at):
            if sides[-1]:
                sides.append([])
        else:
            sides[-1].append(token)
    return [tuple(side) for side in sides]


def _is_limit(tokens: Sequence[Token], at: int) -> bool:
    """Whether this is the "=" of `sum of x_i from i = 1 to d`."""
    return at > 1 and tokens[at - 2].kind == "word" and phrases.lower(tokens[at - 2]) in ("from", "for")


def is_left_hand_side(tokens: Sequence[Token]) -> bool:
    r"""Whether these tokens name a thing and say nothing of it: `s`, `T(n)`, `E[q^T k]`, `\mathrm{sim}(q, k)`."""
    if not tokens or tokens[0].kind not in ("unknown", "word", "name"):
        return _is_product_of_images(tokens)
    at = 1
    while at < len(tokens) and tokens[at].kind == "word":
        at += 1
    if at > 1 and not all(phrases.is_label(token) for token in tokens[:at]):
        return False
    if at < len(tokens) and tokens[at].text == "_":
        at = phrases.past_bracket(tokens, at + 1)
    if at < len(tokens) and tokens[at].kind == "open":
        at = phrases.past_bracket(tokens, at)
    return at == len(tokens) or _is_product_of_images(tokens)


def _is_product_of_images(tokens: Sequence[Token]) -> bool:
    r"""`\phi(q)^T \phi(k)`, `<φ(q), φ(k)>`: undeclared letters, each with one name in brackets, and nothing between
    them but the signs of an inner product.
    """
    images = at = 0
    while at < len(tokens):
        if _is_image(tokens[at : at + 4]):
            images, at = images + 1, at + 4
        elif tokens[at].text in ("^", "T", "·", "@", "<", ">", ",", "{", "}") or tokens[at].kind == "transpose":
            at += 1
        else:
            return False
    return images == MOST_IMAGES


def _is_image(tokens: Sequence[Token]) -> bool:
    kinds = [token.kind for token in tokens]
    return kinds == ["unknown", "open", "name", "close"] and len(tokens[0].text) > 1
