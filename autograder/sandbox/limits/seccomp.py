"""Seccomp: a list of the system calls that may be made (calls.py), as a program for the kernel's packet filter.

The filter is assembled here, instruction by instruction, because the packages that do it wrap a C library that a
container need not have. Constants are from include/uapi/linux/{seccomp,filter,audit,sched,prctl,fcntl}.h.
"""

import ctypes
import errno
import functools
import os
import struct
from collections.abc import Iterable, Iterator

from autograder.sandbox.limits import calls, syscalls

LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT, ARGUMENT_BYTES = 0, 4, 16, 8
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

KILL_PROCESS, ALLOW, ERROR = 0x80000000, 0x7FFF0000, 0x00050000
REFUSED, UNKNOWN = ERROR | errno.EPERM, ERROR | errno.ENOSYS
SET_MODE_FILTER = 1

CLONE_THREAD = 0x00010000
CLONE_NEW_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
TERMINAL_QUERIES = (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX
FCNTL_OWN_DESCRIPTOR = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS
PRCTL_HARMLESS = (3, 15, 16, 21, 23, 39)
WRITING = (
    os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | (getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY)
)

INSTRUCTION = struct.Struct("=HBBI")
Instruction = tuple[int, int, int, int]
Program = list[Instruction]


def filter_calls(*, files_are_restricted: bool) -> None:
    """Refuse this process every call that is not allowed, for good. Needs no_new_privs.

    Where Landlock does not restrict files, they may not be opened for writing at all, not even /dev/null.
    """
    machine = syscalls.machine()
    before, after = prepared(machine, files_are_restricted)
    program = before + _packed(_about_itself(machine, os.getpid())) + after
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // INSTRUCTION.size, ctypes.addressof(code)))
    syscalls.syscall(syscalls.SECCOMP[machine], SET_MODE_FILTER, 0, header)


@functools.cache
def prepared(machine: str, files_are_restricted: bool) -> tuple[bytes, bytes]:
    """Return all of the filter but what depends on the process. The zygote calls this, so that workers need not."""
    return _packed(_before(machine)), _packed(_after(machine, may_open_for_writing=files_are_restricted))


def assemble(machine: str, pid: int, *, may_open_for_writing: bool) -> Program:
    """Return the whole filter for the process `pid` on "x86_64" or "aarch64"."""
    return [
        *_before(machine),
        *_about_itself(machine, pid),
        *_after(machine, may_open_for_writing=may_open_for_writing),
    ]


def _packed(program: Iterable[Instruction]) -> bytes:
    return b"".join(INSTRUCTION.pack(*instruction) for instruction in program)


def _before(machine: str) -> Program:
    return [
        (LOAD, 0, 0, MACHINE_AT),
        (EQUAL, 1, 0, AUDIT[machine]),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        *_allowed(machine),
    ]


def _after(machine: str, *, may_open_for_writing: bool) -> Program:
    return [
        *_conditional(machine, may_open_for_writing=may_open_for_writing),
        (AT_LEAST, 0, 1, calls.FIRST_NEW_CALL),
        (RETURN, 0, 0, UNKNOWN),
        (RETURN, 0, 0, REFUSED),
    ]


def _allowed(machine: str) -> Iterator[Instruction]:
    for row in calls.ALLOWED:
        number = calls.number(row, machine)
        if number is not None:
            yield (EQUAL, 0, 1, number)
            yield (RETURN, 0, 0, ALLOW)


def _about_itself(machine: str, pid: int) -> Iterator[Instruction]:
    """Yield the calls that a process may make about itself but about no other."""
    blocks = (
        (calls.KILL, _if_one_of(0, (pid,))),
        (calls.TGKILL, _if_one_of(0, (pid,))),
        (calls.PRLIMIT, _if_one_of(0, (0, pid))),
    )
    yield from _blocks(machine, blocks)


def _conditional(machine: str, *, may_open_for_writing: bool) -> Iterator[Instruction]:
    """Yield the calls that depend on an argument, such as clone: threads but no processes."""
    opening = [(RETURN, 0, 0, ALLOW)] if may_open_for_writing else []
    blocks = (
        (calls.OPEN, opening or _unless_any_bit(1, WRITING)),
        (calls.OPENAT, opening or _unless_any_bit(2, WRITING)),
        (calls.IOCTL, _if_one_of(1, TERMINAL_QUERIES)),
        (calls.FCNTL, _if_one_of(1, FCNTL_OWN_DESCRIPTOR)),
        (calls.CLONE, _if_masked(0, CLONE_THREAD | CLONE_NEW_NAMESPACES, CLONE_THREAD)),
        (calls.PRCTL, _if_one_of(0, PRCTL_HARMLESS)),
    )
    yield from _blocks(machine, blocks)


def _blocks(machine: str, blocks: Iterable[tuple[calls.Row, Program]]) -> Iterator[Instruction]:
    """Yield each block behind a test for its call. A block always ends in a verdict."""
    for row, block in blocks:
        number = calls.number(row, machine)
        if number is not None:
            yield (EQUAL, 0, len(block), number)
            yield from block


def _argument(index: int) -> Instruction:
    """Load the low half of an argument. The kernel itself looks at no more of those that are tested here."""
    return (LOAD, 0, 0, ARGUMENTS_AT + ARGUMENT_BYTES * index)


def _if_one_of(index: int, values: tuple[int, ...]) -> Program:
    tests = [step for value in values for step in ((EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
    return [_argument(index), *tests, (RETURN, 0, 0, REFUSED)]


def _if_masked(index: int, mask: int, value: int) -> Program:
    return [
        _argument(index),
        (AND, 0, 0, mask),
        (EQUAL, 0, 1, value),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSED),
    ]


def _unless_any_bit(index: int, bits: int) -> Program:
    return [_argument(index), (ANY_BIT, 1, 0, bits), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSED)]
