"""This project's reader and judges beside others, on the labelled answers: right, silently wrong, refused, time.

    python benchmarks/readers.py --others PYTHON [--only METHOD ...] [--json FILE]

PYTHON is that of an environment with benchmarks/requirements.txt, and nothing of ours, in it:

    python -m venv /tmp/others && /tmp/others/bin/pip install -r benchmarks/requirements.txt

The others get the answers of tests/cases/answers.jsonl that are not hostile, one at a time, in a process of their own
with limits on memory, files and time; one that is over its time is ended and counts as a refusal. Right is the labelled
verdict, and a refusal of what is labelled unreadable. Silently wrong is any other verdict: the student, and the staff,
would never know.
"""

import argparse
import json
import os
import platform
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.scoring.homework import load_declarations  # noqa: E402
from autograder.scoring.trial import trial  # noqa: E402
from autograder.settings import Homework  # noqa: E402

CASES = ROOT / "tests" / "cases" / "answers.jsonl"
CHILD = Path(__file__).with_name("other_readers.py")
SECONDS = 10.0
MEMORY = 2 << 30
VECTORS = ["mu^T mu", r"\mu^\top \mu", r"\mu^{T}\mu", r"\|\mu\|^2", "dot(mu, mu)", r"\mu \cdot \mu"]
KERNELS = ["(q^T k + 1)^2", r"(q^\top k + 1)^2", r"(q^{T} k + 1)^2", r"(q \cdot k + 1)^2", "(dot(q, k) + 1)**2"]
REFERENCES = {
    "1.a": VECTORS,
    "1.c": ["sqrt(d)", r"\sqrt{d}"],
    "4.f": ["b*d**2 + b*n*d", "b d^{2} + b n d"],
    "4.g": ["d**2 + b*d + b*n*k", "d^{2} + b d + b n k"],
    "6.b.i": KERNELS,
    "6.c.time": ["N**2*D + N**2*M", "N^{2} D + N^{2} M"],
    "6.d.space": ["N*D + D**3", "N D + D^{3}"],
}
METHODS = {
    "sympify": "`sympify`, `simplify` / limits",
    "parse_expr": "`parse_expr` with implicit products, `simplify` / limits",
    "antlr": "`parse_latex` (antlr), `simplify` / limits",
    "antlr_strict": "`parse_latex` (antlr, strict), `simplify` / limits",
    "lark": "`parse_latex` (lark), `simplify` / limits",
    "math_verify": "Math-Verify / limits",
    "our_reader": "our reader, limits (growth only)",
    "ours": "**this project**",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """One answer as one method judged it; `verdict` is None for a refusal."""

    row: Row
    verdict: str | None
    seconds: float

    @property
    def outcome(self) -> str:
        wanted = self.row["verdict"]
        if self.verdict == wanted or (self.verdict in (None, "unreadable") and wanted == "unreadable"):
            return "right"
        return "refused" if self.verdict in (None, "unreadable", "undecided") else "wrong"

    @property
    def is_false_equal(self) -> bool:
        return self.verdict == "equal" and self.row["verdict"] != "equal"


class Other:
    """A method in a process of its own, started again whenever it had to be ended."""

    def __init__(self, python: str, method: str) -> None:
        self._command = [python, "-B", str(CHILD), method]
        self._folder = tempfile.TemporaryDirectory()
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=self._folder.name, env={"PATH": os.defpath, "HOME": self._folder.name}, preexec_fn=_limit,
        )  # fmt: skip

    def judge(self, question: dict[str, Any]) -> str | None:
        process = self._process
        if process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], SECONDS)
            line = process.stdout.readline() if ready else ""
        except BrokenPipeError:
            line = ""
        if not line:
            self.close()
            self._process = self._start()
            return None
        verdict: str | None = json.loads(line)
        return verdict

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    arguments = parse()
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    harmless = [row for row in rows if not row.get("hostile")]
    print(f"{len(harmless)} of {len(rows)} labelled answers; the other {len(rows) - len(harmless)} are hostile.\n")
    figures = {}
    show_header()
    for method in arguments.only or METHODS:
        judged = list(judge_with(method, arguments.others, harmless))
        figures[method] = figures_of(judged)
        show(METHODS[method], figures[method])
        if arguments.mistakes:
            show_mistakes(judged)
    print(f"\n{versions(arguments.others)}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--others", default=sys.executable, metavar="PYTHON", help="the environment of the others")
    parser.add_argument("--only", action="append", choices=METHODS, help="a method; may be repeated")
    parser.add_argument("--mistakes", action="store_true", help="list what was not right")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    return parser.parse_args()


def judge_with(method: str, python: str, rows: Sequence[Row]) -> Iterator[Judged]:
    if method == "ours":
        yield from judge_ourselves(rows)
        return
    other = Other(python, method)
    for question, row in questions(rows):
        if method == "our_reader" and question["form"] != "growth":
            continue
        other.judge({**question, "answer": question["references"][0]})  # so that imports and caches count for none
        started = time.perf_counter()
        verdict = other.judge(question)
        yield Judged(row, verdict, time.perf_counter() - started)
    other.close()


def questions(rows: Sequence[Row]) -> Iterator[tuple[dict[str, Any], Row]]:
    declarations = load_declarations(Homework(ROOT))
    for row in rows:
        vocabulary = declarations.part(row["part"]).vocabulary
        names = [declared.name for declared in vocabulary.names]
        yield (
            {
                "form": vocabulary.form,
                "names": names,
                "equalities": dict(vocabulary.equalities),
                "references": REFERENCES[row["part"]],
                "answer": row["answer"],
            },
            row,
        )


def judge_ourselves(rows: Sequence[Row]) -> Iterator[Judged]:
    for part in dict.fromkeys(row["part"] for row in rows):
        own = [row for row in rows if row["part"] == part]
        lines = [json.dumps(REFERENCES[part][0]), *(json.dumps(row["answer"]) for row in own)]
        results = trial(Homework(ROOT), part, lines, json_in=True)
        next(results)
        for row in own:
            started = time.perf_counter()
            relation = next(results).verdict.relation
            yield Judged(row, relation, time.perf_counter() - started)


def figures_of(judged: Sequence[Judged]) -> dict[str, float]:
    counts = Counter(one.outcome for one in judged)
    times = [one.seconds * 1e3 for one in judged]
    return {
        "answers": len(judged),
        **{outcome: counts[outcome] for outcome in ("right", "wrong", "refused")},
        "false_equal": sum(one.is_false_equal for one in judged),
        "median_ms": statistics.median(times),
        "slowest_ms": max(times),
    }


def show_header() -> None:
    print("| method | answers | right | silently wrong | of these falsely equal | refused | median | slowest |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")


def show(name: str, figures: dict[str, float]) -> None:
    counts = [f"{figures[key]:g}" for key in ("answers", "right", "wrong", "false_equal", "refused")]
    print(
        f"| {' | '.join([name, *counts])} | {figures['median_ms']:.1f} ms | {figures['slowest_ms']:.0f} ms |",
        flush=True,
    )


def show_mistakes(judged: Sequence[Judged]) -> None:
    for one in judged:
        if one.outcome != "right":
            print(f"    {one.row['part']} {one.row['answer']!r}: {one.verdict}, labelled {one.row['verdict']}")


def versions(python: str) -> str:
    code = "from importlib.metadata import version as v; print(', '.join(f'{n} {v(n)}' for n in %r))"
    names = ["sympy", "math-verify", "latex2sympy2_extended", "antlr4-python3-runtime", "lark"]
    done = subprocess.run([python, "-c", code % names], capture_output=True, text=True, check=False)
    return (
        f"Python {platform.python_version()}, {done.stdout.strip()}; {platform.machine()}, {os.cpu_count()} processors."
    )


if __name__ == "__main__":
    sys.exit(main())
