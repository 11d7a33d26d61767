"""Graders in processes of their own, and tasks for them. A grader that dies or hangs is replaced.

A task whose grader was lost is tried once more in a new one, and then given up: it cannot stop the others.
"""

import selectors
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from autograder.errors import EngineError, HomeworkInvalid, SandboxFailed
from autograder.regrade.first_graders import Waiting
from autograder.regrade.grader_process import GraderProcess, launch_several, used
from autograder.regrade.messages import (
    Answer,
    Failed,
    Graded,
    Ready,
    Refused,
    Start,
    Task,
    read_answer,
    send_start,
    send_task,
)
from autograder.sandbox import processors
from autograder.sandbox.preloads import wanted_by

START_SECONDS = 600.0
BEYOND_THE_RUN_SECONDS = 120.0
FRAME_SECONDS = 60.0
LONGEST_SLEEP = 3600.0
TRIES = 2
STARTS_IN_VAIN = 3

OnAnswer = Callable[[Task, Graded | Failed], None]


@dataclass
class _Member:
    """One grader. `place` tells it from the others that are there. `task` is what it is at, `deadline` when it is given
    up (time.monotonic).
    """

    grader: GraderProcess
    place: int
    deadline: float
    ready: bool = False
    task: Task | None = None


class Pool:
    """`size` graders that start with `start`; each may take `task_seconds` for a task. Some may be `waiting`."""

    def __init__(self, start: Start, size: int, task_seconds: float, waiting: Waiting | None) -> None:
        self._start = start
        self._graders_waiting = waiting
        self._size = size
        self._task_seconds = task_seconds + BEYOND_THE_RUN_SECONDS
        self._selector = selectors.DefaultSelector()
        self._members: list[_Member] = []
        self._waiting: deque[Task] = deque()
        self._tries: dict[str, int] = {}
        self._in_vain = 0

    def run(self, tasks: Iterator[Task], on_answer: OnAnswer) -> None:
        """Have all tasks graded. Raises HomeworkInvalid or EngineError where no grader can work."""
        try:
            while self._feed(tasks):
                self._listen(on_answer)
        finally:
            self._dismiss_all()

    def _feed(self, tasks: Iterator[Task]) -> bool:
        """Give every idle grader a task and start as many graders as tasks wait; False when all is done."""
        for member in self._members:
            if member.ready and member.task is None and self._waits_more_than(0, tasks):
                self._give(member, self._waiting.popleft())
        starting, room = self._starting(), self._size - len(self._members)
        wanted = next((n for n in range(room) if not self._waits_more_than(starting + n, tasks)), room)
        if wanted > 0:
            self._launch(wanted)
        return bool(self._waiting) or any(member.task for member in self._members)

    def _starting(self) -> int:
        return sum(not member.ready for member in self._members)

    def _waits_more_than(self, count: int, tasks: Iterator[Task]) -> bool:
        """Whether more than `count` tasks wait; takes no more of them than that from the source."""
        while len(self._waiting) <= count:
            task = next(tasks, None)
            if task is None:
                return False
            self._waiting.append(task)
        return True

    def _launch(self, count: int) -> None:
        graders = self._started(count)
        taken = {member.place for member in self._members}
        places = [place for place in range(self._size) if place not in taken][:count]
        together = any(grader.is_forked for grader in graders)
        for place, grader in zip(places, graders, strict=True):
            grader.channel.stream.settimeout(FRAME_SECONDS)
            member = _Member(grader, place, time.monotonic() + START_SECONDS)
            self._selector.register(grader.channel.stream, selectors.EVENT_READ, member)
            self._members.append(member)
            if not grader.is_forked:
                self._begin(grader, places if together else [place])

    def _started(self, count: int) -> list[GraderProcess]:
        first = self._graders_waiting.take() if self._graders_waiting else None
        if first is not None:
            return used(first, count)
        return launch_several(count, runs_code=self._start.will_run_code)

    def _begin(self, grader: GraderProcess, places: list[int]) -> None:
        """Tell a grader, and those that it will fork, what there is to grade."""
        texts = [content for task in self._waiting for content in task.files.values()]
        start = replace(self._start, graders=len(places), preloads=wanted_by(texts), cpus=self._cpus(places))
        try:
            send_start(grader.channel, start)
        except OSError:
            return  # it is gone: `_listen` takes note

    def _cpus(self, places: list[int]) -> tuple[int, ...]:
        """A processor for the grader at each of these places, all of them in turn; none for one that is alone."""
        usable = processors.usable() if self._size > 1 else ()
        return tuple(usable[place % len(usable)] for place in places) if usable else ()

    def _give(self, member: _Member, task: Task) -> None:
        member.task, member.deadline = task, time.monotonic() + self._task_seconds
        try:
            send_task(member.grader.channel, task)
        except OSError:
            member.deadline = 0.0  # it is gone: `_listen` takes note

    def _listen(self, on_answer: OnAnswer) -> None:
        soonest = min(member.deadline for member in self._members)
        for key, _ in self._selector.select(min(max(0.0, soonest - time.monotonic()), LONGEST_SLEEP)):
            member: _Member = key.data
            try:
                answer = read_answer(member.grader.channel)
            except (EOFError, OSError):
                self._lose(member, "its process ended", on_answer)
            else:
                self._take(member, answer, on_answer)
        for member in [member for member in self._members if member.deadline <= time.monotonic()]:
            self._lose(member, "it did not answer in time", on_answer)

    def _take(self, member: _Member, answer: Answer, on_answer: OnAnswer) -> None:
        match answer:
            case Ready(pid):
                member.grader.known_as(pid)
                member.ready, self._in_vain = True, 0
                member.deadline = float("inf")
            case Refused(message, usage):
                raise HomeworkInvalid(message) if usage else SandboxFailed(message)
            case Failed(message, lost=True):
                self._lose(member, message, on_answer)
            case Graded() | Failed() if member.task is not None:
                task, member.task, member.deadline = member.task, None, float("inf")
                on_answer(task, answer)

    def _lose(self, member: _Member, why: str, on_answer: OnAnswer) -> None:
        """Remove a grader; its task is for another, or given up."""
        member.grader.process.terminate()
        self._remove(member)
        task = member.task
        if task is None:
            self._in_vain += not member.grader.is_forked  # these go with the one that forks them
            if self._in_vain >= STARTS_IN_VAIN:
                raise EngineError(f"no grader could be started: {why}; what it said stands above")
            return
        self._tries[task.digest] = self._tries.get(task.digest, 0) + 1
        if self._tries[task.digest] < TRIES:
            self._waiting.appendleft(task)
        else:
            on_answer(task, Failed(f"The grader was lost {TRIES} times over this submission: {why}."))

    def _remove(self, member: _Member) -> None:
        if member in self._members:
            self._selector.unregister(member.grader.channel.stream)
            member.grader.dismiss()
            self._members.remove(member)

    def _dismiss_all(self) -> None:
        """Ask all to leave at once, then wait for each; for none any more where that is interrupted."""
        try:
            for member in self._members:
                member.grader.channel.stream.close()
                if not member.ready or member.task is not None:
                    member.grader.process.terminate()
            for member in self._members:
                member.grader.dismiss()
        except KeyboardInterrupt:
            for member in self._members:
                member.grader.process.kill()  # its zygote sees that, and leaves with all workers
            raise
        self._members.clear()
        self._selector.close()
