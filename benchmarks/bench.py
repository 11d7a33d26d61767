"""Prints what grading costs as ratios, each pair of commands run in turn, and stores the figures.

    make bench        or      .venv/bin/python benchmarks/bench.py [--rounds 5] [--only starting] [--otter PYTHON]

The usual way is benchmarks/usual_way.py: the same suites, a process for each submission, as many at once as there are
processors. `--otter PYTHON` names the Python of an environment with benchmarks/requirements-otter.txt, for Otter's way.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.otter_way import OtterWay, otter_way  # noqa: E402
from benchmarks.starting import AUTOGRADER, COLD, EXAMPLE, starting  # noqa: E402
from benchmarks.table import Line, show, store  # noqa: E402
from benchmarks.throughput import a_class  # noqa: E402
from benchmarks.timing import peak_pss  # noqa: E402

FIGURES = ROOT / "benchmarks" / "figures" / "bench.json"
MOST_MEMORY, MOST_SECONDS, QUOTA = 450, 8.0, 0.5


def main() -> int:
    options = parse()
    with otter_way(options.otter) as otter:
        lines = list(measured(options, otter))
    show(lines)
    further = {} if options.only == "class" else cold(lines)
    store(options.json, lines, further)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("starting", "class"), help="a half of the table")
    parser.add_argument("--otter", type=Path, metavar="PYTHON", help="of an environment that has otter-grader")
    parser.add_argument("--json", type=Path, metavar="FILE", default=FIGURES, help=f"default: {FIGURES}")
    return parser.parse_args()


def measured(options: argparse.Namespace, otter: OtterWay | None) -> Iterator[Line]:
    if options.only != "class":
        yield from starting(options.rounds)
    if options.only != "starting":
        yield from a_class(options.rounds, otter)


def cold(lines: list[Line]) -> dict[str, object]:
    """What else is asked of one submission from nothing."""
    memory = round(max(peak_pss([*AUTOGRADER, EXAMPLE]) for _ in range(3)) / 1024)
    line = next(line for line in lines if line.what == COLD)
    slow = statistics.median(one.cpu for one in line.ours) / QUOTA
    print(f"{COLD}: {memory} MiB, proportional set size of all processes; asked: at most {MOST_MEMORY}")
    print(f"{COLD}: processor time by {QUOTA:g}, its quota, is {slow:.1f} s; asked: under {MOST_SECONDS:g}")
    return {"peak_pss_mebibytes": memory, "seconds_with_half_a_processor": round(slow, 2)}


if __name__ == "__main__":
    sys.exit(main())
