"""Who would miss it: the TA on whose machine graders of a class are killed, by hand or for want of memory.

Graders that start together load the homework and PyTorch once: the first forks the others, and its zygote theirs.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .classroom import marks_in, slow_class
from .conftest import ROOT, command

PATIENCE = 120
OPTIONS = ("--only", "7", "--workers", "2")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="graders are forked from one another on Linux")


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.rglob("*") if path.suffix in (".csv", ".json", ".html")}


def processes(parent: int, word: str) -> list[int]:
    """The children of a process that were started with this word in their command, oldest first."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and word in (place / "cmdline").read_text():
                found.append((int(fields[19]), int(place.name)))
        except OSError:
            continue
    return [pid for _, pid in sorted(found)]


def crew(run: int) -> dict[str, int]:
    """The processes of two graders that are at work."""
    (first,) = processes(run, "regrade.worker")
    (forked,) = processes(first, "regrade.worker")
    (zygote,) = processes(first, "sandbox.zygote")
    return {
        "the first grader": first,
        "the grader that it forked": forked,
        "the first zygote": zygote,
        "the zygote that it forked": processes(zygote, "sandbox.zygote")[0],
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("class")
    export, out = slow_class(place / "class", submissions=12), place / "whole"
    assert command("regrade", export, "--out", out, *OPTIONS).returncode == 0
    return export, out


@pytest.mark.parametrize(
    "victim", ["the first grader", "the grader that it forked", "the first zygote", "the zygote that it forked"]
)
def test_a_process_of_the_graders_that_is_killed_costs_no_submission(
    undisturbed: tuple[Path, Path], tmp_path: Path, victim: str
) -> None:
    export, whole = undisturbed
    out = tmp_path / "run"
    arguments = [sys.executable, "-m", "autograder", "regrade", export, "--out", out, *OPTIONS]
    running = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while running.poll() is None and not marks_in(out):
        time.sleep(0.05)
    at_work = crew(running.pid)
    assert stays_beside(at_work, "the first grader", "the first zygote")
    assert stays_beside(at_work, "the grader that it forked", "the zygote that it forked")
    os.kill(at_work[victim], signal.SIGKILL)
    _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, said
    assert "Traceback" not in said
    assert files(out) == files(whole)
    assert [pid for pid in at_work.values() if is_alive(pid)] == []


def stays_beside(at_work: dict[str, int], grader: str, zygote: str) -> bool:
    """Whether both are kept on one and the same processor."""
    places = [os.sched_getaffinity(at_work[name]) for name in (grader, zygote)]
    return places[0] == places[1] and len(places[0]) == 1


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return "autograder" in Path(f"/proc/{pid}/cmdline").read_text() and not re.search(r"\) [ZX] ", state)
