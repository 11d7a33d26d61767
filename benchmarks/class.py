"""Is the cost of a submission the same in a class of 50 and of 1,000, and does a grader's memory stay?

    .venv/bin/python benchmarks/class.py [--submissions 50 200 1000] [--workers 2] [--json FILE]

The class is made of the examples, no module like another, one submission in twenty broken. For each size the first run,
the run with nothing to do and the run after a change of one part are measured: by the clock, in processor time of all
processes, and in memory. What graders grow by is reckoned from the time when a twentieth of the run was over, when
every kind of submission has been seen, to the end.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.sandbox.reaping import adopt_orphans  # noqa: E402
from benchmarks.classes import change_one_part, copy_homework, make_class  # noqa: E402
from benchmarks.table import write_figures  # noqa: E402
from benchmarks.timing import await_orphans, children_cpu, machine, pss, start, tree  # noqa: E402

FIGURES = ROOT / "benchmarks" / "figures" / "class.json"
KIBI = 1024
SAMPLE_SECONDS = 0.5
GRADER = b"autograder.regrade.worker"  # in its command line


@dataclass
class Memory:
    """Proportional set sizes in MiB, looked at twice a second: of all processes, and of a grader on the average."""

    all: list[float] = field(default_factory=list)
    graders: list[float] = field(default_factory=list)

    @property
    def peak(self) -> float:
        return max(self.all, default=0.0)

    @property
    def growth(self) -> float:
        """Of the graders, from a twentieth of the run to its end; medians of a tenth each."""
        there = [size for size in self.graders if size]
        tenth, begin = max(1, len(there) // 10), len(there) // 20
        if len(there) < 3:
            return 0.0
        return statistics.median(there[-tenth:]) - statistics.median(there[begin : begin + tenth])


@dataclass(frozen=True)
class Measured:
    """One command: seconds by the clock, processor seconds of all processes, MiB at most, and what graders grew by."""

    wall: float
    cpu: float
    peak: float
    growth: float


def main() -> int:
    options = parse()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        homework = copy_homework(Path(name) / "homework")
        for size in options.submissions:
            export = make_class(Path(name) / f"class_{size}", size)
            for workers in options.workers:
                runs = dict(measured(export, homework, Path(name) / f"run_{size}_{workers}", workers))
                show(size, workers, runs)
                rows.append(
                    {"submissions": size, "workers": workers, **{kind: asdict(run) for kind, run in runs.items()}}
                )
    write_figures(options.json, {"runs": rows, "machine": machine()})
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, nargs="+", default=[50, 200, 1000])
    parser.add_argument("--workers", type=int, nargs="+", default=[os.cpu_count() or 1])
    parser.add_argument("--json", type=Path, metavar="FILE", default=FIGURES, help=f"default: {FIGURES}")
    return parser.parse_args()


def measured(export: Path, homework: Path, out: Path, workers: int) -> Iterator[tuple[str, Measured]]:
    for kind in ("first", "nothing", "changed"):
        if kind == "changed":
            change_one_part(homework)
        yield kind, regrade(export, homework, out, workers)


def regrade(export: Path, homework: Path, out: Path, workers: int) -> Measured:
    arguments = ["regrade", export, "--out", out, "--workers", workers, "--homework", homework]
    adopt_orphans()
    started, before = time.perf_counter(), children_cpu()
    process = start([sys.executable, "-m", "autograder", *map(str, arguments)])
    memory = Memory()
    watching = threading.Thread(target=watch, args=(process, memory))
    watching.start()
    process.wait()
    wall = time.perf_counter() - started
    watching.join()
    await_orphans()
    return Measured(wall, children_cpu() - before, memory.peak, memory.growth)


def watch(process: "subprocess.Popen[bytes]", memory: Memory) -> None:
    """Notes the memory of the command and all that it started."""
    while process.poll() is None:
        memory.all.append(mebibytes(tree(process.pid)))
        graders = [pid for pid in tree(process.pid) if is_grader(pid)]
        memory.graders.append(mebibytes(graders) / max(1, len(graders)))
        time.sleep(SAMPLE_SECONDS)


def is_grader(pid: int) -> bool:
    try:
        return GRADER in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def mebibytes(processes: Sequence[int]) -> float:
    return sum(map(pss, processes)) / KIBI


def show(size: int, workers: int, runs: dict[str, Measured]) -> None:
    first, changed = runs["first"], runs["changed"]
    print(f"{size} submissions, {workers} workers")
    for kind, run in runs.items():
        print(f"  {kind:8} {run.wall:7.2f} s by the clock, {run.cpu:7.2f} s of processors, {run.peak:5.0f} MiB")
    each = [1000 * seconds / size for seconds in (first.wall, first.cpu)]
    print(f"  a submission: {each[0]:.0f} ms by the clock, {each[1]:.0f} ms of processors")
    print(f"  a grader grew by {first.growth:.0f} MiB; asked: less than 20")
    print(f"  after the change {first.wall / changed.wall:.1f} times quicker; asked: at least 20", flush=True)


if __name__ == "__main__":
    sys.exit(main())
