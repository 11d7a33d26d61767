"""Whether there is anything to do at all: the state of all that a run reads and wrote, as one digest.

It is taken before the run reads anything: what changes while it goes is then found by the next one.
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.regrade.dependencies import digest_of, environment_digest, program_digest
from autograder.regrade.finished import Summary, pack_summary, unpack_summary
from autograder.regrade.order import Order
from autograder.regrade.report.similar import is_there
from autograder.regrade.store import FILE, Store
from autograder.settings import Limits

STATE, WRITTEN, SUMMARY = "state", "written", "summary"


@dataclass(frozen=True)
class State:
    """Digests of names, sizes, times of change and inodes: of the export, and of everything that decides what a run
    comes to.
    """

    export: str
    everything: str


def state_of(order: Order, limits: Limits) -> State:
    homework, against = order.homework, order.against
    extra = [order.manual] if order.manual else []
    other = [against / FILE] if against and against.resolve() != order.out.resolve() else []
    asked = repr((order.only, str(against), str(order.manual), order.late, is_there()))
    export = _digest_of_lines([repr(limits), *_stamps(order.export)])
    places = (homework.reference, homework.template, homework.suites, *extra, *other)
    read = _digest_of_lines(stamp for place in places for stamp in _stamps(place))
    return State(export, digest_of(asked, program_digest(), environment_digest(limits), export, read))


def _digest_of_lines(lines: Iterable[str]) -> str:
    return digest_of("\n".join(lines))


def _stamps(place: Path) -> list[str]:
    """One line a file, whatever it is; links are not followed, but for `place` itself."""
    try:
        status = place.stat()
    except OSError:
        return [f"{place!r} missing"]
    lines = [_stamp(str(place), status)]
    if stat.S_ISDIR(status.st_mode):
        _add_stamps(lines, str(place))
    return lines


def _add_stamps(lines: list[str], folder: str) -> None:
    """All that is in a folder, in an order of its own. There may be tens of thousands of files: no call for each."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry.name, entry) for entry in found)
    except OSError as error:
        lines.append(f"{folder!r} {error.errno}")
        return
    for name, entry in entries:
        try:
            s = entry.stat(follow_symlinks=False)
        except OSError:
            lines.append(f"{entry.path!r} missing")
            continue
        if not stat.S_ISDIR(s.st_mode):
            lines.append(f"{entry.path!r} {s.st_mode} {s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino}")
        elif name != "__pycache__":
            lines.append(_stamp(entry.path, s))
            _add_stamps(lines, entry.path)


def _stamp(path: str, status: os.stat_result) -> str:
    # A folder's own times change when Python leaves its cache there; its entries are listed anyway.
    if stat.S_ISDIR(status.st_mode):
        return f"{path!r} folder"
    return f"{path!r} {status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def remember(store: Store, state: State, out: Path, summary: Summary) -> None:
    """Note that all is up to date; nothing is noted while the grader failed somewhere, so that it is tried again."""
    done = not summary.counts["failed"]
    with store.transaction():
        store.set_fact(SUMMARY, pack_summary(summary))
        store.set_fact(WRITTEN, _written(out))
        store.set_fact(STATE, state.everything if done else "")


def was_finished(store: Store) -> bool:
    """Whether everything was graded once; where not, there is code to be run."""
    return store.fact(STATE) != ""


def is_unchanged(store: Store, state: State, out: Path) -> Summary | None:
    """What the last run came to, if a run now would come to the same and all its files are still there."""
    if store.fact(STATE) != state.everything or store.fact(WRITTEN) != _written(out):
        return None
    return unpack_summary(store.fact(SUMMARY))


def _written(out: Path) -> str:
    """The state of the files that a run writes."""
    names = ("grades.csv", "changes.csv", "late.csv", "report.html")
    return _digest_of_lines([*(_stamp_or_missing(str(out / name)) for name in names), *_stamps(out / "results")])


def _stamp_or_missing(path: str) -> str:
    try:
        return _stamp(path, os.lstat(path))
    except OSError:
        return f"{path!r} missing"
