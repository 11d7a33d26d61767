"""The system calls that a worker may make: (name, number on x86-64, number on aarch64), None where there is none.

What Python, glibc and CPU tensor code need to read files, to allocate, to wait, to run threads and to leave. Whatever
is not here is refused, known or yet to come: sockets of every family, new processes and programs, tracing, namespaces,
mounts, keys, io_uring, shared memory that outlives its owner, and every change to a file or its name.
Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

Row = tuple[str, int | None, int | None]

READING: tuple[Row, ...] = (
    ("read", 0, 63),
    ("write", 1, 64),
    ("close", 3, 57),
    ("stat", 4, None),
    ("fstat", 5, 80),
    ("lstat", 6, None),
    ("lseek", 8, 62),
    ("pread64", 17, 67),
    ("pwrite64", 18, 68),
    ("readv", 19, 65),
    ("writev", 20, 66),
    ("access", 21, None),
    ("dup", 32, 23),
    ("dup2", 33, None),
    ("getcwd", 79, 17),
    ("chdir", 80, 49),
    ("fchdir", 81, 50),
    ("readlink", 89, None),
    ("statfs", 137, 43),
    ("fstatfs", 138, 44),
    ("getdents64", 217, 61),
    ("fadvise64", 221, 223),
    ("newfstatat", 262, 79),
    ("readlinkat", 267, 78),
    ("faccessat", 269, 48),
    ("dup3", 292, 24),
    ("statx", 332, 291),
    ("faccessat2", 439, 439),
)
MEMORY: tuple[Row, ...] = (
    ("mmap", 9, 222),
    ("mprotect", 10, 226),
    ("munmap", 11, 215),
    ("brk", 12, 214),
    ("mremap", 25, 216),
    ("mincore", 27, 232),
    ("madvise", 28, 233),
)
SIGNALS: tuple[Row, ...] = (
    ("rt_sigaction", 13, 134),
    ("rt_sigprocmask", 14, 135),
    ("rt_sigreturn", 15, 139),
    ("pause", 34, None),
    ("getitimer", 36, 102),
    ("alarm", 37, None),
    ("setitimer", 38, 103),
    ("rt_sigpending", 127, 136),
    ("rt_sigtimedwait", 128, 137),
    ("rt_sigsuspend", 130, 133),
    ("sigaltstack", 131, 132),
    ("restart_syscall", 219, 128),
)
WAITING: tuple[Row, ...] = (
    ("poll", 7, None),
    ("pipe", 22, None),
    ("select", 23, None),
    ("sched_yield", 24, 124),
    ("nanosleep", 35, 101),
    ("wait4", 61, 260),
    ("futex", 202, 98),
    ("clock_nanosleep", 230, 115),
    ("epoll_wait", 232, None),
    ("epoll_ctl", 233, 21),
    ("waitid", 247, 95),
    ("pselect6", 270, 72),
    ("ppoll", 271, 73),
    ("epoll_pwait", 281, 22),
    ("eventfd2", 290, 19),
    ("epoll_create1", 291, 20),
    ("pipe2", 293, 59),
)
THREADS: tuple[Row, ...] = (
    ("exit", 60, 93),
    ("arch_prctl", 158, None),
    ("gettid", 186, 178),
    ("sched_getaffinity", 204, 123),
    ("set_tid_address", 218, 96),
    ("exit_group", 231, 94),
    ("set_robust_list", 273, 99),
    ("getcpu", 309, 168),
    ("membarrier", 324, 283),
    ("rseq", 334, 293),
)
ASKING: tuple[Row, ...] = (
    ("getpid", 39, 172),
    ("uname", 63, 160),
    ("gettimeofday", 96, 169),
    ("getrlimit", 97, 163),
    ("getrusage", 98, 165),
    ("sysinfo", 99, 179),
    ("times", 100, 153),
    ("getuid", 102, 174),
    ("getgid", 104, 176),
    ("geteuid", 107, 175),
    ("getegid", 108, 177),
    ("getppid", 110, 173),
    ("getpgrp", 111, None),
    ("getgroups", 115, 158),
    ("getresuid", 118, 148),
    ("getresgid", 120, 150),
    ("getpgid", 121, 155),
    ("getsid", 124, 156),
    ("getpriority", 140, 141),
    ("sched_getparam", 143, 121),
    ("sched_getscheduler", 145, 120),
    ("sched_get_priority_max", 146, 125),
    ("sched_get_priority_min", 147, 126),
    ("time", 201, None),
    ("clock_gettime", 228, 113),
    ("clock_getres", 229, 114),
    ("getrandom", 318, 278),
)
ALLOWED = READING + MEMORY + SIGNALS + WAITING + THREADS + ASKING

# Allowed for some arguments only; seccomp.py says for which.
OPEN: Row = ("open", 2, None)
OPENAT: Row = ("openat", 257, 56)
IOCTL: Row = ("ioctl", 16, 29)
FCNTL: Row = ("fcntl", 72, 25)
CLONE: Row = ("clone", 56, 220)
KILL: Row = ("kill", 62, 129)
TGKILL: Row = ("tgkill", 234, 131)
PRCTL: Row = ("prctl", 157, 167)
PRLIMIT: Row = ("prlimit64", 302, 261)

# From here on both machines share their numbers; everything newer is answered as if the kernel did not have it.
FIRST_NEW_CALL = 424


def number(row: Row, machine: str) -> int | None:
    """Return the call's number on "x86_64" or "aarch64"."""
    return row[1] if machine == "x86_64" else row[2]
