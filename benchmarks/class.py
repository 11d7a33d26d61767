"""Measures a class: seconds and memory a submission, going on with nothing to do, and one part changed.

    .venv/bin/python benchmarks/class.py [--submissions 60] [--workers 1 2]

The class is made of the examples, no two submissions alike, some of them broken. CPU seconds are of all processes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.classes import change_one_part, copy_homework, make_class  # noqa: E402
from benchmarks.timing import pss, tree  # noqa: E402

KIBI = 1024


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds of one command, and the largest proportional set size of all its processes, in MiB.

    `growth` is by how much the largest of the last third is above the largest of the middle third.
    """

    wall: float
    cpu: float
    memory: float
    growth: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the grading of a class.")
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        export, homework = make_class(Path(place) / "class", options.submissions), copy_homework(Path(place) / "hw")
        for workers in options.workers:
            measure(export, homework, Path(place) / f"run{workers}", workers, options.submissions)


def measure(export: Path, homework: Path, out: Path, workers: int, submissions: int) -> None:
    first = regrade(export, homework, out, workers)
    nothing = regrade(export, homework, out, workers)
    changed = regrade(export, change_one_part(homework), out, workers)
    print(f"{submissions} submissions, {workers} workers")
    each = f"{1000 * first.cpu / submissions:.0f} ms CPU a submission, memory grew by {first.growth:.0f} MiB"
    print(f"  first run        {line(first)}   {each}", flush=True)
    print(f"  nothing to do    {line(nothing)}")
    print(f"  one part changed {line(changed)}   {first.cpu / changed.cpu:.0f} times less CPU", flush=True)


def line(measured: Measured) -> str:
    return f"{measured.wall:7.1f} s wall {measured.cpu:7.1f} s CPU {measured.memory:6.0f} MiB"


def regrade(export: Path, homework: Path, out: Path, workers: int) -> Measured:
    arguments = ["regrade", export, "--out", out, "--workers", workers, "--homework", homework]
    started, before = time.monotonic(), os.times()
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    sizes = [0.0]
    threading.Thread(target=watch, args=(process, sizes), daemon=True).start()
    process.wait()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    third = max(1, len(sizes) // 3)
    growth = max(sizes[2 * third :], default=0.0) - max(sizes[third : 2 * third], default=0.0)
    return Measured(time.monotonic() - started, cpu, max(sizes), growth)


def watch(process: "subprocess.Popen[bytes]", sizes: list[float]) -> None:
    """Note the memory of the command and all that it started, once a second."""
    while process.poll() is None:
        sizes.append(sum(map(pss, tree(process.pid))) / KIBI)
        time.sleep(1)


if __name__ == "__main__":
    main()
