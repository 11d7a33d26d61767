"""Grades a class, or what of it is not graded yet. START HERE to read this package.

    export --intake--> store --pool of graders--> store --outcome.py--> files

Every step only adds to the store, in transactions; so a run that was stopped at any moment is gone on with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from autograder.errors import RunRefused
from autograder.regrade.dependencies import PartKey, environment_digest, part_keys, part_modules, versions
from autograder.regrade.export import Entry, Export, open_export
from autograder.regrade.files import writing_to
from autograder.regrade.finished import Finished
from autograder.regrade.intake import Taken, take_in
from autograder.regrade.manual import read_manual
from autograder.regrade.messages import Failed, Graded, Start, Task
from autograder.regrade.order import Order, Watcher
from autograder.regrade.outcome import Assessed, Conditions, finish
from autograder.regrade.report.gather import report_page
from autograder.regrade.report.observations import Observations
from autograder.regrade.store import EntryLine, Mark, Store, StoredOutcome
from autograder.scoring.course import Course, load_course
from autograder.scoring.late import policy_of
from autograder.settings import Limits
from autograder.submission.model import ExpectedFiles, Submission

if TYPE_CHECKING:
    from autograder.regrade.cluster import Cluster
    from autograder.regrade.pool import Pool

OpenExport = Callable[[], Export]  # opened when something of it has to be read
Missing = Mapping[str, tuple[str, ...]]  # contents by digest, with the parts that they are not marked in
ROWS_WORTH_A_GRADER = 500  # starting one takes as long as judging so many rows again


def bring_up_to_date(order: Order, store: Store, watcher: Watcher, limits: Limits, state: str) -> Finished:
    """Grade what is not graded, and write the files. `state` is a digest of the export's files as they were before."""
    course = load_course(order.homework, order.only, limits)
    keys = part_keys(course, order.homework)
    with ExitStack() as stack:
        export = cache(lambda: stack.enter_context(open_export(order.export, limits)))
        taken = take_in(export, state, course.expected_files, store, watcher.read)
        _take_manual(order, store, taken.lines, course)
        conditions = _conditions(order, course, keys, limits)
        _grade(order, store, export, course, conditions, watcher, limits)
        return _write_files(order, store, taken, course, conditions)


def _write_files(order: Order, store: Store, taken: Taken, course: Course, conditions: Conditions) -> Finished:
    with writing_to(order.out) as files:
        seen = Observations()

        def note(assessed: Assessed) -> None:
            files.write_result(assessed)
            seen.see(assessed)

        finished = finish(store, taken.lines, conditions, taken.passed_over, order, note)
        files.write_tables(finished, late=conditions.late is not None)
        files.write_report(report_page(store, taken.lines, conditions.keys, finished, seen, course))
    return finished


def _conditions(order: Order, course: Course, keys: Mapping[str, PartKey], limits: Limits) -> Conditions:
    return Conditions(
        title=course.declarations.title,
        keys=keys,
        environment=environment_digest(limits),
        own=own_digest(course),
        late=policy_of(order.late.over(course.rubric.late if course.rubric else None)),
        seed=course.rubric.seed if course.rubric else None,
    )


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
    export: OpenExport,
    course: Course,
    conditions: Conditions,
    watcher: Watcher,
    limits: Limits,
) -> None:
    """Have graded what is not: from what is kept as far as that goes, by graders that run code where it does not."""
    with store.transaction():
        store.register(conditions.keys.values())
        store.clear_failures()
    contents = store.missing(conditions.keys.values())
    missing: Missing = {digest: numbers for digest, numbers in contents.items() if numbers}
    watcher.begin(len(contents), len(contents) - len(missing))
    if not missing:
        return
    modules = part_modules(course, order.homework)
    scribe = _Scribe(store, conditions, watcher)
    asked = frozenset().union(*(modules[number] for numbers in missing.values() for number in numbers))
    own = tuple(store.outcomes(conditions.own, conditions.environment, asked))
    missing = _judged_again(order, store, course, conditions, missing, own, limits, scribe)
    if not missing:
        return
    fresh = [digest for digest in missing if not store.was_run(digest, conditions.environment)]
    start = Start(
        homework=str(order.homework.root.resolve()),
        keys={number: key.digest for number, key in conditions.keys.items()},
        will_run_code=bool(fresh) or not own,
        own_outcomes=own,
        unsafe=order.unsafe,
    )
    tasks = _Tasks(store, export, course.expected_files, conditions.environment, modules).of(missing)
    _crew(order, start, missing, bool(fresh), watcher, limits).run(tasks, scribe.note)


def _judged_again(
    order: Order,
    store: Store,
    course: Course,
    conditions: Conditions,
    missing: Missing,
    own: tuple[StoredOutcome, ...],
    limits: Limits,
    scribe: "_Scribe",
) -> Missing:
    """Judge what the store alone can tell; returns what is still missing."""
    before = store.run_before(conditions.environment)
    known = {digest: numbers for digest, numbers in missing.items() if digest in before}
    if not known:
        return missing
    from autograder.regrade.again import Material, judge_again  # a first run needs none of it

    material = Material(course, order.out, order.export, conditions.environment, own, limits)
    left = judge_again(known, store, material, order.workers, limits.run_seconds, scribe.note_again)
    return {digest: numbers for digest, numbers in missing.items() if digest not in known or digest in left}


def _crew(
    order: Order, start: Start, missing: Missing, will_run: bool, watcher: Watcher, limits: Limits
) -> "Pool | Cluster":
    """Graders on this machine, or on a cluster."""
    if order.scheduler:
        from autograder.regrade.cluster import Cluster, with_files

        far = replace(with_files(start, order.homework), versions=versions(limits))
        return Cluster(order.scheduler, far, limits.run_seconds, watcher)
    from autograder.regrade.pool import Pool

    rows = sum(map(len, missing.values()))
    size = order.workers if will_run else min(order.workers, 1 + rows // ROWS_WORTH_A_GRADER)
    return Pool(start, size, limits.run_seconds)


@dataclass(frozen=True)
class _Tasks:
    """Makes one task a content, read from the export when a grader is free for it."""

    store: Store
    export: OpenExport
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
    watcher: Watcher

    def note_again(self, found: Sequence[tuple[str, Sequence[Mark]]]) -> None:
        """What was judged from what is kept: nothing was run for it."""
        with self.store.transaction():
            for digest, marks in found:
                self.store.add_marks(digest, self.conditions.keys, marks)
        for _ in found:
            self.watcher.graded("")

    def note(self, task: Task, answer: Graded | Failed) -> None:
        environment = self.conditions.environment
        with self.store.transaction():
            self.store.add_sources(task.digest, task.files)
            if isinstance(answer, Failed):
                self.store.add_failure(task.digest, answer.message)
            else:
                if answer.outcomes or answer.layers is not None:
                    self.store.add_outcomes(task.digest, environment, answer.outcomes, answer.layers)
                if answer.own_outcomes:
                    self.store.add_outcomes(self.conditions.own, environment, answer.own_outcomes, None)
                self.store.add_marks(task.digest, self.conditions.keys, answer.marks)
        self.watcher.graded(f"{task.name}: {answer.message}" if isinstance(answer, Failed) else "")
