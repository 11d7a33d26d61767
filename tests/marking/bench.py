"""Marks many small variants of a submission with one zygote and one reference, as a regrade of a class does."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from autograder.pipeline import grade_submission, own_runner
from autograder.reports.wording import feedback
from autograder.sandbox.launcher import Zygote
from autograder.scoring.course import Course, load_course
from autograder.scoring.runner import OwnRunners
from autograder.scoring.sheet import Row
from autograder.scoring.suite import selected
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission
from autograder.submission.reader import read_submission

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Marked:
    """What a part earned, and what the student reads."""

    points: Fraction
    most: Fraction
    message: str
    status: str


class Bench:
    """A course that is ready to mark; `mark` takes the files of a submission by name."""

    def __init__(self, course: Course, zygote: Zygote, own: OwnRunners, limits: Limits) -> None:
        self.course = course
        self._zygote = zygote
        self._own = own
        self._limits = limits

    def mark(self, files: Mapping[str, bytes], parts: Sequence[str] = ()) -> Mapping[str, Marked]:
        """Every part, or those in `parts` ("3" is all of question 3)."""
        course = replace(self.course, tests=selected(self.course.tests, parts))
        submission = Submission("variant", files)
        sheet = grade_submission(submission, course, self._zygote, self._own, self._limits)
        assert not sheet.own_failures, sheet.own_failures
        return {row.number: marked(row) for row in sheet.rows}

    def files(self, folder: str) -> dict[str, bytes]:
        """A submission of this project by its folder."""
        return dict(read_submission(ROOT / folder, self.course.expected_files, self._limits).files)


def marked(row: Row) -> Marked:
    return Marked(row.earned, row.points or Fraction(0), feedback(row), row.status.value)


@contextmanager
def open_bench(root: Path = ROOT) -> Iterator[Bench]:
    limits = Limits()
    with Zygote(limits, warm=True) as zygote:
        course = load_course(Homework(root), (), limits)
        if course.rubric:
            course.marker.prepare()
        with own_runner(course.reference, zygote) as reference, own_runner(course.template, zygote) as template:
            yield Bench(course, zygote, OwnRunners(reference, template), limits)
