"""READ THIS FIRST in this folder. An answer, in whatever notation, to a typed tree or a refusal that says where.

    characters, latex, lexicon -> tokens     what stands there
    tokens -> statement                      what of it is the answer
    arguments, restatement                   other names for what the part declares
    parser (atoms, summation) -> syntax      how it hangs together
    builder (functions, sums, vectors)       what it means, given the part's names
    render                                   how to say it back

Nothing is evaluated on the way, by Python or by SymPy, and SymPy is not imported. Limits come first.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from autograder.answers.algebra import negate
from autograder.answers.arguments import with_declared_vectors
from autograder.answers.asides import check_asides
from autograder.answers.bounds import BOUNDS
from autograder.answers.builder import build
from autograder.answers.characters import PARTNER
from autograder.answers.kinds import Typed
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead, Note, Reading, Refusal
from autograder.answers.render import plain, wrapped
from autograder.answers.restatement import without_restatement
from autograder.answers.scanner import Token
from autograder.answers.sides import Side, read_side, read_statements
from autograder.answers.statement import dissect, has_either_sign, with_minus, without_surroundings
from autograder.answers.sympy_objects import object_syntax
from autograder.answers.tokens import tokenize
from autograder.answers.tree import Add, Node, Number
from autograder.answers.vocabulary import Vocabulary
from autograder.answers.wrappers import unwrapped
from autograder.sandbox.outcome import SymbolicObject


def read(answer: object, vocabulary: Vocabulary) -> Reading | Refusal:
    """Reads an expression or a growth, as `vocabulary.form` says. Never raises; bounded in time and memory."""
    lexicon = Lexicon(vocabulary)
    if not isinstance(answer, str):
        return _read_object(answer, lexicon)
    tokens: list[Token] = []
    try:
        check_text(answer)
        _refuse_about(answer)
        tokens = tokenize(answer, lexicon)
        return _read_statement(answer, tokens, lexicon)
    except CannotRead as stop:
        stop = as_prose(stop, tokens, answer)
        place = len(answer) if stop.kind == "unbalanced" and stop.position is not None else stop.position
        return refusal(answer, stop, understood(tokens, place, lexicon))


def check_text(text: str) -> None:
    """Refuses what is empty or too long before anything else is done with it."""
    if len(text) > BOUNDS.characters:
        limit = BOUNDS.characters
        raise CannotRead("too_long", limit, limit + 1, limit=limit, length=len(text))
    if not text.strip():
        raise CannotRead("empty", None)


def _refuse_about(text: str) -> None:
    """In the first place `~` says "about"; anywhere else it is TeX's space."""
    at = len(text) - len(text.lstrip())
    if text[at] == "~":
        raise CannotRead("relation", at, at + 1)


def refusal(text: str, stop: CannotRead, before: str = "") -> Refusal:
    """The refusal of a text, with what stands at the place."""
    if stop.position is None:
        return Refusal(stop.kind, None, "", before, stop.data)
    end = stop.end if stop.end is not None else stop.position + 1
    return Refusal(stop.kind, stop.position, text[stop.position : min(end, stop.position + 60)], before, stop.data)


def as_prose(stop: CannotRead, tokens: Sequence[Token], text: str) -> CannotRead:
    """An unknown word among other words is prose, and is better called so."""
    if stop.kind not in ("unknown_word", "undeclared_name", "lookalike_letter"):
        return stop
    for left, right in pairwise(tokens):
        between = text[left.end : right.start]
        together = bool(between) and between.isspace()
        if together and left.kind in _WRITTEN and right.kind in _WRITTEN and (_is_word(left) or _is_word(right)):
            word = next(token for token in tokens if token.end > (stop.position or 0))
            return CannotRead("prose", word.start, word.end, name=word.text)
    return stop


_WRITTEN = ("word", "unknown", "name")


def _is_word(token: Token) -> bool:
    return token.kind == "word" and len(token.text) > 2 and not set("aeiouy").isdisjoint(token.text.lower())


def _read_statement(text: str, tokens: list[Token], lexicon: Lexicon) -> Reading:
    tokens = with_declared_vectors(tokens, lexicon)
    tokens = without_restatement(tokens, lexicon, lambda side: read_side(side, tokens[-1], lexicon).typed.node)
    statements = dissect(without_surroundings(tokens), growth=lexicon.vocabulary.form == "growth")
    either_sign = lexicon.vocabulary.form == "expression" and has_either_sign(statements)
    if either_sign:
        statements = with_minus(statements)
    sides, notes = read_statements(statements, tokens[-1], text, lexicon)
    check_asides(tokens, statements, sides, lexicon)
    notes = notes + tuple(note for side in sides for note in side.notes)
    reading = _reading(sides, _each_once(notes))
    return _with_either_sign(reading) if either_sign else reading


def _with_either_sign(reading: Reading) -> Reading:
    """The reading of -x as one of ±x."""
    if reading.others:
        raise CannotRead("two_answers")
    shown = plain(negate(reading.tree))
    shown = f"({shown})" if isinstance(reading.tree, Add) else shown
    return replace(reading, read_as=f"±{shown}", either_sign=True)


def _each_once(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Notes, each once, in order."""
    kept: list[Note] = []
    for note in notes:
        if note not in kept:
            kept.append(note)
    return tuple(kept)


def _reading(sides: Sequence[Side], notes: tuple[Note, ...]) -> Reading:
    first = sides[0]
    read_as = " = ".join(wrapped(side.typed.node, side.wrapper) for side in sides)
    others = tuple(side.typed.node for side in sides[1:])
    return Reading(first.typed.node, first.wrapper, read_as, notes, others)


def understood(tokens: Sequence[Token], position: int | None, lexicon: Lexicon) -> str:
    """How the part before `position` reads, as far as it makes sense by itself; empty if it does not."""
    if position is None:
        return ""
    before = [token for token in tokens if token.end <= position and token.kind not in ("delimiter", "end")]
    for _ in range(2):
        while before and before[-1].kind not in ("number", "name", "close"):
            before.pop()
        if not before:
            return ""
        text = _try(before, lexicon)
        if text:
            return text
        before.pop()
    return ""


def _try(tokens: list[Token], lexicon: Lexicon) -> str:
    place = tokens[-1].end
    missing = [Token("close", closing, place, place) for closing in _unclosed(tokens)]
    end = Token("end", "", place, place)
    try:
        side = read_side([*tokens, *missing], end, lexicon)
    except CannotRead:
        return ""
    return plain(side.typed.node)


def _unclosed(tokens: Sequence[Token]) -> list[str]:
    """The closing brackets that are missing, innermost first."""
    stack: list[str] = []
    for token in tokens:
        if token.kind == "open":
            stack.append(PARTNER[token.text])
        elif token.kind == "close" and stack:
            stack.pop()
    return stack[::-1]


def _read_object(answer: object, lexicon: Lexicon) -> Reading | Refusal:
    """Numbers and SymPy objects; anything else is not an answer of this form."""
    try:
        side = _object(answer, lexicon)
    except CannotRead as stop:
        return Refusal(stop.kind, None, "", "", stop.data)
    return _reading([side], side.notes)


def _object(answer: object, lexicon: Lexicon) -> Side:
    if answer is None:
        raise CannotRead("empty")
    if isinstance(answer, SymbolicObject):
        return _symbolic(answer, lexicon)
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise CannotRead("not_text", type_name=type(answer).__name__)
    return Side(Typed(_number(answer)), None)


def _symbolic(answer: SymbolicObject, lexicon: Lexicon) -> Side:
    try:
        body, wrapper = unwrapped(object_syntax(answer, lexicon), lexicon.vocabulary.form)
    except (ValueError, IndexError):  # a node with fewer or more arguments than SymPy gives it
        raise CannotRead("sympy_node", name=answer.operation) from None
    typed, notes = build(body, lexicon)
    return Side(typed, wrapper, notes)


def _number(answer: int | float) -> Node:
    """A Python number, exactly as it is written: 0.1 is one tenth."""
    if isinstance(answer, int) and answer.bit_length() > 128:
        raise CannotRead("number_too_long", limit=BOUNDS.digits)
    if isinstance(answer, float) and not abs(answer) < float("inf"):
        raise CannotRead("infinity")
    return Number(Fraction(repr(answer)))
