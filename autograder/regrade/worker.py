"""The process that a run starts to grade in: reads tasks from a socket, answers each, ends when the socket closes.

With several sockets it forks, once it is ready, a process for each of the others that is wanted.
"""

import gc
import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

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
from autograder.sandbox.zygote_process import ZygoteProcess
from autograder.settings import Limits

GARBAGE = 10_000  # things made and not given up, upon which those that only refer to each other are looked for


def main(sockets: Sequence[socket.socket], running: ZygoteProcess | None) -> None:
    """Serve the runs at the other ends; `running` is a zygote that was started already."""
    with suppress(EOFError, ConnectionError):
        serve([Channel(stream) for stream in sockets], Limits(), running)
    sys.stderr.flush()
    os._exit(0)  # what is to be closed is: to take the interpreter down would take as long as a submission


def serve(channels: Sequence[Channel], limits: Limits, running: ZygoteProcess | None = None) -> None:
    """Answer tasks until there are no more."""
    with ExitStack() as stack:
        zygote = stack.enter_context(closing(Zygote(limits, warm=True, running=running)))
        start = read_start(channels[0])
        zygote.unsafe = start.unsafe
        root = stack.enter_context(_homework(start))
        if start.will_run_code:
            zygote.start()  # torch is being imported meanwhile
            zygote.preload(start.preloads)
        grader = _ready(channels[0], replace(start, homework=str(root)), zygote, limits)
        if grader is not None:
            _keep_what_is_there()
            place, used = _shared_out(channels, zygote, start)
            channel = channels[place]
            if place < len(start.cpus):
                used.stay_on(start.cpus[place])
            with closing(used):
                _answer_all(channel, grader.using(used))


def _keep_what_is_there() -> None:
    """What the homework and the libraries are made of stays to the end: it is not looked through for what is left over
    of submissions, and need not be copied for that by a process that is forked.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE, 10, 10)


def _shared_out(channels: Sequence[Channel], zygote: Zygote, start: Start) -> tuple[int, Zygote]:
    """Fork a process for each further channel, with a zygote forked from this one's. Returns in each, 0 here, the place
    of its channel, and its zygote.

    Only its own end of a channel stays open in each: the run has to see which of them has gone.
    """
    for unused in channels[start.graders :]:
        unused.stream.close()
    first, *others = channels[: start.graders]
    for place, channel in enumerate(others, start=1):
        sibling = zygote.split() if start.will_run_code else None
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
