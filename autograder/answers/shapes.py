r"""Shapes: `[n, h, m]`, `(n, h, m)`, `n x h x m`, `\mathbb{R}^{n \times h \times m}`, lists of names or numbers."""

from collections.abc import Sequence
from itertools import pairwise

from autograder.answers.algebra import MINUS_ONE
from autograder.answers.bounds import BOUNDS
from autograder.answers.kinds import walk
from autograder.answers.lexicon import Lexicon
from autograder.answers.reader import as_prose, check_text, read, refusal, understood
from autograder.answers.reading import CannotRead, Reading, Refusal
from autograder.answers.scanner import Token
from autograder.answers.sides import read_side
from autograder.answers.statement import is_left_hand_side
from autograder.answers.tokens import tokenize
from autograder.answers.tree import Mul, Node, Pow, Sum
from autograder.answers.vocabulary import Vocabulary
from autograder.sandbox.outcome import SymbolicObject

_LABELS = frozenset(
    {"answer", "the", "a", "an", "shape", "size", "dimensions", "dimension", "dims", "dim", "is", "tensor", "matrix"}
    | {"with", "of", "has"}
)
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_SEQUENCES = ("Tuple", "List")
_QUOTES = str.maketrans({"'": " ", '"': " "})  # a list of names as Python shows it


def read_shape(answer: object, vocabulary: Vocabulary) -> tuple[Node, ...] | Refusal:
    """The sizes of a shape, outermost first. Never raises; bounded in time and memory."""
    if not isinstance(answer, str):
        return _read_sequence(answer, vocabulary)
    lexicon = Lexicon(vocabulary, frozenset("x"))
    tokens: list[Token] = []
    try:
        check_text(answer)
        _refuse_empty_text(answer)
        tokens = tokenize(answer.translate(_QUOTES), lexicon)
        return _read_text(tokens, lexicon)
    except CannotRead as stop:
        return refusal(answer, as_prose(stop, tokens, answer), understood(tokens, stop.position, lexicon))


def _refuse_empty_text(answer: str) -> None:
    """An entry that is an empty string, which would be gone with its quotes."""
    for quotes in ("''", '""'):
        if quotes in answer:
            raise CannotRead("not_a_shape", answer.index(quotes), answer.index(quotes) + 2)


def _read_sequence(answer: object, vocabulary: Vocabulary) -> tuple[Node, ...] | Refusal:
    """A list or tuple of names, numbers or SymPy objects."""
    if isinstance(answer, SymbolicObject) and answer.operation in _SEQUENCES:
        answer = answer.arguments
    if answer is None or (isinstance(answer, list | tuple) and not answer):
        return Refusal("empty")
    if not isinstance(answer, list | tuple):
        return Refusal("not_text", data={"type_name": type(answer).__name__})
    if len(answer) > BOUNDS.depth:
        return Refusal("too_many_symbols", data={"limit": BOUNDS.depth})
    sizes: list[Node] = []
    for item in answer:
        if isinstance(item, list | tuple):
            return Refusal("nested_shape")
        size = read(item, vocabulary)
        if isinstance(size, Refusal):
            return size
        sizes.append(_only_answer(size))
    return tuple(sizes)


def _only_answer(size: Reading) -> Node:
    return size.others[-1] if size.others else size.tree


def _read_text(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[Node, ...]:
    body = [token for token in tokens[:-1] if token.kind != "delimiter"]
    body = _after_label(_after_name(body))
    body = _exponent_of_space(body)
    _refuse_words(body, tuple(lexicon.declared))
    if body and _whole_bracket(body):
        body = _without_brackets(body)
    elif len(body) > 1 and not any(token.text in (",", "×", "by", "*", "·", ";") for token in body):
        raise CannotRead("shape_product" if _names_only(body) else "not_a_shape", body[0].start, body[-1].end)
    items = _items(body)
    return tuple(_size(item, lexicon, alone=len(items) == 1) for item in items)


def _names_only(tokens: list[Token]) -> bool:
    return all(token.kind in ("name", "number") for token in tokens)


def _refuse_words(tokens: list[Token], declared: tuple[str, ...]) -> None:
    """Words around a shape that say more than that it is one, and brackets that do not close."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "word" and token.text != "by":
            raise CannotRead("unknown_word", token.start, token.end, name=token.text, declared=declared)
    if depth > 0 and tokens[0].kind == "open":
        opened = tokens[0]
        raise _unbalanced(opened)
    if depth == 0 and tokens and tokens[0].kind == "open" and tokens[0].text != "<" and not _whole_bracket(tokens):
        end = next(at for at, token in enumerate(tokens) if token.kind == "close")
        if end + 1 < len(tokens) and tokens[end + 1].text not in (",", "×", "by", "/"):
            raise CannotRead("unexpected", tokens[end + 1].start, tokens[end + 1].end)


def _after_name(tokens: list[Token]) -> list[Token]:
    """What follows `A =`, `W_q:` or `W_q ∈`."""
    for at, token in enumerate(tokens[:8]):
        if token.kind in ("op", "relation") and token.text in ("=", ":", "∈"):
            left = tokens[:at]
            if is_left_hand_side(left) or all(_is_label(word) for word in left):
                return tokens[at + 1 :]
            raise CannotRead("unexpected", token.start, token.end)
    return tokens


def _is_label(token: Token) -> bool:
    return token.text.lower() in _LABELS and token.kind in ("word", "unknown")


def _after_label(tokens: list[Token]) -> list[Token]:
    """Without "shape", "tensor with shape", "torch.Size" before the list."""
    at = 0
    while at < len(tokens) and _is_label(tokens[at]):
        at += 1
    return tokens[at:]


def _exponent_of_space(tokens: list[Token]) -> list[Token]:
    """What stands in the exponent of ℝ, with its brackets."""
    if len(tokens) > 2 and tokens[0].text == "R" and tokens[0].kind == "unknown" and tokens[1].text == "^":
        return tokens[2:]
    return tokens


def _whole_bracket(tokens: list[Token]) -> bool:
    """Whether the first bracket is closed by the last token."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0:
            return at == len(tokens) - 1 and tokens[0].kind == "open"
    return False


def _without_brackets(tokens: list[Token]) -> list[Token]:
    opened, closed = tokens[0], tokens[-1]
    if _BRACKETS.get(opened.text) != closed.text:
        raise _unbalanced(opened)
    inside = tokens[1:-1]
    if not inside:
        raise CannotRead("empty_brackets", opened.start, closed.end)
    if opened.text == "(" and inside[0].text == "[" and _whole_bracket(inside):
        return _without_brackets(inside)  # torch.Size([n, h, m])
    if inside[0].kind == "open" and _whole_bracket(inside):
        raise CannotRead("nested_shape", inside[0].start, inside[0].end)
    return inside


def _unbalanced(opened: Token) -> CannotRead:
    wanted = _BRACKETS.get(opened.text, "")
    return CannotRead("unbalanced", opened.start, opened.end, opened=opened.text, wanted=wanted)


def _items(tokens: list[Token]) -> list[list[Token]]:
    """The entries: between commas if there are any, else between crosses."""
    if not tokens:
        raise CannotRead("not_a_shape", None)
    commas = _between(tokens, (",", ";"))
    items = _without_last_empty(commas) if len(commas) > 1 else _between(tokens, ("×", "by"))
    if not all(items):
        raise CannotRead("not_a_shape", tokens[0].start, tokens[-1].end)
    return items


def _without_last_empty(items: list[list[Token]]) -> list[list[Token]]:
    """Python's `(h,)` ends with a comma."""
    return items if items[-1] else items[:-1]


def _between(tokens: list[Token], separators: tuple[str, ...]) -> list[list[Token]]:
    items: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0 and token.text in separators and token.kind in ("op", "word"):
            items.append([])
        else:
            items[-1].append(token)
    return items


def _size(tokens: list[Token], lexicon: Lexicon, *, alone: bool) -> Node:
    """One entry. Names side by side are a product between commas, and else rather a list without its commas."""
    if tokens[0].text == "[" and _whole_bracket(tokens):
        raise CannotRead("nested_shape", tokens[0].start, tokens[0].end)
    joint = _joint(tokens, lone=alone)
    if joint is not None and not alone:
        raise CannotRead("shape_product", joint.start, joint.end)
    side = read_side(tokens, Token("end", "", tokens[-1].end, tokens[-1].end), lexicon)
    if side.typed.kind != "scalar":
        raise CannotRead("not_a_scalar", tokens[0].start, tokens[-1].end, kind_found=side.typed.kind)
    if any(isinstance(node, Sum) for node in walk(side.typed.node)):
        raise CannotRead("not_a_shape", tokens[0].start, tokens[-1].end)
    if alone and _is_product(side.typed.node):
        place = joint or tokens[0]
        raise CannotRead("shape_product", place.start, place.end)
    return side.typed.node


def _joint(tokens: list[Token], *, lone: bool) -> Token | None:
    """The sign between two sizes that are multiplied, or the second of two that stand side by side, with a space
    between them unless the entry is a `lone` one.
    """
    for left, right in pairwise(tokens):
        if lone and right.text in ("*", "·"):
            return right
        if left.kind in ("name", "number") and right.kind in ("name", "number") and (lone or right.spaced):
            return right
    return None


def _is_product(size: Node) -> bool:
    """Whether it multiplies sizes; a quotient is one size."""
    if not isinstance(size, Mul):
        return False
    above = [factor for factor in size.factors if not (isinstance(factor, Pow) and factor.exponent == MINUS_ONE)]
    return len(above) > 1
