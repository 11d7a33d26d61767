"""Runs the real command, as a person or Gradescope would."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .browser import chromium, view  # fixtures: pytest finds them here

__all__ = ["chromium", "view"]

ROOT = Path(__file__).resolve().parents[2]


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


@dataclass(frozen=True)
class Graded:
    """What a run left behind."""

    code: int
    results: Mapping[str, Any]
    shown: str

    def row(self, number: str) -> Mapping[str, Any]:
        return next(test for test in self.results["tests"] if test["number"] == number)

    def score(self, number: str) -> float:
        return float(self.row(number)["score"])

    def output(self, number: str) -> str:
        return str(self.row(number)["output"])

    @property
    def scores(self) -> dict[str, float]:
        return {test["number"]: test["score"] for test in self.results["tests"]}


def command(*arguments: str | Path, input: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        input=input,
        timeout=300,
    )


def strict_json(text: str) -> Any:
    return json.loads(text, parse_constant=refuse_constant)


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Graded]:
    """Grades a submission once, however many tests look at the result."""
    known: dict[tuple[str, ...], Graded] = {}

    def grade(submission: Path, *options: str) -> Graded:
        key = (str(submission), *options)
        if key not in known:
            destination = tmp_path_factory.mktemp("results") / "results.json"
            done = command("grade", submission, "--json", destination, *options)
            assert destination.exists(), done.stderr
            known[key] = Graded(done.returncode, strict_json(destination.read_text()), done.stdout + done.stderr)
        return known[key]

    return grade


@pytest.fixture
def different(tmp_path: Path) -> Path:
    """A correct submission to spoil."""
    return Path(shutil.copytree(ROOT / "examples" / "different", tmp_path / "different"))


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A homework of one's own to change."""
    root = tmp_path_factory.mktemp("homework")
    for name in ("reference", "student_template", "tests/graded"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root
