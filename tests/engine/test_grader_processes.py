"""Who would miss it: the TA whose machine cannot tell of processes that others started (macOS), or whose graders go."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from autograder.regrade import grader_process
from autograder.sandbox.distant_process import CAN_BE_WATCHED, DistantProcess

needs_descriptors = pytest.mark.skipif(not CAN_BE_WATCHED, reason="no descriptor stands for a process here")


@pytest.fixture
def orphan():
    """The number of a process that a child of ours started and left behind."""
    command = "import subprocess, sys; print(subprocess.Popen(['sleep', '60'], stdout=subprocess.DEVNULL).pid)"
    started = subprocess.run([sys.executable, "-c", command], stdout=subprocess.PIPE, text=True, check=True)
    pid = int(started.stdout)
    yield pid
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@needs_descriptors
@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_a_process_that_another_one_started_is_waited_for_and_ended(orphan: int, end: str) -> None:
    process = DistantProcess(orphan)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)
    getattr(process, end)()
    process.wait(10)
    process.wait(10)  # again, as often as one likes


@needs_descriptors
def test_a_process_that_is_gone_or_was_never_known_has_ended() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for process in (DistantProcess(gone.pid), DistantProcess()):
        process.terminate()
        process.kill()
        process.wait(0)


def test_where_processes_cannot_be_watched_each_grader_is_started_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grader_process, "CAN_BE_WATCHED", False)
    graders = grader_process.launch_several(2, runs_code=False)
    assert [grader.is_forked for grader in graders] == [False, False]
    for grader in graders:
        grader.dismiss()
