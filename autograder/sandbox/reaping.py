"""Ends workers for good. Only their parent, the zygote, does this: until it reaps one, its pid is no one else's."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection, Iterable
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


def kill(pids: Iterable[int]) -> None:
    """Kill workers and their groups. They are dead, and their pids still taken, until `end` reaps them."""
    for pid in pids:
        for send in (os.killpg, os.kill):
            # Its group may not exist yet; macOS refuses to signal the dead.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                send(pid, signal.SIGKILL)


def end(pid: int, grace: float) -> Ended:
    """Give a worker `grace` seconds to be dead already, then kill it and its group; reap it last of all."""
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and not _is_dead(pid):
        time.sleep(POLL_SECONDS)
    kill([pid])
    return _reap(pid)


def end_strays(workers: Collection[int]) -> None:
    """Kill and reap what dead workers left behind: every child of this process that is not one of `workers`."""
    while strays := _children() - set(workers):
        kill(strays)
        for stray in strays:
            _reap(stray)


def _is_dead(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _reap(pid: int) -> Ended:
    _, status, usage = os.wait4(pid, 0)
    unit = 1024 if sys.platform == "linux" else 1
    return Ended(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def _children() -> set[int]:
    """Return every child of this single-threaded process, dead or alive; none where the system does not list them."""
    pid = os.getpid()
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))
    except OSError:
        return set()
