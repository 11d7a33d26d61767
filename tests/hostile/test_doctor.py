"""What a machine lacks is said before student code is run, and root is refused without what must be there."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from autograder.errors import SandboxFailed
from autograder.reports.layers import MEANINGS, conclusion, meaning
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.limits.layer import Layer

from .command import ROOT, command, strict_json, without_rights

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
EXAMPLE = ROOT / "examples" / "different"


def test_the_doctor_names_every_layer() -> None:
    done = command("doctor", "--json")
    told = strict_json(done.stdout)
    assert (done.returncode, told["runs_student_code"], told["lacking"]) == (0, True, [])
    assert {layer["name"] for layer in told["layers"]} == set(MEANINGS)
    assert told["root"] is (os.geteuid() == 0)


def test_the_words_for_a_layer_say_what_it_does_or_what_is_lost() -> None:
    for name, (with_it, without_it) in MEANINGS.items():
        assert meaning(Layer(name, True)) == with_it
        assert meaning(Layer(name, False, "why")) == without_it


@pytest.mark.parametrize(("root", "words"), [(True, "can be run here"), (False, "your own work")])
def test_what_follows_depends_on_who_runs_it(root: bool, words: str) -> None:
    layers = tuple(Layer(name, name != "landlock") for name in MEANINGS)
    assert words in conclusion(layers, (), root=root)
    assert "landlock must be on" in conclusion(layers, (layers[6],), root=root)


@ROOT_ONLY
def test_the_doctor_says_what_a_root_without_rights_lacks() -> None:
    done = command("doctor", before=without_rights)
    assert done.returncode == 3
    assert "Student code is not run here: user must be on." in done.stdout


@ROOT_ONLY
def test_root_is_refused_before_anything_is_graded(tmp_path: Path) -> None:
    done = command("grade", EXAMPLE, "--json", tmp_path / "results.json", before=without_rights)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("autograder: The grader itself failed: Student code is not run")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "results.json").exists()


@ROOT_ONLY
def test_a_refusal_inside_gradescope_is_a_result_too(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "submission")
    done = command("gradescope", "--root", tmp_path, before=without_rights)
    told = strict_json((tmp_path / "results" / "results.json").read_text())
    assert done.returncode == 3
    assert (told["score"], told["tests"]) == (0, [])
    assert "Student code is not run" in told["output"]


@ROOT_ONLY
def test_unsafe_is_said_on_every_result(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = command("grade", EXAMPLE, "--only", "1", "--unsafe", "--json", results, before=without_rights)
    told = strict_json(results.read_text())
    assert (done.returncode, told["score"]) == (0, 10)
    assert told["output"].startswith("Unsafe: student code ran without the layers user")
    assert told["extra_data"]["sandbox"]["lacking"] == ["user"]
    assert "Unsafe: student code ran" in done.stdout


@ROOT_ONLY
def test_a_class_is_refused_too_and_unsafe_is_said_on_every_result(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "class" / "1")
    regrade = ("regrade", tmp_path / "class", "--out", tmp_path / "run", "--only", "1", "--workers", "1")
    refused = command(*regrade, before=without_rights)
    assert (refused.returncode, "Student code is not run" in refused.stderr) == (3, True)
    assert command(*regrade, "--unsafe", before=without_rights).returncode == 0
    told = strict_json((tmp_path / "run" / "results" / "1.json").read_text())
    assert told["output"].startswith("Unsafe: student code ran without the layers user")
    assert told["extra_data"]["sandbox"]["lacking"] == ["user"]


def test_a_result_says_which_layers_were_on(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    command("grade", EXAMPLE, "--only", "1.a", "--json", results)
    told = strict_json(results.read_text())
    sandbox = told["extra_data"]["sandbox"]
    assert {*sandbox["applied"], *sandbox["unavailable"]} == set(MEANINGS)
    assert sandbox["lacking"] == []
    assert "Unsafe" not in told["output"]


def test_an_interpreter_that_cannot_be_started_is_our_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    interpreter = tmp_path / "python"
    interpreter.touch()
    monkeypatch.setattr(sys, "executable", str(interpreter))
    with pytest.raises(SandboxFailed, match=r"could not be started .*Permission denied"), Zygote():
        pass
