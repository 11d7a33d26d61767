"""Who the worker is: capabilities, groups, user; and what others may do to it."""

import contextlib
import ctypes
import os
import signal
import struct
import sys

from autograder.sandbox.limits import syscalls
from autograder.sandbox.limits.layer import Confinement, LayerUnavailable

CAPABILITY_VERSION = 0x20080522
CAPABILITIES = 64


def empty_bounding_set() -> None:
    """Give up what an executed program could be given. Once, in the zygote, which executes none; workers inherit it."""
    # Without CAP_SETPCAP the set stays; no_new_privs makes it worthless anyway.
    with contextlib.suppress(OSError):
        for capability in range(CAPABILITIES):
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)


def change_user(plan: Confinement) -> None:
    """Drop capabilities, groups, group and user for good. Raises if any of it is still there afterwards."""
    if plan.user is None or plan.group is None:
        raise LayerUnavailable("only root may become another user")
    os.setgroups([])
    os.setgid(plan.group)
    os.setuid(plan.user)
    if sys.platform == "linux":
        _drop_capabilities()
    if os.getuid() != plan.user or os.geteuid() != plan.user or os.getgid() != plan.group or os.getgroups():
        raise LayerUnavailable("the user did not change")


def _drop_capabilities() -> None:
    header = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION, 0))
    nothing = ctypes.create_string_buffer(bytes(24))
    syscalls.syscall(syscalls.CAPSET[syscalls.machine()], header, nothing)


def refuse_inspection(_: Confinement) -> None:
    """Be no one's to trace or to dump, not even another process of the same user."""
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)


def die_with_parent(plan: Confinement) -> None:
    """Die when the zygote does. Comes after the change of user, which would clear it."""
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != plan.parent:
        os._exit(1)


def renounce_privileges(_: Confinement) -> None:
    """Set no_new_privs: no set-user-id program gives anything back."""
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
