"""What a run says to its graders and they to it: frames of the protocol, over a socket that both ends of own.

start -> ready | refused        once
task  -> graded | failed | lost for each submission
"""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.regrade.encoding import OURS
from autograder.regrade.store import Mark, StoredOutcome
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.frames import Array, Frame


@dataclass(frozen=True)
class Start:
    """What a grader is to grade against. `keys` are digests by part: it must find the same homework."""

    homework: str
    keys: Mapping[str, str]
    will_run_code: bool
    own_outcomes: tuple[StoredOutcome, ...] = ()
    unsafe: bool = False


@dataclass(frozen=True)
class Task:
    """One content to be marked in the parts `numbers`. `outcomes` are what its code gave before."""

    digest: str
    name: str
    files: Mapping[str, bytes]
    numbers: tuple[str, ...]
    outcomes: tuple[StoredOutcome, ...] = ()


@dataclass(frozen=True)
class Graded:
    """What came of a task: marks, outcomes that were not known before, the layers in force if code was run."""

    marks: tuple[Mark, ...]
    outcomes: tuple[StoredOutcome, ...] = ()
    own_outcomes: tuple[StoredOutcome, ...] = ()
    layers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Refused:
    """The grader cannot work at all; `usage` says that the caller can mend it."""

    message: str
    usage: bool


@dataclass(frozen=True)
class Failed:
    """The grader failed on this task. `lost` means that it has to be replaced and the task tried once more."""

    message: str
    lost: bool = False


@dataclass
class Channel:
    """One end of the socket."""

    stream: socket.socket

    def send(self, kind: str, body: Mapping[str, Any], contents: Iterable[bytes] = ()) -> None:
        arrays: list[Array] = [np.frombuffer(content, np.uint8) for content in contents]
        self.stream.sendall(frames.pack([kind, dict(body)], arrays))

    def receive(self) -> tuple[str, dict[str, Any], list[bytes]]:
        """Wait for a message. Raises EOFError when the other end is gone."""
        frame: Frame = frames.read(self._exactly, OURS)
        kind, body = frame.body
        return kind, body, [array.tobytes() for array in frame.arrays]

    def _exactly(self, size: int) -> bytes:
        buffer = bytearray(size)
        view = memoryview(buffer)
        while view:
            count = self.stream.recv_into(view)
            if not count:
                raise EOFError
            view = view[count:]
        return bytes(buffer)


def send_start(channel: Channel, start: Start) -> None:
    body = {"homework": start.homework, "keys": dict(start.keys), "will_run_code": start.will_run_code}
    body["unsafe"] = start.unsafe
    channel.send("start", body | _names(start.own_outcomes), _bodies(start.own_outcomes))


def read_start(channel: Channel) -> Start:
    _, body, contents = channel.receive()
    own = _outcomes(body["outcomes"], contents)
    return Start(body["homework"], body["keys"], body["will_run_code"], own, body["unsafe"])


def send_task(channel: Channel, task: Task) -> None:
    body = {"digest": task.digest, "name": task.name, "files": list(task.files), "numbers": list(task.numbers)}
    channel.send("task", body | _names(task.outcomes), (*task.files.values(), *_bodies(task.outcomes)))


def read_task(channel: Channel) -> Task:
    """Raises EOFError when there are no more tasks."""
    _, body, contents = channel.receive()
    files = dict(zip(body["files"], contents, strict=False))
    outcomes = _outcomes(body["outcomes"], contents[len(files) :])
    return Task(body["digest"], body["name"], files, tuple(body["numbers"]), outcomes)


def send_answer(channel: Channel, answer: Graded | Refused | Failed | None) -> None:
    """None says that the grader is ready."""
    match answer:
        case None:
            channel.send("ready", {})
        case Refused(message, usage):
            channel.send("refused", {"message": message, "usage": usage})
        case Failed(message, lost):
            channel.send("failed", {"message": message, "lost": lost})
        case Graded(marks, outcomes, own, layers):
            body = {
                "marks": [[mark.number, mark.body, mark.trace, mark.words, mark.answer] for mark in marks],
                "own": _names(own)["outcomes"],
                "layers": layers,
            }
            channel.send("graded", body | _names(outcomes), (*_bodies(outcomes), *_bodies(own)))


def read_answer(channel: Channel) -> Graded | Refused | Failed | None:
    kind, body, contents = channel.receive()
    if kind == "graded":
        outcomes = _outcomes(body["outcomes"], contents)
        own = _outcomes(body["own"], contents[len(outcomes) :])
        return Graded(tuple(Mark(*mark) for mark in body["marks"]), outcomes, own, body["layers"])
    if kind == "refused":
        return Refused(body["message"], body["usage"])
    return Failed(body["message"], body["lost"]) if kind == "failed" else None


def _names(outcomes: Iterable[StoredOutcome]) -> dict[str, Any]:
    return {"outcomes": [[outcome.program.hex(), outcome.module] for outcome in outcomes]}


def _bodies(outcomes: Iterable[StoredOutcome]) -> tuple[bytes, ...]:
    return tuple(outcome.body for outcome in outcomes)


def _outcomes(names: list[list[str]], contents: list[bytes]) -> tuple[StoredOutcome, ...]:
    pairs = zip(names, contents, strict=False)
    return tuple(StoredOutcome(bytes.fromhex(program), module, body) for (program, module), body in pairs)
