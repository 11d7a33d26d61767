"""Who would miss it: staff who want their next homework marked by the same engine; examples/homeworks has one."""

import csv
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from .conftest import ROOT, Graded, command, strict_json

OPTIMIZERS = ROOT / "examples" / "homeworks" / "optimizers"
SUBMISSIONS = OPTIMIZERS / "submissions"
Grade = Callable[..., Graded]


@pytest.fixture
def grade(graded: Grade) -> Grade:
    return lambda submission: graded(submission, "--homework", str(OPTIMIZERS))


@pytest.mark.parametrize("submission", [OPTIMIZERS / "reference", SUBMISSIONS / "in_other_words"], ids=lambda p: p.name)
def test_right_answers_get_all_points_that_its_rubric_declares(grade: Grade, submission: Path) -> None:
    result = grade(submission)
    lost = {test["number"]: test["output"] for test in result.results["tests"] if test["score"] < test["max_score"]}
    assert (lost, result.results["score"], result.code) == ({}, 20, 0)


def test_its_template_gets_nothing(grade: Grade) -> None:
    result = grade(OPTIMIZERS / "student_template")
    assert result.results["score"] == 0
    assert [test["number"] for test in result.results["tests"] if "Not answered" not in test["output"]] == []


TYPICAL = {
    "1.a": (0, "does not give what belongs here"),
    "1.b": (1.5, "Right"),
    "1.step": (0, "an average of the gradients"),
    "2.a": (1.5, "Look at the sign"),
    "2.b": (0, "factor in front of the loss"),
    "3.a": (1, "What if r grows?"),
    "3.b": (1, "looser bound"),
    "3.c": (0.5, "gradient descent"),
    "4.a": (0, "too few"),
    "4.b": (0, "could not be read as a number"),
}


@pytest.mark.parametrize("part", TYPICAL)
def test_its_typical_mistakes_are_told_in_its_own_words(grade: Grade, part: str) -> None:
    result = grade(SUBMISSIONS / "typical_mistakes")
    points, words = TYPICAL[part]
    assert (result.score(part), words in result.output(part)) == (points, True), result.output(part)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["read", "2.a", "-σ(-z)"], "−σ(−z)"),
        (["try", "2.a", "-1/(1+e^z)"], "equal, credit 1"),
        (["try", "3.b", r"O(\sqrt{L/m} \ln r)"], "equal, credit 1"),
        (["try", "3.b", "O(kappa log r)"], "upper_bound, credit 0.5"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_single_answers_are_read_and_tried(arguments: list[str], shown: str) -> None:
    done = command(*arguments, "--homework", OPTIMIZERS)
    assert (done.returncode, shown in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both zips, unpacked: `source` as in Gradescope's container, `student` as on a laptop."""
    place = tmp_path_factory.mktemp("packed")
    done = command("package", "--homework", OPTIMIZERS, "--out", place)
    assert done.returncode == 0, done.stderr
    for name, folder in (("autograder.zip", "source"), ("student.zip", "student")):
        with zipfile.ZipFile(place / name) as archive:
            archive.extractall(place / folder)
    return place


def within(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command of the engine that was unpacked in `folder`."""
    line = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=300)


def test_its_zip_grades_in_a_gradescope_container(packed: Path) -> None:
    shutil.copytree(SUBMISSIONS / "in_other_words", packed / "submission")
    done = within(packed / "source", "gradescope", "--root", packed)
    results = strict_json((packed / "results" / "results.json").read_text())
    marked = [test for test in results["tests"] if test.get("max_score")]
    assert (done.returncode, results["score"], len(marked)) == (0, 20, 11), done.stderr


def test_its_students_check_at_home_and_get_nothing_that_tells_an_answer(packed: Path) -> None:
    student = packed / "student"
    assert {path.name for path in student.iterdir()} >= {"README.md", "Makefile", "submission", "student_template"}
    assert not (student / "reference").exists()
    assert [path.name for path in (student / "tests" / "graded").iterdir() if path.name == "hidden"] == []
    shutil.copytree(SUBMISSIONS / "typical_mistakes", student / "submission", dirs_exist_ok=True)
    done = within(student, "grade", "submission", "--json", "-")
    results = strict_json(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "not the score" in results["output"]
    assert all("score" not in test for test in results["tests"])


def test_its_students_are_told_of_it_and_of_no_other(packed: Path) -> None:
    told = (packed / "student" / "README.md").read_text(encoding="utf-8")
    assert told.startswith("# Optimizers: ")
    assert "autograder read 2.a 'ANSWER'" in told
    assert "notebook" not in told


SMALLEST = {
    "student_template/curve.py": "# Say what the file shows.\nlowest = None\n",
    "reference/curve.py": "import numpy as np\n\nlowest = np.arange(3)[::-1].min()\n",
    "reference/rubric.toml": 'seed = 5\ntotal = "2.5"\n[parts."A.1"]\npoints = "5/2"\n'
    'criteria = { value = 2, file = "1/2" }\n',
    "tests/graded/homework.toml": 'title = "Curve"\n[[questions]]\nnumber = "A"\nmodule = "curve"\ntitle = "Curve"\n'
    'data = ["curve.npz"]\n',
    "tests/graded/hidden/looks.py": 'WANTED = ["loss"]\n',
    "tests/graded/hidden/test_a.py": '''
from autograder.suites import Case, GradedTestCase, Verdict, number, right

from .looks import WANTED


class TestA(GradedTestCase):
    @number("A.1")
    def test_one(self):
        """The only part"""
        found = self.arrays("curve.npz", WANTED)
        value = self.agreement(lambda homework, _: homework.curve.lowest, [Case("", ())])
        self.judge(value=value, file=found if isinstance(found, Verdict) else right())
''',
}


def test_one_part_numbered_otherwise_with_a_data_file_and_no_formula_is_a_homework_too(tmp_path: Path) -> None:
    for name, text in SMALLEST.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    np.savez(tmp_path / "reference" / "curve.npz", loss=np.arange(3.0))
    done = command("grade", tmp_path / "reference", "--homework", tmp_path, "--only", "A", "--json", "-")
    row = strict_json(done.stdout)["tests"][-1]
    assert (done.returncode, row["number"], row["score"], row["max_score"]) == (0, "A.1", 2.5, 2.5), done.stderr
    blank = strict_json(command("grade", tmp_path / "student_template", "--homework", tmp_path, "--json", "-").stdout)
    assert blank["score"] == 0
    assert "curve.npz was not found" in blank["tests"][-1]["output"]
    assert "it has none" in command("read", "A.1", "x", "--homework", tmp_path).stderr


def test_a_class_is_graded_and_after_a_change_of_its_rubric_only_that_part_changes(tmp_path: Path) -> None:
    homework, export, run = tmp_path / "homework", tmp_path / "export", tmp_path / "run"
    shutil.copytree(OPTIMIZERS, homework)
    for name in ("typical_mistakes", "in_other_words"):
        shutil.copytree(SUBMISSIONS / name, export / f"submission_{name}")
    grading = ("regrade", export, "--out", run, "--homework", homework, "--workers", "1")
    assert command(*grading).returncode == 0
    rubric = homework / "reference" / "rubric.toml"
    before, _, after = rubric.read_text().partition('answer = "O(kappa)"\ncredit = 0.5')
    rubric.write_text(f'{before}answer = "O(kappa)"\ncredit = 0.75{after}')
    assert command(*grading, "--against", run).returncode == 0
    changes = [(line["submission_id"], line["number"], line["old"], line["new"]) for line in rows(run / "changes.csv")]
    assert changes == [("typical_mistakes", "3.a", "1", "1.5")]
    scores = {line["submission_id"]: (line["score"], line["max_score"]) for line in rows(run / "grades.csv")}
    assert scores == {"typical_mistakes": ("6", "20"), "in_other_words": ("20", "20")}
    by_a_person(grading, run, tmp_path / "words.csv")


def by_a_person(grading: tuple[str | Path, ...], run: Path, sheet: Path) -> None:
    """A person's grade of the words replaces the program's."""
    lines = list(csv.DictReader(command("sheet", run).stdout.splitlines()))
    assert ("in_other_words", "4.a") in [(line["submission_id"], line["number"]) for line in lines]
    sheet.write_text("submission_id,number,score,comment\nin_other_words,4.a,0.75,Which bounces?\n")
    assert command(*grading, "--manual", sheet).returncode == 0
    assert {line["submission_id"]: line["4.a"] for line in rows(run / "grades.csv")}["in_other_words"] == "0.75"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
