"""The class that benchmarks are made on: nothing in it can be remembered from one submission to the next."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.pipeline import grade_submission, own_runner
from autograder.reports.gradescope import results
from autograder.sandbox.launcher import Zygote
from autograder.scoring.course import load_course
from autograder.scoring.runner import OwnRunners
from autograder.settings import Homework, Limits
from autograder.submission.reader import read_submission
from benchmarks.classes import BROKEN, EXAMPLES, make_class

ROOT = Path(__file__).resolve().parents[2]
NUMBERED = 12  # digits and spaces differ from those of the examples


def modules(export: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(export.rglob("*.py"))]


def test_no_two_modules_are_alike_and_a_class_can_be_made_again(tmp_path: Path) -> None:
    made = modules(make_class(tmp_path / "one", 60))
    assert len(set(made)) == len(made) == 60 * 7
    assert made == modules(make_class(tmp_path / "two", 60))


def test_one_in_twenty_is_broken_if_asked(tmp_path: Path) -> None:
    def broken(export: Path) -> Counter[bytes]:
        return Counter(start for text in modules(export) for _, start in BROKEN.values() if text.startswith(start))

    assert sorted(broken(make_class(tmp_path / "some", 100)).values()) == [1] * 5
    assert not broken(make_class(tmp_path / "none", 100, broken=False))


@pytest.fixture(scope="module")
def rows() -> Iterator[Callable[[Path], object]]:
    """The rows that a submission is given."""
    limits = Limits()
    with Zygote(limits) as zygote:
        course = load_course(Homework(ROOT), (), limits)
        with own_runner(course.reference, zygote) as runner:
            own = OwnRunners(runner)

            def graded(folder: Path) -> object:
                submission = read_submission(folder, course.expected_files, limits)
                return results(grade_submission(submission, course, zygote, own, limits))["tests"]

            yield graded


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_student_of_the_class_gets_what_the_example_gets(
    tmp_path: Path, example: str, rows: Callable[[Path], object]
) -> None:
    number = NUMBERED + EXAMPLES.index(example)
    folder = make_class(tmp_path / "class", number + 1, broken=False) / f"submission_{number:04}"
    assert rows(folder) == rows(ROOT / "examples" / example)
