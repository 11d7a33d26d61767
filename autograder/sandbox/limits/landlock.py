"""Landlock: files may be read in the places that were opened beforehand and in the submission's own folder, no others.

It also refuses TCP, signals and abstract sockets to others where the kernel is new enough; seccomp refuses them anyway.
Structures and numbers are from the kernel's include/uapi/linux/landlock.h.
"""

import ctypes
import os
import stat
import struct

from autograder.sandbox.limits import syscalls
from autograder.sandbox.limits.layer import Confinement, LayerUnavailable

VERSION_FLAG = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIRECTORY = 1 << 0, 1 << 1, 1 << 2, 1 << 3
# The highest file right of each version: all rights up to it are handled, that is, refused unless a rule grants them.
LAST_RIGHT = {1: 12, 2: 13, 3: 14, 4: 14, 5: 15}
TCP_BIND_AND_CONNECT, NETWORK_SINCE = 0b11, 4
SOCKETS_AND_SIGNALS, SCOPES_SINCE = 0b11, 6
ATTRIBUTE_BYTES = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16}
NEWEST_ATTRIBUTE_BYTES = 24


def restrict_files(plan: Confinement) -> None:
    """Restrict this process for good. Raises LayerUnavailable if the kernel has no Landlock, or has it turned off."""
    ruleset = _create_ruleset(_version())
    try:
        for handle in plan.readable:
            _allow_reading(ruleset, handle)
        folder = os.open(plan.folder, os.O_PATH | os.O_CLOEXEC)
        _allow_reading(ruleset, folder)
        os.close(folder)
        syscalls.syscall(syscalls.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _version() -> int:
    try:
        return syscalls.syscall(syscalls.LANDLOCK_CREATE_RULESET, None, 0, VERSION_FLAG)
    except OSError as error:
        raise LayerUnavailable(f"the kernel has no Landlock ({error.strerror})") from error


def _create_ruleset(version: int) -> int:
    files = (1 << (LAST_RIGHT.get(version, max(LAST_RIGHT.values())) + 1)) - 1
    network = TCP_BIND_AND_CONNECT if version >= NETWORK_SINCE else 0
    scopes = SOCKETS_AND_SIGNALS if version >= SCOPES_SINCE else 0
    size = ATTRIBUTE_BYTES.get(version, NEWEST_ATTRIBUTE_BYTES)
    attributes = ctypes.create_string_buffer(struct.pack("=QQQ", files, network, scopes)[:size], size)
    return syscalls.syscall(syscalls.LANDLOCK_CREATE_RULESET, attributes, size, 0)


def _allow_reading(ruleset: int, handle: int) -> None:
    """Let what is at or below the handle be read; a device such as /dev/null may be written to, which keeps nothing."""
    mode = os.fstat(handle).st_mode
    rights = READ_FILE
    if stat.S_ISDIR(mode):
        rights |= READ_DIRECTORY
    elif stat.S_ISCHR(mode):
        rights |= WRITE_FILE
    rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, handle), 12)
    syscalls.syscall(syscalls.LANDLOCK_ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0)
