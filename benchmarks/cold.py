"""How long one grading takes from nothing, and how much memory, beside the least that anything could take.

    .venv/bin/python benchmarks/cold.py [--rounds 7] [--submission examples/gemini] [--json FILE]

The least is `python -c "import torch, sympy"`. The two are run in turn, so that whatever else the machine does falls on
both; the figure is the ratio of the medians. Memory is the proportional set size of the grading's whole process tree
(what is shared counts once), read over and over in a run of its own, because reading it costs time.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.timing import in_turn, machine, peak_pss  # noqa: E402

LEAST = [sys.executable, "-c", "import torch, sympy"]


def main() -> int:
    arguments = parse()
    grading = [sys.executable, "-m", "autograder", "grade", str(arguments.submission)]
    taken = in_turn({"importing": LEAST, "grading": grading}, arguments.rounds)
    pairs = [(one.wall, two.wall) for one, two in zip(taken["importing"], taken["grading"], strict=True)]
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


def show(figures: dict[str, object]) -> None:
    print(f"import torch, sympy   {figures['import_seconds']:>7} s")
    print(f"one grading, cold     {figures['grading_seconds']:>7} s")
    print(f"ratio                 {figures['ratio']:>7}   (each round: {figures['ratios']})")
    print(f"memory, all processes {figures['peak_pss_mebibytes']:>7} MiB (proportional set size, at most)")


if __name__ == "__main__":
    sys.exit(main())
