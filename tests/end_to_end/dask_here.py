"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own.

The fixture is for the tests that import it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import ROOT


@contextmanager
def started(program: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(program)},
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker(file: Path, number: int, program: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    place = file.parent / f"worker{number}"
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", place)
    with started(program, "worker", "--scheduler-file", file, *options) as process:
        yield process


@dataclass(frozen=True)
class Scheduler:
    """A scheduler's process, and the file in which it says where it is."""

    process: subprocess.Popen[bytes]
    file: Path

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text())["address"])


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheduler]:
    path = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", "--scheduler-file", path)
    with started(ROOT, "scheduler", *options) as process:
        deadline = time.monotonic() + 60
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield Scheduler(process, path)
