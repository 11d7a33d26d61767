"""Has graded by graders what is still missing: tasks in, what they answer into the store."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autograder.errors import RunRefused
from autograder.regrade.conditions import Conditions, Run
from autograder.regrade.dependencies import versions
from autograder.regrade.export import Entry, Export
from autograder.regrade.messages import Failed, Graded, Start, Task
from autograder.regrade.order import Missing, Order, Watcher
from autograder.regrade.pool import Pool
from autograder.regrade.report.sources import SourceScanner
from autograder.regrade.store import Store, StoredOutcome
from autograder.submission.model import ExpectedFiles

if TYPE_CHECKING:
    from autograder.regrade.cluster import Cluster

ROWS_WORTH_A_GRADER = 500  # starting one takes as long as judging so many rows again


def graded(
    run: Run,
    order: Order,
    watcher: Watcher,
    missing: Missing,
    own: tuple[StoredOutcome, ...],
    modules: Mapping[str, frozenset[str]],
) -> None:
    """Have the missing parts graded. `own` is what the reference answered; `modules` are what each part may ask."""
    store, environment = run.store, run.conditions.environment
    fresh = any(not store.was_run(digest, environment) for digest in missing)
    start = Start(
        homework=str(order.homework.root.resolve()),
        keys={number: key.digest for number, key in run.conditions.keys.items()},
        will_run_code=fresh or not own,
        own_outcomes=own,
        unsafe=order.unsafe,
    )
    tasks = _Tasks(store, run.export, run.course.expected_files, environment, modules).of(missing)
    scribe = _Scribe(store, run.conditions, SourceScanner(store, run.course), watcher)
    _crew(run, order, start, missing, fresh, watcher).run(tasks, scribe.note)


def _crew(run: Run, order: Order, start: Start, missing: Missing, will_run: bool, watcher: Watcher) -> "Pool | Cluster":
    """Graders on this machine, or on a cluster."""
    limits = run.limits
    if order.scheduler:
        from autograder.regrade.cluster import Cluster, with_files  # it needs an extra

        far = replace(with_files(start, order.homework), versions=versions(limits))
        return Cluster(order.scheduler, far, limits.run_seconds, watcher)
    rows = sum(map(len, missing.values()))
    size = order.workers if will_run else min(order.workers, 1 + rows // ROWS_WORTH_A_GRADER)
    return Pool(start, size, limits.run_seconds, run.early.graders)


@dataclass(frozen=True)
class _Tasks:
    """Makes one task a content, read from the export when a grader is free for it."""

    store: Store
    export: Callable[[], Export]
    expected: ExpectedFiles
    environment: str
    modules: Mapping[str, frozenset[str]]

    def of(self, missing: Missing) -> Iterator[Task]:
        digests = {line.submission_id: line.digest for line in self.store.entries()}
        waiting = dict(missing)
        for entry in self.export().entries:
            digest = digests.get(entry.submission_id, "")
            numbers = waiting.pop(digest, None)
            if numbers is not None:
                yield self._task(entry, digest, numbers)
        if waiting:
            raise RunRefused("the export was changed while the run went on; start it again")

    def _task(self, entry: Entry, digest: str, numbers: tuple[str, ...]) -> Task:
        submission = self.export().read(entry, self.expected)
        if submission.digest != digest:
            raise RunRefused(f"submission {entry.submission_id} was changed while the run went on; start it again")
        asked = frozenset().union(*(self.modules[number] for number in numbers))
        outcomes = tuple(self.store.outcomes(digest, self.environment, asked))
        was_run = self.store.was_run(digest, self.environment)
        return Task(digest, entry.submission_id, submission.files, numbers, outcomes, was_run)


@dataclass
class _Scribe:
    """Writes down what graders answer, a transaction each."""

    store: Store
    conditions: Conditions
    scanner: SourceScanner
    watcher: Watcher

    def note(self, task: Task, answer: Graded | Failed) -> None:
        environment = self.conditions.environment
        with self.store.transaction():
            self.store.add_sources(task.digest, task.files)
            self.scanner.scan(task.digest, self.store.sources_of(task.digest))
            if isinstance(answer, Failed):
                self.store.add_failure(task.digest, answer.message)
            else:
                if answer.outcomes or answer.layers is not None:
                    self.store.add_outcomes(task.digest, environment, answer.outcomes, answer.layers)
                if answer.own_outcomes:
                    self.store.add_outcomes(self.conditions.own, environment, answer.own_outcomes, None)
                self.store.add_marks(task.digest, self.conditions.keys, answer.marks)
        self.watcher.graded(f"{task.name}: {answer.message}" if isinstance(answer, Failed) else "")
