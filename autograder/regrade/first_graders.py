"""Starts the processes of graders. Little is imported here: in a first run it is what is done before all else, so that
PyTorch is imported while the export and the homework are read.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.regrade.order import Order
from autograder.regrade.steady import ENVIRONMENT
from autograder.sandbox.distant_process import CAN_BE_WATCHED

PROJECT = str(Path(__file__).resolve().parents[2])
BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from autograder.regrade.worker_start import main;"
    " main(sys.argv[2], *map(int, sys.argv[3:]))"
)
LEAVE_SECONDS = 10.0
MOST = 64  # sockets for graders of which perhaps few are wanted: a process may have only so many files open
RUNS_CODE, RUNS_NONE = "runs_code", "runs_none"


@dataclass(frozen=True)
class FirstGraders:
    """The process that a grader is, or that forks several of them, and our ends of the sockets to each."""

    process: subprocess.Popen[bytes]
    sockets: list[socket.socket]


def start_graders(count: int, *, runs_code: bool) -> FirstGraders:
    """Start a process that will be so many graders. One that `runs_code` has PyTorch imported at once."""
    pairs = [socket.socketpair() for _ in range(count)]
    process = _start([theirs.fileno() for _, theirs in pairs], RUNS_CODE if runs_code else RUNS_NONE)
    for _, theirs in pairs:
        theirs.close()
    return FirstGraders(process, [ours for ours, _ in pairs])


def _start(descriptors: list[int], what: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", BOOT, PROJECT, what, *map(str, descriptors)],
        env=os.environ | ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
    )


@dataclass
class Waiting:
    """Graders that were started before anybody knew what there is to grade; none, if somebody has taken them."""

    graders: FirstGraders | None = None

    def take(self) -> FirstGraders | None:
        """They are somebody else's to end from now on."""
        taken, self.graders = self.graders, None
        return taken


@contextmanager
def graders_waiting(order: Order) -> Iterator[Waiting]:
    """Start the graders of a first run, if a few are to be on this machine. Those that nobody has taken are ended."""
    here = not order.scheduler and CAN_BE_WATCHED and order.workers <= MOST
    waiting = Waiting(start_graders(order.workers, runs_code=True) if here else None)
    try:
        yield waiting
    finally:
        left = waiting.take()
        if left is not None:
            for ours in left.sockets:
                ours.close()
            left.process.terminate()
            try:
                with suppress(subprocess.TimeoutExpired):
                    left.process.wait(LEAVE_SECONDS)
            finally:
                left.process.kill()  # also where the waiting was interrupted
            left.process.wait()
