"""Who would miss it: a TA with an empty folder and an hour."""

import tomllib
from pathlib import Path

import pytest

from autograder.errors import HomeworkInvalid
from autograder.packaging import new_homework
from autograder.packaging.new_homework import make_new_homework, title_of
from autograder.scoring.course import load_course
from autograder.scoring.suite import load_tests
from autograder.settings import Limits


def test_it_loads_and_every_part_is_marked_and_checked(tmp_path: Path) -> None:
    homework = make_new_homework(tmp_path / "sorting_networks")
    course = load_course(homework, (), Limits())
    course.marker.prepare()
    assert course.declarations.title == "Sorting networks"
    assert [test.number for test in course.tests] == ["1", "2", "3"]
    assert sorted(test.number for test in load_tests(homework.suites, "public")) == ["1", "2", "3"]


def test_two_homeworks_have_hidden_inputs_of_their_own(tmp_path: Path) -> None:
    made = [make_new_homework(tmp_path / name) for name in "ab"]
    seeds = [tomllib.loads(homework.rubric.read_text(encoding="utf-8"))["seed"] for homework in made]
    assert seeds[0] != seeds[1]


def test_its_commands_name_the_folder_that_was_made(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    text = (make_new_homework(folder).root / "README.md").read_text(encoding="utf-8")
    assert f"grade {folder}/reference --homework {folder}" in text
    assert "HOMEWORK" not in text


def test_an_empty_folder_is_taken_and_one_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    for folder in (empty, full):
        folder.mkdir()
    (full / "notes.txt").touch()
    assert make_new_homework(empty).rubric.is_file()
    for folder in (full, full / "notes.txt", empty):
        with pytest.raises(HomeworkInvalid, match="is there already and not an empty folder"):
            make_new_homework(folder)
    assert [path.name for path in full.iterdir()] == ["notes.txt"]


def test_a_place_where_nothing_can_be_made_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeworkInvalid, match=r"cannot be made \("):
        make_new_homework(tmp_path / "file" / "homework")


def test_an_engine_that_was_packed_for_one_homework_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_homework, "FILES", tmp_path / "none")
    with pytest.raises(HomeworkInvalid, match="packed for one homework"):
        make_new_homework(tmp_path / "homework")


def test_titles_come_from_folders_names() -> None:
    assert [title_of(Path(name)) for name in ("hw10", "/a/sorting-networks", "__")] == [
        "Hw10",
        "Sorting networks",
        "A new homework",
    ]
