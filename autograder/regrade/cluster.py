"""Graders on an existing Dask cluster, in the place of a Pool on this machine.

What crosses is bytes: frames of our protocol, as between a run and its graders here (messages.py). Dask pickles the
names of our functions and those bytes, and never an object made of what students wrote. The homework goes along, so the
machines need no common folder; they need this program in the same version, which each grader checks.

A worker that dies takes nothing along: Dask gives its tasks to others, and what has come back is in the store already.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count, islice
from threading import Thread
from typing import Any
from uuid import uuid4

from autograder.errors import HomeworkInvalid, RunRefused, SandboxFailed
from autograder.regrade.cluster_worker import WANTS_START, dismiss, grade_packed
from autograder.regrade.dependencies import digest_of
from autograder.regrade.messages import (
    Answer,
    Failed,
    Graded,
    Refused,
    Start,
    Task,
    pack_start,
    pack_task,
    unpack_answer,
)
from autograder.regrade.order import Watcher
from autograder.regrade.pool import BEYOND_THE_RUN_SECONDS, TRIES, OnAnswer
from autograder.settings import Homework

CONNECT_SECONDS = 10
LAST_SECONDS = 1.0
NOISY = ("distributed", "tornado")
INSTALL = "install this program, in the same version, where its scheduler and its workers run"
AT_LEAST_WAITING = 16  # so that a cluster that grows with its work has something to grow for


class Cluster:
    """Grades on the cluster whose scheduler is at `address`, such as tcp://10.0.0.1:8786."""

    def __init__(self, address: str, start: Start, task_seconds: float, watcher: Watcher) -> None:
        self._address = address
        self._start = pack_start(start)
        self._seconds = task_seconds + BEYOND_THE_RUN_SECONDS
        self._watcher = watcher

    def run(self, tasks: Iterator[Task], on_answer: OnAnswer) -> None:
        """Have all tasks graded. Raises UsageError or EngineError where no worker can."""
        with _connected(self._address) as client:
            if not client.nthreads():
                self._watcher.say(f"{self._address} has no worker yet; waiting for one")
            at_work = _AtWork(client, self._start, self._seconds)
            try:
                self._fill(at_work, tasks)
                for future in at_work.done:
                    self._take(future, at_work, on_answer)
                    self._fill(at_work, tasks)
            finally:
                at_work.close()

    def _fill(self, at_work: "_AtWork", tasks: Iterator[Task]) -> None:
        """Have twice as many tasks with the cluster as it has places, and read no more of the class than that."""
        try:
            room = at_work.room()
        except OSError as error:
            raise self._gone() from error
        for task in islice(tasks, room):
            at_work.submit(task)

    def _gone(self) -> RunRefused:
        return RunRefused(f"{self._address} is gone; what was graded is kept. Start a cluster and this run again")

    def _take(self, future: Any, at_work: "_AtWork", on_answer: OnAnswer) -> None:
        task = at_work.pending.pop(future)
        match self._answer(future):
            case None:
                at_work.submit(task, self._start)
            case Refused(message, usage):
                raise HomeworkInvalid(message) if usage else SandboxFailed(message)
            case Failed(message, lost=True) if at_work.may_try_again(task):
                self._watcher.say(f"{task.name} is tried once more: {message}")
                at_work.submit(task)
            case Graded() | Failed() as answer:
                on_answer(task, answer)

    def _answer(self, future: Any) -> Answer | None:
        """What came back; None if that worker has first to be told what to grade against."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        try:
            error = None if future.cancelled() else future.exception()
            content = future.result() if error is None else b""
        except (OSError, FutureCancelledError) as lost:
            raise self._gone() from lost
        if isinstance(error, KilledWorker):
            return Failed("Every worker of the cluster that graded this submission was lost.")
        if error is not None:
            raise RunRefused(f"{self._address} cannot grade; {INSTALL} ({' '.join(str(error).split())})")
        return None if content == WANTS_START else unpack_answer(content)


class _AtWork:
    """The tasks that are with the cluster."""

    def __init__(self, client: Any, start: bytes, seconds: float) -> None:
        from distributed import as_completed

        self.done = as_completed(loop=client.loop)
        self.pending: dict[Any, Task] = {}
        self._client = client
        self._seconds = seconds
        self._name = f"autograder-{digest_of(start)[:16]}-{uuid4().hex[:8]}"
        self._numbers = count()
        self._tries: dict[str, int] = {}

    def room(self) -> int:
        """How many more tasks to give to the cluster."""
        places = sum(self._client.nthreads().values())
        return int(max(0, max(AT_LEAST_WAITING, 2 * places) - len(self.pending)))

    def submit(self, task: Task, start: bytes | None = None) -> None:
        key = f"{self._name}-{next(self._numbers)}"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")  # a submission may be large
            future = self._client.submit(
                grade_packed, self._name, start, pack_task(task), self._seconds, key=key, pure=False
            )
        self.pending[future] = task
        self.done.add(future)

    def may_try_again(self, task: Task) -> bool:
        """Whether a task whose grader was lost is given to another one."""
        self._tries[task.digest] = self._tries.get(task.digest, 0) + 1
        return self._tries[task.digest] < TRIES

    def close(self) -> None:
        """Take back what waits, and have the graders leave, those too that are at work. Where that is interrupted, only
        a moment longer is waited for the cluster to take note.
        """
        leaving = Thread(target=self._leave, daemon=True)
        leaving.start()
        try:
            leaving.join()
        except KeyboardInterrupt:
            leaving.join(LAST_SECONDS)
            raise

    def _leave(self) -> None:
        with suppress(OSError):  # a cluster that is gone took its graders along
            if self._client.status == "running":
                self._client.cancel(list(self.pending))
                self._client.run(dismiss, self._name, on_error="ignore")


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise RunRefused("--scheduler needs Dask, which is not installed: pip install '.[cluster]'") from error
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in NOISY]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what is lost comes back as an answer, and is said once
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise RunRefused(
            f"there is no Dask scheduler at {address} ({error}); give the address that it prints"
        ) from error
    with client:
        _check_same_dask(client, address)
        yield client


def _check_same_dask(client: Any, address: str) -> None:
    try:
        client.get_versions(check=True)
    except ValueError as error:
        lines = " ".join(str(error).split())
        raise RunRefused(
            f"{address} and this machine have not the same packages ({lines}); install the same"
        ) from error


def with_files(start: Start, homework: Homework) -> Start:
    """The start for machines that cannot see the homework's folder."""
    folders = (homework.reference, homework.template, homework.suites)
    return replace(start, homework="", files=dict(_files(homework, folders)))


def _files(homework: Homework, folders: tuple[Any, ...]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(homework.root).as_posix(), path.read_bytes()
