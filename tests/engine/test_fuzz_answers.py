"""Damaged, nested and random answers: read or refused, quickly, and nothing in them passed over.

`benchmarks/fuzz_answers.py` does the same for as long as one likes.
"""

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from autograder.answers.reading import Refusal
from autograder.checks.verdict import Verdict
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import load_declarations
from autograder.scoring.reading import Read, read_answer
from autograder.scoring.rubric import load_rubric
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework
from tests.engine.answer_laws import ROOT, obey, vocabularies
from tests.engine.answer_pieces import PIECES, WRAPPINGS

FILES = (ROOT / "tests" / "cases" / "answers.jsonl", Path(__file__).with_name("labelled_answers.jsonl"))
LABELLED: list[dict[str, Any]] = [
    row
    for path in FILES
    for line in path.read_text(encoding="utf-8").splitlines()
    if "answer" in (row := json.loads(line))
]
READABLE = [row for row in LABELLED if row["verdict"] != "unreadable"]
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|\bsince\b|, [a-zA-Z]|=>|\\\\|\n")  # a reason may say anything
FORMULAS = [
    row
    for row in READABLE
    if row["part"] in ("1.c", "4.f", "4.g", "6.c.time", "6.d.space") and not WORDS.search(row["answer"])
]
PARTS = sorted(vocabularies())
QUICKLY = settings(max_examples=200, deadline=None, derandomize=True, database=None)

pieces = st.sampled_from(PIECES)
rows = st.sampled_from(LABELLED)


@QUICKLY
@given(st.lists(pieces, max_size=25).map("".join), st.sampled_from(PARTS))
@example("", "4.f")
def test_random_pieces_are_read_or_refused(text: str, part: str) -> None:
    obey(text, vocabularies()[part])


@QUICKLY
@given(
    rows,
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), pieces), min_size=1, max_size=3),
    st.sampled_from(PARTS),
)
def test_damaged_answers_are_read_or_refused(
    row: dict[str, Any], damages: list[tuple[float, int, str]], other: str
) -> None:
    text = row["answer"]
    for where, removed, piece in damages:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + removed :]
    for part in (row["part"], other):
        obey(text, vocabularies()[part])


@QUICKLY
@given(rows, rows, st.floats(0, 1), st.floats(0, 1))
def test_two_answers_cut_and_joined_are_read_or_refused(
    first: dict[str, Any], second: dict[str, Any], end: float, start: float
) -> None:
    left, right = first["answer"], second["answer"]
    obey(left[: int(end * len(left))] + right[int(start * len(right)) :], vocabularies()[first["part"]])


@QUICKLY
@given(st.lists(st.sampled_from(WRAPPINGS), min_size=1, max_size=40), st.sampled_from(READABLE))
def test_answers_wrapped_over_and_over_are_read_or_refused(wrappings: list[str], row: dict[str, Any]) -> None:
    text = row["answer"]
    for wrapping in wrappings:
        text = wrapping.format(text)
    obey(text[:3000], vocabularies()[row["part"]])


@pytest.mark.parametrize("outer", WRAPPINGS)
def test_no_nesting_makes_reading_take_long(outer: str) -> None:
    """What costs twice as much at each level costs a million times as much at the twentieth."""
    for inner in WRAPPINGS:
        for part, text in (("1.a", "d"), ("4.f", "n"), ("4.a", "h"), ("6.a", "sim > 0")):
            for _ in range(10):
                text = outer.format(inner.format(text))
            obey(text, vocabularies()[part])


@QUICKLY
@given(st.sampled_from(FORMULAS), st.floats(0, 1), st.sampled_from("zwyjuX"))
def test_a_letter_that_is_not_declared_is_never_passed_over(row: dict[str, Any], where: float, letter: str) -> None:
    text = row["answer"]
    signs = text.replace("\\equiv", "     =")
    start = max(signs.rfind("="), signs.rfind(":")) + 1  # what stands before is a name
    at = start + int(where * (len(text) - start))
    damaged = text[:at] + letter + text[at:]
    assert isinstance(obey(damaged, vocabularies()[row["part"]]), Refusal), damaged


@QUICKLY
@given(st.sampled_from(FORMULAS), st.data())
def test_a_lost_bracket_is_always_noticed(row: dict[str, Any], data: st.DataObject) -> None:
    text = row["answer"]
    places = [at for at, sign in enumerate(text) if sign in "()[]{}"]
    assume(places)
    at = data.draw(st.sampled_from(places))
    damaged = text[:at] + text[at + 1 :]
    assert isinstance(obey(damaged, vocabularies()[row["part"]]), Refusal), damaged


@QUICKLY
@given(
    st.sampled_from(FORMULAS),
    st.sampled_from(["+", "*", "/", "^", "(", "{", "\\", "·", " = ", r"\frac", "_", "√", ","]),
)
def test_an_answer_that_breaks_off_is_never_completed(row: dict[str, Any], sign: str) -> None:
    damaged = row["answer"].rstrip() + sign
    assert isinstance(obey(damaged, vocabularies()[row["part"]]), Refusal), damaged


@pytest.fixture(scope="module")
def marker() -> WrittenMarker:
    homework = Homework(ROOT)
    return WrittenMarker(load_declarations(homework), load_rubric(homework), partial(reference_answer, homework))


JUDGED = [
    row for row in READABLE if row["part"] in ("4.a", "4.b", "4.f", "4.g", "6.a", "6.c.time", "6.c.space", "6.d.time")
]
RELATIONS = {"equal", "not_equal", "upper_bound", "lower_bound", "incomparable", "unreadable", "undecided"}


@settings(QUICKLY, max_examples=100)
@given(st.sampled_from(JUDGED), st.floats(0, 1), st.integers(0, 2), pieces)
def test_damaged_answers_are_marked_in_the_words_of_the_contract(
    marker: WrittenMarker, row: dict[str, Any], where: float, removed: int, piece: str
) -> None:
    text = row["answer"]
    at = int(where * len(text))
    verdict = marker.mark_answer(row["part"], text[:at] + piece + text[at + removed :])
    assert isinstance(verdict, Verdict)
    assert verdict.relation in RELATIONS
    assert 0 <= verdict.credit <= 1
    assert verdict.credit == 0 or verdict.relation not in ("unreadable", "undecided")


@settings(QUICKLY, max_examples=100)
@given(st.sampled_from(JUDGED))
def test_an_answer_is_marked_as_its_own_reading(marker: WrittenMarker, row: dict[str, Any]) -> None:
    """What the student is shown is what was marked."""
    verdict = marker.mark_answer(row["part"], row["answer"])
    read = read_answer(row["answer"], vocabularies()[row["part"]])
    assert isinstance(read, Read)
    again = marker.mark_answer(row["part"], read.read_as)
    assert (again.relation, again.credit) == (verdict.relation, verdict.credit)
