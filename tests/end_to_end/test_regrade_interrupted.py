"""Who would miss it: the TA who presses Ctrl-C, and presses it again because nothing seems to happen."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.timing import children, tree

from .classroom import everything, marks_in, slow_class
from .conftest import ROOT, command
from .dask_here import Scheduler, scheduler, worker

__all__ = ["scheduler"]  # a fixture

HERE = ("--workers", "2")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that takes a moment, and beside it what a run comes to that nobody disturbs."""
    place = tmp_path_factory.mktemp("slow")
    export = slow_class(place / "class", 8)
    assert command("regrade", export, "--out", place / "whole", "--only", "7", *HERE).returncode == 0
    return place


@dataclass(frozen=True)
class Running:
    """A run that has marked something of a class, with all processes that it had started by then."""

    process: "subprocess.Popen[bytes]"
    said: Path
    started: Sequence[int]

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def is_still_there(self) -> None:
        with pytest.raises(subprocess.TimeoutExpired):
            self.process.wait(1.5)

    def has_stopped(self, seconds: float) -> None:
        """Within so many seconds, with a sentence, and with nothing left behind."""
        code = self.process.wait(seconds)
        said = self.said.read_text()
        assert code == 130, said
        assert said.splitlines()[-1] == "autograder: Stopped. Give the same command again to go on."
        assert "Traceback" not in said
        assert left_of(self.started) == []


@contextmanager
def at_work(slow: Path, out: Path, *further: str) -> Iterator[Running]:
    """A run that goes on, or begins, and has just marked something."""
    arguments = [sys.executable, "-m", "autograder", "regrade", slow / "class", "--out", out, "--only", "7", *further]
    said, marked = out.with_suffix(".said"), marks_in(out)
    with said.open("wb") as stream:
        process = subprocess.Popen(arguments, cwd=ROOT, stderr=stream)
    started: list[int] = []
    try:
        while process.poll() is None and marks_in(out) <= marked:
            time.sleep(0.05)
        started += tree(process.pid)
        yield Running(process, said, started)
    finally:
        for pid in started:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def can_be_gone_on_with(slow: Path, out: Path, *further: str) -> None:
    done = command("regrade", slow / "class", "--out", out, "--only", "7", *further)
    assert done.returncode == 0, done.stderr
    assert everything(out) == everything(slow / "whole")


def left_of(processes: Sequence[int], seconds: float = 10) -> list[str]:
    """The command lines of those that are still there when nobody leaves any more, dead ones apart."""
    until = time.monotonic() + seconds
    while (left := [line for pid in processes if (line := command_line(pid))]) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def command_line(pid: int) -> str:
    """Nothing for a process that is dead, or gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def test_ctrl_c_ends_all_processes_and_a_second_one_waits_for_none(slow: Path, tmp_path: Path) -> None:
    with at_work(slow, tmp_path / "run", *HERE) as running:
        running.interrupt()
        running.has_stopped(60)
    with at_work(slow, tmp_path / "run", *HERE) as running:
        graders = [pid for pid in running.started if "autograder.regrade.worker" in command_line(pid)]
        assert len(graders) == 2
        for pid in graders:
            os.kill(pid, signal.SIGSTOP)  # so that they do not leave when they are asked to
        running.interrupt()
        running.is_still_there()
        running.interrupt()
        running.has_stopped(5)
    can_be_gone_on_with(slow, tmp_path / "run", *HERE)


def test_ctrl_c_ends_the_graders_of_a_cluster_and_a_second_one_waits_for_no_scheduler(
    slow: Path, scheduler: Scheduler, tmp_path: Path
) -> None:
    there = ("--scheduler", scheduler.address)
    with worker(scheduler.file, 1) as only:
        with at_work(slow, tmp_path / "run", *there) as running:
            graders = children(only.pid)
            assert graders
            running.interrupt()
            running.has_stopped(60)
            assert left_of(graders) == []
        with at_work(slow, tmp_path / "run", *there) as running:
            scheduler.process.send_signal(signal.SIGSTOP)
            running.interrupt()
            running.is_still_there()
            running.interrupt()
            running.has_stopped(10)
            scheduler.process.send_signal(signal.SIGCONT)
        can_be_gone_on_with(slow, tmp_path / "run", *there)
