"""Grades a class, or what of it is not graded yet. START HERE to read this package.

    export --intake--> store --pool of graders--> store --outcome.py--> files

Every step only adds to the store, in transactions; so a run that was stopped at any moment is gone on with.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.errors import RunRefused
from autograder.regrade.dependencies import PartKey, environment_digest, part_keys
from autograder.regrade.export import Entry, Export, open_export
from autograder.regrade.files import write_files
from autograder.regrade.intake import take_in
from autograder.regrade.lock import only_run
from autograder.regrade.manual import read_manual
from autograder.regrade.messages import Failed, Graded, Start, Task
from autograder.regrade.outcome import Conditions, Finished, finish
from autograder.regrade.pool import Pool
from autograder.regrade.store import EntryLine, Store, open_store
from autograder.regrade.unchanged import is_unchanged, remember, state_of
from autograder.scoring.course import Course, load_course
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission

ROWS_WORTH_A_GRADER = 500  # starting one takes as long as judging so many rows again


class Watcher(Protocol):
    """Whoever looks on while a run goes."""

    def read(self, done: int, total: int) -> None:
        """So many submissions have been read."""

    def begin(self, total: int, done: int) -> None:
        """Of `total` different submissions `done` need not be graded."""

    def graded(self, failed: str) -> None:
        """One more is graded; or the grader `failed` on it."""


@dataclass(frozen=True)
class Order:
    """What is asked of a run."""

    export: Path
    out: Path
    homework: Homework
    workers: int
    only: tuple[str, ...] = ()
    against: Path | None = None
    manual: Path | None = None


def regrade(order: Order, watcher: Watcher, limits: Limits | None = None) -> Finished:
    """Bring `order.out` up to date. Raises UsageError, or EngineError where no grader can work."""
    limits = limits or Limits()
    with ExitStack() as stack:
        stack.enter_context(only_run(order.out))
        store = stack.enter_context(open_store(order.out))
        state = state_of(order.export, order.homework, order.out, limits, order.only, order.against, order.manual)
        if (finished := is_unchanged(store, state, order.out)) is not None:
            return finished
        course = load_course(order.homework, order.only, limits)
        keys = part_keys(course, order.homework)
        export = stack.enter_context(open_export(order.export, limits))
        lines = take_in(export, course.expected_files, store, watcher.read)
        _take_manual(order, store, lines, course)
        conditions = Conditions(course.declarations.title, keys, environment_digest(limits), own_digest(course))
        _grade(order, store, export, course, conditions, watcher, limits)
        finished = finish(store, lines, conditions, export.container.unsafe(), order.against, order.out)
        write_files(order.out, finished, store, conditions)
        remember(store, state, order.out, finished)
        return finished


def own_digest(course: Course) -> str:
    """The digest of the reference as a submission: what it answers is stored like a student's."""
    return Submission("reference", course.reference or {}).digest


def _take_manual(order: Order, store: Store, lines: Sequence[EntryLine], course: Course) -> None:
    if order.manual is None or course.rubric is None:
        return
    points = {number: part.points for number, part in course.rubric.parts.items()}
    grades = read_manual(order.manual, {line.submission_id for line in lines}, points)
    with store.transaction():
        store.add_manual(grades)


def _grade(
    order: Order,
    store: Store,
    export: Export,
    course: Course,
    conditions: Conditions,
    watcher: Watcher,
    limits: Limits,
) -> None:
    """Have graded what is not."""
    with store.transaction():
        store.register(conditions.keys.values())
        store.clear_failures()
    wanted = _wanted(store, conditions.keys)
    watcher.begin(wanted.total, wanted.total - len(wanted.missing))
    if not wanted.missing:
        return
    own = tuple(store.outcomes(conditions.own, conditions.environment))
    fresh = [digest for digest in wanted.missing if not store.was_run(digest, conditions.environment)]
    start = Start(
        homework=str(order.homework.root.resolve()),
        keys={number: key.digest for number, key in conditions.keys.items()},
        will_run_code=bool(fresh) or not own,
        own_outcomes=own,
    )
    scribe = _Scribe(store, conditions, watcher)
    tasks = _tasks(store, export, course, wanted.missing, conditions.environment)
    rows = sum(map(len, wanted.missing.values()))
    size = order.workers if fresh else min(order.workers, 1 + rows // ROWS_WORTH_A_GRADER)
    Pool(start, size, limits.run_seconds).run(tasks, scribe.note)


@dataclass(frozen=True)
class _Wanted:
    """How many different contents there are, and which parts are missing of which."""

    total: int
    missing: Mapping[str, tuple[str, ...]]


def _wanted(store: Store, keys: Mapping[str, PartKey]) -> _Wanted:
    marked = store.marked(keys.values())
    digests = dict.fromkeys(line.digest for line in store.entries())
    missing = {digest: tuple(n for n in keys if n not in marked.get(digest, ())) for digest in digests}
    return _Wanted(len(digests), {digest: numbers for digest, numbers in missing.items() if numbers})


def _tasks(
    store: Store, export: Export, course: Course, missing: Mapping[str, tuple[str, ...]], environment: str
) -> Iterator[Task]:
    """One task a content, read from the export when a grader is free for it."""
    digests = {line.submission_id: line.digest for line in store.entries()}
    waiting = dict(missing)
    for entry in export.entries:
        numbers = waiting.pop(digests[entry.submission_id], None)
        if numbers is not None:
            yield _task(entry, digests[entry.submission_id], numbers, export, course, store, environment)


def _task(
    entry: Entry,
    digest: str,
    numbers: tuple[str, ...],
    export: Export,
    course: Course,
    store: Store,
    environment: str,
) -> Task:
    submission = export.read(entry, course.expected_files)
    if submission.digest != digest:
        raise RunRefused(f"submission {entry.submission_id} was changed while the run went on; start it again")
    return Task(digest, entry.submission_id, submission.files, numbers, tuple(store.outcomes(digest, environment)))


@dataclass
class _Scribe:
    """Writes down what graders answer, a transaction each."""

    store: Store
    conditions: Conditions
    watcher: Watcher

    def note(self, task: Task, answer: Graded | Failed) -> None:
        environment = self.conditions.environment
        with self.store.transaction():
            if isinstance(answer, Failed):
                self.store.add_failure(task.digest, answer.message)
            else:
                if answer.outcomes or answer.layers is not None:
                    self.store.add_outcomes(task.digest, environment, answer.outcomes, answer.layers)
                if answer.own_outcomes:
                    self.store.add_outcomes(self.conditions.own, environment, answer.own_outcomes, None)
                self.store.add_marks(task.digest, self.conditions.keys, answer.marks)
        self.watcher.graded(f"{task.name}: {answer.message}" if isinstance(answer, Failed) else "")
