"""Who would miss it: a student who would otherwise read a bare word, or a crash, in place of a sentence."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.answers.arrays import ArrayRefusal
from autograder.answers.reading import Refusal
from autograder.answers.refusals import KINDS, NOTES
from autograder.answers.tree import Mul, Name
from autograder.checks.verdict import Fact, Status, Verdict
from autograder.reports import refusals
from autograder.reports.refusals import refusal_with_caret
from autograder.reports.sentences import ARRAYS, CRASH_REASONS, PROBLEMS, SENTENCES, TIME_OUTS
from autograder.reports.wording import feedback, sentence
from autograder.scoring.sheet import Row
from autograder.submission import model

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "autograder").rglob("*.py"), *(ROOT / "tests" / "graded").rglob("*.py")]


def fact_kinds(path: Path) -> Iterator[str]:
    """The kinds of facts that a source file makes, where they are written as text."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name("Fact"), args=[ast.Constant(str() as kind), *_]):
                yield kind


ALL_KINDS = sorted({kind for path in SOURCES for kind in fact_kinds(path)})


def test_facts_are_found_at_all() -> None:
    assert len(ALL_KINDS) > 40


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_fact_has_a_sentence(kind: str) -> None:
    prefix, _, rest = kind.partition("_")
    known = {"unreadable": KINDS, "note": NOTES}.get(prefix, {})
    assert kind in SENTENCES or rest in known


def test_every_sentence_is_of_a_fact_that_exists() -> None:
    made = set(
        re.findall(r'"([a-z_0-9]+)"', "\n".join(path.read_text() for path in SOURCES if path.name != "sentences.py"))
    )
    growth = {f"growth_{relation}" for relation in ("equal", "upper_bound", "lower_bound", "incomparable")}
    assert not [kind for kind in SENTENCES if kind not in made | growth]


def test_refusals_and_notes_of_the_reader_are_worded_one_by_one() -> None:
    assert set(refusals.SENTENCES) == set(KINDS)
    assert set(refusals.NOTES) == set(NOTES)


def test_every_problem_of_the_intake_is_worded() -> None:
    documented = set(re.findall(r"[a-z_0-9]+", model.IntakeProblem.__doc__ or ""))
    assert set(PROBLEMS) <= documented


def test_every_refusal_of_a_data_file_is_worded() -> None:
    documented = set(re.findall(r"[a-z_]+", ArrayRefusal.__doc__ or ""))
    assert set(ARRAYS) <= documented


@pytest.mark.parametrize("reason", CRASH_REASONS)
@pytest.mark.parametrize("line", [None, 7])
def test_every_crash_is_worded(reason: str, line: int | None) -> None:
    fact = Fact("crashed", {"exception": "ValueError", "module": "q1", "line": line, "reason": reason})
    assert ("line 7" in sentence(fact)) == (line is not None and reason != "garbage")


@pytest.mark.parametrize("during", TIME_OUTS)
def test_every_time_out_is_worded(during: str) -> None:
    assert sentence(Fact("timed_out", {"module": "q1", "seconds": 5.0, "during": during}))


def test_a_case_is_named_at_the_end() -> None:
    assert sentence(Fact("returned_none", {"case": "b = 1"})).endswith("(case: b = 1).")


def test_one_size_is_no_plural() -> None:
    assert sentence(Fact("shape_length", {"actual": 1})).startswith("It has 1 size,")


def test_a_direction_is_told_in_words() -> None:
    fact = Fact(
        "growth_upper_bound",
        {"excess": {"term": Mul((Name("b"), Name("n"))), "ray": {"n": Fraction(1), "b": Fraction(0)}}},
    )
    assert sentence(fact) == (
        "It is true, but a looser bound: let n grow like t, and everything else stay fixed; then your term b·n is"
        " more than needed."
    )


def test_criteria_that_fail_alike_are_told_once() -> None:
    verdict = Verdict(Status.UNANSWERED, 0.0, (Fact("unanswered"),))
    row = Row("2.b", "title", Fraction(3), Fraction(0), {"queries": verdict, "keys": verdict})
    assert feedback(row) == "Not answered."


@pytest.mark.parametrize(
    ("text", "before"),
    [("d + x", "d + "), ("ｄ + x", "ｄ + "), ("日本 x", "日本 "), ("e\u0301 x", "é "), ("\tx", "\t")],
)
def test_a_caret_stands_below_its_letter_whatever_the_width_of_those_before(text: str, before: str) -> None:
    refusal = Refusal("undeclared_name", text.index("x"), "x", "", {"name": "x", "declared": ("d",)})
    width = sum(2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1 for letter in before)
    assert refusal_with_caret(text, refusal).splitlines()[-1] == " " * (2 + width) + "^"
