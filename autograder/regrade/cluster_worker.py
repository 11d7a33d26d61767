"""What runs inside a Dask worker: it keeps graders, processes of their own as on one machine, and hands frames on.

Student code never comes near the Dask worker: it runs in the sandbox of a grader, as everywhere. A grader leaves when
its Dask worker is gone, when the run says so, or when nothing has been asked of it for a while (the run was killed).
"""

import threading
import time
from dataclasses import dataclass, field

from autograder.errors import ProtocolViolated
from autograder.regrade.grader_process import GraderProcess, launch
from autograder.regrade.messages import Failed, Refused, pack_answer, unpack_answer

WANTS_START = b"start?"
START_SECONDS = 600.0
IDLE_SECONDS = 120.0


@dataclass
class _Shelf:
    """The graders of one run in this process, those that have nothing to do and those at work; `left` once the run is
    over.
    """

    start: bytes
    idle: list[GraderProcess] = field(default_factory=list)
    at_work: list[GraderProcess] = field(default_factory=list)
    touched: float = field(default_factory=time.monotonic)
    left: bool = False


_LOCK = threading.Lock()
_SHELVES: dict[str, _Shelf] = {}


def grade_packed(run: str, start: bytes | None, task: bytes, seconds: float) -> bytes:
    """Grade one packed task; the packed answer, or WANTS_START if this process does not know the run yet."""
    shelf = _shelf(run, start)
    if shelf is None:
        return WANTS_START
    grader, refusal = _ready_grader(shelf)
    if grader is None:
        return refusal
    try:
        grader.channel.stream.settimeout(seconds)
        grader.channel.stream.sendall(task)
        answer = grader.channel.receive_whole()
    except (OSError, EOFError, ProtocolViolated) as error:
        _give_up(shelf, grader)
        why = "it did not answer in time" if isinstance(error, TimeoutError) else "its process ended"
        return pack_answer(Failed(f"The grader was lost over this submission: {why}.", lost=True))
    _put_back(shelf, grader, answer)
    return answer


def dismiss(run: str) -> None:
    """End the graders of a run. Whoever waits for one that is at work is told that it was lost, and ends it."""
    with _LOCK:
        shelf = _SHELVES.pop(run, None)
        if shelf is None:
            return
        shelf.left, idle, shelf.idle = True, shelf.idle, []
        for grader in shelf.at_work:
            grader.process.terminate()
    for grader in idle:
        grader.dismiss()


def _shelf(run: str, start: bytes | None) -> _Shelf | None:
    with _LOCK:
        if run not in _SHELVES and start is not None:
            _SHELVES[run] = _Shelf(start)
            _watch(run)
        shelf = _SHELVES.get(run)
        if shelf is not None:
            shelf.touched = time.monotonic()
        return shelf


def _ready_grader(shelf: _Shelf) -> tuple[GraderProcess | None, bytes]:
    """A grader that waits for a task; or none, and the answer to give in its place."""
    with _LOCK:
        if shelf.idle:
            shelf.at_work.append(shelf.idle.pop())
            return shelf.at_work[-1], b""
    grader = launch()
    with _LOCK:
        shelf.at_work.append(grader)
    try:
        grader.channel.stream.settimeout(START_SECONDS)
        grader.channel.stream.sendall(shelf.start)
        content = grader.channel.receive_whole()
    except (OSError, EOFError) as error:
        _give_up(shelf, grader)
        return None, pack_answer(
            Failed(f"A grader could not be started: {str(error) or 'its process ended'}.", lost=True)
        )
    if isinstance(unpack_answer(content), Refused):
        _give_up(shelf, grader)
        return None, content
    return grader, b""


def _put_back(shelf: _Shelf, grader: GraderProcess, content: bytes) -> None:
    answer = unpack_answer(content)
    is_lost = isinstance(answer, Failed) and answer.lost
    with _LOCK:
        shelf.touched = time.monotonic()
        keep = not is_lost and not shelf.left
        if keep:
            shelf.at_work.remove(grader)
            shelf.idle.append(grader)
    if not keep:
        _give_up(shelf, grader)


def _give_up(shelf: _Shelf, grader: GraderProcess) -> None:
    with _LOCK:
        shelf.at_work.remove(grader)
    grader.dismiss()


def _watch(run: str) -> None:
    """Look at a run's graders from time to time, and end them once nobody seems to want them."""
    timer = threading.Timer(IDLE_SECONDS, _end_if_idle, [run])
    timer.daemon = True
    timer.start()


def _end_if_idle(run: str) -> None:
    with _LOCK:
        shelf = _SHELVES.get(run)
        idle = shelf is not None and not shelf.at_work and time.monotonic() - shelf.touched > IDLE_SECONDS
    if idle:
        dismiss(run)
    elif shelf is not None:
        _watch(run)
