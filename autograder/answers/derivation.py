"""An answer of several statements: `s^2 = n ⇒ s = sqrt(n)`, lines of an alignment, sentences. The last one counts.

What stands before it has to be a step towards it, or say the same; two different answers stay two answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.answers import phrases
from autograder.answers.scanner import Token

_IMPLIES = ("⇒", "→")
_WORDS_OF_CONCLUSION = frozenset(
    (subject, verb) for subject in ("which", "this") for verb in ("gives", "means", "implies", "yields")
)
_GO_ON = frozenset({"op", "relation", "close", "transpose"})


@dataclass(frozen=True)
class Step:
    """One statement, without words around it. `implies`: what follows is said to follow from it."""

    tokens: tuple[Token, ...]
    implies: bool = False


def steps(tokens: Sequence[Token]) -> list[Step]:
    """The statements in order, at least one; statements of words alone are left out."""
    found: list[Step] = []
    for part, implies in _parts(tokens):
        if part and not (implies and phrases.is_reason(part)) and not phrases.is_prose(part):
            found.append(Step(tuple(part), implies))
    return found or [Step(tuple(tokens))]


def _parts(tokens: Sequence[Token]) -> list[tuple[list[Token], bool]]:
    """The statements between signs and words of conclusion, full stops and ends of lines."""
    parts: list[tuple[list[Token], bool]] = [([], False)]
    outside = set(phrases.top_level(tokens))
    at = 0
    while at < len(tokens):
        token, current = tokens[at], parts[-1][0]
        length = _conclusion(tokens, at) if at in outside else 0
        ends_line = token.new_line and bool(current) and _may_end(current[-1], token) and at in outside
        if length and current:
            parts[-1] = (_without_last_comma(current), True)
            parts.append(([], False))
        elif token.kind == "op" and (token.text == "." or (at in outside and _parts_equations(tokens, at, current))):
            length = 1
            parts.append(([], False))
        elif ends_line:
            parts.append(([token], False))
        elif not length and (current or token.text != ","):
            current.append(token)
        at += length or 1
    return parts


def _parts_equations(tokens: Sequence[Token], at: int, before: Sequence[Token]) -> bool:
    """Whether a comma here stands between two equations: `s^2 = n, s = sqrt(n)`."""
    if tokens[at].text not in (",", ";") or not _has_equals_sign(before) or at + 1 == len(tokens):
        return False
    if _conclusion(tokens, at + 1):
        return False
    return _has_equals_sign(tokens[at + 1 :])


def _has_equals_sign(tokens: Sequence[Token]) -> bool:
    return any(tokens[at].text == "=" and tokens[at].kind == "op" for at in phrases.top_level(tokens))


def _conclusion(tokens: Sequence[Token], at: int) -> int:
    """How many tokens here say that something follows: none, one, or two ("which gives")."""
    token = tokens[at]
    if token.kind == "relation" and token.text in _IMPLIES:
        return 1
    if token.kind != "word":
        return 0
    if phrases.is_purpose(tokens[at:]):
        return 0
    if at + 1 < len(tokens) and (phrases.lower(token), phrases.lower(tokens[at + 1])) in _WORDS_OF_CONCLUSION:
        return 2
    return 1 if phrases.lower(token) in phrases.CONCLUSIONS else 0


def _without_last_comma(tokens: list[Token]) -> list[Token]:
    kept = list(tokens)
    while kept and (kept[-1].text in (",", ";") or phrases.lower(kept[-1]) == "and"):
        kept.pop()
    return kept


def _may_end(last: Token, following: Token) -> bool:
    """Whether a statement may end between two lines: not where a sign says that it goes on."""
    if last.kind in ("op", "relation", "function", "open") and last.text != "!":
        return False
    return following.kind not in _GO_ON and following.text not in ("=", "+", "-")
