"""The process that a run starts to grade in: reads tasks from a socket, answers each, ends when the socket closes.

With several sockets it forks, once it is ready, a process for each of the others.
"""

import os
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

from autograder.errors import AutograderError, SandboxFailed, UsageError
from autograder.regrade.grader import Grader
from autograder.regrade.messages import (
    Channel,
    Failed,
    Graded,
    Ready,
    Refused,
    Start,
    Task,
    read_start,
    read_task,
    send_answer,
)
from autograder.sandbox.launcher import Zygote
from autograder.settings import Limits


def main(*descriptors: int) -> None:
    """Serve the run at the other ends of these sockets: the first here, each further one in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then closes the socket
    signal.signal(signal.SIGTERM, _leave)
    channels = [Channel(socket.socket(fileno=descriptor)) for descriptor in descriptors]
    with suppress(EOFError, ConnectionError):
        serve(channels, Limits())
    sys.stderr.flush()
    os._exit(0)  # what is to be closed is: to take the interpreter down would take as long as a submission


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # the ways out of contexts are taken: no worker and no folder is left


def serve(channels: Sequence[Channel], limits: Limits) -> None:
    """Answer tasks until there are no more."""
    start = read_start(channels[0])
    zygote = Zygote(limits, warm=True, unsafe=start.unsafe)
    with closing(zygote), _homework(start) as root:
        if start.will_run_code:
            zygote.start()  # torch is being imported meanwhile
        grader = _ready(channels[0], replace(start, homework=str(root)), zygote, limits)
        if grader is not None:
            place, used = _shared_out(channels, zygote, started=start.will_run_code)
            channel = channels[place]
            if place < len(start.cpus):
                used.stay_on(start.cpus[place])
            with closing(used):
                _answer_all(channel, grader.using(used))


def _shared_out(channels: Sequence[Channel], zygote: Zygote, *, started: bool) -> tuple[int, Zygote]:
    """Fork a process for each further channel, with a zygote forked from this one's. Returns in each, 0 here, the place
    of its channel, and its zygote.

    Only its own end of a channel stays open in each: the run has to see which of them has gone.
    """
    first, *others = channels
    for place, channel in enumerate(others, start=1):
        sibling = zygote.split() if started else None
        if os.fork() == 0:
            os.setsid()
            for other in (first, *others[place:]):
                other.stream.close()
            return place, zygote.take_over(sibling)
        channel.stream.close()
        if sibling is not None:
            sibling.control.close()
    return 0, zygote


def _answer_all(channel: Channel, grader: Grader) -> None:
    send_answer(channel, Ready(os.getpid()))
    while True:
        answer = _answered(grader, read_task(channel))
        send_answer(channel, answer)
        if isinstance(answer, Failed) and answer.lost:
            break


@contextmanager
def _homework(start: Start) -> Iterator[Path]:
    """The homework's folder; one of our own, for as long as we need it, where the files were sent."""
    if not start.files:
        yield Path(start.homework)
        return
    with tempfile.TemporaryDirectory(prefix="homework-") as folder:
        for name, content in start.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield Path(folder)


def _ready(channel: Channel, start: Start, zygote: Zygote, limits: Limits) -> Grader | None:
    try:
        grader = Grader(start, zygote, limits)
        if start.will_run_code:
            zygote.layers()
    except AutograderError as error:
        send_answer(channel, Refused(str(error), isinstance(error, UsageError)))
        return None
    return grader


def _answered(grader: Grader, task: Task) -> Graded | Failed:
    try:
        return grader.grade(task)
    except SandboxFailed as error:
        return Failed(str(error), lost=True)
    except Exception as error:
        traceback.print_exc()
        return Failed("".join(traceback.format_exception_only(error)).strip())
