"""The commands of a class, without their printing: arguments in, lines to show out."""

import json
import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from autograder.errors import UsageError
from autograder.regrade.finished import Summary
from autograder.regrade.order import Order
from autograder.regrade.store import open_store
from autograder.reports.changes_csv import changes_summary, counted
from autograder.reports.numbers import several
from autograder.scoring.late import LateRules, read_cost, read_moment
from autograder.settings import Homework

TOLD = 20


def order_of(options: Namespace) -> Order:
    """What the command line asks for. Raises UsageError."""
    if options.workers is not None and options.workers < 1:
        raise UsageError("--workers must be 1 or more")
    if options.scheduler and options.workers:
        raise UsageError("give --workers for this machine, or --scheduler for a cluster, which has its own number")
    return Order(
        export=options.export,
        out=options.out,
        homework=Homework(options.homework),
        workers=options.workers or cores(),
        only=tuple(options.only),
        against=options.against,
        manual=options.manual,
        unsafe=options.unsafe,
        scheduler=options.scheduler,
        late=late_rules(options.due, options.late, options.grace),
    )


def late_rules(due: str | None, cost: str | None, grace: int | None) -> LateRules:
    """What the command line says of lateness. Raises UsageError."""
    moment = None if due is None else read_moment(due)
    if due is not None and moment is None:
        raise UsageError(f"--due {due!r} is not a date and time with its offset from UTC: 2026-04-24T23:59-07:00")
    per_day = None if cost is None else read_cost(cost)
    if cost is not None and per_day is None:
        raise UsageError(f"--late {cost!r} is neither a percentage (10%) nor a number of points (5)")
    if grace is not None and grace < 0:
        raise UsageError("--grace is a number of minutes, 0 or more")
    return LateRules(moment, per_day, None if grace is None else timedelta(minutes=grace))


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def told(summary: Summary, out: Path) -> Iterator[str]:
    """What a person wants to know at the end of a run."""
    if summary.nothing_new:
        yield "Nothing has changed since the last run."
    counts = ", ".join(f"{count} {status}" for status, count in summary.counts.items())
    yield f"{several(summary.submissions, 'submission')}: {counts}. Grades are in {out / 'grades.csv'}."
    yield from _named("Passed over as unsafe", summary.passed_over)
    yield from _named("A person must look at", summary.attention)
    yield from _named("A spreadsheet takes these names for formulas; import grades.csv as text", summary.formulas)
    if summary.late is not None:
        were = "1 was" if summary.late == 1 else f"{summary.late} were"
        yield f"{were} late; {out / 'late.csv'} says what that took off."
        yield from _named("When these were handed in is not known, so nothing is taken off", summary.moment_unknown)
    yield from changes_summary(summary.changes)


def comparison(old: Path, new: Path, *, as_json: bool) -> Iterator[str]:
    """What changed from one run to another: a line each, then how often which reason."""
    from autograder.regrade.compare import compare_runs

    with open_store(old, read_only=True) as before, open_store(new, read_only=True) as after:
        changes = compare_runs(before, after)
    for change in changes:
        places = f"{change.submission_id}  {change.number}  {change.old or '-'} -> {change.new or '-'}  {change.reason}"
        yield json.dumps(asdict(change), ensure_ascii=False) if as_json else places
    if not as_json:
        yield from changes_summary(counted(changes))


def sheet(run: Path) -> str:
    """The CSV for a person's grades."""
    from autograder.regrade.sheet import sheet_csv

    with open_store(run, read_only=True) as store:
        return sheet_csv(store)


def _named(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
        yield f"{what}: {', '.join(names[:TOLD])}{more}."
