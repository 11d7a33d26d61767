"""The worker's loop: a request comes in, is evaluated, and its outcome goes out; until the channel closes.

request  ["import", nonce, module]  or  ["run", nonce, program]
reply    [nonce, outcome]
request  ["several", nonce, [[program, how many arrays are its own], ...]]
reply    [nonce, [[outcome, how many arrays are its own], ...]]

Of several programs the first are answered: up to one without a value, and as long as it takes little time and space.
"""

import os
import time
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.outcome import Missing, Opaque, Outcome, Value
from autograder.sandbox.protocol import frames, replies, requests
from autograder.sandbox.protocol.frames import Array, Caps
from autograder.sandbox.protocol.programs import Program, module_of
from autograder.sandbox.worker import convert, evaluate, failures
from autograder.sandbox.worker.missing import Lacking
from autograder.sandbox.worker.modules import ImportFailed, StudentModules

SEVERAL_SECONDS = 0.2  # after so long, what was answered goes out
SEVERAL_BYTES = 1 << 20


class ChannelClosed(Exception):
    """The grader has gone."""


@dataclass(frozen=True)
class Channel:
    """One end of a stream, used through plain reads and writes: socket calls are forbidden in a worker."""

    descriptor: int
    caps: Caps

    def read(self) -> frames.Frame:
        """Read one frame. Raises ChannelClosed at the end of the stream."""
        return frames.read(self._exactly, self.caps)

    def write(self, body: Any, arrays: list[Array]) -> None:
        """Write one frame."""
        view = memoryview(frames.pack(body, arrays))
        while view:
            view = view[os.write(self.descriptor, view) :]

    def _exactly(self, size: int) -> bytes:
        pieces = []
        while size:
            piece = os.read(self.descriptor, min(size, 1 << 20))
            if not piece:
                raise ChannelClosed
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


@dataclass(frozen=True)
class Evaluator:
    """Answers the requests of one worker."""

    modules: StudentModules
    caps: Caps
    text_characters: int

    def answer(self, frame: frames.Frame) -> tuple[Any, list[Array]]:
        """Return the reply to one request. Never raises, whatever student code does."""
        kind, nonce, rest = frame.body
        if kind == "import":
            return [nonce, self._encoded(self._guarded(rest, lambda: bool(self.modules.load(rest))), [])], []
        if kind == "several":
            return self._several(nonce, rest, frame.arrays)
        arrays: list[Array] = []
        return [nonce, self._ran(requests.decode(rest, frame.arrays), arrays)[1]], arrays

    def _several(self, nonce: str, requested: list[Any], given: tuple[Array, ...]) -> tuple[Any, list[Array]]:
        begun = time.monotonic()
        replied: list[Any] = []
        arrays: list[Array] = []
        for body, count in requested:
            own: list[Array] = []
            outcome, reply = self._ran(requests.decode(body, given[:count]), own)
            if replied and sum(array.nbytes for array in (*arrays, *own)) > SEVERAL_BYTES:
                break
            replied.append([reply, len(own)])
            arrays += own
            if not isinstance(outcome, Value) or time.monotonic() - begun > SEVERAL_SECONDS:
                break
            given = given[count:]
        return [nonce, replied], arrays

    def _ran(self, program: Program, arrays: list[Array]) -> tuple[Outcome, Any]:
        outcome = self._guarded(module_of(program), lambda: self._value(program))
        return outcome, self._encoded(outcome, arrays)

    def _value(self, program: Program) -> Any:
        evaluate.reset()
        return self._plain(evaluate.evaluate(program, self.modules))

    def _plain(self, result: Any) -> Any:
        return convert.Converter(self.caps.array_bytes, self.text_characters).plain(result)

    def _guarded(self, module: str, work: Any) -> Outcome:
        file = self.modules.file_of(module)
        absent = self.modules.absent
        absent.used.clear()
        try:
            return Value(work())
        except Lacking as lacking:
            return Missing(lacking.name)
        except ImportFailed as failed:
            error = failed.__cause__ or failed
            return failures.crashed(error, module, file, importing=True, lacks=absent.lacked(error))
        except BaseException as error:
            return failures.crashed(error, module, file, importing=False, lacks=absent.lacked(error))

    def _encoded(self, outcome: Outcome, arrays: list[Array]) -> Any:
        try:
            return replies.encode(outcome, arrays)
        except (TypeError, RecursionError):
            arrays.clear()
            return replies.encode(Value(Opaque("object", "does not travel")), arrays)


def serve(channel: Channel, evaluator: Evaluator) -> None:
    """Answer requests until the channel closes."""
    while True:
        try:
            frame = channel.read()
        except ChannelClosed:
            return
        body, arrays = evaluator.answer(frame)
        channel.write(body, arrays)
