"""The grader's side of the zygote: starts it, waits for it only when it is needed, asks it for workers.

    with Zygote(limits) as zygote:              # returns at once; torch is being imported meanwhile
        with zygote.session(files) as session:
            outcome = session.run(program)

Safe to share between threads: each thread has sessions of its own.
"""

import contextlib
import io
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any

from autograder.errors import SandboxFailed
from autograder.sandbox import processors
from autograder.sandbox.distant_process import DistantProcess
from autograder.sandbox.limits.confine import is_root, lacking
from autograder.sandbox.limits.layer import Layer
from autograder.sandbox.materialise import Identities
from autograder.sandbox.messages import Message, receive, send
from autograder.sandbox.preloads import wanted_by
from autograder.sandbox.session import Session
from autograder.sandbox.worker_handle import WorkerHandle
from autograder.sandbox.zygote_process import COMMAND_SECONDS, ZygoteProcess, dismiss_zygote, start_zygote
from autograder.settings import Limits

MAX_STARTS = 2


@dataclass(frozen=True)
class Sibling:
    """A second zygote that waits for somebody to use it."""

    control: socket.socket
    pid: int


class Zygote:
    """A ready process from which workers are forked. Student code never runs in it.

    `preloads` are installed libraries to import before the first fork; `warm` makes each fork cheap, which pays when
    many submissions follow. `unsafe` lets workers run even where a required layer cannot be applied; then layers can
    also be left out on purpose, by name (`without`), to show what each is good for. `running` is a process that was
    started already, with these `preloads` and as `warm`.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        preloads: Iterable[str] = (),
        warm: bool = False,
        unsafe: bool = False,
        without: Iterable[str] = (),
        running: ZygoteProcess | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.unsafe = unsafe
        self._without = list(without) if unsafe else []
        self.identities = Identities()
        self.generation = 0 if running is None else 1
        self._preloads = list(preloads)
        self._warm = warm
        self._lock = threading.RLock()
        self._running = running
        self._layers: tuple[Layer, ...] = ()

    def __enter__(self) -> "Zygote":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process and return at once. A second call does nothing."""
        with self._lock:
            if self._running is None:
                self._running = self._launch()

    def preload(self, names: Iterable[str]) -> None:
        """Have installed libraries imported before the next fork; returns at once."""
        with self._lock:
            wanted = [name for name in names if name not in self._preloads]
            self._preloads += wanted
            if wanted and self._running is not None:
                self._tell({"do": "preload", "modules": wanted})

    def session(self, files: Mapping[str, bytes], limits: Limits | None = None, *, once: bool = False) -> Session:
        """Return a session for one submission: its files by name, `{"q1_scaling.py": b"..."}`.

        What its code imports is preloaded where many follow, but not for code that is run `once`.
        """
        if self._warm and not once:
            self.preload(wanted_by(files.values()))
        return Session(self, files, limits or self.limits)

    def layers(self) -> tuple[Layer, ...]:
        """Return what a worker on this machine, for this user, gives up, and what it could not. The same for all.

        Raises SandboxFailed if student code must not be run like that.
        """
        with self._lock:
            if not self._layers:
                with self.session({}) as session:
                    self._layers = session.layers()
            return self._layers

    def fork(self, folder: str, user: int | None, group: int | None, limits: Limits) -> WorkerHandle:
        """Fork a worker for the submission in `folder`. Raises SandboxFailed if the zygote is lost twice."""
        ours, theirs = socket.socketpair()
        message = {
            "do": "fork",
            "folder": folder,
            "user": user,
            "group": group,
            "limits": asdict(limits),
            "without": self._without,
        }
        try:
            with theirs, self._lock:
                reply = self._ask(message, (theirs.fileno(),))
                if "refused" in reply:
                    raise SandboxFailed(f"A worker could not be started: {reply['refused']}.")
                return WorkerHandle(ours, reply["pid"], self.generation, user)
        except BaseException:
            ours.close()
            raise

    def end(self, pids: list[int], grace: float) -> list[Message | None]:
        """Kill and reap workers; says how each ended, or None if it went with an earlier zygote."""
        with self._lock:
            if self._running is None:
                return [None] * len(pids)
            return list(self._ask({"do": "end", "pids": pids, "grace": grace})["ended"])

    def split(self) -> Sibling:
        """Fork a second zygote, which need not import anything again; for another process, through `take_over`."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            return Sibling(ours, self._ask({"do": "split"}, (theirs.fileno(),))["pid"])

    def take_over(self, sibling: Sibling | None) -> "Zygote":
        """In a process that was forked from this one: leave this zygote to the other, and use its sibling."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.control.close()
            running.complaints.close()
        taken = None
        if sibling is not None:
            sibling.control.settimeout(COMMAND_SECONDS)
            taken = ZygoteProcess(DistantProcess(sibling.pid), sibling.control, io.BytesIO(), ready=True)
        return Zygote(self.limits, preloads=self._preloads, warm=self._warm, unsafe=self.unsafe, running=taken)

    def stay_on(self, cpu: int) -> None:
        """Keep this process, the zygote and all its workers on one processor: they wait for each other anyway, and
        what waits elsewhere has to be woken there.
        """
        with self._lock:
            zygote = self._running.process.pid if self._running is not None else None
        for pid in (0, zygote):
            if pid is not None:
                with contextlib.suppress(OSError):  # it moves then: only time is lost
                    processors.keep(pid, cpu)

    def close(self) -> None:
        """End the zygote and every worker that is left."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            dismiss_zygote(running)

    def _launch(self) -> ZygoteProcess:
        if self.generation >= MAX_STARTS:
            raise SandboxFailed("The process that workers are forked from was lost twice.")
        self.generation += 1
        return start_zygote(self._preloads, warm=self._warm)

    def _tell(self, message: Message) -> None:
        running = self._running
        if running is not None:
            try:
                send(running.control, message)
            except OSError:
                self._running = self._replace(running)

    def _ask(self, message: Message, descriptors: tuple[int, ...] = ()) -> Message:
        """Send a command and wait for its reply; if the zygote has died, once more to a new one."""
        self.start()
        for _ in range(MAX_STARTS):
            running = self._running
            if running is None:
                raise SandboxFailed("The process that workers are forked from was closed.")
            try:
                self._await_ready(running)
                send(running.control, message, descriptors)
                return _reply(running)
            except TimeoutError as error:
                raise SandboxFailed("The process that workers are forked from does not answer.") from error
            except (OSError, EOFError):
                self._running = None
                self._running = self._replace(running)
            except (
                BaseException
            ):  # interrupted between question and answer: the next answer would be to the wrong question
                self._running = None
                dismiss_zygote(running)
                raise
        raise SandboxFailed("The process that workers are forked from was lost twice.")

    def _await_ready(self, running: ZygoteProcess) -> None:
        if running.ready:
            return
        reply = _reply(running)
        if reply["threads"] != 1:
            raise SandboxFailed("The process that workers are forked from has several threads, so forks could hang.")
        running.ready = True
        running.control.settimeout(COMMAND_SECONDS)

    def _replace(self, lost: ZygoteProcess) -> ZygoteProcess:
        """Start another zygote in the place of one that died; one that never got ready says why and is not retried."""
        complaint = dismiss_zygote(lost)
        if not lost.ready:
            raise SandboxFailed(f"The process that workers are forked from could not start. {complaint}")
        return self._launch()


def _reply(running: ZygoteProcess) -> Message:
    received = receive(running.control)
    if received is None:
        raise EOFError
    return received[0]


def describe(layers: tuple[Layer, ...]) -> dict[str, Any]:
    """Summarise layers as plain data, for reports: which are on, which are not and why, and whether it is as root.

    `lacking` are those without which student code runs only because the grader was told so (`unsafe`).
    """
    return {
        "root": is_root(),
        "lacking": [layer.name for layer in lacking(layers, root=is_root())],
        "applied": [layer.name for layer in layers if layer.applied],
        "unavailable": {layer.name: layer.reason for layer in layers if not layer.applied},
    }
