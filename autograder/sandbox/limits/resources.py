"""Resource limits: processor time, memory, files, processes."""

import contextlib
import os
import resource
import sys

from autograder.sandbox.limits.layer import Confinement

# For an ordinary user RLIMIT_NPROC counts everything that user runs, so the small limit would forbid even threads.
ORDINARY_USER_PROCESSES = 512
# Beyond what the process has mapped already: a build of torch with more in it must not leave students with nothing.
LEAST_ROOM = 384 << 20


def limit_resources(plan: Confinement) -> None:
    """Set every limit, soft and hard. A process over its CPU time gets SIGXCPU, and SIGKILL a second later."""
    _offer_to_out_of_memory_killer()
    processes = plan.processes if plan.user is not None else ORDINARY_USER_PROCESSES
    _limit("RLIMIT_CPU", plan.cpu_seconds, plan.cpu_seconds + 1)
    if sys.platform == "linux":  # elsewhere it is refused, or ignored
        _limit("RLIMIT_AS", max(plan.memory_bytes, _mapped_bytes() + LEAST_ROOM))
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NPROC", processes)
    _limit("RLIMIT_MSGQUEUE", 0)
    _limit("RLIMIT_NOFILE", plan.open_files)


def _limit(name: str, soft: int, hard: int | None = None) -> None:
    if not hasattr(resource, name):
        return
    which = getattr(resource, name)
    _, ceiling = resource.getrlimit(which)
    wanted = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        wanted = min(wanted, ceiling)
    resource.setrlimit(which, (min(soft, wanted), wanted))


def _mapped_bytes() -> int:
    """Return the size of this process's address space; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _offer_to_out_of_memory_killer() -> None:
    """Be the first process to go when the container has no memory left, before the grader."""
    if sys.platform == "linux":
        # Without /proc the limits still hold; only the order of sacrifice is lost.
        with contextlib.suppress(OSError):
            descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
            try:
                os.write(descriptor, b"1000")
            finally:
                os.close(descriptor)
