"""Whether there is anything to do at all: the state of all that a run reads and wrote, as one digest.

It is taken before the run reads anything: what changes while it goes is then found by the next one.
"""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path

from autograder.regrade.dependencies import digest_of, engine_digest, environment_digest
from autograder.regrade.finished import Finished
from autograder.regrade.order import Order
from autograder.regrade.report.similar import is_there
from autograder.regrade.store import FILE, Store
from autograder.reports.changes_csv import Change
from autograder.reports.grades_csv import GradeLine
from autograder.reports.late_csv import LateLine
from autograder.settings import Limits

STATE, WRITTEN, FINISHED = "state", "written", "finished"


def state_of(order: Order, limits: Limits) -> str:
    """A digest of names, sizes, times of change and inodes of everything that decides what a run comes to."""
    homework, against = order.homework, order.against
    places = [order.export, homework.reference, homework.template, homework.suites]
    extra = [order.manual] if order.manual else []
    other = [against / FILE] if against and against.resolve() != order.out.resolve() else []
    asked = repr((order.only, str(against), str(order.manual), order.late, is_there()))
    pieces = [piece for place in (*places, *extra, *other) for piece in _stamps(place)]
    return digest_of(asked, engine_digest(), environment_digest(limits), *pieces)


def _stamps(place: Path) -> Iterator[str]:
    """One line a file, whatever it is; links are not followed, but for `place` itself."""
    try:
        status = place.stat()
    except OSError:
        yield f"{place} missing"
        return
    yield _stamp(str(place), status)
    if stat.S_ISDIR(status.st_mode):
        for folder, folders, files in os.walk(place):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files + folders):
                path = os.path.join(folder, name)
                yield _stamp(path, os.lstat(path))


def _stamp(path: str, status: os.stat_result) -> str:
    # A folder's own times change when Python leaves its cache there; its entries are listed anyway.
    if stat.S_ISDIR(status.st_mode):
        return f"{path} folder"
    return f"{path} {status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def remember(store: Store, state: str, out: Path, finished: Finished) -> None:
    """Note that all is up to date; nothing is noted while the grader failed somewhere, so that it is tried again."""
    done = not finished.count("failed")
    with store.transaction():
        store.set_fact(FINISHED, _as_text(finished))
        store.set_fact(WRITTEN, _written(out))
        store.set_fact(STATE, state if done else "")


def is_unchanged(store: Store, state: str, out: Path) -> Finished | None:
    """What the last run came to, if a run now would come to the same and all its files are still there."""
    if store.fact(STATE) != state or store.fact(WRITTEN) != _written(out):
        return None
    return replace(_from_text(store.fact(FINISHED)), nothing_new=True)


def _written(out: Path) -> str:
    """The state of the files that a run writes."""
    names = [out / "grades.csv", out / "changes.csv", out / "late.csv", out / "report.html"]
    results = out / "results"
    if results.is_dir():
        with os.scandir(results) as entries:
            names += sorted(Path(entry.path) for entry in entries)
    return digest_of(*(_stamp_or_missing(path) for path in names))


def _stamp_or_missing(path: Path) -> str:
    try:
        return _stamp(path.name, path.lstat())
    except OSError:
        return f"{path.name} missing"


def _as_text(finished: Finished) -> str:
    fields = asdict(finished) | {"max_score": str(finished.max_score)}
    for line in fields["grades"]:
        line["score"] = str(line["score"])
        line["parts"] = {number: str(value) for number, value in line["parts"].items()}
    for line in fields["late"]:
        line["taken"], line["score"] = str(line["taken"]), str(line["score"])
    return json.dumps(fields)


def _from_text(text: str) -> Finished:
    fields = json.loads(text)
    for line in fields["grades"]:
        line["score"] = Fraction(line["score"])
        line["parts"] = {number: Fraction(value) for number, value in line["parts"].items()}
    for line in fields["late"]:
        line["taken"], line["score"] = Fraction(line["taken"]), Fraction(line["score"])
    return Finished(
        grades=tuple(GradeLine(**line) for line in fields["grades"]),
        numbers=tuple(fields["numbers"]),
        max_score=Fraction(fields["max_score"]),
        changes=tuple(Change(**change) for change in fields["changes"]),
        passed_over=tuple(fields["passed_over"]),
        traces=tuple(fields["traces"]),
        late=tuple(LateLine(**line) for line in fields["late"]),
    )
