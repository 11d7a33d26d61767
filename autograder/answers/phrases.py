"""Words around an answer that can mean nothing else: labels before it, verbs in it, remarks and reasons after it.

What a word list does not hold stays where it is, and is refused. No list has a word that could change a value.
"""

from collections.abc import Sequence

from autograder.answers.characters import PARTNER
from autograder.answers.scanner import Token

LABELS = frozenset(
    {"answer", "ans", "final", "result", "solution", "the", "my", "our", "is", "are", "we", "get", "thus", "so"}
    | {"hence", "therefore", "time", "space", "total", "overall", "complexity", "computational", "computation"}
    | {"memory", "access", "cost", "runtime", "running", "requirement", "scale", "scaling", "factor", "variance"}
    | {"expectation", "expected", "value", "big", "bigo", "o", "asymptotic", "kernel", "quadratic", "growth"}
    | {"shape", "equals", "be", "must", "should", "that", "it", "then", "finally", "compute", "have", "obtain"}
    | {"need", "want", "set", "choose", "take", "let", "which", "this", "gives", "finding", "simply", "just"}
    | {"formula", "expression", "quantity", "compactly", "equivalently", "because", "i", "a", "as"}
) - {"because", "as"}
CONCLUSIONS = frozenset({"so", "thus", "hence", "therefore", "then", "giving", "consequently", "ergo", "implies"})
REASONS = frozenset({"because", "since", "as", "due"})
DENOTES = frozenset({"denotes", "denote", "represents", "stands", "refers"})
RETRACTIONS = frozenset(
    {"actually", "wait", "sorry", "or", "otherwise", "unless", "oops", "correction", "alternatively", "instead", "else"}
    | {"wrong", "incorrect", "rather", "maybe", "perhaps"}
)
_CHANGES = frozenset(
    {"not", "no", "half", "twice", "double", "triple", "times", "plus", "minus", "squared", "cubed", "divided", "root"}
    | {
        "multiplied",
        "inverse",
        "reciprocal",
        "negative",
        "over",
        "per",
        "each",
        "every",
        "todo",
        "tbd",
        "fixme",
        "none",
    }
)
_VERBS = frozenset({"is", "are", "equals", "equal", "becomes"})
_MODALS = frozenset({"should", "must", "would", "will", "has", "needs", "can"})
_AFTER_VERB = frozenset({"be", "equal", "to", "given", "by", "simply", "just", "exactly", "then", "thus", "therefore"})
_REMARK_WORDS = frozenset(
    {"the", "a", "an", "this", "that", "it", "which", "is", "are", "was", "as", "in", "for", "of", "and", "to", "on"}
    | {"we", "by", "with", "from", "total", "overall", "time", "space", "memory", "complexity", "cost", "work"}
    | {"operations", "ops", "flops", "accesses", "access", "bytes", "elements", "entries", "numbers", "reads", "writes"}
    | {"token", "tokens", "step", "steps", "decoding", "generation", "generated", "generating", "single", "computation"}
    | {"projection", "projections", "attention", "queries", "keys", "values", "query", "output", "input", "weights"}
    | {"scores", "softmax", "cache", "cached", "caching", "heads", "layer", "mha", "mqa", "dot", "product", "products"}
    | {"scaled", "scaling", "factor", "dimension", "dimensions", "answer", "final", "formula", "result", "expression"}
    | {"expectation", "expected", "value", "variance", "independence", "independent", "linear", "quadratic", "cubic"}
    | {"kernel", "polynomial", "degree", "terms", "same", "identical", "unchanged", "like", "before", "definition"}
    | {"simplified", "simplifying", "asymptotically", "asymptotic", "growth", "matrix", "matrices", "vector", "vectors"}
    | {"computing", "compute", "sum", "norm", "reading", "loading", "storing", "embeddings", "activations", "linearity"}
)
_NEUTRAL_PAIRS = frozenset({("no", "change"), ("per", "token"), ("per", "step"), ("multi", "head"), ("multi", "query")})
_PURPOSES = frozenset(
    {("so", "that"), ("such", "that"), ("in", "order")}
    | {("to", verb) for verb in ("make", "ensure", "keep", "have", "get", "normalize", "normalise", "guarantee")}
)
_BEFORE_A_NAME = frozenset({"in", "of", "on"})
_BEFORE_A_NUMBER = frozenset({"degree"})
_ENDS = frozenset({"number", "name", "unknown", "close", "transpose", "infinity", "bar"})


def lower(token: Token) -> str:
    return token.text.lower()


def is_label(token: Token) -> bool:
    """Whether a token is a word that may stand before an answer."""
    return lower(token) in LABELS and (token.kind == "word" or token.text in ("I", "a"))


def after_label(tokens: Sequence[Token]) -> int:
    """How many of the first tokens are words like "so", "the answer is", "Therefore,"."""
    at = 0
    while at < len(tokens) and (is_label(tokens[at]) or (at and tokens[at].text == ",")):
        at += 1
    words = at > 0 and any(token.kind == "word" for token in tokens[:at])
    apart = words and at < len(tokens) and tokens[at].start > tokens[at - 1].end
    return at if apart or (words and at == len(tokens)) else 0


def with_equals_signs(tokens: Sequence[Token]) -> list[Token]:
    """`s should be sqrt(n)` as `s = sqrt(n)`: the first verb that is no part of a label."""
    for at in top_level(tokens):
        if tokens[at].text == "=":
            break
        end = _past_verb(tokens, at)
        if end > at > 0 and not all(is_label(word) for word in tokens[:at]) and end < len(tokens):
            sign = Token("op", "=", tokens[at].start, tokens[end - 1].end, spaced=True)
            return [*tokens[:at], sign, *tokens[end:]]
    return list(tokens)


def _past_verb(tokens: Sequence[Token], at: int) -> int:
    """The place after "is", "should be", "is equal to"; `at` itself if no verb stands there."""
    if tokens[at].kind != "word" or lower(tokens[at]) not in _VERBS | _MODALS:
        return at
    end = at + 1
    while end < len(tokens) and tokens[end].kind == "word" and lower(tokens[end]) in _AFTER_VERB:
        end += 1
    is_modal = lower(tokens[at]) in _MODALS
    return at if is_modal and not any(lower(word) in ("be", "equal") for word in tokens[at:end]) else end


def without_remarks(tokens: Sequence[Token]) -> list[Token]:
    """Without notes on the terms, and without a remark or a reason at the end."""
    kept = _without_notes(list(tokens))
    while (shorter := _shortened(kept)) is not None:
        kept = shorter
    return kept


def _without_notes(tokens: list[Token]) -> list[Token]:
    """`b d^2 (projections) + b n d (attention)`, `O(b d^2) for projections + ...`, at any depth."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _past_note(tokens, at) if kept and _is_complete(kept[-1]) else at
        if end > at:
            at = end
        else:
            kept.append(tokens[at])
            at += 1
    return kept


def _past_note(tokens: Sequence[Token], at: int) -> int:
    token = tokens[at]
    if token.text == "(" and token.kind == "open":
        end = past_bracket(tokens, at)
        return end if end <= len(tokens) and _is_remark(tokens[at + 1 : end - 1]) else at
    if token.kind == "word" and lower(token) in ("for", "from"):
        end = at
        while end < len(tokens) and (tokens[end].kind == "word" or lower(tokens[end]) == "dot"):
            end += 1
        follows = end == len(tokens) or tokens[end].text in ("+", ")", ",")
        return end if follows and _is_remark(tokens[at:end]) else at
    return at


def _shortened(tokens: list[Token]) -> list[Token] | None:
    """Without the remark at the end, if there is one."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if not at or depth > (token.kind == "open") or not _is_complete(tokens[at - 1]):
            continue
        rest = tokens[at:]
        if token.text in (",", ";", "-") and token.kind == "op":
            rest = rest[1:]
        elif token.text == "(" and past_bracket(tokens, at) == len(tokens):
            rest = rest[1:-1]
        elif token.kind not in ("word", "function"):
            continue
        if rest and _is_remark(rest):
            return tokens[:at]
    return None


def _is_remark(tokens: Sequence[Token]) -> bool:
    """Whether these tokens say nothing of the value: a reason, what a letter stands for, or words of the list."""
    if not any(token.kind == "word" for token in tokens):
        return False
    first = lower(tokens[0])
    if is_purpose(tokens) or (first in REASONS and tokens[0].kind == "word" and len(tokens) > 1):
        return _is_free_text(tokens)
    if first == "where" and len(tokens) > 3 and _denotes(lower(tokens[2]), lower(tokens[3])):
        return _is_free_text(tokens)
    return all(_is_neutral(tokens, at) for at in range(len(tokens)))


def is_purpose(tokens: Sequence[Token]) -> bool:
    """Whether "so that", "in order to", "to make" and the like begin here: what the answer is good for."""
    first_two = tuple(lower(token) for token in tokens[:2])
    return len(tokens) > 2 and tokens[0].kind == "word" and first_two in _PURPOSES


def _denotes(verb: str, after: str) -> bool:
    """`where n is the length`, but not `where n is large`."""
    return verb in DENOTES or (verb in ("is", "are") and after in ("the", "a", "an"))


def _is_free_text(tokens: Sequence[Token]) -> bool:
    """A reason may say anything, but not take the answer back, and not give a declared name a value."""
    return not any(lower(token) in RETRACTIONS or _gives_value(tokens, at) for at, token in enumerate(tokens))


def _gives_value(tokens: Sequence[Token], at: int) -> bool:
    """Whether an "=" stands here with nothing but a declared name before it."""
    if tokens[at].text != "=" or at == 0 or tokens[at - 1].kind != "name":
        return False
    return at == 1 or tokens[at - 2].kind == "word" or tokens[at - 2].text in (",", ";")


def _is_neutral(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    before = lower(tokens[at - 1]) if at else ""
    after = lower(tokens[at + 1]) if at + 1 < len(tokens) else ""
    if (before, lower(token)) in _NEUTRAL_PAIRS or (lower(token), after) in _NEUTRAL_PAIRS:
        return True
    if token.text == "-":
        return 0 < at < len(tokens) - 1 and not token.spaced
    if token.kind == "number":
        return before in _BEFORE_A_NUMBER
    if token.kind in ("name", "unknown") and len(token.text) == 1:
        return before in _BEFORE_A_NAME or token.text == "a"
    return token.kind in ("word", "function") and lower(token) in _REMARK_WORDS


def is_reason(tokens: Sequence[Token]) -> bool:
    """Whether a statement begins as a reason, and is no more than that."""
    return bool(tokens) and tokens[0].kind == "word" and lower(tokens[0]) in REASONS and _is_free_text(tokens)


def is_prose(tokens: Sequence[Token]) -> bool:
    """Whether a whole statement is words that change nothing; letters may stand among them, signs may not."""
    if any(lower(token) in RETRACTIONS | _CHANGES for token in tokens):
        return False
    letters = sum(token.kind in ("name", "unknown") for token in tokens)
    words = sum(token.kind == "word" for token in tokens)
    return words > letters and all(token.kind in ("word", "name", "unknown") for token in tokens)


def without_first_clause(tokens: Sequence[Token]) -> list[Token]:
    """`Since q and k are independent, E = ...`: what follows the last comma of a sentence that begins with a reason."""
    if not tokens or tokens[0].kind != "word" or lower(tokens[0]) not in REASONS:
        return list(tokens)
    places = [at for at in top_level(tokens) if tokens[at].text == "," and tokens[at].kind == "op"]
    if not places or not _is_free_text(tokens[: places[-1]]):
        return list(tokens)
    return list(tokens[places[-1] + 1 :])


def top_level(tokens: Sequence[Token]) -> list[int]:
    """The places outside all brackets."""
    places: list[int] = []
    depth = 0
    for at, token in enumerate(tokens):
        depth -= token.kind == "close"
        if depth == 0:
            places.append(at)
        depth += token.kind == "open"
    return places


def past_bracket(tokens: Sequence[Token], at: int) -> int:
    """The place after one token, or after one bracket with all that it holds; past the end if it stays open."""
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


def _is_complete(token: Token) -> bool:
    """Whether something that has a value may end with this token."""
    return token.kind in _ENDS or token.text in ("!", "'")
