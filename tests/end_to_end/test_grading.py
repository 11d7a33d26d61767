"""Who would miss it: everybody. Whole submissions through the real command."""

import shutil
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, Graded, command

Grade = Callable[..., Graded]
EXAMPLES = ROOT / "examples"
PARTS = list(tomllib.loads((ROOT / "reference" / "rubric.toml").read_text())["parts"])


@pytest.mark.parametrize("submission", [ROOT / "reference", EXAMPLES / "different"], ids=lambda path: path.name)
def test_a_right_submission_gets_a_hundred(graded: Grade, submission: Path) -> None:
    result = graded(submission)
    lost = {test["number"]: test["output"] for test in result.results["tests"] if test["score"] < test["max_score"]}
    assert (lost, result.results["score"], result.code) == ({}, 100, 0)


def test_the_template_gets_nothing_and_is_told_part_by_part_that_nothing_is_answered(graded: Grade) -> None:
    result = graded(ROOT / "student_template")
    assert (result.results["score"], result.code) == (0, 0)
    assert [test["number"] for test in result.results["tests"]] == PARTS
    assert [test["number"] for test in result.results["tests"] if "Not answered" not in test["output"]] == []


def test_a_language_models_answers_are_marked_part_by_part(graded: Grade) -> None:
    scores = graded(EXAMPLES / "gemini").scores
    full = ["1.a", "1.b", "1.c", "2.a", "4.a", "4.b", "4.c", "4.d", "4.e", "4.f", "4.g", "6.a", "6.b.i", "6.b.ii"]
    assert {part: scores[part] for part in full} == {part: graded(ROOT / "reference").scores[part] for part in full}
    assert (scores["6.c.time"], scores["6.c.space"]) == (1, 1)  # N²D without M; N² alone
    assert (scores["6.d.time"], scores["6.d.space"]) == (2, 2)
    assert (scores["6.b.iii"], scores["6.d.code"]) == (2, 1)  # its ones have the length of Q
    assert [scores[part] for part in ("3.a.forward", "3.b", "5", "7")] == [0, 0, 0, 0]


TYPICAL = {
    "1.a": (0, "independent"),
    "1.b": (0, "factor"),
    "1.c": (0, "Not right"),
    "2.a": (0, "shape (4,)"),
    "2.b": (2, "values"),
    "3.a.heads": (1, "swapped back"),
    "4.f": (1, "too small"),
    "4.g": (2, "looser"),
    "6.b.i": (1, "homogeneous"),
    "6.b.ii": (2, "weight"),
    "6.c.time": (1, "M"),
    "6.d.space": (1, "N²"),
    "6.d.code": (0, "N^"),
}


@pytest.mark.parametrize("part", TYPICAL)
def test_typical_mistakes_are_told_in_kind(graded: Grade, part: str) -> None:
    result = graded(EXAMPLES / "typical_mistakes")
    points, word = TYPICAL[part]
    assert result.score(part) == points
    assert word in result.output(part)


@pytest.mark.parametrize("example", ["gemini", "typical_mistakes", "different"])
def test_no_output_gives_an_expected_answer_away(graded: Grade, example: str) -> None:
    """Every answer of the reference, in the ways in which the program writes answers, unless the student wrote it."""
    result = graded(EXAMPLES / example)
    secrets = {
        "1.a": ["‖μ‖²", "mu_i^2", "μᵀμ"],
        "1.c": ["√d", "sqrt(d)"],
        "2.a": ["1, 4, 3", "[1.", "(1, 4"],
        "4.f": ["b·d² + b·n·d", "bnd"],
        "4.g": ["b·n·k", "b·n·d/h"],
        "6.b.i": ["+ 1)²", "+ 1)^2"],
        "6.c.time": ["D + M", "N²·M"],
        "6.d.time": ["D³"],
    }
    for part, forbidden in secrets.items():
        if result.score(part) < float(result.row(part)["max_score"]):
            own = result.output(part).partition("Read as ")[2].partition(". ")[0]
            told = result.output(part).replace(own, "")
            assert [secret for secret in forbidden if secret in told] == [], part


def test_a_zip_of_the_folder_is_graded_like_the_folder(graded: Grade, tmp_path: Path) -> None:
    archive = tmp_path / "handed in.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in (EXAMPLES / "different").glob("q*"):
            file.write(path, f"my homework/{path.name}")
        file.writestr("__MACOSX/my homework/._q1_scaling.py", b"\0")
    assert graded(archive).scores == graded(EXAMPLES / "different").scores


def test_only_grades_a_question_or_a_part(graded: Grade) -> None:
    result = graded(EXAMPLES / "gemini", "--only", "1", "--only", "6.c.time")
    assert list(result.scores) == ["1.a", "1.b", "1.c", "6.c.time"]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["no/such/folder"], "no/such/folder does not exist"),
        (["README.md"], "zip"),
        (["examples/gemini", "--only", "9"], "there is no part 9"),
        (["examples/gemini", "--homework", "docs"], "homework.toml is missing"),
        (["read", "9.z", "d"], "9.z is not a written part"),
        (["try", "4.code", "d"], "4.code is not a written part"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_2_and_one_sentence(arguments: list[str], what: str) -> None:
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_json_alone_goes_to_standard_output() -> None:
    done = command("examples/gemini", "--only", "7", "--json", "-")
    assert done.stdout.startswith("{\n")
    assert '"number": "7"' in done.stdout


def test_an_empty_folder_is_graded_and_gets_nothing(graded: Grade, tmp_path: Path) -> None:
    result = graded(tmp_path)
    assert (result.results["score"], result.code, len(result.scores)) == (0, 0, len(PARTS))


def test_without_a_reference_the_public_checks_run_and_claim_no_score(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "student_template", tmp_path / "student_template")
    shutil.copytree(ROOT / "tests" / "graded" / "public", tmp_path / "tests" / "graded" / "public")
    shutil.copy(ROOT / "tests" / "graded" / "homework.toml", tmp_path / "tests" / "graded")
    done = command("examples/different", "--homework", tmp_path, "--json", "-")
    assert done.returncode == 0, done.stderr
    assert '"score"' not in done.stdout
    assert '"failed"' not in done.stdout
    assert "checks, not the score" in done.stdout
