"""The grader's end of one worker's channel. It believes nothing that comes out of it."""

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import ProtocolViolated
from autograder.sandbox.limits.layer import Layer
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.frames import Array, Caps

AHEAD = 1 << 14  # bytes that are asked for at least: most replies are shorter, and so come in one piece
PIECE = 1 << 20


class WorkerGone(Exception):
    """The worker's end of the channel is closed."""


@dataclass(frozen=True)
class WorkerHandle:
    """A worker: its channel, its pid (the zygote's to reap), which zygote's it is, and its user if it has its own.

    `_early` is what was read beyond the last frame, and `_readable` says when there is something to read.
    """

    channel: socket.socket
    pid: int
    generation: int
    user: int | None
    _early: bytearray = field(default_factory=bytearray, init=False, repr=False, compare=False)
    _readable: select.poll = field(default_factory=select.poll, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.channel.setblocking(False)
        self._readable.register(self.channel, select.POLLIN)

    def send(self, body: Any, arrays: Sequence[Array], deadline: float) -> None:
        """Send a frame. Raises TimeoutError past the deadline (time.monotonic), WorkerGone."""
        content = memoryview(frames.pack(body, arrays))
        milliseconds_left(deadline)
        while content:
            try:
                content = content[self.channel.send(content) :]
            except BlockingIOError:
                writable = select.poll()
                writable.register(self.channel, select.POLLOUT)
                writable.poll(milliseconds_left(deadline))
            except (BrokenPipeError, ConnectionResetError) as error:
                raise WorkerGone from error

    def receive(self, caps: Caps, deadline: float) -> frames.Frame:
        """Wait for a frame. Raises TimeoutError past the deadline, WorkerGone, ProtocolViolated for garbage."""
        return frames.read(lambda size: self._exactly(size, deadline), caps)

    def refuse_early_words(self) -> None:
        """Raise if the worker has spoken, or gone, without having been asked."""
        if self._early or (self._readable.poll(0) and self._received(1)):
            raise ProtocolViolated("The worker spoke without having been asked.")

    def _exactly(self, size: int, deadline: float) -> bytes:
        while len(self._early) < size:
            if self._readable.poll(milliseconds_left(deadline)):
                self._early.extend(self._received(max(AHEAD, min(size - len(self._early), PIECE))))
        content = bytes(memoryview(self._early)[:size])
        del self._early[:size]
        return content

    def _received(self, size: int) -> bytes:
        """What there is to read, at least a byte. Raises WorkerGone."""
        try:
            piece = self.channel.recv(size)
        except ConnectionResetError as error:
            raise WorkerGone from error
        if not piece:
            raise WorkerGone
        return piece


def milliseconds_left(deadline: float) -> float:
    """Raises TimeoutError past the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return 1000 * left


def read_layers(frame: frames.Frame) -> tuple[Layer, ...]:
    """Read a worker's first frame, which it wrote before it knew any student code."""
    match frame.body:
        case ["ready", list(entries)]:
            return tuple(Layer(str(name), applied is True, str(reason)) for name, applied, reason in entries)
    raise ProtocolViolated("The worker's first frame does not name its layers.")
