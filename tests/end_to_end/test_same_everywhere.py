"""Who would miss it: a student whose work passed at home and failed on Gradescope, and a TA who regrades it."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.submission.handed_in import HandedIn, read_metadata

from .conftest import ROOT, Graded, command, strict_json

EXAMPLES = ("gemini", "typical_mistakes", "different")
Told = dict[str, tuple[float, str]]


def told(results: Mapping[str, Any]) -> Told:
    """Points and message of every part that has points."""
    return {test["number"]: (test["score"], test["output"]) for test in results["tests"] if "score" in test}


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """What Gradescope gets, with a container's folders; `metadata` is submission_metadata.json."""
    known: dict[str, dict[str, Any]] = {}

    def rehearse(example: str, metadata: object = None, homework: Path = ROOT) -> dict[str, Any]:
        key = f"{example} {metadata} {homework}"
        if key not in known:
            root = tmp_path_factory.mktemp("autograder")
            shutil.copytree(ROOT / "examples" / example, root / "submission")
            if metadata is not None:
                (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
            done = command("gradescope", "--root", root, "--homework", homework)
            assert done.returncode == 0, done.stderr
            known[key] = strict_json((root / "results" / "results.json").read_text(encoding="utf-8"))
        return known[key]

    return rehearse


@pytest.fixture(scope="module")
def regraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three examples graded as a class; the folder of results."""
    folder = tmp_path_factory.mktemp("class")
    for example in EXAMPLES:
        shutil.copytree(ROOT / "examples" / example, folder / "submissions" / example)
    done = command("regrade", folder / "submissions", "--out", folder / "run", "--workers", "2")
    assert done.returncode == 0, done.stderr
    return folder / "run" / "results"


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The homework as students have it."""
    root = tmp_path_factory.mktemp("student")
    shutil.copytree(ROOT / "student_template", root / "student_template")
    shutil.copytree(ROOT / "tests" / "graded" / "public", root / "tests" / "graded" / "public")
    shutil.copy(ROOT / "tests" / "graded" / "homework.toml", root / "tests" / "graded")
    return root


@pytest.mark.parametrize("example", EXAMPLES)
def test_points_and_messages_are_the_same_everywhere(
    example: str, graded: Callable[..., Graded], rehearsed: Callable[..., dict[str, Any]], regraded: Path
) -> None:
    local = graded(ROOT / "examples" / example).results
    again = strict_json((regraded / f"{example}.json").read_text(encoding="utf-8"))
    on_gradescope = rehearsed(example)
    assert told(on_gradescope) == told(local) == told(again)
    assert on_gradescope["score"] == local["score"] == again["score"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_on_gradescope_the_checks_come_first_and_say_what_they_say_at_home(
    example: str, rehearsed: Callable[..., dict[str, Any]], at_home: Path
) -> None:
    tests = rehearsed(example)["tests"]
    checks = [test for test in tests if "score" not in test]
    home = strict_json(command(ROOT / "examples" / example, "--homework", at_home, "--json", "-").stdout)["tests"]
    assert tests[: len(checks)] == checks
    assert {test["visibility"] for test in checks} == {"visible"}
    assert [(test["number"], test["status"], test["output"]) for test in checks] == [
        (f"check {test['number']}", test["status"], test["output"]) for test in home
    ]


def test_names_and_lateness_come_from_the_metadata_and_a_hidden_part_hides_the_total(
    rehearsed: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    for folder in ("reference", "student_template", "tests/graded"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    rubric = tmp_path / "reference" / "rubric.toml"
    text = rubric.read_text(encoding="utf-8").replace('visibility = "visible"', 'visibility = "after_due_date"', 1)
    rubric.write_text(f'{text}\n[late]\nper_day = "10%"\n', encoding="utf-8")
    metadata = {
        "created_at": "2026-04-26T01:00:00.000000-07:00",
        "assignment": {"due_date": "2026-04-24T23:59:00.000000-07:00"},
        "users": [{"name": "Ada", "id": 1}, {"name": "Bob", "id": 2}],
    }
    results = rehearsed("different", metadata, tmp_path)
    assert (results["score"], results["extra_data"]["days_late"]) == (80, 2)
    assert results["extra_data"]["submitters"] == ["Ada", "Bob"]
    assert "80" not in results["output"]
    assert "100" not in results["output"]
    assert {test["visibility"] for test in results["tests"] if "score" in test} == {"after_due_date"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"users": 3, "assignment": [], "created_at": null}',
        '{"users": [null, {"name": 3}]}',
        "[" * 100_000,
    ],
)
def test_metadata_that_says_nothing_changes_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "submission_metadata.json"
    assert read_metadata(path) == HandedIn()
    path.write_text(text, encoding="utf-8")
    assert read_metadata(path) == HandedIn()
