"""Times commands against each other: in turn, round by round, so that whatever else the machine does falls on all."""

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.sandbox.reaping import adopt_orphans  # noqa: E402

PACKAGES = ("torch", "sympy", "numpy", "gradescope-utils")
SAMPLE_SECONDS = 0.02
Command = Sequence[str]


@dataclass(frozen=True)
class Spent:
    """What one command took, with all that it waited for: seconds by the clock, seconds of processors."""

    wall: float
    cpu: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.wall - other.wall, self.cpu - other.cpu)

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.wall + other.wall, self.cpu + other.cpu)

    def __mul__(self, factor: float) -> "Spent":
        return Spent(self.wall * factor, self.cpu * factor)


def spent(command: Command, folder: Path = ROOT) -> Spent:
    """Runs a command to its end."""
    return at_once([command], folder)


def at_once(commands: Sequence[Command], folder: Path = ROOT) -> Spent:
    """Runs commands, as many at a time as there are processors, all of them to their ends."""
    adopt_orphans()
    started, before = time.perf_counter(), children_cpu()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda command: finish(command, folder), commands))
    wall = time.perf_counter() - started
    await_orphans()
    return Spent(wall, children_cpu() - before)


def finish(command: Command, folder: Path) -> None:
    """An exit code of 3 (a part is undecided) is an end like any other."""
    code = start(command, folder).wait()
    if code not in (0, 3):
        sys.exit(f"{' '.join(command)} ended with {code}")


def await_orphans() -> None:
    """Waits for all that the commands left behind: graders that were forked count only when somebody waits for them."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def children_cpu() -> float:
    """Processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
    """What the figures are of."""
    return {
        "system": platform.platform(),
        "processor": processor(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "writes_bytecode": not sys.dont_write_bytecode,
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d %H:%M"),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def processor() -> str:
    """The processor's name, where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def commit() -> str:
    """The commit that is checked out; "" where there is no git."""
    try:
        done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip()
