"""The commands of a class, without their printing: arguments in, lines to show out."""

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.regrade.engine import Order
from autograder.regrade.outcome import FAILED, GRADED, UNDECIDED, Finished
from autograder.reports.changes_csv import Change, changes_summary
from autograder.settings import Homework

TOLD = 20


def order_of(options: Namespace) -> Order:
    """What the command line asks for. Raises UsageError."""
    if options.workers is not None and options.workers < 1:
        raise UsageError("--workers must be 1 or more")
    return Order(
        export=options.export,
        out=options.out,
        homework=Homework(options.homework),
        workers=options.workers or cores(),
        only=tuple(options.only),
        against=options.against,
        manual=options.manual,
    )


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def told(finished: Finished, out: Path) -> Iterator[str]:
    """What a person wants to know at the end of a run."""
    if finished.nothing_new:
        yield "Nothing has changed since the last run."
    counts = ", ".join(f"{finished.count(status)} {status}" for status in (GRADED, UNDECIDED, FAILED))
    yield f"{len(finished.grades)} submissions: {counts}. Grades are in {out / 'grades.csv'}."
    yield from _named("Passed over as unsafe", finished.passed_over)
    attention = [line.submission_id for line in finished.grades if line.status != GRADED]
    yield from _named("A person must look at", attention)
    yield from changes_told(finished.changes)


def changes_told(changes: Sequence[Change]) -> list[str]:
    return changes_summary(changes)


def _named(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
        yield f"{what}: {', '.join(names[:TOLD])}{more}."
