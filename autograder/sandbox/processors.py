"""The processors of this machine, where the system lets a process stay on one."""

import os
import sys


def usable() -> tuple[int, ...]:
    """Return the numbers of the processors that this process may use; none where it cannot be told to stay on one."""
    return tuple(sorted(os.sched_getaffinity(0))) if sys.platform == "linux" else ()


def keep(pid: int, cpu: int) -> None:
    """Have a process, and all that it forks from now on, stay on one processor; 0 is this process. Raises OSError."""
    if sys.platform == "linux":
        os.sched_setaffinity(pid, {cpu})
