"""A grader as a process of its own, and the socket to it; whoever starts one also ends it.

Several that are started at once load the homework and import PyTorch once: the first forks the others when it is ready.
"""

import subprocess
from dataclasses import dataclass

from autograder.regrade.first_graders import LEAVE_SECONDS, FirstGraders, start_graders
from autograder.regrade.messages import Channel
from autograder.sandbox.distant_process import CAN_BE_WATCHED, DistantProcess


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
    (grader,) = _launch_together(1, runs_code=False)
    return grader


def launch_several(count: int, *, runs_code: bool) -> list[GraderProcess]:
    """Start graders; those that will run code import PyTorch at once. One that is not forked is to be told what to
    grade against; the others are as it is.
    """
    if CAN_BE_WATCHED:
        return _launch_together(count, runs_code=runs_code)
    return [grader for _ in range(count) for grader in _launch_together(1, runs_code=runs_code)]


def _launch_together(count: int, *, runs_code: bool) -> list[GraderProcess]:
    return used(start_graders(count, runs_code=runs_code), count)


def used(started: FirstGraders, count: int) -> list[GraderProcess]:
    """So many of the graders that were started; the others find nobody at the other end of their sockets."""
    for ours in started.sockets[count:]:
        ours.close()
    return [
        GraderProcess(DistantProcess() if at else started.process, Channel(ours))
        for at, ours in enumerate(started.sockets[:count])
    ]
