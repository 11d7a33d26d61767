"""The sides of an answer's statements as trees: which of them are answers, and which only lead to one."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.answers import phrases
from autograder.answers.builder import build
from autograder.answers.kinds import Typed
from autograder.answers.lexicon import Lexicon
from autograder.answers.parser import parse
from autograder.answers.reading import CannotRead, Note, Wrapper
from autograder.answers.render import plain
from autograder.answers.scanner import Token
from autograder.answers.statement import Statement, is_left_hand_side
from autograder.answers.wrappers import unwrapped


@dataclass(frozen=True)
class Side:
    """One side of an answer that was read."""

    typed: Typed
    wrapper: Wrapper | None
    notes: tuple[Note, ...] = ()


def read_statements(
    statements: Sequence[Statement], end: Token, text: str, lexicon: Lexicon
) -> tuple[list[Side], tuple[Note, ...]]:
    """All sides of all statements that are answers. The last statement counts; what leads to it may stand before it."""
    *before, last = statements
    earlier = [_answers_before(statement, last, end, lexicon) for statement in before]
    sides, notes = _read_sides(last, end, text, lexicon)
    if any(not answers for answers in earlier):
        notes = (*notes, Note("steps_dropped"))
    return [*(side for answers in earlier for side in answers), *sides], notes


def _answers_before(statement: Statement, last: Statement, end: Token, lexicon: Lexicon) -> list[Side]:
    """The answers in a statement that stands before the last one; none if it is a step, such as `s^2 = d`."""
    first = statement.sides[0]
    read = [_side_or_stop(tokens, end, lexicon) for tokens in statement.sides]
    answers = [side for side in read if isinstance(side, Side)]
    if len(read) == 1:
        stop = next((side for side in read if isinstance(side, CannotRead)), None)
        if stop is not None and not statement.implies and stop.kind != "not_worked_out":
            raise stop
        if answers and not statement.implies:
            raise CannotRead("two_answers", *_extent(last.sides[0]))
        return answers
    if not is_left_hand_side(first):
        return answers if len(answers) == len(read) else []
    if len(last.sides) == 1 or _label(first) == _label(last.sides[0]):
        return answers[1:] if isinstance(read[0], Side) else answers
    if statement.implies:
        return []
    raise CannotRead("two_answers", *_extent(last.sides[0]))


def _label(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.text for token in tokens if not phrases.is_label(token))


def _read_sides(statement: Statement, end: Token, text: str, lexicon: Lexicon) -> tuple[list[Side], tuple[Note, ...]]:
    """All sides that are answers. A left-hand side is dropped, and so are steps that still hold an E or a Var."""
    sides: list[Side] = []
    notes: tuple[Note, ...] = ()
    last = len(statement.sides) - 1
    for place, tokens in enumerate(statement.sides):
        side = _side_or_stop(tokens, end, lexicon)
        if isinstance(side, Side):
            sides.append(side)
        elif place == last:
            raise side
        elif side.kind == "not_worked_out" or (place == 0 and is_left_hand_side(tokens)):
            notes = notes if place else (_dropped(tokens, text),)
        else:
            raise side if place or not _is_equation(side, tokens) else CannotRead("equation", *_extent(tokens))
    answers = _without_named_kernel(sides)
    if len(answers) < len(sides):
        notes = (*notes, Note("left_side_dropped", {"text": plain(sides[0].typed.node)}))
    return answers, notes


def _dropped(tokens: Sequence[Token], text: str) -> Note:
    return Note("left_side_dropped", {"text": text[tokens[0].start : tokens[-1].end]})


def _is_equation(stop: CannotRead, tokens: Sequence[Token]) -> bool:
    """Whether an unreadable left side begins with a name of its own: `s^2 = d`."""
    if stop.kind == "unexpected_end":
        return True
    return stop.kind == "undeclared_name" and stop.position == tokens[0].start


def _extent(tokens: Sequence[Token]) -> tuple[int, int]:
    return tokens[0].start, tokens[-1].end


def _without_named_kernel(sides: list[Side]) -> list[Side]:
    """In `k = 3 q^T k` the k on the left is a vector, and so no answer beside a scalar: it is a name."""
    if len(sides) > 1 and sides[0].typed.is_vector and all(side.typed.kind == "scalar" for side in sides[1:]):
        return sides[1:]
    return sides


def _side_or_stop(tokens: Sequence[Token], end: Token, lexicon: Lexicon) -> Side | CannotRead:
    try:
        return read_side(tokens, end, lexicon)
    except CannotRead as stop:
        return stop


def read_side(tokens: Sequence[Token], end: Token, lexicon: Lexicon) -> Side:
    """One side: its tree, and the letter around it."""
    stop = Token("end", "", tokens[-1].end, tokens[-1].end) if tokens and end.start > tokens[-1].end else end
    syntax = parse((*tokens, stop), lexicon)
    body, wrapper = unwrapped(syntax, lexicon.vocabulary.form)
    typed, notes = build(body, lexicon)
    return Side(typed, wrapper, notes)
