"""How long it takes from a save to the new result under --watch, beside `python -c "import torch"`.

    .venv/bin/python benchmarks/watch.py [--rounds 7] [--json FILE]

A watched module is saved with one byte more; the time ends when the result stands on standard output, so it has the
look at the files, the grading of the question and the printing in it. The two are run in turn; the figure is the ratio
of the medians, for each question of examples/different.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "different"
LEAST = [sys.executable, "-c", "import torch"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--homework", type=Path, default=ROOT)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down")
    arguments = parser.parse_args()
    figures = measured(arguments.rounds, arguments.homework)
    for name, ratio in figures.items():
        print(f"{name:20} {ratio}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def measured(rounds: int, homework: Path) -> dict[str, float]:
    """Ratio for each module, and the seconds of the import."""
    with tempfile.TemporaryDirectory() as folder:
        submission = Path(shutil.copytree(EXAMPLE, Path(folder) / "submission"))
        command = [sys.executable, "-m", "autograder", str(submission), "--watch", "--homework", str(homework)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as watching:
            await_result(watching)
            modules = sorted(submission.glob("q*.py"))
            rows = [(importing(), *(saved(watching, module) for module in modules)) for _ in range(rounds)]
            watching.terminate()
    imports, *times = (statistics.median(column) for column in zip(*rows, strict=True))
    ratios = {module.stem: round(seconds / imports, 3) for module, seconds in zip(modules, times, strict=True)}
    return {"import_seconds": round(imports, 3), **ratios}


def importing() -> float:
    started = time.monotonic()
    subprocess.run(LEAST, check=True)
    return time.monotonic() - started


def saved(watching: "subprocess.Popen[str]", module: Path) -> float:
    text = module.read_text(encoding="utf-8")
    started = time.monotonic()
    module.write_text(text + "\n", encoding="utf-8")
    await_result(watching)
    return time.monotonic() - started


def await_result(watching: "subprocess.Popen[str]") -> None:
    assert watching.stdout is not None
    while "Watching" not in watching.stdout.readline():
        continue


if __name__ == "__main__":
    sys.exit(main())
