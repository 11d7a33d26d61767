"""The labelled answers: what is labelled unreadable is refused, and everything else is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.answers.reader import read
from autograder.answers.reading import Reading
from tests.engine.reader_vocabularies import PARTS, tree

CASES = Path(__file__).resolve().parents[1] / "cases" / "answers.jsonl"
GENERATED = {"'9'*100000": "9" * 100_000}
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line]


def answer_of(row: dict[str, Any]) -> str:
    return str(row["answer"]) if "answer" in row else GENERATED[row["generate"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['part']} {row['verdict']} {row.get('note', '')}")
def test_a_labelled_answer_is_read_exactly_if_it_should_be(row: dict[str, Any]) -> None:
    vocabulary = PARTS[row["part"]]
    result = read(answer_of(row), vocabulary)
    assert isinstance(result, Reading) == (row["verdict"] != "unreadable"), result
    if isinstance(result, Reading):
        assert tree(result.read_as, vocabulary) == result.tree


def test_there_are_as_many_cases_as_there_should_be() -> None:
    assert len(ROWS) > 200
