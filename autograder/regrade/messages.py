"""What a run says to its graders and they to it: frames of the protocol, over a socket that both ends of own.

start -> ready | refused        once
task  -> graded | failed | lost for each submission
"""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.regrade.encoding import OURS, reader_of
from autograder.regrade.store import Mark, StoredOutcome
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.frames import Array, Frame


@dataclass(frozen=True)
class Start:
    """What a grader is to grade against. `keys` are digests by part: it must find the same homework.

    `graders` are to start together, and `cpus` are the processors on which they are to stay, one for each; none if they
    may move. `preloads` are libraries that the first submissions import.
    `versions` must be its own, too. `files` are the homework's by path, where the folder `homework` cannot be seen.
    """

    homework: str
    keys: Mapping[str, str]
    will_run_code: bool
    own_outcomes: tuple[StoredOutcome, ...] = ()
    unsafe: bool = False
    graders: int = 1
    preloads: tuple[str, ...] = ()
    cpus: tuple[int, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One content to be marked in the parts `numbers`.

    `outcomes` are what its code gave before, as far as these parts may ask for it; `was_run`: it was run before.
    """

    digest: str
    name: str
    files: Mapping[str, bytes]
    numbers: tuple[str, ...]
    outcomes: tuple[StoredOutcome, ...] = ()
    was_run: bool = False


@dataclass(frozen=True)
class Graded:
    """What came of a task: marks, outcomes that were not known before, the layers in force if code was run."""

    marks: tuple[Mark, ...]
    outcomes: tuple[StoredOutcome, ...] = ()
    own_outcomes: tuple[StoredOutcome, ...] = ()
    layers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Ready:
    """The grader waits for tasks; `pid` is the number of its process."""

    pid: int


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


Answer = Ready | Graded | Refused | Failed


@dataclass
class Channel:
    """One end of the socket."""

    stream: socket.socket

    def receive(self) -> tuple[str, dict[str, Any], list[bytes]]:
        """Wait for a message. Raises EOFError when the other end is gone."""
        return _opened(frames.read(self._exactly, OURS))

    def receive_whole(self) -> bytes:
        """Wait for a message and leave it packed. Raises EOFError when the other end is gone."""
        return frames.read_whole(self._exactly, OURS)

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
    channel.stream.sendall(pack_start(start))


def pack_start(start: Start) -> bytes:
    body = {
        "homework": start.homework,
        "keys": dict(start.keys),
        "will_run_code": start.will_run_code,
        "unsafe": start.unsafe,
        "graders": start.graders,
        "preloads": list(start.preloads),
        "cpus": list(start.cpus),
        "versions": dict(start.versions),
        "files": list(start.files),
    }
    return _packed("start", body | _names(start.own_outcomes), (_bodies(start.own_outcomes), *start.files.values()))


def read_start(channel: Channel) -> Start:
    _, body, contents = channel.receive()
    return Start(
        homework=body["homework"],
        keys=body["keys"],
        will_run_code=body["will_run_code"],
        own_outcomes=_outcomes(body["outcomes"], contents[0]),
        unsafe=body["unsafe"],
        graders=body["graders"],
        preloads=tuple(body["preloads"]),
        cpus=tuple(body["cpus"]),
        versions=body["versions"],
        files=dict(zip(body["files"], contents[1:], strict=True)),
    )


def send_task(channel: Channel, task: Task) -> None:
    channel.stream.sendall(pack_task(task))


def pack_task(task: Task) -> bytes:
    body: dict[str, Any] = {
        "digest": task.digest,
        "name": task.name,
        "files": list(task.files),
        "numbers": list(task.numbers),
        "was_run": task.was_run,
    }
    return _packed("task", body | _names(task.outcomes), (_bodies(task.outcomes), *task.files.values()))


def read_task(channel: Channel) -> Task:
    """Raises EOFError when there are no more tasks."""
    _, body, contents = channel.receive()
    files = dict(zip(body["files"], contents[1:], strict=True))
    outcomes = _outcomes(body["outcomes"], contents[0])
    return Task(body["digest"], body["name"], files, tuple(body["numbers"]), outcomes, body["was_run"])


def send_answer(channel: Channel, answer: Answer) -> None:
    channel.stream.sendall(pack_answer(answer))


def pack_answer(answer: Answer) -> bytes:
    match answer:
        case Ready(pid):
            return _packed("ready", {"pid": pid})
        case Refused(message, usage):
            return _packed("refused", {"message": message, "usage": usage})
        case Failed(message, lost):
            return _packed("failed", {"message": message, "lost": lost})
        case Graded(marks, outcomes, own, layers):
            body = {
                "marks": [[mark.number, mark.body, mark.trace, mark.words, mark.answer] for mark in marks],
                "own": _names(own)["outcomes"],
                "layers": layers,
            }
            return _packed("graded", body | _names(outcomes), (_bodies(outcomes), _bodies(own)))


def _packed(kind: str, body: Mapping[str, Any], contents: Iterable[bytes] = ()) -> bytes:
    arrays: list[Array] = [np.frombuffer(content, np.uint8) for content in contents]
    return frames.pack([kind, dict(body)], arrays)


def read_answer(channel: Channel) -> Answer:
    return _as_answer(*channel.receive())


def unpack_answer(content: bytes) -> Answer:
    """Raises ProtocolViolated for what `pack_answer` did not write."""
    return _as_answer(*_opened(frames.read(reader_of(content), OURS)))


def _opened(frame: Frame) -> tuple[str, dict[str, Any], list[bytes]]:
    kind, body = frame.body
    return kind, body, [array.tobytes() for array in frame.arrays]


def _as_answer(kind: str, body: dict[str, Any], contents: list[bytes]) -> Answer:
    if kind == "graded":
        outcomes, own = _outcomes(body["outcomes"], contents[0]), _outcomes(body["own"], contents[1])
        return Graded(tuple(Mark(*mark) for mark in body["marks"]), outcomes, own, body["layers"])
    if kind == "refused":
        return Refused(body["message"], body["usage"])
    return Failed(body["message"], body["lost"]) if kind == "failed" else Ready(body["pid"])


def _names(outcomes: Iterable[StoredOutcome]) -> dict[str, Any]:
    return {"outcomes": [[outcome.program.hex(), outcome.module, len(outcome.body)] for outcome in outcomes]}


def _bodies(outcomes: Iterable[StoredOutcome]) -> bytes:
    """All bodies as one array: there are hundreds, and an array each would cost more than what is in them."""
    return b"".join(outcome.body for outcome in outcomes)


def _outcomes(names: list[tuple[str, str, int]], content: bytes) -> tuple[StoredOutcome, ...]:
    found, start = [], 0
    for program, module, size in names:
        found.append(StoredOutcome(bytes.fromhex(program), module, content[start : start + size]))
        start += size
    return tuple(found)
