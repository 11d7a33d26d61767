"""What holds for every text that is given as an answer, whatever it is. For the fuzzing tests and the long fuzzer."""

import time
from functools import cache
from pathlib import Path
from string import Formatter

from autograder.answers.conditions_formula import Condition
from autograder.answers.reading import Reading, Refusal
from autograder.answers.refusals import KINDS
from autograder.answers.render import plain
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.conditions import equivalent_conditions
from autograder.reports.refusals import SENTENCES, refusal_with_caret
from autograder.scoring.homework import load_declarations
from autograder.scoring.reading import Read, read_answer
from autograder.settings import Homework

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {"declared", "meant_hint", "found", "understood"}  # to every sentence
LIMITS = {"too_long", "too_many_symbols", "too_deep"}
GROSSLY = 2.0  # seconds of this process's own time: the reader takes a few thousandths


class LawBroken(AssertionError):
    """A text for which the reader does not keep what it promises."""


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """The homework's own, by part."""
    return {number: part.vocabulary for number, part in load_declarations(Homework(ROOT)).parts.items()}


def obey(text: str, vocabulary: Vocabulary) -> Read | Refusal:
    """Reads the text, and raises LawBroken if that breaks a law. What it raises else is an error of the reader."""
    started = time.process_time()
    read = read_answer(text, vocabulary)
    if time.process_time() - started > GROSSLY:
        raise LawBroken(f"{text!r} took {time.process_time() - started:.1f} s")
    if isinstance(read, Refusal):
        _is_well_refused(text, read)
    else:
        _reads_back(text, read, vocabulary)
    return read


def _is_well_refused(text: str, refusal: Refusal) -> None:
    if refusal.kind not in KINDS:
        raise LawBroken(f"{text!r} is refused as {refusal.kind}, which is not listed")
    if refusal.position is not None and not 0 <= refusal.position <= len(text):
        raise LawBroken(f"{text!r} is refused at {refusal.position}")
    missing = {name for _, name, _, _ in Formatter().parse(SENTENCES[refusal.kind]) if name} - GIVEN - set(refusal.data)
    if missing:
        raise LawBroken(f"{text!r}: the sentence for {refusal.kind} lacks {missing}")
    if not all(sign.isprintable() or sign == "\n" for sign in refusal_with_caret(text, refusal)):
        raise LawBroken(f"{text!r}: the refusal {refusal.kind} prints what must not be printed")


def _reads_back(text: str, read: Read, vocabulary: Vocabulary) -> None:
    """How an answer was read can be read again, and is the same."""
    for shown, content in _sides(read):
        again = read_answer(shown, vocabulary)
        if isinstance(again, Refusal) and again.kind in LIMITS:
            continue  # it is shown with more signs than it was written with
        if isinstance(again, Refusal):
            raise LawBroken(f"{text!r} is read as {shown!r}, and that is refused: {again.kind}")
        if not _same(_core(again), content):
            raise LawBroken(f"{text!r} is read as {shown!r}, and that as {again.read_as!r}")


def _sides(read: Read) -> list[tuple[str, object]]:
    """Each answer that was given, as it is shown."""
    if isinstance(read.content, Reading):
        return [(plain(tree), tree) for tree in (read.content.tree, *read.content.others)]
    return [(read.read_as, _core(read))]


def _core(read: Read) -> object:
    return read.content.tree if isinstance(read.content, Reading) else read.content


def _same(left: object, right: object) -> bool:
    """The same tree, or a condition that says the same."""
    if isinstance(left, Condition) and isinstance(right, Condition):
        return equivalent_conditions(left, right)
    return left == right
