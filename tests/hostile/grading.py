"""Grades hostile submissions as the program does: one zygote and one reference for all, a homework full of secrets."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.pipeline import grade_submission
from autograder.reports.gradescope import results, to_json
from autograder.sandbox.launcher import Zygote
from autograder.scoring.course import Course, load_course
from autograder.scoring.runner import OwnRunners, Runner
from autograder.settings import Homework, Limits
from autograder.submission.reader import read_submission

from .command import ROOT, strict_json

EXAMPLE = ROOT / "examples" / "different"
PLANTED_IN = ("reference/q1_scaling.py", "reference/q2_argmax.py", "tests/graded/hidden/inputs.py")


def plant(homework: Path, secret: str) -> None:
    """Copy the homework to where every user may read it, with a secret in its reference, its rubric and its suites."""
    for folder in ("reference", "student_template", "tests/graded"):
        shutil.copytree(ROOT / folder, homework / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pyc*"))
    for name in PLANTED_IN:
        with (homework / name).open("a") as file:
            file.write(f"\nCANARY = {secret!r}\n")
    rubric = homework / "reference" / "rubric.toml"
    rubric.write_text(f"# {secret}\n" + rubric.read_text().replace('feedback = "', f'feedback = "{secret}: ', 1))


@dataclass(frozen=True)
class Marked:
    """What was made of one submission."""

    text: str

    @cached_property
    def content(self) -> Mapping[str, Any]:
        return dict(strict_json(self.text))

    @property
    def scores(self) -> dict[str, float]:
        return {test["number"]: test["score"] for test in self.content["tests"]}

    def output(self, number: str) -> str:
        return next(str(test["output"]) for test in self.content["tests"] if test["number"] == number)

    @property
    def undecided(self) -> list[str]:
        return list(self.content["extra_data"]["undecided"])


@dataclass
class Grading:
    """A homework that is ready to be graded against; `right` is what a right submission gets."""

    zygote: Zygote
    course: Course
    own: OwnRunners
    limits: Limits
    right: Marked = field(init=False)

    def grade(self, folder: Path) -> Marked:
        """Grade a folder of files from its intake to its results.json."""
        submission = read_submission(folder, self.course.expected_files, self.limits)
        sheet = grade_submission(submission, self.course, self.zygote, self.own, self.limits)
        assert sheet.own_failures == ()
        return Marked(to_json(results(sheet)))

    def processes(self) -> set[int]:
        """Return the children of the zygote."""
        pid = self.zygote._running.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


@contextmanager
def grading(homework: Path, limits: Limits, only: tuple[str, ...] = ()) -> Iterator[Grading]:
    """Start a zygote and the reference; submissions have `limits`, the reference has ordinary ones."""
    with Zygote(limits, preloads=("sympy", "sympy.stats")) as zygote:
        course = load_course(Homework(homework), only, Limits())
        course.marker.prepare()
        with zygote.session(course.reference or {}, Limits()) as reference:
            ready = Grading(zygote, course, OwnRunners(Runner(reference.run, course.reference or {})), limits)
            ready.right = ready.grade(EXAMPLE)  # and the reference has the workers that it will have
            yield ready


def example_with(folder: Path, files: Mapping[str, bytes | None]) -> Path:
    """Write down a right submission with some of its files replaced, added or (None) taken away."""
    shutil.copytree(EXAMPLE, folder)
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder
