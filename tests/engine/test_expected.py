"""Who would miss it: staff whose reference is broken, and who must not read it as a student's mistake."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from autograder.errors import HomeworkInvalid, PartUnknown, ReferenceFailed
from autograder.sandbox.outcome import SymbolicObject
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import load_declarations
from autograder.scoring.rubric import load_rubric
from autograder.scoring.suite import load_tests, selected
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework

HOMEWORK = Homework(Path(__file__).resolve().parents[2])


@pytest.fixture
def copy(tmp_path: Path) -> Homework:
    for name in ("reference", "tests/graded"):
        shutil.copytree(HOMEWORK.root / name, tmp_path / name)
    return Homework(tmp_path)


def test_a_literal_answer_is_read_and_a_derived_one_is_derived() -> None:
    parts = load_declarations(HOMEWORK).parts
    assert isinstance(reference_answer(HOMEWORK, parts["4.f"]), str)
    assert isinstance(reference_answer(HOMEWORK, parts["1.a"]), SymbolicObject)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('computation = "O(', 'computation = "O(?', "answer to 4.f, .* cannot be read"),
        ('computation = "', 'calculation = "', r"q4_decoding\.py has no computation"),
    ],
)
def test_a_reference_that_does_not_answer_is_the_courses_failure(
    copy: Homework, old: str, new: str, reason: str
) -> None:
    path = copy.reference / "q4_decoding.py"
    path.write_text(path.read_text().replace(old, new))
    marker = WrittenMarker(load_declarations(copy), load_rubric(copy), partial(reference_answer, copy))
    with pytest.raises((ReferenceFailed, HomeworkInvalid), match=reason):
        marker.prepare()


def test_a_reference_module_that_is_missing_is_named(copy: Homework) -> None:
    (copy.reference / "q4_decoding.py").unlink()
    with pytest.raises(ReferenceFailed, match=r"q4_decoding\.py cannot be read"):
        reference_answer(copy, load_declarations(copy).parts["4.f"])


@pytest.mark.parametrize("number", ["9", "4.z", ""])
def test_a_part_that_the_homework_does_not_have_is_refused(number: str) -> None:
    with pytest.raises(PartUnknown, match="the parts are"):
        selected(load_tests(HOMEWORK.suites, "hidden"), [number])
    with pytest.raises(PartUnknown, match="is not a written part"):
        load_declarations(HOMEWORK).part(number)
