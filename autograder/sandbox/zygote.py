"""The process that workers are forked from: `python -I`, a clean environment, one thread, torch imported.

It computes nothing and is never told an answer: what it holds, every worker can read. Commands come over a socket:

    configure {warm, preloads}     first of all; -> {ready, threads} when torch is there
    preload   {modules}            import installed libraries; no reply
    fork      {folder, user, group, limits, without} and a descriptor  -> {pid}
    end       {pids, grace}        -> {ended: [{status, cpu_seconds, memory_bytes} or null, ...]}
    split     {} and a descriptor  -> {pid} of a second zygote, which obeys over that socket
    (end of stream)                kill every worker and leave
"""

import gc
import importlib
import importlib.util
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Set
from dataclasses import asdict, dataclass, field
from types import ModuleType
from typing import Any

from autograder.sandbox import pages, reaping
from autograder.sandbox.limits.confine import confine, is_root, prepare
from autograder.sandbox.limits.descriptors import CHANNEL
from autograder.sandbox.limits.layer import Confinement, Layer, LayerUnavailable, attempt
from autograder.sandbox.messages import receive, send
from autograder.sandbox.paths import Places, forget_project, open_places, unreadable
from autograder.sandbox.protocol.frames import Caps
from autograder.sandbox.worker.absent import AbsentLibraries, loaded_libraries
from autograder.sandbox.worker.modules import StudentModules
from autograder.settings import Limits


@dataclass
class Zygote:
    """The zygote's state: its control socket, what workers may read, and the folder of each worker not yet reaped.

    `warm`: many workers will follow, so that it pays to make forks cheap, which is done before the first of them.
    `siblings` are zygotes that were forked from this one: they are nobody's strays.
    """

    control: socket.socket
    places: Places
    warm: bool = False
    settled: bool = False
    libraries: Set[str] = field(default_factory=loaded_libraries)
    siblings: set[int] = field(default_factory=set)
    workers: dict[int, str] = field(default_factory=dict)

    def serve(self) -> None:
        """Obey commands until the grader closes the socket; then clean up for one that had no time to."""
        while (message := self._next()) is not None:
            command, descriptors = message
            reply = self._obey(command, descriptors)
            if reply is not None:
                send(self.control, reply)
        folders = set(self.workers.values())
        self._end(list(self.workers), 0)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _next(self) -> tuple[dict[str, Any], list[int]] | None:
        """The next command. While there is none, what would have to be done before a fork is done."""
        if not self.settled and not select.select([self.control], [], [], 0)[0]:
            self.settle()
        return receive(self.control)

    def settle(self) -> None:
        """Make the memory as it is now cheap to fork, once everything is imported."""
        importlib.util.find_spec("no_such_module")  # every folder of libraries is listed, once for all workers
        gc.freeze()
        self.libraries = loaded_libraries()
        if self.warm:
            pages.fill_gaps()
            pages.gather()
        self.settled = True

    def _obey(self, command: dict[str, Any], descriptors: list[int]) -> dict[str, Any] | None:
        match command["do"]:
            case "preload":
                preload(command["modules"])
                self.settled = False
                return None
            case "fork":
                return self._fork(command, descriptors[0])
            case "end":
                return {"ended": self._end(command["pids"], command["grace"])}
            case "split":
                return self._split(descriptors[0])
        return {"error": "unknown command"}

    def _fork(self, command: dict[str, Any], channel: int) -> dict[str, Any]:
        if not self.settled:
            self.settle()
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            os.close(channel)
            return {"refused": error.strerror}
        if pid == 0:
            try:
                self._become_worker(command, channel, parent)
            finally:
                os._exit(70)
        os.close(channel)
        self.workers[pid] = command["folder"]
        return {"pid": pid}

    def _split(self, control: int) -> dict[str, Any] | None:
        """Go on as two, before or between submissions; the second answers nothing here."""
        if not self.settled:
            self.settle()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            reaping.adopt_orphans()
            self.control.close()
            self.control, self.workers, self.siblings = socket.socket(fileno=control), {}, set()
            return None
        os.close(control)
        self.siblings.add(pid)
        return {"pid": pid}

    def _end(self, pids: list[int], grace: float) -> list[dict[str, Any] | None]:
        """End workers, all at once. None for one that an earlier zygote took along."""
        ours = [pid for pid in pids if pid in self.workers]
        for pid in ours:
            del self.workers[pid]
        if not grace:
            reaping.kill(ours)
        ended = {pid: asdict(reaping.end(pid, grace)) for pid in ours}
        reaping.end_strays({*self.workers, *self.siblings})
        return [ended.get(pid) for pid in pids]

    def _become_worker(self, command: dict[str, Any], channel: int, parent: int) -> None:
        """In the child: give everything up, say so, then serve. Never returns to the zygote's code."""
        os.setsid()
        gc.enable()
        folder, limits = command["folder"], Limits(**command["limits"])
        os.chdir(folder)
        plan = Confinement(
            channel=channel,
            parent=parent,
            user=command["user"],
            group=command["group"],
            cpu_seconds=limits.worker_cpu_seconds,
            memory_bytes=limits.worker_memory_bytes,
            open_files=limits.worker_open_files,
            processes=limits.worker_processes,
            folder=folder,
            libraries=self.places.libraries,
            readable=self.places.handles,
            without=tuple(command["without"]),
        )
        layers = (*confine(plan), attempt("libraries", check_libraries, plan))
        serve_worker(StudentModules(folder, AbsentLibraries(self.libraries)), limits, layers)
        os._exit(0)


def check_libraries(plan: Confinement) -> None:
    """Raise if the worker cannot read what honest student code needs: its own files and the libraries."""
    closed = unreadable((plan.folder, *sys.path))
    if closed:
        raise LayerUnavailable(f"a worker cannot read {', '.join(closed)}")


def serve_worker(modules: StudentModules, limits: Limits, layers: tuple[Layer, ...]) -> None:
    """Send the layers as the first frame, before any student code has run, then answer requests."""
    from autograder.sandbox.worker import serve

    caps = Caps(limits.header_bytes, limits.frame_bytes)
    channel = serve.Channel(CHANNEL, caps)
    channel.write(["ready", [[layer.name, layer.applied, layer.reason] for layer in layers]], [])
    serve.serve(channel, serve.Evaluator(modules, caps, limits.text_characters))


def preload(names: list[str]) -> list[ModuleType]:
    """Import those installed libraries that are there; what fails to import, a worker will find out for itself."""
    found = []
    for name in names:
        try:
            found.append(importlib.import_module(name))
        except ImportError:
            continue
    return found


def main(descriptor: int, project: str) -> None:
    """Run the zygote on an inherited socket, with the project's code in the folder `project`."""
    gc.disable()  # no collection would find anything, and each would copy the memory of a worker
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reaping.adopt_orphans()
    first = receive(control)
    if first is None:
        return
    configuration, _ = first
    importlib.import_module("autograder.sandbox.worker.serve")
    preload(configuration["preloads"])
    forget_project(project)
    places = open_places(project, user_changes=is_root())
    prepare()
    zygote = Zygote(control, places, configuration["warm"])
    send(control, {"ready": True, "threads": _threads()})
    zygote.serve()
    os._exit(0)


def _threads() -> int:
    return len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
