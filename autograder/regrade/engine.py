"""Grades a class, or what of it is not graded yet. START HERE to read this package.

    export --intake--> store --pool of graders--> store --outcome.py--> files

Every step only adds to the store, in transactions; so a run that was stopped at any moment is gone on with.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from functools import cache, partial
from typing import TYPE_CHECKING

from autograder.regrade.conditions import Conditions, Early, Run, own_digest
from autograder.regrade.dependencies import PartKey, environment_digest, part_keys, part_modules
from autograder.regrade.files import writing_to
from autograder.regrade.finished import Finished
from autograder.regrade.intake import Taken, take_in
from autograder.regrade.manual import read_manual
from autograder.regrade.order import Missing, Order, Watcher
from autograder.regrade.outcome import Assessed, finish
from autograder.regrade.report.similar import Search
from autograder.regrade.store import EntryLine, Mark, Store, StoredOutcome
from autograder.scoring.course import Course, load_course
from autograder.scoring.late import policy_of
from autograder.settings import Limits

if TYPE_CHECKING:
    from autograder.regrade.export import Export


def bring_up_to_date(
    order: Order, store: Store, watcher: Watcher, limits: Limits, state: str, early: Early
) -> Finished:
    """Grade what is not graded, and write the files. `state` is a digest of the export's files as they were before;
    `early` are the children that were started before.
    """
    course = load_course(order.homework, order.only, limits)
    keys = part_keys(course, order.homework)
    with ExitStack() as stack:
        export = cache(lambda: _opened(order, limits, stack))
        taken = take_in(export, state, course.expected_files, store, watcher.read)
        _take_manual(order, store, taken.lines, course)
        conditions = _conditions(order, course, keys, limits)
        search = stack.enter_context(closing(Search(store, course.template)))
        _grade(Run(store, conditions, course, export, limits, early), order, watcher)
        return _write_files(order, store, taken, course, conditions, search)


def _opened(order: Order, limits: Limits, stack: ExitStack) -> "Export":
    from autograder.regrade.export import open_export  # an export that is as it was is not opened

    return stack.enter_context(open_export(order.export, limits))


def _write_files(
    order: Order, store: Store, taken: Taken, course: Course, conditions: Conditions, search: Search
) -> Finished:
    from autograder.regrade.report.gather import report_page  # loaded while others are at work
    from autograder.regrade.report.observations import Observations

    with writing_to(order.out) as files:
        seen = Observations()

        def note(assessed: Assessed) -> None:
            files.write_result(assessed)
            seen.see(assessed)

        finished = finish(store, taken.lines, conditions, taken.passed_over, order, note)
        files.write_tables(finished, late=conditions.late is not None)
        files.write_report(report_page(store, taken.lines, conditions.keys, finished, seen, course, search.found()))
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


def _take_manual(order: Order, store: Store, lines: Sequence[EntryLine], course: Course) -> None:
    if order.manual is None or course.rubric is None:
        return
    points = {number: part.points for number, part in course.rubric.parts.items()}
    grades = read_manual(order.manual, {line.submission_id for line in lines}, points)
    with store.transaction():
        store.add_manual(grades)


def _grade(run: Run, order: Order, watcher: Watcher) -> None:
    """Have graded what is not: from what is kept as far as that goes, by graders that run code where it does not."""
    store, conditions = run.store, run.conditions
    with store.transaction():
        store.register(conditions.keys.values())
        store.clear_failures()
    contents = store.missing(conditions.keys.values())
    missing: Missing = {digest: numbers for digest, numbers in contents.items() if numbers}
    watcher.begin(len(contents), len(contents) - len(missing))
    if not missing:
        return
    modules = part_modules(run.course, order.homework)
    asked = frozenset().union(*(modules[number] for numbers in missing.values() for number in numbers))
    own = tuple(store.outcomes(conditions.own, conditions.environment, asked))
    missing = _judged_again(run, order, watcher, missing, own)
    if missing:
        from autograder.regrade.crew import graded  # what talks to graders; not needed where none is

        _load_report()
        graded(run, order, watcher, missing, own, modules)


def _judged_again(
    run: Run, order: Order, watcher: Watcher, missing: Missing, own: tuple[StoredOutcome, ...]
) -> Missing:
    """Judge what the store alone can tell; returns what is still missing."""
    store, conditions = run.store, run.conditions
    before = store.run_before(conditions.environment)
    known = {digest: numbers for digest, numbers in missing.items() if digest in before}
    if not known:
        return missing
    run.course.marker.prepare(
        {number for numbers in known.values() for number in numbers}
    )  # refused here, in a sentence
    from autograder.regrade.again import Terms, judge_again  # a first run needs none of it
    from autograder.regrade.material import Material

    def note(found: Sequence[tuple[str, Sequence[Mark]]]) -> None:
        with store.transaction():
            for digest, marks in found:
                store.add_marks(digest, conditions.keys, marks)
        for _ in found:
            watcher.graded("")

    keys = {number: key.digest for number, key in conditions.keys.items()}
    waiting = partial(run.early.judge.asked, keys)
    terms = Terms(order.workers, run.limits.run_seconds, waiting, _load_report, note)
    material = Material(run.course, order.out, order.export, conditions.environment, own, run.limits)
    left = judge_again(known, store, material, terms)
    return {digest: numbers for digest, numbers in missing.items() if digest not in known or digest in left}


def _load_report() -> None:
    """What will be needed at the end, loaded while others are at work."""
    from autograder.regrade.report.gather import load

    load()
