"""Who would miss it: a TA who writes a homework. A slip is told in one sentence with its place."""

from pathlib import Path

import pytest

from autograder.errors import AutograderError, HomeworkInvalid
from autograder.packaging.new_homework import make_new_homework
from autograder.scoring.course import load_course
from autograder.scoring.suite import load_tests
from autograder.settings import Homework, Limits

HIDDEN, PUBLIC = "tests/graded/hidden/test_homework.py", "tests/graded/public/test_checks.py"
MISTAKES, RUBRIC = "tests/graded/hidden/mistakes.py", "reference/rubric.toml"
TITLE = '        """Centred columns in code"""\n'


@pytest.fixture
def homework(tmp_path: Path) -> Homework:
    return make_new_homework(tmp_path / "homework")


def loaded(homework: Homework) -> None:
    """What every command that marks does first; then what a student's machine does."""
    load_course(homework, (), Limits()).marker.prepare()
    load_tests(homework.suites, "public")


SLIPS = [
    (HIDDEN, TITLE, "", "hidden/test_homework.py, line 18: test_centre has no docstring"),
    (HIDDEN, '    @number("2")\n', "", "hidden/test_homework.py, line 18: test_centre has no number"),
    (HIDDEN, '@number("2")', '@number("1")', "hidden/test_homework.py, line 18: part 1 has a test already, in hidden"),
    (HIDDEN, '@number("2")', '@number("2.a")', "line 18: rubric.toml has no entry for part 2.a"),
    (HIDDEN, "import numpy as np", "import nmpy as np", "test_homework.py, line 3: the suite cannot be imported"),
    (HIDDEN, "SIZES = (", "SIZES = ((", "hidden/test_homework.py, line 9: the suite cannot be imported: '(' was never"),
    (HIDDEN, "SIZES = (", "int('x')\nSIZES = (", "line 9: the suite cannot be imported: ValueError: invalid literal"),
    (MISTAKES, "CENTRE = {", "CENTRE = {{", "hidden/mistakes.py, line 3: the suite cannot be imported"),
    (PUBLIC, '@number("3")', '@number("2")', "public/test_checks.py, line 28: part 2 has a test already"),
    (PUBLIC, '        """A sum"""\n', "", "public/test_checks.py, line 11: test_sum has no docstring"),
    (RUBRIC, '[parts."3"]', '[parts."4"]', "part 3"),
    (RUBRIC, "total = 10", "total = 12", "rubric.toml, line 10: the points of all parts add up to 10, not to 12"),
    ("reference/q1_sum.py", "total =", "sum =", "q1_sum.py has no total, which homework.toml says answers 1"),
    ("reference/q1_sum.py", 'total = "', 'total = ("', "q1_sum.py, line 3: the reference cannot be imported: '(' was"),
    ("reference/q1_sum.py", "n (n + 1) / 2", "n (n + 1", "the reference's answer to 1, q1_sum.total, cannot be read"),
    ("tests/graded/homework.toml", "q3_words", "q3_word", "has no q3_word.py, which homework.toml names"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "told"), SLIPS)
def test_a_slip_is_told_with_its_place(homework: Homework, file: str, old: str, new: str, told: str) -> None:
    path = homework.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AutograderError) as caught:
        loaded(homework)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("folder", ["student_template", "reference/q2_centre.py", "tests/graded/homework.toml"])
def test_what_is_missing_is_named(homework: Homework, folder: str) -> None:
    path = homework.root / folder
    path.rename(path.with_name("elsewhere"))
    with pytest.raises(HomeworkInvalid, match=folder.rpartition("/")[2]):
        loaded(homework)


def test_as_it_is_made_there_is_nothing_to_tell(homework: Homework) -> None:
    loaded(homework)
