"""A process as Docker would start it: its default capabilities and its default profile of system calls, on x86-64.

Facts from moby's profiles/seccomp/default.json and the list of capabilities that a container gets without --privileged.
"""

import ctypes
import errno
import platform
import struct

from autograder.sandbox.limits import seccomp, syscalls
from autograder.sandbox.limits.identity import CAPABILITIES

RUNS_HERE = platform.machine() == "x86_64"
# chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot, mknod,
# audit_write, setfcap: no sys_admin, no sys_ptrace.
KEPT = frozenset((0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31))
# The calls that the profile does not allow to these capabilities, by their numbers on x86-64.
REFUSED = (
    *(103, 134, 136, 139, 153, *range(155, 157), *range(163, 186), 212, 227, 236, 237, 238, 239, 246),
    *(248, 249, 250, 256, 272, 279, 298, 300, 304, 308, 312, 313, 320, 321, 323),
    *(425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 443),
)
CLONE, CLONE3, SOCKET, VSOCK, FIRST_UNKNOWN = 56, 435, 41, 40, 450


def as_in_docker() -> None:
    """Give up what Docker takes from a container's root, for good. Before exec, which then takes the rights as well."""
    _filter(_program())
    for capability in range(CAPABILITIES):
        if capability not in KEPT:
            try:
                syscalls.prctl(syscalls.PR_CAPBSET_DROP, capability)
            except OSError:  # the kernel has no capability of that number
                break


def _program() -> seccomp.Program:
    refused, unknown = seccomp.ERROR | errno.EPERM, seccomp.ERROR | errno.ENOSYS
    argument = (seccomp.LOAD, 0, 0, seccomp.ARGUMENTS_AT)
    return [
        (seccomp.LOAD, 0, 0, seccomp.MACHINE_AT),
        (seccomp.EQUAL, 1, 0, seccomp.AUDIT["x86_64"]),
        (seccomp.RETURN, 0, 0, seccomp.ALLOW),  # the profile allows programs of 32 bits
        (seccomp.LOAD, 0, 0, seccomp.NUMBER_AT),
        *(step for number in REFUSED for step in _when(number, refused)),
        *_when(CLONE3, unknown),
        *((seccomp.EQUAL, 0, 4, CLONE), argument),
        *((seccomp.ANY_BIT, 0, 1, seccomp.CLONE_NEW_NAMESPACES), (seccomp.RETURN, 0, 0, refused)),
        (seccomp.RETURN, 0, 0, seccomp.ALLOW),
        *((seccomp.EQUAL, 0, 4, SOCKET), argument),
        *((seccomp.EQUAL, 0, 1, VSOCK), (seccomp.RETURN, 0, 0, refused)),
        (seccomp.RETURN, 0, 0, seccomp.ALLOW),
        *((seccomp.AT_LEAST, 0, 1, FIRST_UNKNOWN), (seccomp.RETURN, 0, 0, unknown)),
        (seccomp.RETURN, 0, 0, seccomp.ALLOW),
    ]


def _when(number: int, verdict: int) -> tuple[seccomp.Instruction, seccomp.Instruction]:
    return (seccomp.EQUAL, 0, 1, number), (seccomp.RETURN, 0, 0, verdict)


def _filter(program: seccomp.Program) -> None:
    packed = b"".join(seccomp.INSTRUCTION.pack(*instruction) for instruction in program)
    code = ctypes.create_string_buffer(packed, len(packed))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    syscalls.syscall(syscalls.SECCOMP["x86_64"], seccomp.SET_MODE_FILTER, 0, header)
