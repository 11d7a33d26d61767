"""How a grader's process begins: the zygote's comes first, whose import of PyTorch takes longest, then all else."""

import signal
import socket
from types import FrameType

from autograder.regrade.first_graders import RUNS_CODE
from autograder.sandbox.zygote_process import start_zygote


def main(what: str, *descriptors: int) -> None:
    """Serve the run at the other ends of these sockets: the first here, each further one in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then closes the socket
    signal.signal(signal.SIGTERM, _leave)
    zygote = start_zygote(warm=True) if what == RUNS_CODE else None
    from autograder.regrade.worker import main as serve_all

    serve_all([socket.socket(fileno=descriptor) for descriptor in descriptors], zygote)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # the ways out of contexts are taken: no worker and no folder is left
