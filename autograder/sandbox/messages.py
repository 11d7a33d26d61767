"""Commands between the grader and the zygote: JSON with a length in front, and descriptors beside it.

Both ends are ours and trusted; no student code ever holds this socket.
"""

import json
import socket
import struct
from typing import Any

LENGTH = struct.Struct("!I")
MAX_DESCRIPTORS = 4

Message = dict[str, Any]


def send(stream: socket.socket, message: Message, descriptors: tuple[int, ...] = ()) -> None:
    """Send one message; the descriptors are duplicated into the receiver."""
    text = json.dumps(message).encode()
    prefix = LENGTH.pack(len(text))
    if descriptors:
        socket.send_fds(stream, [prefix], list(descriptors))
    else:
        stream.sendall(prefix)
    stream.sendall(text)


def receive(stream: socket.socket) -> tuple[Message, list[int]] | None:
    """Wait for one message; None if the other end has closed."""
    prefix, descriptors, _, _ = socket.recv_fds(stream, LENGTH.size, MAX_DESCRIPTORS)
    if not prefix:
        return None
    prefix += _exactly(stream, LENGTH.size - len(prefix))
    text = _exactly(stream, LENGTH.unpack(prefix)[0])
    return json.loads(text), list(descriptors)


def _exactly(stream: socket.socket, size: int) -> bytes:
    pieces = []
    while size:
        piece = stream.recv(size)
        if not piece:
            raise EOFError("the other end closed in the middle of a message")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
