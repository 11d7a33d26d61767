"""The kernel layers in a real worker: what it is refused, what it may, and what happens where a layer is missing."""

import errno
import os
import sys
from pathlib import Path

import pytest

from autograder.errors import SandboxFailed
from autograder.sandbox.launcher import Zygote, describe
from autograder.sandbox.limits.confine import STEPS, lacking
from autograder.sandbox.limits.layer import Confinement, Layer, LayerUnavailable, attempt
from autograder.sandbox.outcome import Value
from autograder.sandbox.protocol.programs import Code, ModuleAttribute

ROOT = os.geteuid() == 0
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a Linux layer")
as_root = pytest.mark.skipif(not ROOT, reason="only root can become another user")

# In a real worker. Each attempt ends in "done" or in the name of an error.

PRELUDE = """
import ctypes, os, resource, signal, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def raw(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
def attempt(action):
    try:
        action()
    except OSError as error:
        return errno_name(error.errno)
    return "done"
def errno_name(number):
    import errno
    return errno.errorcode.get(number, str(number))
def attempt_to_raise(limit):
    try:
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (ValueError, OSError):
        return "refused"
    return "done"
"""
REFUSALS = {
    "a TCP socket": "socket.socket(socket.AF_INET)",
    "a UDP socket": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "a unix socket": "socket.socket(socket.AF_UNIX)",
    "a netlink socket": "socket.socket(16, 3)",
    "a pair of sockets": "socket.socketpair()",
    "the address of a name": "socket.getaddrinfo('example.org', 80)",
    "a child": "os.fork()",
    "a program": "os.execv('/bin/true', ['true'])",
    "a program in a child": "os.posix_spawn('/bin/true', ['true'], {})",
    "a shell": "os.popen('true')",
    "tracing": "raw(101, 16, os.getppid(), 0, 0)",
    "a signal to the zygote": "os.kill(os.getppid(), 0)",
    "a signal to everyone": "os.kill(-1, 0)",
    "root": "os.setuid(0)",
    "a new root": "os.chroot('/')",
    "the parent's environment": "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "the parent's memory": "open(f'/proc/{os.getppid()}/mem', 'rb')",
    "its own maps": "open('/proc/self/maps')",
    "the list of users": "open('/etc/passwd')",
    "the list of processes": "os.listdir('/proc')",
    "the temporary folder": "os.listdir('/tmp')",
    "a new file": "open('/tmp/canary', 'w')",
    "a new file in shared memory": "open('/dev/shm/canary', 'w')",
    "a new folder": "os.mkdir('/tmp/canary')",
    "a link": "os.symlink('q.py', '/tmp/canary')",
    "a pipe with a name": "os.mkfifo('/tmp/canary')",
    "a file without a name": "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
    "a file in memory": "os.memfd_create('canary')",
    "a terminal": "open('/dev/tty', 'r')",
    "a disk": "open('/dev/mem', 'rb')",
}


@on_linux
@pytest.mark.parametrize("action", REFUSALS.values(), ids=REFUSALS)
def test_a_worker_is_refused(worker, action):
    found = worker(f"attempt(lambda: {action})")
    assert found != "done"
    assert not Path("/tmp/canary").exists()


@pytest.fixture(scope="module")
def worker(zygote):
    with zygote.session({"q.py": PRELUDE.encode()}) as session:

        def evaluate(expression):
            outcome = session.run(Code("q", "", expression))
            assert isinstance(outcome, Value), outcome
            return outcome.data

        yield evaluate


ALLOWANCES = {
    "the processor's description": "open('/proc/cpuinfo').read()",
    "random numbers": "os.urandom(8)",
    "a library's file": "open(os.__file__)" if not ROOT else "open(__import__('torch').__file__)",
    "its own source": "open('q.py')",
    "the null device": "open(os.devnull, 'w').write('x')",
    "a pipe": "os.pipe()",
    "an alarm": "signal.alarm(0)",
    "a signal to itself": "os.kill(os.getpid(), 0)",
    "the time": "__import__('time').sleep(0.001)",
    "a zone": "__import__('zoneinfo').ZoneInfo('UTC')",
}


@pytest.mark.parametrize("action", ALLOWANCES.values(), ids=ALLOWANCES)
def test_a_worker_may(worker, action):
    assert worker(f"attempt(lambda: {action})") == "done"


@on_linux
def test_limits_are_set_for_good(worker):
    limits = worker(f"{{name: resource.getrlimit(getattr(resource, name)) for name in {LIMITS}}}")
    assert limits["RLIMIT_FSIZE"] == limits["RLIMIT_CORE"] == (0, 0)
    assert limits["RLIMIT_AS"] == (1 << 30, 1 << 30)
    assert limits["RLIMIT_NOFILE"] == (64, 64)
    assert limits["RLIMIT_NPROC"] == ((16, 16) if ROOT else (512, 512))
    for name in LIMITS:
        assert worker(f"attempt_to_raise(resource.{name})") == "refused"


LIMITS = ["RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_NPROC"]


@on_linux
def test_the_kernel_says_the_same(worker):
    """What the system shows of the process, seen from outside it."""
    lines = Path(f"/proc/{worker('os.getpid()')}/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    if ROOT:
        assert status["Groups"].strip() == ""
        assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
        assert 0 not in map(int, status["Uid"].split())
        assert Path(f"/proc/{worker('os.getpid()')}/oom_score_adj").read_text().strip() == "1000"


# What the grader does when a layer cannot be had.

PLAN = Confinement(3, os.getpid(), None, None, 60, 1 << 30, 64, 16, "/")


def test_a_step_that_fails_says_why():
    def unavailable(_):
        raise LayerUnavailable("too old")

    def refused(_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    assert attempt("x", unavailable, PLAN) == Layer("x", False, "too old")
    assert attempt("x", refused, PLAN).reason.startswith("the system refused")


def test_the_order_of_the_layers_is_that_of_the_specification():
    names = [name for name, _ in STEPS]
    assert names == ["descriptors", "rlimits", "user", "dumpable", "parent death", "no new privileges", "landlock"]


@pytest.mark.parametrize("name", ["user", "rlimits", "seccomp", "descriptors", "libraries"])
def test_as_root_student_code_is_not_run_without(name):
    layers = tuple(Layer(each, each != name, "" if each != name else "why") for each in ALL)
    assert lacking(layers, root=True) == (Layer(name, False, "why"),)


@pytest.mark.parametrize("name", ["user", "seccomp", "landlock", "dumpable", "parent death", "no new privileges"])
def test_an_ordinary_user_goes_on_without(name):
    assert not lacking(tuple(Layer(each, each != name) for each in ALL), root=False)


ALL = [name for name, _ in STEPS] + ["seccomp", "libraries"]


@as_root
@pytest.mark.parametrize("name", ["rlimits", "user", "seccomp"])
def test_a_worker_that_cannot_be_confined_never_sees_student_code(zygote, monkeypatch, name):
    monkeypatch.setattr(zygote, "_without", [name])
    with (
        zygote.session({"q.py": b"answer = 3\n"}) as session,
        pytest.raises(SandboxFailed, match=f"{name}: switched off"),
    ):
        session.run(ModuleAttribute("q", "answer"))


@pytest.mark.parametrize("name", ["rlimits", "user", "seccomp"])
def test_unsafe_goes_on_all_the_same(zygote, monkeypatch, name):
    monkeypatch.setattr(zygote, "_without", [name])
    monkeypatch.setattr(zygote, "unsafe", True)
    with zygote.session({"q.py": b"answer = 3\n"}) as session:
        assert session.run(ModuleAttribute("q", "answer")) == Value(3)
        assert name not in describe(session.layers())["applied"]


def test_layers_are_left_out_only_where_it_is_said_to_be_unsafe():
    assert Zygote(without=["seccomp"])._without == []
    assert Zygote(without=["seccomp"], unsafe=True)._without == ["seccomp"]


@on_linux
@pytest.mark.parametrize("action", ["'/tmp/canary', 'w'", "'q.py', 'a'", "os.devnull, 'w'", "'/tmp', 'x'"])
def test_without_landlock_no_file_is_opened_for_writing(zygote, monkeypatch, action):
    monkeypatch.setattr(zygote, "_without", ["landlock"])
    with zygote.session({"q.py": PRELUDE.encode()}) as session:
        assert session.run(Code("q", "", f"attempt(lambda: open({action}))")) == Value("EPERM")
        assert session.run(Code("q", "", "open('q.py').read()")) == Value(PRELUDE)
