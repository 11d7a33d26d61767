"""Where the time goes: of one submission from nothing, of one more in a class, of a run after a change.

    .venv/bin/python benchmarks/where_time_goes.py [--rounds 5] [--submissions 120]

Prints a table for each, draws docs/speed.svg, and stores the figures. Wall time, by the looks of benchmarks/sampler.py;
medians of the rounds. Matplotlib, which draws, comes with `make setup-dev`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.pipeline import grade_submission, own_runner  # noqa: E402
from autograder.sandbox.launcher import Zygote  # noqa: E402
from autograder.scoring.course import load_course  # noqa: E402
from autograder.scoring.runner import OwnRunners  # noqa: E402
from autograder.settings import Homework, Limits  # noqa: E402
from autograder.submission.reader import read_submission  # noqa: E402
from benchmarks.classes import change_one_part, copy_homework, make_class  # noqa: E402
from benchmarks.sampler import Sampler  # noqa: E402
from benchmarks.starting import AUTOGRADER, EXAMPLE  # noqa: E402
from benchmarks.table import write_figures  # noqa: E402
from benchmarks.timing import machine, spent  # noqa: E402

FIGURES, PICTURE = ROOT / "benchmarks" / "figures" / "where_time_goes.json", ROOT / "docs" / "speed.svg"
PYTHON = "Python starts and ends"
WARMING = 12
SMALLEST = 0.015  # of the whole; less goes with the rest
REST = "the rest"
Seconds = dict[str, float]


def main() -> int:
    options = parse()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        profiles = {
            "one submission from nothing": median_of(cold(place) for _ in range(options.rounds)),
            "one more submission of a class": one_more(place, options.submissions),
            f"{options.submissions} submissions after a change": median_of(after_a_change(place, options)),
        }
    profiles = {title: without_crumbs(seconds) for title, seconds in profiles.items()}
    for title, seconds in profiles.items():
        show(title, seconds)
    write_figures(options.json, {"seconds": profiles, "machine": machine()})
    draw(profiles, options.picture)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--submissions", type=int, default=120)
    parser.add_argument("--json", type=Path, metavar="FILE", default=FIGURES, help=f"default: {FIGURES}")
    parser.add_argument("--picture", type=Path, metavar="FILE", default=PICTURE, help=f"default: {PICTURE}")
    return parser.parse_args()


def cold(place: Path) -> Seconds:
    return sampled(place, ["grade", EXAMPLE])


def after_a_change(place: Path, options: argparse.Namespace) -> Iterator[Seconds]:
    """Each round changes one part again."""
    export, homework = make_class(place / "class", options.submissions, broken=False), copy_homework(place / "homework")
    run = ["regrade", str(export), "--out", str(place / "run"), "--homework", str(homework)]
    spent([*AUTOGRADER, *run])
    for _ in range(options.rounds):
        time.sleep(1.0)  # the change is by the second
        change_one_part(homework)
        yield sampled(place, run)


def sampled(place: Path, arguments: Sequence[str]) -> Seconds:
    """One command, looked at from its first line to its last."""
    figures = place / "looks.json"
    started = time.perf_counter()
    command = [sys.executable, "benchmarks/sampler.py", str(figures), *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    whole = time.perf_counter() - started
    if not figures.exists():
        sys.exit(done.stderr)
    found: Seconds = json.loads(figures.read_text(encoding="utf-8"))
    figures.unlink()
    return {**found, PYTHON: max(0.0, whole - sum(found.values()))}


def one_more(place: Path, submissions: int) -> Seconds:
    """What a grader that is ready does for one submission, without what the run does around it."""
    limits = Limits()
    export = make_class(place / "one_more", WARMING + submissions, broken=False)
    with Zygote(limits, warm=True) as zygote:
        course = load_course(Homework(ROOT), (), limits)
        course.marker.prepare()
        with own_runner(course.reference, zygote) as reference:
            own = OwnRunners(reference)
            sampler = None
            for number, folder in enumerate(sorted(export.iterdir())):
                if number == WARMING:
                    sampler = Sampler(place / "one_more.json")
                submission = read_submission(folder, course.expected_files, limits)
                grade_submission(submission, course, zygote, own, limits)
    found = sampler.stop() if sampler else {}
    return {kind: seconds / submissions for kind, seconds in found.items()}


def median_of(rounds: Iterator[Seconds]) -> Seconds:
    found = list(rounds)
    kinds = dict.fromkeys(kind for seconds in found for kind in seconds)
    return {kind: statistics.median(seconds.get(kind, 0.0) for seconds in found) for kind in kinds}


def without_crumbs(seconds: Mapping[str, float]) -> Seconds:
    """The largest first; what is hardly anything goes with the rest, which comes last."""
    whole = sum(seconds.values())
    large = {kind: taken for kind, taken in seconds.items() if taken >= SMALLEST * whole and kind != REST}
    ordered = dict(sorted(large.items(), key=lambda item: -item[1]))
    return {**ordered, REST: whole - sum(large.values())}


def show(title: str, seconds: Mapping[str, float]) -> None:
    whole = sum(seconds.values())
    print(f"\n| {title} | ms | share |\n| --- | --- | --- |")
    for kind, taken in seconds.items():
        print(f"| {kind} | {1000 * taken:.{0 if whole > 1 else 1}f} | {taken / whole:.0%} |")
    print(f"| together | {1000 * whole:.{0 if whole > 1 else 1}f} | |")


def draw(profiles: Mapping[str, Mapping[str, float]], picture: Path) -> None:
    """A bar for each, from 0 to 100 %, with what the large pieces are written into them."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "speed", "font.size": 9})
    kinds = list(dict.fromkeys(kind for seconds in profiles.values() for kind in seconds))
    colours = dict(zip(kinds, plt.get_cmap("tab20").colors, strict=False))
    figure, axes = plt.subplots(figsize=(9.5, 3.6), layout="constrained")
    for row, (title, seconds) in enumerate(profiles.items()):
        stack(axes, row, seconds, colours)
        whole = sum(seconds.values())
        said = f"{whole:.2f} s" if whole > 1 else f"{1000 * whole:.0f} ms"
        axes.text(0, row - 0.42, f"{title}: {said}", va="bottom", weight="bold")
    axes.set(yticks=[], ylim=(len(profiles) - 0.5, -0.75), xlim=(0, 100), xlabel="% of the wall time")
    axes.spines[["top", "right", "left"]].set_visible(False)
    handles = [plt.Rectangle((0, 0), 1, 1, color=colours[kind]) for kind in kinds]
    figure.legend(handles, kinds, loc="outside right upper", frameon=False)
    figure.savefig(picture, metadata={"Date": None})
    print(f"drawn to {picture}")


def stack(axes: object, row: int, seconds: Mapping[str, float], colours: Mapping[str, object]) -> None:
    left, whole = 0.0, sum(seconds.values())
    for kind, taken in seconds.items():
        share = 100 * taken / whole
        axes.barh(row, share, left=left, height=0.55, color=colours[kind])
        if share > 6:
            axes.text(left + share / 2, row, f"{share:.0f} %", ha="center", va="center")
        left += share


if __name__ == "__main__":
    sys.exit(main())
