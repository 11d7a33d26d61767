"""Vectors by other names: `sim(x, y) = (x^T y)^3` says what x and y are, and Q_i is a row of Q where q is declared.

Only where it is certain: a left-hand side names as many arguments as the part declares vectors of one length; a capital
letter stands for the declared small one with one and the same index throughout, which does nothing else in the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.answers import phrases
from autograder.answers.lexicon import Lexicon
from autograder.answers.scanner import Token

Written = tuple[str, ...]
"""A name as it was written: ("x",) or ("Q", "i")."""

_NO_KERNELS = frozenset({"e", "var", "cov", "o", "theta", "omega", "std", "p"})


def with_declared_vectors(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """The tokens with the part's own names for its vectors."""
    vectors = _vectors(lexicon)
    if len(vectors) < 2:
        return tokens
    named = _named_on_the_left(tokens, vectors, lexicon) or _rows(tokens, vectors)
    indexed = {written: vector for written, vector in (named or {}).items() if written[0].lower() == vector}
    if not named or not _is_only_index(tokens, indexed) or _are_rows(tokens, indexed):
        return tokens
    return _renamed(tokens, named)


def _vectors(lexicon: Lexicon) -> tuple[str, ...]:
    """The declared vectors, if they all have one length."""
    found = [name for name in lexicon.vocabulary.names if name.length is not None]
    return tuple(name.name for name in found) if len({name.length for name in found}) == 1 else ()


def _named_on_the_left(tokens: Sequence[Token], vectors: Sequence[str], lex: Lexicon) -> dict[Written, str] | None:
    """What the arguments of `sim(x, y) =` are called in the part; None where none is new or it is not certain."""
    tokens = [token for token in tokens if token.kind != "delimiter"]
    if len(tokens) < 4 or tokens[0].kind not in ("word", "unknown", "name") or tokens[1].text != "(":
        return None
    end = phrases.past_bracket(tokens, 1)
    if phrases.lower(tokens[0]) in _NO_KERNELS or end >= len(tokens) or tokens[end].text != "=":
        return None
    arguments = _arguments(tokens, end)
    if len(set(arguments)) != len(vectors) or len(arguments) != len(vectors):
        return None
    named = {written: vector for written, vector in zip(arguments, vectors, strict=True) if written != (vector,)}
    return named if all(_is_new(written, vector, vectors, lex) for written, vector in named.items()) else None


def _arguments(tokens: Sequence[Token], end: int) -> list[Written]:
    """The names between the brackets; [] if something else stands there."""
    found: list[Written] = []
    at = 2
    while at < end:
        name, stop = _name_at(tokens, at)
        if name is None or stop >= end or tokens[stop].text not in (",", ")"):
            return []
        found.append(name)
        at = stop + 1
    return found


def _is_new(written: Written, vector: str, vectors: Sequence[str], lex: Lexicon) -> bool:
    """Whether a name is none of the part's, or the vector itself with an index: `sim(q_i, k_j)`."""
    letter = written[0]
    if letter.lower() in vectors:
        return letter.lower() == vector and len(written) > 1
    return letter not in lex.declared


def _rows(tokens: Sequence[Token], vectors: Sequence[str]) -> dict[Written, str] | None:
    """`Q_i` for q and `K_j` for k."""
    found: dict[Written, str] = {}
    for at, token in enumerate(tokens):
        if token.kind == "unknown" and token.text.isupper() and token.text.lower() in vectors:
            name, _ = _name_at(tokens, at)
            if name is None or len(name) < 2:
                return None
            found[name] = token.text.lower()
    indices = [name[1] for name in found]
    if len({*indices}) < len(found) or len({*found.values()}) < len(found):
        return None
    return found


def _is_only_index(tokens: Sequence[Token], named: Mapping[Written, str]) -> bool:
    """Whether the index letters of `Q_i` and `K_j` do nothing else in the answer, such as to count components."""
    indices = {written[1] for written in named}
    uses = sum(_name_at(tokens, at)[0] in named for at in range(len(tokens)))
    return sum(token.text in indices for token in tokens) == uses


def _are_rows(tokens: Sequence[Token], named: Mapping[Written, str]) -> bool:
    """Whether `Q_i K_j^T` stands there, a number where these are rows, and a matrix where they are columns."""
    for at in range(len(tokens)):
        name, stop = _name_at(tokens, at)
        if name in named and stop < len(tokens):
            following, end = _name_at(tokens, stop)
            if following in named and end < len(tokens) and tokens[end].text in ("^", "T"):
                return True
    return False


def _name_at(tokens: Sequence[Token], at: int) -> tuple[Written | None, int]:
    """The letter, perhaps with a letter for its index, that stands at a place, and the place after it."""
    token = tokens[at]
    if token.kind not in ("unknown", "name") or not token.text.isalpha():
        return None, at
    if at + 2 >= len(tokens) or tokens[at + 1].text != "_":
        return (token.text,), at + 1
    stop = phrases.past_bracket(tokens, at + 2)
    inside = [inner for inner in tokens[at + 2 : stop] if inner.kind not in ("open", "close")]
    if len(inside) != 1 or inside[0].kind not in ("unknown", "name"):
        return None, at
    return (token.text, inside[0].text), stop


def _renamed(tokens: Sequence[Token], named: Mapping[Written, str]) -> list[Token]:
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        name, stop = _name_at(tokens, at)
        if name is not None and name[:1] in named:  # x_i is a component of x
            name, stop = name[:1], at + 1
        vector = named.get(name) if name is not None else None
        if vector is None:
            result.append(tokens[at])
            at += 1
            continue
        result.append(replace(tokens[at], kind="name", text=vector, end=tokens[stop - 1].end))
        at = stop
    return result
