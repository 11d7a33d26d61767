"""What an answer says of its letters: "O(...), where k = d/h" and "(q^T k + c)^2 with c = 1".

Only what is certain is taken: every statement after the word must be one of the part's equalities, which adds nothing,
or give a value to letters that the part does not declare and that the answer uses; they are put in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from autograder.answers import phrases
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.tokens import tokenize
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Declared

WHERE = frozenset(["where", "with", "since", "as", "for", "assuming", "if", "when", "using", "given", "letting", "let"])
JOINS = frozenset({"=", "≈", "∼", "≅"})
MOST_TOKENS = 60
MOST_USES = 8

Value = Callable[[Sequence[Token]], Node]
Definition = tuple[tuple[Token, ...], tuple[Token, ...]]
"""The tokens of a new name, and those of its value."""


def without_restatement(tokens: list[Token], lexicon: Lexicon, value: Value) -> list[Token]:
    """The tokens without what is said of letters at their end. `value` reads one side of an equation."""
    for place in _places(tokens):
        tail = [token for token in tokens[place + 1 : -1] if token.kind != "delimiter"]
        head = _with_letters_apart(tokens[:place], tail, lexicon)
        definitions = _definitions(tail, head, lexicon, value) if 0 < len(tail) <= MOST_TOKENS else None
        if definitions is None:
            continue
        while head and head[-1].text in (",", ";", "("):
            head.pop()
        for name, meaning in definitions:
            head = _put_in(head, name, meaning)
        return [*head, tokens[-1]]
    return tokens


def _places(tokens: Sequence[Token]) -> Iterator[int]:
    """Where the answer itself may end: at a word such as "where", or at a comma outside brackets."""
    outside = set(phrases.top_level(tokens))
    for at, token in enumerate(tokens):
        word = token.kind == "word" and phrases.lower(token) in WHERE
        if at and (word or (token.text == "," and at in outside)):
            yield at


def _with_letters_apart(head: list[Token], tail: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """`NDL` is a word where L is no name; where the tail says what L is, it is N·D·L."""
    letters = {left.text for left, right in pairwise(tail) if right.text in JOINS and left.kind == "unknown"}
    names = tuple(Declared(letter) for letter in sorted(letters) if len(letter) == 1)
    if not names:
        return head
    known = Lexicon(replace(lexicon.vocabulary, names=(*lexicon.vocabulary.names, *names)))
    apart: list[Token] = []
    for token in head:
        pieces = known.split(token.text) if token.kind == "word" else None
        for piece in pieces or ():
            kind = "unknown" if piece.text in letters else piece.kind
            place = (token.start + piece.start, token.start + piece.end)
            apart.append(Token(kind, piece.text, *place, spaced=token.spaced and not piece.start))
        if not pieces:
            apart.append(token)
    return apart


def _definitions(
    tail: Sequence[Token], head: Sequence[Token], lexicon: Lexicon, value: Value
) -> list[Definition] | None:
    """What the statements of the tail define; None if one of them is neither a definition nor known."""
    closing = list(tail)
    if closing[-1].text == ")" and not any(token.kind == "open" for token in closing):
        closing.pop()
    found: list[Definition] = []
    try:
        for sides in _statements(closing):
            if _is_known(sides, lexicon, value):
                continue
            if not _is_definition(sides, head, lexicon, value):
                return None
            found.append((tuple(sides[0]), tuple(sides[1])))
    except CannotRead:
        return None
    return found


def _statements(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """The equations between commas and "and", each as its sides."""
    sides: list[list[Token]] = [[]]
    for at, token in enumerate(tokens):
        words_on = at and token.text in (",", ";") and at + 1 < len(tokens) and tokens[at + 1].kind == "word"
        if token.text in (",", ";") or (token.kind == "word" and phrases.lower(token) == "and"):
            if not words_on:
                yield sides
                sides = [[]]
        elif token.text in JOINS or (token.kind == "word" and phrases.lower(token) in ("is", "equals")):
            sides.append([])
        else:
            sides[-1].append(token)
    yield sides


def _is_known(sides: Sequence[Sequence[Token]], lexicon: Lexicon, value: Value) -> bool:
    """Whether all sides of an equation have one value by the part's equalities alone."""
    if len(sides) < 2 or not all(sides):
        return False
    named = any(len(side) == 1 and side[0].text in lexicon.vocabulary.equalities for side in sides)
    if not named:
        return False
    values = [_value(side, lexicon, value) for side in sides]
    return all(other == values[0] for other in values)


def _value(side: Sequence[Token], lexicon: Lexicon, value: Value) -> Node:
    text = lexicon.vocabulary.equalities.get(side[0].text) if len(side) == 1 else None
    return value(side if text is None else tokenize(text, lexicon)[:-1])


def _is_definition(sides: Sequence[Sequence[Token]], head: Sequence[Token], lexicon: Lexicon, value: Value) -> bool:
    """Whether this gives a letter of the answer, which the part does not declare, a value in the part's names."""
    if len(sides) != 2 or not all(sides) or not _is_new_name(sides[0], lexicon):
        return False
    if phrases.lower(head[0]) in phrases.REASONS:  # "Since x and y are independent, x = ...": x is the answer's name
        return False
    value(sides[1])
    equations = [at for at in phrases.top_level(head) if head[at].text == "=" and head[at].kind == "op"]
    in_answer = head[equations[-1] + 1 :] if equations else head  # in `s^2 = d, s = ...` s is what is looked for
    return bool(_uses(in_answer, sides[0])) and len(_uses(head, sides[0])) <= MOST_USES


def _is_new_name(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """A letter that is not declared, or any letter with an index: `c`, `L`, `d_k`."""
    first = tokens[0]
    if len(tokens) == 1:
        return first.kind == "unknown" and first.text not in ("e", "pi", "O")
    indexed = first.kind in ("unknown", "name") and tokens[1].text == "_" and not lexicon.is_vector(first.text)
    return indexed and phrases.past_bracket(tokens, 2) == len(tokens)


def _uses(tokens: Sequence[Token], name: Sequence[Token]) -> list[int]:
    """Where a name stands, not as the beginning of a longer one."""
    texts = [token.text for token in name]
    places = []
    for at in range(len(tokens) - len(name) + 1):
        here = [token.text for token in tokens[at : at + len(name)]]
        follows = tokens[at + len(name)].text if at + len(name) < len(tokens) else ""
        if here == texts and follows != "_" and tokens[at].kind == name[0].kind:
            places.append(at)
    return places


def _put_in(tokens: Sequence[Token], name: Sequence[Token], meaning: Sequence[Token]) -> list[Token]:
    """The tokens with the value, in brackets, wherever the name stood: places are those of the name."""
    places = set(_uses(tokens, name))
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        if at not in places:
            result.append(tokens[at])
            at += 1
            continue
        first, end = tokens[at], tokens[at + len(name) - 1].end
        here = [replace(token, start=first.start, end=end, new_line=False) for token in meaning]
        opened = Token("open", "(", first.start, first.start, first.spaced, new_line=first.new_line)
        result += [opened, *here, Token("close", ")", end, end)]
        at += len(name)
    return result
