"""System calls that Python does not offer, through libc's `syscall` and `prctl`.

No package is used: the few that wrap Landlock and seccomp are compiled or unmaintained, and each of these calls is
one line here. Numbers differ between x86-64 and aarch64 only where both are given.
"""

import ctypes
import functools
import os
import platform
import sys

from autograder.sandbox.limits.layer import LayerUnavailable

MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
CAPSET = {"x86_64": 126, "aarch64": 91}
SECCOMP = {"x86_64": 317, "aarch64": 277}
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
MADV_COLLAPSE = 25
PR_SET_NO_NEW_PRIVS = 38


def machine() -> str:
    """Return "x86_64" or "aarch64", or raise LayerUnavailable for every other system."""
    if sys.platform != "linux":
        raise LayerUnavailable("only Linux has it")
    name = MACHINES.get(platform.machine().lower())
    if name is None or sys.maxsize < 2**32:
        raise LayerUnavailable(f"not written for {platform.machine()}")
    return name


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(number: int, *arguments: object) -> int:
    """Make a raw system call. Integers are passed as longs, everything else as ctypes has it; raises OSError."""
    machine()
    converted = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return _checked(int(_libc().syscall(ctypes.c_long(number), *converted)))


def madvise(address: int, size: int, advice: int) -> int:
    """Call madvise on a range of this process; raises OSError."""
    return _checked(int(_libc().madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), ctypes.c_int(advice))))


class _MallocStatistics(ctypes.Structure):
    """glibc's `struct mallinfo2` (since 2.33)."""

    _fields_ = (*((f"other_{place}", ctypes.c_size_t) for place in range(9)), ("keepcost", ctypes.c_size_t))


def heap_top() -> int | None:
    """Return the address from which on the heap is free; None where that is not told: before glibc 2.33, elsewhere."""
    libc = _libc()
    if not hasattr(libc, "mallinfo2"):
        return None
    libc.mallinfo2.restype, libc.sbrk.restype = _MallocStatistics, ctypes.c_size_t
    return int(libc.sbrk(0)) - int(libc.mallinfo2().keepcost)


def malloc_below(top: int, size: int) -> bool:
    """Allocate memory for good if there is a gap of this size below `top`; say whether there was."""
    libc = _libc()
    libc.malloc.restype = ctypes.c_size_t
    address = int(libc.malloc(ctypes.c_size_t(size)))
    if 0 < address < top:
        return True
    libc.free(ctypes.c_void_p(address))
    return False


def prctl(option: int, *arguments: int) -> int:
    """Call prctl, unused arguments zero; raises OSError."""
    machine()
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(int(_libc().prctl(ctypes.c_int(option), *map(ctypes.c_ulong, padded))))
