"""Who would miss it: a TA who changes the marking scheme and must hear at once what is wrong with it, and where."""

import shutil
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from autograder.checks.verdict import Status
from autograder.errors import HomeworkInvalid
from autograder.pipeline import grade
from autograder.scoring.course import load_course
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import load_declarations
from autograder.scoring.rubric import load_rubric
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework, Limits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def homework(tmp_path: Path) -> Homework:
    for name in ("reference", "tests/graded", "student_template"):
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
        ('[parts."2.a"]\npoints = 3', '[parts."2.a"]\npoints = -3', "-3 is not a number of points"),
        ('[parts."2.a"]\npoints = 3', '[parts."2.a"]', "part 2.a has no points"),
        ('[parts."2.a"]\npoints = 3', '[parts."2.a"]\npoints = nan', "nan is not a number of points"),
        ('[parts."2.a"]\npoints = 3', '[parts]\n"2.a" = 3', "is a table"),
        ('[parts."2.a"]\npoints = 3', '[parts."2.a"]\npoints = 3\naccept = "x"', "accept is a list of tables"),
        ("criteria = { split = 1, combine = 1 }", "criteria = [1, 1]", "criteria should be a table"),
        ('answer = "-sqrt(d)"', "answer = 3", "answer should be a text"),
        ('feedback = "This kernel has degree one."', "feedback = 3", "feedback should be a text"),
        ('index_returned = "Your', 'index_returned = "" #', "a sentence"),
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


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('[parts."7"] ', '[parts."8"]\npoints = 0\n[parts."7"] ', "no graded test has that number"),
        ("criteria = { split = 1, combine = 1 }", "criteria = { split = 1, join = 1 }", "criteria combine, split"),
        ('[parts."2.a"]\npoints = 3', '[parts."2.a"]\npoints = 3\ncriteria = { x = 3 }', "judged as a whole"),
        ('relation = "lower_bound"\n', 'relation = "lowerbound"\n', "lowerbound is not one of equal"),
        ('contains = "N^2"\ncredit', 'contains = "N^^2"\ncredit', "contains 'N^^2' cannot be read"),
        ('relation = "wrong_weights"', 'relation = "wrong_wieghts"', "wrong_wieghts is not a mistake"),
        ('key_returned = "', 'key_retuned = "', "no graded test knows a mistake key_retuned"),
        ('answer = "-sqrt(d)"', 'answer = "-sqrt(d"', "answer '-sqrt(d' cannot be read"),
        ('names = { mu = "scalar" }\ncredit', 'names = { nu = "scalar" }\ncredit', "nu is not a name of this part"),
        ('names = { mu = "scalar" }\ncredit', 'names = { mu = "skalar" }\ncredit', "'skalar' is not a kind"),
        ('[parts."2.b"]\n', '[[parts."2.a.code".accept]]\nanswer = "x"\ncredit = 1\n[parts."2.b"]\n', "not answered"),
    ],
)  # fmt: skip
def test_what_no_graded_test_looks_at_is_refused_with_its_line(
    homework: Homework, old: str, new: str, reason: str
) -> None:
    line = edit(homework, old, new)
    with pytest.raises(HomeworkInvalid, match=r"^rubric.toml, line (\d+): ") as caught:
        load_course(homework, (), Limits()).marker.prepare()
    told = int(str(caught.value).split("line ")[1].split(":")[0])
    assert reason in str(caught.value)
    assert line - 1 <= told <= line + 3


def test_criteria_that_a_test_gives_by_name_are_held_against_the_rubric_when_it_judges(homework: Homework) -> None:
    line = edit(homework, "criteria = { queries = 1, keys = 1, values = 1 }", "criteria = { queries = 2, keys = 1 }")
    sheet = grade(ROOT / "reference", homework, only=("2.b",))
    assert sheet.rows[0].status is Status.UNDECIDED
    assert f"rubric.toml, line {line}: " in sheet.own_failures[0]
    assert "criteria keys, queries, values" in sheet.own_failures[0]


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
    with pytest.raises(HomeworkInvalid, match=r"line \d+: answer '-sqrt\(x\)' cannot be read"):
        marker.prepare()
