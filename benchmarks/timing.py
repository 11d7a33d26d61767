"""Times commands against each other: in turn, round by round, so that whatever else the machine does falls on all."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("torch", "sympy", "numpy", "gradescope-utils")
SAMPLE_SECONDS = 0.02
Command = Sequence[str]


@dataclass(frozen=True)
class Spent:
    """What one command took, with all that it waited for: seconds by the clock, seconds of processors."""

    wall: float
    cpu: float


def spent(command: Command, folder: Path = ROOT) -> Spent:
    """Runs a command to its end. An exit code of 3 (a part is undecided) is an end like any other."""
    started, before = time.perf_counter(), os.times()
    finished = start(command, folder).wait()
    wall, after = time.perf_counter() - started, os.times()
    if finished not in (0, 3):
        sys.exit(f"{' '.join(command)} ended with {finished}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Spent(wall, used)


def start(command: Command, folder: Path = ROOT) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Spent]]:
    """Each command `rounds` times, all of them once a round, after one round that only warms the disk's cache."""
    taken: dict[str, list[Spent]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            taken[name].append(spent(command))
    return {name: times[1:] for name, times in taken.items()}


@dataclass(frozen=True)
class Ratio:
    """Medians of the pairs' ratios, by the clock and in processor time, and the median seconds of the first."""

    wall: float
    cpu: float
    seconds: float


def ratio(ours: Sequence[Spent], other: Sequence[Spent]) -> Ratio:
    pairs = list(zip(ours, other, strict=True))
    return Ratio(
        wall=statistics.median(one.wall / two.wall for one, two in pairs),
        cpu=statistics.median(one.cpu / two.cpu for one, two in pairs),
        seconds=statistics.median(one.wall for one in ours),
    )


def peak_pss(command: Command) -> int:
    """The largest sum of proportional set sizes over the process tree that was seen, in KiB."""
    process = start(command)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(pss(pid) for pid in tree(process.pid)))
        time.sleep(SAMPLE_SECONDS)
    return peak


def tree(root: int) -> list[int]:
    """The process and all its descendants. One that ends meanwhile is left out."""
    found = [root]
    for pid in found:
        found += children(pid)
    return found


def children(pid: int) -> list[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        texts = [Path(f"/proc/{pid}/task/{thread}/children").read_text(encoding="utf-8") for thread in threads]
    except OSError:
        return []
    return [int(child) for text in texts for child in text.split()]


def pss(pid: int) -> int:
    """Proportional set size in KiB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def machine() -> dict[str, object]:
    return {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    }
