"""How long one grading takes from nothing, and how much memory, beside the least that anything could take.

    .venv/bin/python benchmarks/cold.py [--rounds 7] [--submission examples/gemini] [--json FILE]

The least is `python -c "import torch, sympy"`. The two are run in turn, so that whatever else the machine does falls on
both; the figure is the ratio of the medians. Memory is the proportional set size of the grading's whole process tree
(what is shared counts once), read over and over in a run of its own, because reading it costs time.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST = [sys.executable, "-c", "import torch, sympy"]
SAMPLE_SECONDS = 0.02


def main() -> int:
    arguments = parse()
    grading = [sys.executable, "-m", "autograder", "grade", str(arguments.submission)]
    for command in (LEAST, grading):  # the first run reads the files from the disk
        timed(command)
    pairs = [(timed(LEAST), timed(grading)) for _ in range(arguments.rounds)]
    least, cold = (statistics.median(times) for times in zip(*pairs, strict=True))
    figures = {
        "submission": str(arguments.submission),
        "rounds": arguments.rounds,
        "import_seconds": round(least, 3),
        "grading_seconds": round(cold, 3),
        "ratio": round(cold / least, 3),
        "ratios": [round(grading / importing, 3) for importing, grading in pairs],
        "peak_pss_mebibytes": max(round(peak_pss(grading) / 1024) for _ in range(3)),
        "machine": machine(),
    }
    show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--submission", type=Path, default=ROOT / "examples" / "gemini")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    return parser.parse_args()


def timed(command: Sequence[str]) -> float:
    started = time.monotonic()
    finished = start(command).wait()
    if finished != 0:
        sys.exit(f"{' '.join(command)} ended with {finished}")
    return time.monotonic() - started


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def peak_pss(command: Sequence[str]) -> int:
    """The largest sum over the process tree that was seen, in KiB."""
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
    packages = ("torch", "sympy", "numpy")
    return {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in packages},
    }


def show(figures: dict[str, object]) -> None:
    print(f"import torch, sympy   {figures['import_seconds']:>7} s")
    print(f"one grading, cold     {figures['grading_seconds']:>7} s")
    print(f"ratio                 {figures['ratio']:>7}   (each round: {figures['ratios']})")
    print(f"memory, all processes {figures['peak_pss_mebibytes']:>7} MiB (proportional set size, at most)")


if __name__ == "__main__":
    sys.exit(main())
