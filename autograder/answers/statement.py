"""An answer as it stands on the page: dollars around it, "Answer:" before it, a left-hand side, "=" between answers.

Words are dropped only where they can mean nothing else; all other words stay, and are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.answers.characters import PARTNER
from autograder.answers.reading import CannotRead
from autograder.answers.tokens import BOLD, Token

_LABELS = frozenset(
    {"answer", "ans", "final", "result", "solution", "the", "my", "our", "is", "are", "we", "get", "thus", "so"}
    | {"hence", "therefore", "time", "space", "total", "overall", "complexity", "computational", "computation"}
    | {"memory", "access", "cost", "runtime", "running", "requirement", "scale", "scaling", "factor", "variance"}
    | {"expectation", "expected", "value", "big", "bigo", "o", "asymptotic", "kernel", "quadratic", "growth"}
    | {"shape", "equals", "be", "must", "should", "that"}
)
_UNITS = frozenset(
    {"operations", "ops", "flops", "time", "space", "memory", "total", "overall", "complexity", "accesses", "elements"}
)
_STATISTICS = frozenset({"E", "Var", "Cov", "Std", "var", "VAR"})


@dataclass(frozen=True)
class Statement:
    """The sides of an answer that "=" joins, each without its end token; `labelled` if words were dropped."""

    sides: tuple[tuple[Token, ...], ...]
    end: Token
    labelled: bool = False


def dissect(tokens: Sequence[Token], text: str, *, growth: bool) -> Statement:
    """The sides of the answer that these tokens (ending with "end") make up."""
    body, end = list(tokens[:-1]), tokens[-1]
    body = _without_box(_without_delimiters(body))
    start = _after_label(body, text)
    stop = _before_units(body, start) if growth else len(body)
    sides = _split(body[start:stop], growth)
    return Statement(tuple(sides), end, labelled=start > 0 or stop < len(body))


def _without_box(tokens: list[Token]) -> list[Token]:
    r"""Without the braces of `\boxed{s = ...}` around a whole equation. Elsewhere they group, and may stay."""
    boxed = len(tokens) > 2 and tokens[0].text == "{" and _past_one(tokens, 0) == len(tokens)
    return tokens[1:-1] if boxed and any(token.text == "=" for token in tokens) else tokens


def _without_delimiters(tokens: list[Token]) -> list[Token]:
    """Without the dollars and their like, which must come in pairs."""
    places = [at for at, token in enumerate(tokens) if token.kind == "delimiter"]
    for opening, closing in zip(places[::2], [*places[1::2], None], strict=False):
        if closing is None or not _pair(tokens[opening].text, tokens[closing].text):
            raise CannotRead("math_delimiters", tokens[opening].start, tokens[opening].end)
    for closing, opening in zip(places[1::2], places[2::2], strict=False):
        if opening == closing + 1 and tokens[closing].text != BOLD:
            raise CannotRead("math_delimiters", tokens[opening].start, tokens[opening].end)
    return [token for token in tokens if token.kind != "delimiter"]


def _pair(opening: str, closing: str) -> bool:
    return closing == {"\\(": "\\)", "\\[": "\\]"}.get(opening, opening) and opening not in ("\\)", "\\]")


def _after_label(tokens: list[Token], text: str) -> int:
    """Where the answer begins: after "Answer:", "The answer is", "Time complexity:"."""
    colon = next((at for at, token in enumerate(tokens[:10]) if token.text == ":" and token.kind == "op"), None)
    if colon is not None:
        words = tokens[:colon]
        if words and all(_is_label(token, text) for token in words):
            return colon + 1
        if words and words[0].kind == "unknown" and is_left_hand_side(words):
            return colon + 1
    at = 0
    while at < len(tokens) and tokens[at].kind == "word" and tokens[at].text.lower() in _LABELS:
        at += 1
    apart = 0 < at < len(tokens) and tokens[at].start > tokens[at - 1].end
    return at if apart else 0


def _is_label(token: Token, text: str) -> bool:
    return text[token.start : token.end].lower() in _LABELS or token.text == "-"


def _before_units(tokens: list[Token], start: int) -> int:
    """Where the answer ends: before "operations", "time" and their like after a bracket."""
    stop = len(tokens)
    while stop > start and tokens[stop - 1].kind == "word" and tokens[stop - 1].text.lower() in _UNITS:
        stop -= 1
    return stop if stop > start and tokens[stop - 1].kind == "close" else len(tokens)


def _split(tokens: list[Token], growth: bool) -> list[tuple[Token, ...]]:
    sides: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        joins = token.text == "=" or (growth and token.text == "∈")
        if depth == 0 and joins and token.kind in ("op", "relation"):
            if sides[-1]:
                sides.append([])
        else:
            sides[-1].append(token)
    return [tuple(side) for side in sides]


def is_left_hand_side(tokens: Sequence[Token]) -> bool:
    r"""Whether these tokens name a thing and say nothing of it: `s`, `T(n)`, `E[q^T k]`, `\mathrm{sim}(q, k)`."""
    if not tokens or tokens[0].kind not in ("unknown", "word", "name"):
        return False
    at = 1
    while at < len(tokens) and tokens[at].kind == "word":
        at += 1
    if at > 1 and not all(token.text.lower() in _LABELS for token in tokens[:at]):
        return False
    if at < len(tokens) and tokens[at].text == "_":
        at = _past_one(tokens, at + 1)
    if at < len(tokens) and tokens[at].kind == "open":
        at = _past_one(tokens, at)
    return at == len(tokens)


def _past_one(tokens: Sequence[Token], at: int) -> int:
    """The place after one token or one bracket with all that it holds; past the end if the bracket stays open."""
    awaited: list[str] = []
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "open":
            awaited.append(PARTNER[token.text])
        elif token.kind == "close" and (not awaited or awaited.pop() != token.text):
            break
        at += 1
        if not awaited:
            return at
    return len(tokens) + 1


def is_statistic(tokens: Sequence[Token]) -> bool:
    """Whether a left-hand side begins with E, Var or the like."""
    return bool(tokens) and tokens[0].text in _STATISTICS
