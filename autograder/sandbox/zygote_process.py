"""Starts the zygote's process, and ends it. Little is imported here, so that it can be the first thing that is done."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.errors import SandboxFailed
from autograder.sandbox.distant_process import DistantProcess
from autograder.sandbox.messages import send

PROJECT = str(Path(__file__).resolve().parents[2])
BOOT = (
    "import sys; sys.path.insert(0, sys.argv[2]); from autograder.sandbox.zygote import main;"
    " main(int(sys.argv[1]), sys.argv[2])"
)
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TORCHDYNAMO_DISABLE": "1",  # torch.compile gives functions back as they are: a worker may not start a compiler
    "TORCHINDUCTOR_CACHE_DIR": "/",  # so nothing is kept; else its import looks for a folder to write to, and fails
}
INHERITED = ("LD_LIBRARY_PATH", "SYSTEMROOT")
START_SECONDS = 180.0
COMMAND_SECONDS = 60.0
TOLD_CHARACTERS = 2_000


@dataclass
class ZygoteProcess:
    """One zygote process, and our end of the socket to it."""

    process: subprocess.Popen[bytes] | DistantProcess
    control: socket.socket
    complaints: IO[bytes]
    ready: bool = False


def start_zygote(preloads: Iterable[str] = (), *, warm: bool) -> ZygoteProcess:
    """Start one and return at once. Raises SandboxFailed if the system will not."""
    ours, theirs = socket.socketpair()
    ours.settimeout(START_SECONDS)
    complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed by dismiss_zygote
    with theirs:
        process = _start(theirs.fileno(), complaints)
    with contextlib.suppress(OSError):  # it is gone already: the first question to it finds out why
        send(ours, {"preloads": list(preloads), "warm": warm})
    return ZygoteProcess(process, ours, complaints)


def dismiss_zygote(running: ZygoteProcess) -> str:
    """Close the socket, wait for the process, and return the end of what it wrote on its error stream."""
    running.control.close()
    if not running.ready:  # it has no workers yet, and its imports would go on for a second or more
        running.process.kill()
    try:
        running.process.wait(timeout=COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()
    with running.complaints as stream:
        stream.seek(0)
        return stream.read().decode("utf-8", "replace")[-TOLD_CHARACTERS:].strip()


def _start(control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the process with one socket and a clean environment. Raises SandboxFailed if the system will not."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", BOOT, str(control), PROJECT],
            env=ENVIRONMENT | inherited,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            pass_fds=(control,),
            start_new_session=True,
        )
    except OSError as error:
        reason = f"{sys.executable}: {error.strerror}"
        raise SandboxFailed(f"The process that workers are forked from could not be started ({reason}).") from error
