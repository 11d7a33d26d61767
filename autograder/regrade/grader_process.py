"""A grader as a process of its own, and the socket to it; whoever starts one also ends it."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.regrade.messages import Channel

PROJECT = str(Path(__file__).resolve().parents[2])
BOOT = "import sys; sys.path.insert(0, sys.argv[2]); from autograder.regrade.worker import main; main(int(sys.argv[1]))"
# One thread each: there is a grader a core. A fixed hash seed: what a grader says must not depend on the process.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
LEAVE_SECONDS = 10.0


@dataclass(frozen=True)
class GraderProcess:
    """A process that was started, and our end of its socket."""

    process: subprocess.Popen[bytes]
    channel: Channel

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
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", BOOT, str(theirs.fileno()), PROJECT],
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    return GraderProcess(process, Channel(ours))
