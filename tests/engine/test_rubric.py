"""Who would miss it: a TA who changes the marking scheme and must hear at once what is wrong with it, and where."""

import shutil
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from autograder.errors import HomeworkInvalid
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import load_declarations
from autograder.scoring.rubric import load_rubric
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def homework(tmp_path: Path) -> Homework:
    for name in ("reference", "tests/graded"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Homework(tmp_path)


def edit(homework: Homework, old: str, new: str) -> int:
    """Replaces `old`, which occurs, by `new`; returns the line of the first occurrence."""
    text = homework.rubric.read_text()
    assert old in text
    homework.rubric.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_scheme_is_a_hundred_points_over_every_part_of_the_contract() -> None:
    rubric = load_rubric(Homework(ROOT))
    assert sum(part.points for part in rubric.parts.values()) == 100
    assert rubric.part("5.evidence").criteria["separator_head"] == Fraction(2, 3)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('[parts."1.b"]            #', '[parts."1.b"]\npoint = 3 #', "unknown key point"),
        ("queries = 1, keys = 1", "queries = 2, keys = 1", "the criteria add up to 4, not to the 3 points"),
        ('answer = "-sqrt(d)"\ncredit = 1.0', 'answer = "-sqrt(d)"\ncredit = 1.5', "credit of an alternative"),
        ('answer = "-sqrt(d)"\ncredit', 'answer = "-sqrt(d)"\nrelation = "equal"\ncredit', "either an answer or a"),
        ("upper_bound = 0.5", "upper_bound = 5", "growth.upper_bound = 5"),
        ('visibility = "visible"', 'visibility = "secret"', "visibility is one of"),
        ("seed = 902714653", "seed = -1", "seed must be a whole number"),
        ("rtol = 1e-4", "rtol = 'small'", "tolerance.rtol"),
        ('well_formed = "1"', 'well_formed = "one"', "'one' is not a number of points"),
    ],
)
def test_a_wrong_scheme_is_refused_with_the_file_the_line_and_the_reason(
    homework: Homework, old: str, new: str, reason: str
) -> None:
    edit(homework, old, new)
    with pytest.raises(HomeworkInvalid, match=r"^rubric.toml, line \d+: ") as caught:
        load_rubric(homework)
    assert reason in str(caught.value)


def test_the_line_that_is_named_is_the_one_that_was_changed(homework: Homework) -> None:
    line = edit(homework, "criteria = { split = 1, combine = 1 }", "criteria = { split = 1, combine = 7 }")
    with pytest.raises(HomeworkInvalid, match=f"line {line}: "):
        load_rubric(homework)


def test_points_that_do_not_add_up_to_the_total_are_refused(homework: Homework) -> None:
    edit(homework, '[parts."4.f"]\npoints = 4', '[parts."4.f"]\npoints = 5')
    with pytest.raises(HomeworkInvalid, match="add up to 101, not to 100"):
        load_rubric(homework)


def test_broken_toml_is_refused_with_its_place(homework: Homework) -> None:
    edit(homework, "[growth]", "[growth")
    with pytest.raises(HomeworkInvalid, match=r"not valid TOML.*line \d+"):
        load_rubric(homework)


def test_a_missing_scheme_is_named(homework: Homework) -> None:
    homework.rubric.unlink()
    with pytest.raises(HomeworkInvalid, match=r"rubric\.toml is missing"):
        load_rubric(homework)


def test_an_alternative_that_does_not_read_is_refused(homework: Homework) -> None:
    edit(homework, 'answer = "-sqrt(d)"', 'answer = "-sqrt(x)"')
    expected = partial(reference_answer, homework)
    marker = WrittenMarker(load_declarations(homework), load_rubric(homework), expected)
    with pytest.raises(HomeworkInvalid, match=r"part 1\.c: '-sqrt\(x\)' cannot be read"):
        marker.prepare()
