"""A child of a run that loads the homework while the run does, and then judges what the run asks for from the store.

It is forked before the store is opened: what SQLite knows of an open file must not go into a forked process, and to
close the file for it would mean to wait for the disk.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from autograder.regrade.order import Order
from autograder.regrade.steady import is_steady
from autograder.settings import Limits

STANDARD_OUTPUT = 1
KEPT_OPEN = 3  # the first descriptor after the standard ones
Judge = Callable[[socket.socket, Order, Limits], None]  # what the child does, until it has judged or nobody asks
Share = Sequence[tuple[str, Sequence[str]]]  # contents by digest, each with the parts to be judged


@dataclass(frozen=True)
class Child:
    """A child's process, and our end of the socket to it."""

    process: int
    stream: socket.socket

    def end(self) -> None:
        self.stream.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


@dataclass
class JudgeWaiting:
    """The child that waits, as long as nobody has taken it."""

    child: Child | None = None

    def asked(self, keys: Mapping[str, str], share: Share) -> Child | None:
        """The child, which judges this share now; it is the caller's to end. None if there is none, or it has ended.

        It judges only where it read the same homework: `keys` are digests by part.
        """
        child, self.child = self.child, None
        if child is None:
            return None
        try:
            child.stream.sendall(json.dumps([dict(keys), list(share)]).encode() + b"\n")
        except OSError:
            child.end()
            return None
        return child


@contextmanager
def judge_waiting(order: Order, limits: Limits, judge: Judge, *, wanted: bool) -> Iterator[JudgeWaiting]:
    """Fork it, if one is wanted and this process judges as a grader's would. Nobody has the store open."""
    waiting = JudgeWaiting(_forked(order, limits, judge) if wanted and is_steady() else None)
    try:
        yield waiting
    finally:
        if waiting.child is not None:
            waiting.child.end()


def _forked(order: Order, limits: Limits, judge: Judge) -> Child:
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if not process:
        _be_waiting(theirs, order, limits, judge)
    theirs.close()
    return Child(process, ours)


def _be_waiting(stream: socket.socket, order: Order, limits: Limits, judge: Judge) -> None:
    """Load all, judge, and end this process; what is wrong with the homework, the run finds and says itself."""
    code = 1
    try:
        stream = child_socket(stream)
        os.dup2(os.open(os.devnull, os.O_WRONLY), STANDARD_OUTPUT)  # what suites print, they print in the run too
        judge(stream, order, limits)
        code = 0
    finally:
        os._exit(code)


def child_socket(stream: socket.socket) -> socket.socket:
    """In a child: leave Ctrl-C to the parent, and close all but the standard files and this socket: the run's lock has
    to go with the parent, however that ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stream = socket.socket(fileno=os.dup2(stream.detach(), KEPT_OPEN))
    for name in os.listdir("/dev/fd"):
        if int(name) > KEPT_OPEN:
            with suppress(OSError):  # what the listing itself had open
                os.close(int(name))
    return stream
