"""A rehearsal of Gradescope: a clean system, the uploaded zip, setup.sh, and run_autograder on real submissions.

    make rehearsal      or      .venv/bin/python scripts/rehearsal.py [--cpus 0.5] [--memory 768] [SUBMISSION ...]

Needs Linux, root and debootstrap. The clean system is made once in .rehearsal/ and copied for each rehearsal. setup.sh
gets the network and pip's configuration of this machine; run_autograder gets what an unprivileged container has: its
own processes, no network, Docker's usual capabilities, and a share of the machine. Exit code 1 if anything fell short.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from check_results import problems_of
from container import Container, Share

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".rehearsal"
METADATA = {
    "id": 1,
    "created_at": "2026-04-26T17:34:00.861687-07:00",
    "assignment": {
        "due_date": "2026-04-27T23:59:00.000000-07:00",
        "late_due_date": None,
        "release_date": "2026-04-13T00:00:00.000000-07:00",
        "group_size": 1,
        "group_submission": False,
        "id": 1,
        "course_id": 1,
        "title": "Homework 9",
        "total_points": "100.0",
    },
    "submission_method": "upload",
    "users": [{"email": "student@example.edu", "id": 1, "name": "A Student"}],
    "previous_submissions": [],
}


@dataclass(frozen=True)
class Played:
    """What came of one submission."""

    name: str
    seconds: float
    peak_mebibytes: float | None
    problems: tuple[str, ...]
    score: float | None


def main() -> int:
    arguments = parse()
    if reason := cannot_run():
        print(f"rehearsal: {reason}", file=sys.stderr)
        return 2
    stage = WORK / "stage"
    if not arguments.again:
        set_the_stage(base_system(arguments.suite), stage)
    lay_out(make_zip(), stage / "autograder")
    if not arguments.again and not run_setup(stage):
        print("rehearsal: setup.sh failed", file=sys.stderr)
        return 1
    share = Share(cpus=arguments.cpus, mebibytes=arguments.memory)
    return report([play(stage, submission, share) for submission in arguments.submissions or examples()])


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("submissions", nargs="*", type=Path, metavar="SUBMISSION", help="all examples, if not given")
    parser.add_argument("--suite", default="bookworm", help="the Debian release (default: %(default)s)")
    parser.add_argument("--cpus", type=float, default=0.5, help="processors (default: Gradescope's %(default)s)")
    parser.add_argument("--memory", type=int, default=768, help="MiB (default: Gradescope's %(default)s)")
    parser.add_argument("--again", action="store_true", help="in the last rehearsal's system, without setup.sh")
    return parser.parse_args()


def cannot_run() -> str | None:
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a clean system can only be made by root on Linux"
    missing = [tool for tool in ("debootstrap", "unshare", "setpriv") if shutil.which(tool) is None]
    return f"{missing[0]} is missing (apt-get install debootstrap util-linux)" if missing else None


def examples() -> list[Path]:
    """The reference, which must get every point, the template, which must get none, and the examples."""
    return [
        ROOT / "reference",
        ROOT / "student_template",
        *sorted(p for p in (ROOT / "examples").iterdir() if any(p.glob("*.py"))),
    ]


def base_system(suite: str) -> Path:
    base = WORK / suite
    if not base.is_dir():
        making = WORK / f"{suite}.making"
        shutil.rmtree(making, ignore_errors=True)
        print(f"making a clean {suite} in {base} (once)", flush=True)
        mirror = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
        subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3", suite, str(making), mirror],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        making.rename(base)
    return base


def set_the_stage(base: Path, stage: Path) -> None:
    shutil.rmtree(stage, ignore_errors=True)
    subprocess.run(["cp", "-a", str(base), str(stage)], check=True)


def make_zip() -> Path:
    subprocess.run([sys.executable, "-m", "autograder", "package", "--out", str(WORK)], cwd=ROOT, check=True)
    return WORK / "autograder.zip"


def lay_out(archive: Path, autograder: Path) -> None:
    """As Gradescope does: the zip in source/, a copy of run_autograder beside it."""
    source = autograder / "source"
    source.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(source)
    copy = shutil.copy(source / "run_autograder", autograder / "run_autograder")
    Path(copy).chmod(0o755)


def run_setup(stage: Path) -> bool:
    container = Container(stage, network=True)
    settings, paths = pip_configuration()
    before = system_python(container)
    started = time.monotonic()
    finished = container.run(["bash", "/autograder/source/setup.sh"], environment=settings, visible=paths)
    print(f"setup.sh took {time.monotonic() - started:.0f} s", flush=True)
    if before != system_python(container):
        print("rehearsal: setup.sh replaced the system's python3", file=sys.stderr)
        return False
    return finished.returncode == 0


def system_python(container: Container) -> str:
    command = ["sh", "-c", "readlink -f /usr/bin/python3 && python3 --version"]
    return container.run(command, stdout=subprocess.PIPE).stdout


def pip_configuration() -> tuple[dict[str, str], list[Path]]:
    """Pip's settings on this machine as environment variables, and the local files and folders that they name."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    settings: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        settings.setdefault("PIP_" + key.rpartition(".")[2].upper().replace("-", "_"), value.strip("'\""))
    settings |= {
        key: value for key, value in os.environ.items() if key.startswith(("PIP_", "TORCH_INDEX", "TORCH_PROBE"))
    }
    words = " ".join(settings.values()).replace("file://", "").split()
    paths = {above_an_index(Path(word)) for word in words if word.startswith("/") and Path(word).exists()}
    return settings, sorted(paths)


def above_an_index(path: Path) -> Path:
    """A folder laid out as an index links to files beside itself."""
    return path.parent if path.name == "simple" else path


def play(stage: Path, submission: Path, share: Share) -> Played:
    autograder = stage / "autograder"
    for name in ("submission", "results"):
        shutil.rmtree(autograder / name, ignore_errors=True)
    (autograder / "results").mkdir()
    shutil.copytree(submission, autograder / "submission", symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    (autograder / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    before = written(stage)
    container = Container(stage, network=False)
    started = time.monotonic()
    finished = container.run(["./run_autograder"], folder="/autograder", share=share)
    seconds = time.monotonic() - started
    problems = judge(submission.name, autograder / "results" / "results.json")
    problems += [f"wrote {path}" for path in sorted(written(stage) - before)]
    if finished.returncode != 0:
        problems.append(f"run_autograder ended with {finished.returncode}")
    return Played(submission.name, seconds, share.peak_mebibytes(), tuple(problems), score_of(autograder))


def written(stage: Path) -> set[str]:
    """Every file of the system with its time, but those that a run may write."""
    kept = [
        argument
        for place in ("results", "submission")
        for argument in ("-path", f"./autograder/{place}", "-prune", "-o")
    ]
    found = subprocess.run(
        ["find", ".", "-xdev", *kept, "-type", "f", "-printf", "%p %T@\n"],
        cwd=stage, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(found.stdout.splitlines())


def judge(name: str, results: Path) -> list[str]:
    problems = problems_of(results)
    if problems:
        return problems
    content = json.loads(results.read_text(encoding="utf-8"))
    if not content.get("tests"):
        problems.append(content.get("output", "no tests"))
    wanted = {"reference": 100, "student_template": 0}.get(name)
    if wanted is not None and content.get("score") != wanted:
        problems.append(f"the score is {content.get('score')}, not {wanted}")
    return problems


def score_of(autograder: Path) -> float | None:
    try:
        return float(json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))["score"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def report(plays: Sequence[Played]) -> int:
    print(f"\n{'submission':<24}{'score':>8}{'seconds':>9}{'MiB':>7}")
    for play in plays:
        peak = "?" if play.peak_mebibytes is None else f"{play.peak_mebibytes:.0f}"
        print(f"{play.name:<24}{'-' if play.score is None else f'{play.score:g}':>8}{play.seconds:>9.1f}{peak:>7}")
        print_all(play.problems)
    return 1 if any(play.problems for play in plays) else 0


def print_all(problems: Iterable[str]) -> None:
    for problem in problems:
        print(f"    {problem}")


if __name__ == "__main__":
    sys.exit(main())
