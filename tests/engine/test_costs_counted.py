"""What a path costs, counted and not timed, so that a busy machine hides nothing: imports, processes, questions, bytes,
calls of functions.

A bound is what was counted and about a seventh more. One that has to grow is a decision: say why in the commit.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest

from autograder.pipeline import grade_submission, own_runner
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.protocol import frames
from autograder.sandbox.worker_handle import WorkerHandle
from autograder.scoring.course import Course, load_course
from autograder.scoring.runner import OwnRunners
from autograder.settings import Homework, Limits
from autograder.submission.reader import read_submission
from benchmarks.classes import change_one_part

ROOT = Path(__file__).resolve().parents[2]
ENGINE = f"{ROOT / 'autograder'}/"
HEAVY = {"torch", "sympy", "numpy", "rich", "jinja2", "sqlite3", "unittest", "asyncio", "gradescope_utils"}
COUNTED = """
import sys
calls = 0
def count(frame, event, argument):
    global calls
    calls += event == "call" and frame.f_code.co_filename.startswith({engine!r})
sys.setprofile(count)
from autograder.cli import main
try:
    main({arguments})
except SystemExit:
    pass
sys.setprofile(None)
print(calls, *sys.modules, file=sys.stderr)
"""
# The command; the heavy modules that it may import, how many modules in all, and how many calls of our functions it may
# make.
PATHS = {
    "--help": (["--help"], set(), 115, 100),
    "regrade --help": (["regrade", "--help"], set(), 115, 100),
    "read": (["read", "4.f", "O(n d)"], set(), 190, 6_000),
    "try, a growth": (["try", "4.f", "O(n d)"], set(), 240, 15_300),
    "try, an expression": (["try", "1.a", "mu^T mu"], {"sympy"}, 800, 11_300),
    "try, a kernel": (["try", "6.b.i", "(q^T k)^2"], set(), 250, 18_700),
    "try, a shape": (["try", "4.a", "[d, q]"], set(), 250, 10_100),
    "try, a condition": (["try", "6.a", "sim(q, k) >= 0"], set(), 235, 27_500),
    "grade": (["grade", "examples/gemini", "--only", "4"], HEAVY - {"torch", "sqlite3", "asyncio"}, 1_200, 72_500),
}


@pytest.mark.parametrize(("arguments", "heavy", "most", "calls"), PATHS.values(), ids=PATHS)
def test_a_command_imports_what_it_needs_and_no_more(
    arguments: list[str], heavy: set[str], most: int, calls: int
) -> None:
    spent = counted_in(arguments)
    assert spent.modules & HEAVY <= heavy
    assert len(spent.modules) <= most
    assert 0 < spent.calls <= calls


@dataclass(frozen=True)
class CommandSpent:
    """What a command imported, and how often it called functions of the engine."""

    modules: frozenset[str]
    calls: int


def counted_in(arguments: list[str]) -> CommandSpent:
    code = COUNTED.format(arguments=arguments, engine=ENGINE)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    calls, *modules = done.stderr.splitlines()[-1].split()
    assert "autograder.cli" in modules
    return CommandSpent(frozenset(modules), int(calls))


# A run over a class that is graded: what the command itself may import, and its calls.
RUNS = {
    "with nothing changed": ({"sqlite3"}, 240, 400),
    "after a change of one part": (HEAVY - {"torch", "sympy", "asyncio", "rich", "yaml"}, 720, 40_000),
}


def test_a_run_that_is_gone_on_with_imports_what_it_needs_and_no_more(tmp_path: Path) -> None:
    homework = tmp_path / "homework"
    for name in ("reference", "student_template", "tests/graded"):
        shutil.copytree(ROOT / name, homework / name)
    for name in ("gemini", "different"):
        shutil.copytree(ROOT / "examples" / name, tmp_path / "class" / name)
    run = ["regrade", str(tmp_path / "class"), "--out", str(tmp_path / "run"), "--homework", str(homework)]
    counted_in(run)
    spent = {"with nothing changed": counted_in(run)}
    change_one_part(homework)
    spent["after a change of one part"] = counted_in(run)
    for kind, (heavy, most, calls) in RUNS.items():
        assert spent[kind].modules & HEAVY <= heavy, kind
        assert len(spent[kind].modules) <= most, kind
        assert 0 < spent[kind].calls <= calls, kind


@dataclass
class Counted:
    """What went over all channels since the last `reset`, and how often functions of the engine were called."""

    forks: int = 0
    asked: int = 0
    sent: int = 0
    received: int = 0
    calls: int = 0

    def reset(self) -> None:
        self.forks = self.asked = self.sent = self.received = self.calls = 0

    def count(self, frame: FrameType, event: str, _: object) -> None:
        self.calls += event == "call" and frame.f_code.co_filename.startswith(ENGINE)


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
    "different": (6, 40, 1_750_000, 58_500, 54_500),
    "gemini": (4, 54, 1_940_000, 26_000, 40_000),
    "typical_mistakes": (4, 64, 890_000, 74_000, 73_500),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_submission_costs_so_many_processes_questions_bytes_and_calls_at_most(
    name: str, counted: Counted, ready: tuple[Course, Zygote, OwnRunners, Limits]
) -> None:
    course, zygote, own, limits = ready
    counted.reset()
    submission = read_submission(ROOT / "examples" / name, course.expected_files, limits)
    sys.setprofile(counted.count)
    try:
        grade_submission(submission, course, zygote, own, limits)
    finally:
        sys.setprofile(None)
    forks, asked, sent, received, calls = EXAMPLES[name]
    assert 0 < counted.forks <= forks
    assert 0 < counted.asked <= asked
    assert 0 < counted.sent <= sent
    assert 0 < counted.received <= received
    assert 0 < counted.calls <= calls
