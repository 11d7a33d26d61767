"""The grader's end of one worker's channel. It believes nothing that comes out of it."""

import socket
import time
from dataclasses import dataclass
from typing import Any

from autograder.errors import ProtocolViolated
from autograder.sandbox.limits.layer import Layer
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.frames import Array, Caps

PIECE = 1 << 20


class WorkerGone(Exception):
    """The worker's end of the channel is closed."""


@dataclass(frozen=True)
class WorkerHandle:
    """A worker: its channel, its pid (the zygote's to reap), which zygote's it is, and its user if it has its own."""

    channel: socket.socket
    pid: int
    generation: int
    user: int | None

    def send(self, body: Any, arrays: list[Array], deadline: float) -> None:
        """Send a frame. Raises TimeoutError past the deadline (time.monotonic), WorkerGone."""
        try:
            content = frames.pack(body, arrays)
            self._limit(deadline)
            self.channel.sendall(content)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise WorkerGone from error

    def receive(self, caps: Caps, deadline: float) -> frames.Frame:
        """Wait for a frame. Raises TimeoutError past the deadline, WorkerGone, ProtocolViolated for garbage."""
        return frames.read(lambda size: self._exactly(size, deadline), caps)

    def refuse_early_words(self) -> None:
        """Raise if the worker has spoken, or gone, without having been asked."""
        self.channel.settimeout(0)
        try:
            early = self.channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except ConnectionResetError as error:
            raise WorkerGone from error
        if not early:
            raise WorkerGone
        raise ProtocolViolated("The worker spoke without having been asked.")

    def _exactly(self, size: int, deadline: float) -> bytes:
        pieces = []
        while size:
            self._limit(deadline)
            try:
                piece = self.channel.recv(min(size, PIECE))
            except ConnectionResetError as error:
                raise WorkerGone from error
            if not piece:
                raise WorkerGone
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _limit(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.channel.settimeout(left)


def read_layers(frame: frames.Frame) -> tuple[Layer, ...]:
    """Read a worker's first frame, which it wrote before it knew any student code."""
    match frame.body:
        case ["ready", list(entries)]:
            return tuple(Layer(str(name), applied is True, str(reason)) for name, applied, reason in entries)
    raise ProtocolViolated("The worker's first frame does not name its layers.")
