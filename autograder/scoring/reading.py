"""How a written answer is read, in whatever form its part asks for. Reading alone needs none of the judges."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from autograder.answers.algebra import negate
from autograder.answers.reading import Reading, Refusal
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.verdict import Fact
from autograder.scoring.homework import WrittenPart

SHORT = 1_000  # characters of an answer that is remembered


@dataclass(frozen=True)
class Read:
    """An answer that was read: what it is, how it was read in one line, and what the student should know of that.

    The content is a Reading (expression, growth), a Condition, or the sizes of a shape as a tuple of nodes.
    """

    content: Any
    read_as: str
    facts: tuple[Fact, ...] = ()


def read_answer(data: Any, vocabulary: Vocabulary) -> Read | Refusal:
    """Reads an answer as `vocabulary.form` says. Never raises; bounded in time and memory."""
    if type(data) is str and len(data) <= SHORT:
        return _read_short(data, vocabulary)
    return _read(data, vocabulary)


@lru_cache(maxsize=512)  # an answer is read to be marked, to be shown and to be grouped; and many give the same
def _read_short(text: str, vocabulary: Vocabulary) -> Read | Refusal:
    return _read(text, vocabulary)


def _read(data: Any, vocabulary: Vocabulary) -> Read | Refusal:
    match vocabulary.form:
        case "condition":
            return _read_condition(data, vocabulary)
        case "shape":
            return _read_shape(data, vocabulary)
    return _read_formula(data, vocabulary)


def has_either_sign(read: Read) -> bool:
    """Whether the answer was ±x: two answers, each of which has to be right."""
    return isinstance(read.content, Reading) and read.content.either_sign


def with_each_sign(read: Read) -> tuple[Read, Read]:
    """-x and x, read as ±x."""
    positive = replace(read.content, tree=negate(read.content.tree))
    return read, replace(read, content=positive)


def read_part(data: Any, part: WrittenPart) -> Read | Refusal:
    """Reads an answer as its part says; if that cannot be, with the names that the part lets be read otherwise too."""
    read = read_answer(data, part.vocabulary)
    if isinstance(read, Read) or part.otherwise is None:
        return read
    other = read_answer(data, part.otherwise)
    if isinstance(other, Refusal):
        return read
    return replace(other, facts=(*other.facts, Fact("read_otherwise", {"names": ", ".join(part.read_otherwise)})))


def _read_formula(data: Any, vocabulary: Vocabulary) -> Read | Refusal:
    from autograder.answers.reader import read
    from autograder.scoring.definitions import with_definitions

    reading = read(data, vocabulary)
    if not isinstance(reading, Refusal):
        reading = with_definitions(reading, vocabulary.definitions)
    if isinstance(reading, Refusal):
        return reading
    return Read(reading, reading.read_as, tuple(Fact(f"note_{note.kind}", note.data) for note in reading.notes))


def _read_condition(data: Any, vocabulary: Vocabulary) -> Read | Refusal:
    from autograder.answers.conditions import read_condition

    condition = read_condition(data, vocabulary)
    return condition if isinstance(condition, Refusal) else Read(condition, condition.read_as)


def _read_shape(data: Any, vocabulary: Vocabulary) -> Read | Refusal:
    from autograder.answers.render import plain
    from autograder.answers.shapes import read_shape

    sizes = read_shape(data, vocabulary)
    return sizes if isinstance(sizes, Refusal) else Read(sizes, f"[{', '.join(plain(size) for size in sizes)}]")
