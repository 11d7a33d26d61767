"""What a path costs, counted and not timed, so that a busy machine hides nothing: imports, processes, questions, bytes.

A number here that has to grow is a decision: say why in the commit.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.pipeline import grade_submission, own_runner
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.protocol import frames
from autograder.sandbox.worker_handle import WorkerHandle
from autograder.scoring.course import Course, load_course
from autograder.scoring.runner import OwnRunners
from autograder.settings import Homework, Limits
from autograder.submission.reader import read_submission

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"torch", "sympy", "numpy", "rich", "jinja2", "sqlite3", "unittest", "asyncio", "gradescope_utils"}
IMPORTED = """
import sys
from autograder.cli import main
try:
    main({arguments})
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""
# The command, the heavy modules that it may import, and how many modules it may import in all.
PATHS = {
    "--help": (["--help"], set(), 110),
    "regrade --help": (["regrade", "--help"], set(), 110),
    "read": (["read", "4.f", "O(n d)"], set(), 190),
    "try, a growth": (["try", "4.f", "O(n d)"], set(), 270),
    "grade": (["grade", "examples/gemini", "--only", "4"], HEAVY - {"torch", "sqlite3", "asyncio"}, 1200),
}


@pytest.mark.parametrize(("arguments", "heavy", "most"), PATHS.values(), ids=PATHS)
def test_a_command_imports_what_it_needs_and_no_more(arguments: list[str], heavy: set[str], most: int) -> None:
    code = IMPORTED.format(arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stderr.splitlines()[-1].split())
    assert "autograder.cli" in modules
    assert modules & HEAVY <= heavy
    assert len(modules) <= most


@dataclass
class Counted:
    """What went over all channels since the last `reset`."""

    forks: int = 0
    asked: int = 0
    sent: int = 0
    received: int = 0

    def reset(self) -> None:
        self.forks = self.asked = self.sent = self.received = 0


@pytest.fixture(scope="module")
def counted() -> Iterator[Counted]:
    found = Counted()
    fork, pack, exactly = Zygote.fork, frames.pack, WorkerHandle._exactly

    def counting_fork(*arguments: object) -> object:
        found.forks += 1
        return fork(*arguments)  # type: ignore[arg-type]

    def counting_pack(*arguments: object) -> bytes:
        content = pack(*arguments)  # type: ignore[arg-type]
        found.asked, found.sent = found.asked + 1, found.sent + len(content)
        return content

    def counting_exactly(handle: WorkerHandle, size: int, deadline: float) -> bytes:
        found.received += size
        return exactly(handle, size, deadline)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Zygote, "fork", counting_fork)
        patch.setattr(frames, "pack", counting_pack)
        patch.setattr(WorkerHandle, "_exactly", counting_exactly)
        yield found


@pytest.fixture(scope="module")
def ready(counted: Counted) -> Iterator[tuple[Course, Zygote, OwnRunners, Limits]]:
    """A homework whose reference has answered everything already: what is counted is the submission's own."""
    limits = Limits()
    with Zygote(limits) as zygote:
        course = load_course(Homework(ROOT), (), limits)
        with own_runner(course.reference, zygote) as runner:
            own = OwnRunners(runner)
            for name in EXAMPLES:
                submission = read_submission(ROOT / "examples" / name, course.expected_files, limits)
                grade_submission(submission, course, zygote, own, limits)
            yield course, zygote, own, limits


# Forks are the modules with more than literals in them. Questions: what is not right is tried in several ways. Bytes:
# 6.d.code sends a sequence of 12,000, but not where the operations have been seen to grow too fast.
EXAMPLES = {
    "different": (6, 260, 2_200_000, 110_000),
    "gemini": (4, 120, 2_200_000, 110_000),
    "typical_mistakes": (4, 290, 850_000, 110_000),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_submission_costs_so_many_processes_questions_and_bytes_at_most(
    name: str, counted: Counted, ready: tuple[Course, Zygote, OwnRunners, Limits]
) -> None:
    course, zygote, own, limits = ready
    counted.reset()
    submission = read_submission(ROOT / "examples" / name, course.expected_files, limits)
    grade_submission(submission, course, zygote, own, limits)
    forks, asked, sent, received = EXAMPLES[name]
    assert 0 < counted.forks <= forks
    assert 0 < counted.asked <= asked
    assert 0 < counted.sent <= sent
    assert 0 < counted.received <= received
