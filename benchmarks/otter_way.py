"""Otter's way of grading the same submissions by the same checks: `otter run`, a notebook kernel for each.

An assignment is generated from the graded suites: a test file for each part, with the part's points, that runs the
part's graded test on the modules beside the notebook (benchmarks/otter_suite.py). A submission is a zip of the
student's modules and a notebook of one empty step; the tests import the modules.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import ROOT, Command

TEST = """OK_FORMAT = False

from otter.test_files import test_case

name = {number!r}
points = {points}


@test_case()
def judged(env):
    from benchmarks.otter_suite import judge

    judge({number!r})
"""
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "id": "0", "execution_count": None, "metadata": {}, "outputs": [], "source": "pass"}
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@dataclass(frozen=True)
class OtterWay:
    """An environment's Python, the assignment, and where submissions are put."""

    python: Path
    assignment: Path
    place: Path

    def command(self, folder: Path) -> Command:
        """Grades one submission. Its results.json is written into a folder of its name."""
        out = self.place / folder.name
        out.mkdir(exist_ok=True)
        submission = zipped(folder, out / "submission.zip")
        graded = ["run", str(submission), "--autograder", str(self.assignment), "--output-dir", str(out)]
        return [str(self.python), "-m", "otter", *graded, "--no-logo"]


@contextmanager
def otter_way(python: Path | None) -> Iterator[OtterWay | None]:
    """Ready to grade with the environment of that Python; None without one. Exits where it cannot work."""
    if python is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        way = OtterWay(python.absolute(), assignment(Path(name) / "autograder.zip"), Path(name))
        check(way)
        yield way


def assignment(path: Path) -> Path:
    """What `otter generate` would make of the suites."""
    sys.path.insert(0, str(ROOT))
    from autograder.scoring.rubric import load_rubric
    from autograder.settings import Homework

    with zipfile.ZipFile(path, "w") as content:
        content.writestr("otter_config.json", json.dumps({"show_hidden": True}))
        for number, part in load_rubric(Homework(ROOT)).parts.items():
            name = f"tests/q{number.replace('.', '_')}.py"
            content.writestr(name, TEST.format(number=number, points=float(part.points)))
    return path


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as content:
        content.writestr("homework.ipynb", json.dumps(NOTEBOOK))
        for file in sorted(folder.iterdir()):
            content.write(file, file.name)
    return path


def check(way: OtterWay) -> None:
    """That it gives a right submission all points; else its times would say nothing."""
    done = subprocess.run(way.command(ROOT / "examples" / "different"), cwd=ROOT, capture_output=True, text=True)
    found = way.place / "different" / "results.json"
    tests = json.loads(found.read_text(encoding="utf-8"))["tests"] if found.exists() else []
    wrong = [test["name"] for test in tests if test.get("score") != test.get("max_score")]
    if done.returncode or not tests or wrong:
        sys.exit(f"Otter's way does not work here: {wrong or (done.stderr or done.stdout)[-2000:]}")
