"""A grader as a process of its own, and the socket to it; whoever starts one also ends it.

Several that are started at once load the homework and import PyTorch once: the first forks the others when it is ready.
"""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.regrade.messages import Channel
from autograder.regrade.steady import ENVIRONMENT
from autograder.sandbox.distant_process import CAN_BE_WATCHED, DistantProcess

PROJECT = str(Path(__file__).resolve().parents[2])
BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from autograder.regrade.worker import main;"
    " main(*map(int, sys.argv[2:]))"
)
LEAVE_SECONDS = 10.0


@dataclass(frozen=True)
class GraderProcess:
    """A process that was started, and our end of its socket. One that another grader forks is known when it says so."""

    process: subprocess.Popen[bytes] | DistantProcess
    channel: Channel

    @property
    def is_forked(self) -> bool:
        return isinstance(self.process, DistantProcess)

    def known_as(self, pid: int) -> None:
        """Take note of the number that a grader says it has."""
        if isinstance(self.process, DistantProcess):
            self.process.known_as(pid)

    def dismiss(self) -> None:
        """End it and wait for it: it leaves when its socket closes, is told if it does not, and then killed."""
        self.channel.stream.close()
        for insist in (self.process.terminate, self.process.kill):
            try:
                self.process.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                insist()
        self.process.wait()


def launch() -> GraderProcess:
    """Start a grader. It waits to be told what to grade against."""
    (grader,) = _launch_together(1)
    return grader


def launch_several(count: int) -> list[GraderProcess]:
    """Start graders. One that is not forked is to be told what to grade against; the others are as it is."""
    return _launch_together(count) if CAN_BE_WATCHED else [launch() for _ in range(count)]


def _launch_together(count: int) -> list[GraderProcess]:
    pairs = [socket.socketpair() for _ in range(count)]
    process = _start([theirs.fileno() for _, theirs in pairs])
    for _, theirs in pairs:
        theirs.close()
    return [GraderProcess(DistantProcess() if at else process, Channel(ours)) for at, (ours, _) in enumerate(pairs)]


def _start(descriptors: list[int]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", BOOT, PROJECT, *map(str, descriptors)],
        env=os.environ | ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
    )
