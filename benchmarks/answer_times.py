"""How long answers take: read and judged one at a time, and through `read` and `try` from nothing.

    python benchmarks/answer_times.py [--rounds 7] [--json FILE]

The first table is over all labelled answers, the course's and ours, in this process, after one answer for each part
that pays for imports and the expected answer. The second is of ratios to `python -c "import sympy"`: the commands are
run in turn, so that whatever else the machine does falls on all of them, in wall time and in the user's processor time.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.checks.symbolic.prover import Prover  # noqa: E402
from autograder.scoring.trial import trial  # noqa: E402
from autograder.settings import Homework  # noqa: E402

FILES = (ROOT / "tests" / "cases" / "answers.jsonl", ROOT / "tests" / "engine" / "labelled_answers.jsonl")
GENERATED = {"'9'*100000": "9" * 100_000}
ANSWERS = 200  # to one `try`
READ, TRY = [sys.executable, "-m", "autograder", "read"], [sys.executable, "-m", "autograder", "try", "--json"]
LEAST = [sys.executable, "-c", "import sympy"]

Row = dict[str, Any]


def main() -> int:
    arguments = parse()
    rows = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
    with Proofs() as proofs:
        answers = show_answers(sorted(times(rows, proofs), key=attrgetter("processor")))
    commands = show_commands(rows, arguments.rounds)
    if arguments.json:
        figures = {"answers": answers, "ratios": commands, "machine": platform.platform(), "python": sys.version}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    return parser.parse_args()


def answer_of(row: Row) -> str:
    if "repeat" in row:
        return "".join(piece * times for piece, times in row["repeat"])
    return str(row["answer"]) if "answer" in row else GENERATED[row["generate"]]


@dataclass(frozen=True)
class Answer:
    """One answer that was marked: its beginning, milliseconds by the clock and of processor time, proofs by SymPy.

    Processor time is that of this process and of the processes that it has waited for, where SymPy proves.
    """

    text: str
    wall: float
    processor: float
    proofs: int


class Proofs:
    """Counts how often SymPy is asked for a proof."""

    def __init__(self) -> None:
        self.asked = 0

    def __enter__(self) -> "Proofs":
        self._real = Prover.proves_zero

        def counted(prover: Prover, *arguments: Any) -> bool:
            self.asked += 1
            return self._real(prover, *arguments)

        Prover.proves_zero = counted
        return self

    def __exit__(self, *_: object) -> None:
        Prover.proves_zero = self._real


def times(rows: Sequence[Row], proofs: Proofs) -> Iterator[Answer]:
    """What every answer takes."""
    for part in dict.fromkeys(row["part"] for row in rows):
        own = [answer_of(row) for row in rows if row["part"] == part]
        results = trial(Homework(ROOT), part, map(json.dumps, [own[0], *own]), json_in=True)
        next(results)
        for answer in own:
            started, spent, asked = time.perf_counter(), processor_time(), proofs.asked
            next(results)
            wall, processor = time.perf_counter() - started, processor_time() - spent
            yield Answer(f"{part} {answer[:60]}", wall * 1e3, processor * 1e3, proofs.asked - asked)


def processor_time() -> float:
    """Seconds of this process and its children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def show_answers(measured: Sequence[Answer]) -> dict[str, float]:
    """Figures of all answers, which come in the order of their processor time."""
    walls = [answer.wall for answer in measured]
    figures = {
        "answers": len(measured),
        "median_ms": statistics.median(walls),
        "median_processor_ms": statistics.median(answer.processor for answer in measured),
        "p99_ms": statistics.quantiles(walls, n=100)[-1],
        "slowest_ms": max(walls),
        "slowest_processor_ms": measured[-1].processor,
        "proved_by_sympy": sum(answer.proofs > 0 for answer in measured),
    }
    print(f"{len(walls)} answers: median {figures['median_ms']:.1f} ms, 99 of 100 within {figures['p99_ms']:.0f} ms")
    print(f"{figures['proved_by_sympy']} of them were held against a proof by SymPy; the slowest in processor time:")
    for answer in measured[:-6:-1]:
        print(
            f"    {answer.processor:5.0f} ms, {answer.wall:5.0f} ms by the clock, {answer.proofs} proofs  {answer.text}"
        )
    return figures


def show_commands(rows: Sequence[Row], rounds: int) -> dict[str, list[float]]:
    """Ratios, wall and processor, of each command to the least."""
    commands = {"import sympy": (LEAST, ""), **reading(), **trying(rows)}
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):  # the first reads the files from the disk
        for name, (command, given) in commands.items():
            spent = timed(command, given)
            if turn:
                measured[name].append(spent)
    medians = {name: [statistics.median(kind) for kind in zip(*spent, strict=True)] for name, spent in measured.items()}
    least = medians["import sympy"]
    ratios = {name: [value / base for value, base in zip(spent, least, strict=True)] for name, spent in medians.items()}
    for name, (wall, processor) in medians.items():
        print(f"{name:28} {wall:6.2f} s ({ratios[name][0]:.2f}), processor {processor:6.2f} s ({ratios[name][1]:.2f})")
    return ratios


def reading() -> dict[str, tuple[list[str], str]]:
    answers = {"1.a": r"\|\mu\|_2^2", "4.f": "O(b^2 d/n + sqrt d)", "6.a": "sim(q, k) > 1"}
    return {f"read {part}": ([*READ, part, answer], "") for part, answer in answers.items()}


def trying(rows: Sequence[Row]) -> dict[str, tuple[list[str], str]]:
    """`try` with 200 answers to a part: the labelled ones, over and over if they are fewer."""
    found = {}
    for part in ("1.a", "1.c", "4.f", "6.b.i", "6.c.time"):
        answers = [json.dumps(answer_of(row)) for row in rows if row["part"] == part]
        found[f"try {part}, {ANSWERS} answers"] = ([*TRY, part], "\n".join(islice(cycle(answers), ANSWERS)))
    return found


def timed(command: Sequence[str], given: str) -> tuple[float, float]:
    """Seconds of wall time, and of processor time of the process and its children."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, input=given, stdout=subprocess.DEVNULL, text=True, check=False, env={**os.environ}
    )
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}")
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


if __name__ == "__main__":
    sys.exit(main())
