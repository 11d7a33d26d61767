"""The filter of system calls, run as the kernel would run it, for both machines."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox.limits import calls, seccomp

PID = 4321
MACHINES = ("x86_64", "aarch64")
ALLOW, REFUSED, UNKNOWN, KILL = seccomp.ALLOW, seccomp.REFUSED, seccomp.UNKNOWN, seccomp.KILL_PROCESS


def verdict(machine, number, *arguments, writing=True, audit=None):
    """Run the filter as the kernel would. Jumps only go forward, so it ends."""
    program = seccomp.assemble(machine, PID, may_open_for_writing=writing)
    data = {0: number, 4: seccomp.AUDIT[machine] if audit is None else audit}
    data |= {16 + 8 * index: value & 0xFFFFFFFF for index, value in enumerate((*arguments, 0, 0, 0, 0, 0, 0)[:6])}
    accumulator, position = 0, 0
    while True:
        code, if_true, if_false, operand = program[position]
        position += 1
        if code == seccomp.LOAD:
            accumulator = data[operand]
        elif code == seccomp.AND:
            accumulator &= operand
        elif code == seccomp.RETURN:
            return operand
        else:
            holds = {
                seccomp.EQUAL: accumulator == operand,
                seccomp.AT_LEAST: accumulator >= operand,
                seccomp.ANY_BIT: bool(accumulator & operand),
            }[code]
            position += if_true if holds else if_false


def number(row, machine):
    found = calls.number(row, machine)
    if found is None:
        pytest.skip(f"{machine} has no such call")
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_every_listed_call_is_allowed_and_fits_the_filter(machine):
    for row in calls.ALLOWED:
        if calls.number(row, machine) is not None:
            assert verdict(machine, calls.number(row, machine)) == ALLOW
    program = seccomp.assemble(machine, PID, may_open_for_writing=False)
    assert len(program) < 4096
    assert all(0 <= jump <= 255 for _, *jumps, _ in program for jump in jumps)


HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
FSTATAT = "fstatat"  # what asm-generic calls newfstatat


@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_is_the_kernels(machine):
    """Against the kernel's own headers, of both machines: the filter for the other one is run nowhere here."""
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    there = {name: int(at) for name, at in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)\b", header.read_text())}
    rows = [row for row in vars(calls).values() if isinstance(row, tuple) and len(row) == 3 and isinstance(row[0], str)]
    for row in (*calls.ALLOWED, *rows):
        ours = calls.number(row, machine)
        assert ours == there.get(row[0], there.get(FSTATAT) if row[0] == "newfstatat" else None), row


@pytest.mark.parametrize("column", [1, 2], ids=MACHINES)
def test_no_number_is_listed_twice(column):
    numbers = [row[column] for row in calls.ALLOWED if row[column] is not None]
    assert len(set(numbers)) == len(numbers)


# name: (x86-64, aarch64)
DANGEROUS = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "setuid": (105, 146),
    "setresuid": (117, 147),
    "setgroups": (116, 159),
    "capset": (126, 91),
    "setrlimit": (160, 164),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat2": (316, 276),
    "symlinkat": (266, 36),
    "linkat": (265, 37),
    "mknodat": (259, 33),
    "creat": (85, None),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fchmodat": (268, 53),
    "fchownat": (260, 54),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "open_by_handle_at": (304, 265),
    "io_setup": (206, 0),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "syslog": (103, 116),
    "reboot": (169, 142),
    "init_module": (175, 105),
    "sched_setaffinity": (203, 122),
    "inotify_init1": (294, 26),
    "sendfile": (40, 71),
    "splice": (275, 76),
}
# Calls that share their number on both machines; the kernel is said not to have them, so that libraries fall back.
NEWER = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "pidfd_open": 434,
    "clone3": 435,
    "openat2": 437,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "landlock_create_ruleset": 444,
    "memfd_secret": 447,
    "a call of the next decade": 900,
    "the 32-bit calls of x86-64": 0x40000000 + 41,
}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_call_is_refused(machine, name):
    found = DANGEROUS[name][MACHINES.index(machine)]
    if found is None:
        pytest.skip(f"{machine} has no such call")
    assert verdict(machine, found) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", NEWER)
def test_a_newer_call_does_not_exist(machine, name):
    assert verdict(machine, NEWER[name]) == UNKNOWN


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_machine_kill(machine):
    assert verdict(machine, 1, audit=0x40000003) == KILL


@given(st.integers(0, 2**32 - 1), st.sampled_from(MACHINES))
@settings(max_examples=300, deadline=None)
def test_a_call_that_is_not_listed_is_never_allowed(found, machine):
    rows = [value for value in vars(calls).values() if isinstance(value, tuple) and len(value) == 3]
    listed = {row[1 + MACHINES.index(machine)] for row in (*calls.ALLOWED, *rows) if isinstance(row[0], str)}
    if found not in listed:
        assert verdict(machine, found, 0) != ALLOW


THREAD = 0x3D0F00  # what pthread_create asks for
CONDITIONS = [
    ("threads", calls.CLONE, (THREAD,), ALLOW),
    ("processes", calls.CLONE, (17,), REFUSED),
    ("processes that share memory", calls.CLONE, (0x4111,), REFUSED),
    ("threads in a new user namespace", calls.CLONE, (THREAD | 0x10000000,), REFUSED),
    ("threads in a new network", calls.CLONE, (THREAD | 0x40000000,), REFUSED),
    ("a signal to itself", calls.KILL, (PID, 9), ALLOW),
    ("a signal to another", calls.KILL, (PID + 1, 9), REFUSED),
    ("a signal to its group", calls.KILL, (0, 9), REFUSED),
    ("a signal to everyone", calls.KILL, (-1, 9), REFUSED),
    ("a signal to the group of another", calls.KILL, (-PID, 9), REFUSED),
    ("a signal to its own thread", calls.TGKILL, (PID, PID, 6), ALLOW),
    ("a signal to a thread of another", calls.TGKILL, (1, 1, 6), REFUSED),
    ("its own limits", calls.PRLIMIT, (0, 7), ALLOW),
    ("the limits of another", calls.PRLIMIT, (1, 7), REFUSED),
    ("the name of a thread", calls.PRCTL, (15,), ALLOW),
    ("outliving the zygote", calls.PRCTL, (1, 0), REFUSED),
    ("being dumpable again", calls.PRCTL, (4, 1), REFUSED),
    ("typing into a terminal", calls.IOCTL, (0, 0x5412), REFUSED),
    ("asking for a terminal", calls.IOCTL, (0, 0x5401), ALLOW),
    ("being told by signal", calls.FCNTL, (3, 8, 1), REFUSED),
    ("close on exec", calls.FCNTL, (3, 2, 1), ALLOW),
]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("row", "arguments", "expected"), [c[1:] for c in CONDITIONS], ids=[c[0] for c in CONDITIONS])
def test_arguments_decide(machine, row, arguments, expected):
    assert verdict(machine, number(row, machine), *arguments) == expected


WRITING = [os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_WRONLY | os.O_APPEND, os.O_RDWR | os.O_CREAT]


@pytest.mark.parametrize("machine", MACHINES)
def test_without_landlock_nothing_is_opened_for_writing(machine):
    for flags in WRITING:
        assert verdict(machine, number(calls.OPENAT, machine), -100, 0, flags, writing=False) == REFUSED
        assert verdict(machine, number(calls.OPENAT, machine), -100, 0, flags, writing=True) == ALLOW
    for flags in (os.O_RDONLY, os.O_RDONLY | os.O_CLOEXEC, os.O_RDONLY | os.O_DIRECTORY):
        assert verdict(machine, number(calls.OPENAT, machine), -100, 0, flags, writing=False) == ALLOW
