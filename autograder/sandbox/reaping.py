"""Ends workers for good. Only their parent, the zygote, does this: until it reaps one, its pid is no one else's."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.limits import syscalls

POLL_SECONDS = 0.001


@dataclass(frozen=True)
class Ended:
    """How a worker ended: `status` as from `wait`, processor time, and the most memory that it held at once."""

    status: int
    cpu_seconds: float
    memory_bytes: int


def adopt_orphans() -> None:
    """Make whatever a worker leaves behind a child of this process, where it can be found and killed."""
    if sys.platform == "linux":
        syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)


def end(pid: int, grace: float, others: Collection[int] = ()) -> Ended:
    """Give a worker `grace` seconds to be dead already, kill it and its group, reap it and all that it left.

    `others` are the children of this process that stay.
    """
    ended = _await(pid, grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if ended is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        ended = _reap(pid, 0)
    while strays := _children() - set(others):
        for stray in strays:
            os.kill(stray, signal.SIGKILL)
            _reap(stray, 0)
    return ended or Ended(0, 0.0, 0)


def _await(pid: int, grace: float) -> Ended | None:
    deadline = time.monotonic() + grace
    while (ended := _reap(pid, os.WNOHANG)) is None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return ended


def _reap(pid: int, flags: int) -> Ended | None:
    found, status, usage = os.wait4(pid, flags)
    if found == 0:
        return None
    unit = 1024 if sys.platform == "linux" else 1
    return Ended(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def _children() -> set[int]:
    """Return every child of this single-threaded process, dead or alive; none where the system does not list them."""
    pid = os.getpid()
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))
    except OSError:
        return set()
