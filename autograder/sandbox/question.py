"""One module of one submission, and the worker that runs it at the moment.

A module whose import failed is not imported again. A worker that hung, died or spoke garbage is replaced at the next
request, until the question's time is used up. Several programs may go in one request; if no reply comes to it, each is
asked alone from then on, so that it is known which of them hangs or breaks the worker.
"""

import os
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal, Protocol, TypeVar

from autograder.errors import ProtocolViolated, SandboxFailed
from autograder.sandbox.limits.confine import is_root, lacking
from autograder.sandbox.limits.layer import Layer
from autograder.sandbox.materialise import Identities
from autograder.sandbox.outcome import Crashed, Outcome, TimedOut, Value
from autograder.sandbox.protocol import replies, requests
from autograder.sandbox.protocol.frames import HEADER_WEIGHT, Array, Caps, Frame, Json
from autograder.sandbox.protocol.programs import Attribute, Code, Counted, NamesOf, Program, dotted
from autograder.sandbox.protocol.replies import Asked
from autograder.sandbox.worker_handle import WorkerGone, WorkerHandle, read_layers
from autograder.settings import Limits

GRACE_SECONDS = 1.0
READY_SECONDS = 60.0
SEVERAL_SECONDS = 1.0
FIRST_FRAME = Caps(header_bytes=1 << 16, array_bytes=0)

During = Literal["import", "call", "several"]
Answer = TypeVar("Answer")


class Forker(Protocol):
    """What is needed of a zygote."""

    unsafe: bool
    identities: Identities

    def fork(self, folder: str, user: int | None, group: int | None, limits: Limits) -> WorkerHandle:
        """Start a worker."""

    def end(self, pids: list[int], grace: float) -> list[dict[str, Any] | None]:
        """Kill and reap workers; says how each ended, None if it was lost with an earlier zygote."""


@dataclass
class Allowance:
    """What the replies of one submission may still weigh: its grader keeps them all until it is done."""

    bytes_left: int

    def caps(self, limits: Limits) -> Caps:
        """How much a worker may say at once."""
        header = min(limits.header_bytes, self.bytes_left // HEADER_WEIGHT)
        return Caps(header, min(limits.frame_bytes, self.bytes_left))


@dataclass(frozen=True)
class Home:
    """Where a submission's workers come from and live. `deadline` ends the whole submission (time.monotonic)."""

    forker: Forker
    folder: str
    group: int | None
    limits: Limits
    deadline: float
    allowance: Allowance


class WorkerLost(Exception):
    """The zygote died and took the worker with it: nobody's answer."""


@dataclass
class Question:
    """The requests to one module of so many lines; "" is a worker that imports nothing of the student's."""

    module: str
    home: Home
    lines: int = 0
    layers: tuple[Layer, ...] = ()
    _worker: WorkerHandle | None = None
    _import_nonce: str = ""
    _settled: Outcome | None = None
    _spent: float = field(default=0.0)
    _hung: Counter[str] = field(default_factory=Counter)
    _alone: bool = False

    def prepare(self) -> None:
        """Start a worker on its import without waiting for either."""
        if self._worker is not None or self._settled is not None:
            return
        self._worker = start_worker(self.home)
        self._import_nonce = secrets.token_hex(8)
        self.layers = ()

    def run(self, programs: Sequence[Program]) -> Sequence[Outcome]:
        """Return what became of the first program, and of as many of the others as were run with it.

        Raises SandboxFailed only if it is our own doing.
        """
        try:
            try:
                return self._run(programs)
            except WorkerLost:
                return self._run(programs)
        except WorkerLost as error:
            raise SandboxFailed("The process that workers are forked from was lost twice.") from error

    def await_layers(self) -> tuple[Layer, ...]:
        """Start a worker if there is none, and return the layers that it applied."""
        self.prepare()
        self._await_ready()
        return self.layers

    def release(self) -> WorkerHandle | None:
        """Give up the present worker; whoever takes it has to end it."""
        worker, self._worker = self._worker, None
        return worker

    def _run(self, programs: Sequence[Program]) -> Sequence[Outcome]:
        refused = self._refused(programs[0])
        if refused is None and len(programs) > 1 and not self._alone and not self._hung:
            answered = self._several(tuple(programs))
            if answered:
                return answered
            self._alone = True
            refused = self._refused(programs[0])
        return [refused or self._call(programs[0])]

    def _refused(self, program: Program) -> Outcome | None:
        return self._settled or self._out_of_time() or self._import() or self._hopeless(program)

    def _out_of_time(self) -> TimedOut | None:
        if time.monotonic() >= self.home.deadline:
            return TimedOut(self.module, self.home.limits.run_seconds, "run")
        if self._spent >= self.home.limits.question_seconds:
            return TimedOut(self.module, self.home.limits.question_seconds, "question")
        return None

    def _hopeless(self, program: Program) -> TimedOut | None:
        """What has hung before would hang again: it is not waited for a third time."""
        limits = self.home.limits
        hung = bool(self._hung) and self._hung[work_of(program)] >= limits.hangs
        return TimedOut(self.module, limits.call_seconds, "again") if hung else None

    def _import(self) -> Outcome | None:
        """Import the module in the present worker, unless that is done; what it failed with, or None."""
        self.prepare()
        self._await_ready()
        if not self._import_nonce or not self.module:
            return None
        nonce = self._import_nonce
        body = ["import", nonce, self.module]
        asked = Asked(self.module, frozenset((self.module,)), self.lines)
        outcome = self._converse(body, (), lambda reply: believed(reply, nonce, asked), "import")
        self._import_nonce = ""
        if isinstance(outcome, Value):
            return None
        self._end(0)
        if not isinstance(outcome, TimedOut) or outcome.during == "import":
            self._settled = outcome
        return outcome

    def _call(self, program: Program) -> Outcome:
        nonce, request = secrets.token_hex(8), requests.encoded(program)
        body = Json(f'["run","{nonce}",{request.body.text}]')
        asked = self._asked(program)
        outcome = self._converse(body, request.arrays, lambda reply: believed(reply, nonce, asked), "call")
        self._replace_if_out_of_memory(outcome)
        if isinstance(outcome, TimedOut) and outcome.during == "call":
            self._hung[work_of(program)] += 1
        return outcome

    def _several(self, programs: tuple[Program, ...]) -> Sequence[Outcome] | None:
        """What became of the first few, at least one; None if there was no proper reply."""
        nonce, request = secrets.token_hex(8), requests.encoded_together(programs)
        body = Json(f'["several","{nonce}",{request.body.text}]')
        asked = [self._asked(program) for program in programs]
        answered = self._converse(body, request.arrays, lambda reply: all_believed(reply, nonce, asked), "several")
        if not isinstance(answered, list):
            return None
        self._replace_if_out_of_memory(answered[-1])
        return answered

    def _replace_if_out_of_memory(self, outcome: Outcome) -> None:
        if isinstance(outcome, Crashed) and outcome.reason == "memory":
            self._end(0)

    def _asked(self, program: Program) -> Asked:
        return Asked(self.module, NamesOf(program), self.lines)

    def _converse(
        self, body: Any, arrays: Sequence[Array], believe: Callable[[Frame], Answer], during: During
    ) -> Answer | TimedOut | Crashed:
        worker = self._present()
        allowed, overrun = self._allowance(during)
        started = time.monotonic()
        deadline = started + allowed
        try:
            worker.refuse_early_words()
            worker.send(body, arrays, deadline)
            reply = worker.receive(self.home.allowance.caps(self.home.limits), deadline)
            self.home.allowance.bytes_left -= reply.weight
            return believe(reply)
        except TimeoutError:
            self._end(0)
            return overrun
        except ProtocolViolated:
            self._end(0)
            return Crashed("Exception", self.module, None, "garbage")
        except WorkerGone:
            return self._post_mortem()
        finally:
            self._spent += time.monotonic() - started

    def _allowance(self, during: During) -> tuple[float, TimedOut]:
        """Return the seconds that a request may take, and what it is called if it takes longer."""
        limits = self.home.limits
        call = min(limits.call_seconds, limits.hung_call_seconds) if self._hung else limits.call_seconds
        own = {"import": limits.import_seconds, "call": call, "several": min(call, SEVERAL_SECONDS)}[during]
        choices = (
            (own, own, during),
            (limits.question_seconds - self._spent, limits.question_seconds, "question"),
            (self.home.deadline - time.monotonic(), limits.run_seconds, "run"),
        )
        allowed, whole, of = min(choices, key=itemgetter(0))
        return allowed, TimedOut(self.module, whole, of)

    def _await_ready(self) -> None:
        """Read the worker's first frame, and refuse to go on without the layers that must be there."""
        if self.layers:
            return
        try:
            first = self._present().receive(FIRST_FRAME, time.monotonic() + READY_SECONDS)
            self.layers = read_layers(first)
        except (TimeoutError, WorkerGone, ProtocolViolated) as error:
            self._end(GRACE_SECONDS)
            raise SandboxFailed("A worker could not be started.") from error
        missing = lacking(self.layers, root=is_root())
        if missing and not self.home.forker.unsafe:
            self._end(0)
            reasons = "; ".join(f"{layer.name}: {layer.reason}" for layer in missing)
            raise SandboxFailed(
                f"Student code is not run, because a worker cannot be confined here ({reasons}). `doctor` says more."
            )

    def _present(self) -> WorkerHandle:
        if self._worker is None:
            raise WorkerLost
        return self._worker

    def _post_mortem(self) -> Crashed:
        report = self._end(GRACE_SECONDS)
        reason = reason_of_death(report, self.home.limits.worker_cpu_seconds)
        return Crashed("SystemExit" if reason == "exit" else "Exception", self.module, None, reason)

    def _end(self, grace: float) -> dict[str, Any]:
        """End the present worker; says how it ended. Raises WorkerLost if it was not ours to end any more."""
        worker = self.release()
        if worker is None:
            return {}
        (report,) = end_workers(self.home.forker, [worker], grace)
        if report is None and grace:
            raise WorkerLost
        return report or {}


def work_of(program: Program) -> str:
    """Name what a program runs: a function by its dotted name, whatever it is called with, or the text of a blank."""
    match program:
        case Counted(inner):
            return work_of(inner)
        case Code(_, statements, expression) | Attribute(Code(_, statements, expression)):
            return f"{statements}\n{expression}"
    return dotted(program)


def believed(frame: Frame, nonce: str, asked: Asked) -> Outcome:
    """Return what a reply says, if it is one to this request. Raises ProtocolViolated."""
    match frame.body:
        case [echoed, outcome] if echoed == nonce:
            return replies.decode(outcome, frame.arrays, asked)
    raise ProtocolViolated("The reply is not one to this request.")


def all_believed(frame: Frame, nonce: str, asked: Sequence[Asked]) -> list[Outcome]:
    """Return what a reply says of the first few of several programs. Raises ProtocolViolated."""
    match frame.body:
        case [echoed, list(replied)] if echoed == nonce and 0 < len(replied) <= len(asked):
            return list(_each_believed(replied, frame.arrays, asked))
    raise ProtocolViolated("The reply is not one to this request.")


def _each_believed(replied: list[Any], arrays: tuple[Array, ...], asked: Sequence[Asked]) -> Iterator[Outcome]:
    for entry, one in zip(replied, asked, strict=False):
        match entry:
            case [outcome, int(count)] if type(count) is int and 0 <= count <= len(arrays):
                yield replies.decode(outcome, arrays[:count], one)
                arrays = arrays[count:]
            case _:
                raise ProtocolViolated("The reply is not one to this request.")


def start_worker(home: Home) -> WorkerHandle:
    """Fork a worker, as a user of its own if this is root."""
    user = home.forker.identities.take() if is_root() else None
    try:
        return home.forker.fork(home.folder, user, home.group, home.limits)
    except BaseException:
        if user is not None:
            home.forker.identities.release(user)
        raise


def end_workers(forker: Forker, workers: list[WorkerHandle], grace: float) -> list[dict[str, Any] | None]:
    """End workers at once, and free the user numbers that they had."""
    for worker in workers:
        worker.channel.close()
    reports = forker.end([worker.pid for worker in workers], grace) if workers else []
    for worker in workers:
        if worker.user is not None:
            forker.identities.release(worker.user)
    return reports


def reason_of_death(report: dict[str, Any], cpu_seconds: int) -> str:
    """Say what ended a worker that went without a word: "exit", "cpu" or "killed"."""
    status = report.get("status", 0)
    if not os.WIFSIGNALED(status):
        return "exit"
    out_of_cpu = os.WTERMSIG(status) == signal.SIGXCPU or report.get("cpu_seconds", 0.0) >= cpu_seconds
    return "cpu" if out_of_cpu else "killed"
