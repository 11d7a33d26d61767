"""What an answer says again of its own side conditions: "O(...), where k = d/h". It adds nothing, so it may stand.

Only what is certain is left out: every statement after the word must be one of the part's equalities.
"""

from collections.abc import Callable, Iterator, Sequence

from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.tokens import Token, tokenize
from autograder.answers.tree import Node

WHERE = frozenset(["where", "with", "since", "as", "for", "assuming", "if", "when", "using", "given"])
JOINS = frozenset({"=", "≈", "∼", "≅"})
MOST_TOKENS = 60

Value = Callable[[Sequence[Token]], Node]


def without_restatement(tokens: list[Token], lexicon: Lexicon, value: Value) -> list[Token]:
    """The tokens without what only restates side conditions. `value` reads one side of an equation."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "word" and token.text.lower() in WHERE), 0)
    tail = tokens[place + 1 : -1]
    if not place or not 0 < len(tail) <= MOST_TOKENS or not _restates(tail, lexicon, value):
        return tokens
    head = tokens[:place]
    while head and head[-1].text in (",", ";", "("):
        head.pop()
    return [*head, tokens[-1]]


def _restates(tail: Sequence[Token], lexicon: Lexicon, value: Value) -> bool:
    closing = [token for token in tail if token.kind != "delimiter"]
    if closing and closing[-1].text == ")":
        closing.pop()
    try:
        return all(_is_known(statement, lexicon, value) for statement in _statements(closing))
    except CannotRead:
        return False


def _statements(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """The equations between commas and "and", each as its sides."""
    sides: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in (",", ";") or (token.kind == "word" and token.text.lower() == "and"):
            yield sides
            sides = [[]]
        elif token.text in JOINS:
            sides.append([])
        else:
            sides[-1].append(token)
    yield sides


def _is_known(sides: Sequence[Sequence[Token]], lexicon: Lexicon, value: Value) -> bool:
    """Whether all sides of an equation have one value by the part's equalities alone."""
    if len(sides) < 2 or not all(sides):
        return False
    values = [_value(side, lexicon, value) for side in sides]
    named = any(len(side) == 1 and side[0].text in lexicon.vocabulary.equalities for side in sides)
    return named and all(other == values[0] for other in values)


def _value(side: Sequence[Token], lexicon: Lexicon, value: Value) -> Node:
    text = lexicon.vocabulary.equalities.get(side[0].text) if len(side) == 1 else None
    return value(side if text is None else tokenize(text, lexicon)[:-1])
