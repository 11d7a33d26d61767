"""What is handed in to attack the grader itself: its part is lost, the rest is as right as it was, nothing leaks."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograder.settings import Limits

from .grading import Grading, Marked, example_with, grading, plant
from .handed_in import ALL, HandedIn
from .scene import SECRET

LIMITS = Limits(import_seconds=0.8, call_seconds=0.8, question_seconds=4.0)
LONGEST_RESULT = 20_000
PARTS = (
    "1",
    "2",
    "3.a.attention",
    "3.a.forward",
    "3.b.why",
    "4.a",
    "4.f",
    "4.g",
    "4.code",
    "5",
    "6.a",
    "6.b.ii",
    "7",
)  # all kinds


@pytest.fixture(scope="module")
def stage() -> Iterator[Grading]:
    with TemporaryDirectory(prefix="homework-") as folder:
        plant(Path(folder), SECRET)
        with grading(Path(folder), LIMITS, PARTS) as ready:
            yield ready


@pytest.mark.parametrize("handed_in", ALL, ids=lambda handed_in: handed_in.name)
def test_a_hostile_submission_loses_its_part_and_nothing_else(
    stage: Grading, handed_in: HandedIn, tmp_path: Path
) -> None:
    before = stage.processes()
    marked = stage.grade(example_with(tmp_path / "handed_in", handed_in.files))
    assert lost_and_kept(marked, handed_in.costs) == lost_and_kept_as_foreseen(stage, handed_in.costs)
    assert [word for word in (SECRET, *handed_in.never) if word in marked.text] == []
    assert [part for part, words in handed_in.says.items() if words not in marked.output(part)] == []
    assert marked.undecided == []
    assert len(marked.text) < LONGEST_RESULT
    assert stage.processes() == before


def lost_and_kept(marked: Marked, costs: tuple[str, ...]) -> tuple[list[str], dict[str, float]]:
    """Return the parts that should be lost but earned all their points, and the scores of all others."""
    kept = {part: score for part, score in marked.scores.items() if not attacked(part, costs)}
    full = {test["number"]: test["max_score"] for test in marked.content["tests"]}
    return [part for part, score in marked.scores.items() if attacked(part, costs) and score == full[part]], kept


def lost_and_kept_as_foreseen(stage: Grading, costs: tuple[str, ...]) -> tuple[list[str], dict[str, float]]:
    return [], {part: score for part, score in stage.right.scores.items() if not attacked(part, costs)}


def attacked(part: str, costs: tuple[str, ...]) -> bool:
    """Whether a part is among the costs, or its whole question is."""
    return part in costs or part.partition(".")[0] in costs


def link(path: Path) -> None:
    path.symlink_to(Path(__file__).resolve().parents[2] / "reference" / "q2_argmax.py")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [link, fifo, folder, device, loop])
def test_only_a_plain_file_is_taken(stage: Grading, make: Callable[[Path], None], tmp_path: Path) -> None:
    place = example_with(tmp_path / "handed_in", {"q2_argmax.py": None})
    make(place / "q2_argmax.py")
    marked = stage.grade(place)
    assert lost_and_kept(marked, ("2",)) == lost_and_kept_as_foreseen(stage, ("2",))
    assert [marked.scores[part] for part in marked.scores if attacked(part, ("2",))] == [0, 0, 0, 0]
