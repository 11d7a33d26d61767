"""What the sandbox costs: layers in milliseconds a worker, grading with and without it as a ratio, memory.

    .venv/bin/python benchmarks/sandbox.py

Every pair of measurements is taken in turn, so that a busy machine slows both alike; medians are shown. "Without" runs
the same submissions once with all layers off, and once in the benchmark's own process, with no sandbox at all.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.pipeline import judge_submission  # noqa: E402
from autograder.sandbox.launcher import Zygote  # noqa: E402
from autograder.sandbox.limits.confine import STEPS  # noqa: E402
from autograder.sandbox.protocol.programs import ModuleAttribute  # noqa: E402
from autograder.sandbox.question import end_workers  # noqa: E402
from autograder.scoring.course import Course, load_course  # noqa: E402
from autograder.scoring.runner import OwnRunners, Runner  # noqa: E402
from autograder.settings import MEBI, Homework, Limits  # noqa: E402
from autograder.submission.model import Submission  # noqa: E402
from autograder.submission.reader import read_submission  # noqa: E402
from benchmarks.unsandboxed import Run, in_this_process  # noqa: E402

LIMITS = Limits()
EXAMPLES = ("different", "gemini", "typical_mistakes")
ALL_LAYERS = (*(name for name, _ in STEPS), "seccomp")
ROUNDS, FORKS, LIVE = 5, 100, 8


@contextmanager
def in_a_session(zygote: Zygote, files: Mapping[str, bytes]) -> Iterator[Run]:
    with zygote.session(files) as session:
        yield session.run


def seconds(
    course: Course, own: OwnRunners, submission: Submission, opened: Callable[[Mapping[str, bytes]], object]
) -> float:
    """Grade one submission; how long it took from its first file to its last row."""
    started = time.perf_counter()
    with opened(submission.files) as run:  # type: ignore[attr-defined]
        sheet = judge_submission(submission, course, run, own, LIMITS)
    assert not sheet.own_failures, sheet.own_failures
    return time.perf_counter() - started


def ratios(course: Course, own: OwnRunners, confined: Zygote, bare: Zygote) -> None:
    ways = {
        "sandboxed": lambda files: in_a_session(confined, files),
        "all layers off": lambda files: in_a_session(bare, files),
        "in this process": in_this_process,
    }
    submissions = [read_submission(ROOT / "examples" / name, course.expected_files, LIMITS) for name in EXAMPLES]
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS + 1):
        for way, opened in ways.items():
            taken[way].append(sum(seconds(course, own, submission, opened) for submission in submissions))
    for way, times in taken.items():
        pairs = [ours / other for ours, other in zip(taken["sandboxed"][1:], times[1:], strict=True)]
        print(
            f"{way:>16}: {statistics.median(times[1:]) / len(EXAMPLES):.3f} s a submission;"
            f" sandboxed takes {statistics.median(pairs):.3f} times as long"
        )


def forks(confined: Zygote, bare: Zygote) -> None:
    """A start with and without layers, by the clock and in processor time, which a busy machine leaves as it is."""
    taken: dict[Zygote, list[tuple[float, float]]] = {confined: [], bare: []}
    for _ in range(FORKS):
        for zygote, times in taken.items():
            times.append(started(zygote))
    for unit, which in (("by the clock", 0), ("of processor time", 1)):
        ours, without = (min(pair[which] for pair in times) for times in taken.values())
        middle, bare_middle = (statistics.median(pair[which] for pair in times) for times in taken.values())
        print(
            f"worker ready after {ours:.2f} ms {unit}, {without:.2f} without layers: they cost {ours - without:.2f} ms"
            f" (medians: {middle:.2f}, {bare_middle:.2f}, {middle - bare_middle:.2f})"
        )


def started(zygote: Zygote) -> tuple[float, float]:
    """Milliseconds until a worker is ready: by the clock, and of processor time from its fork to its end."""
    started = time.perf_counter()
    with zygote.session({}) as session:
        question = session._question("")
        question.await_layers()
        ready = time.perf_counter()
        (report,) = end_workers(zygote, [worker for worker in (question.release(),) if worker], 0)
    return 1000 * (ready - started), 1000 * (report or {})["cpu_seconds"]


def memory(course: Course, zygote: Zygote) -> None:
    """Proportional set sizes of a zygote and of workers that have each run a module."""
    files = read_submission(ROOT / "examples" / "different", course.expected_files, LIMITS).files
    sessions = [zygote.session(files) for _ in range(LIVE)]
    for session in sessions:
        session.run(ModuleAttribute("q4_decoding", "computation"))
    assert zygote._running is not None
    pid = zygote._running.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = sum(proportional_bytes(process) for process in (str(pid), *workers))
    print(f"zygote and {len(workers)} live workers: {total / MEBI:.0f} MiB")
    for session in sessions:
        session.close()


def proportional_bytes(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def main() -> None:
    course = load_course(Homework(ROOT), (), LIMITS)
    with Zygote(LIMITS) as confined, Zygote(LIMITS, unsafe=True, without=ALL_LAYERS) as bare:
        confined.layers(), bare.layers()
        memory(course, confined)
        forks(confined, bare)
        with confined.session(course.reference or {}) as reference:
            own = OwnRunners(Runner(reference.run, course.reference or {}))
            ratios(course, own, confined, bare)


if __name__ == "__main__":
    main()
