"""Writes the files of a run. They come from the store alone; one that is there already, byte for byte, is left."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import RunRefused
from autograder.regrade.dependencies import digest_of
from autograder.regrade.finished import Finished
from autograder.regrade.outcome import Assessed
from autograder.reports.changes_csv import changes_csv
from autograder.reports.grades_csv import grades_csv
from autograder.reports.gradescope import failure, results_of_class, to_json
from autograder.reports.late_csv import late_csv

GRADES, CHANGES, LATE, RESULTS = "grades.csv", "changes.csv", "late.csv", "results"
REPORT = "report.html"
LONGEST_NAME = 200  # bytes
UNFINISHED = ".unfinished"
OUR_FAILURE = "The autograder failed on this submission. A person will grade it; this is not your mistake."


@contextmanager
def writing_to(out: Path) -> Iterator["Files"]:
    """Raises RunRefused if there is no room, or the folder cannot be written."""
    try:
        (out / RESULTS).mkdir(exist_ok=True)
        yield Files(out)
    except OSError as error:
        raise RunRefused(f"{out} cannot be written ({error.strerror}); make room and start again") from error


class Files:
    """The files of one folder."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._results: set[str] = set()

    def write_result(self, assessed: Assessed) -> None:
        name = result_name(assessed.entry.submission_id)
        self._results.add(name)
        write_whole(self._out / RESULTS / name, result_text(assessed), durable=False)

    def write_tables(self, finished: Finished, *, late: bool) -> None:
        """The CSV files; results of submissions that are no longer there are removed."""
        for stale in (path for path in (self._out / RESULTS).iterdir() if path.name not in self._results):
            stale.unlink()
        if late:
            write_whole(self._out / LATE, late_csv(finished.late))
        else:
            (self._out / LATE).unlink(missing_ok=True)
        write_whole(self._out / CHANGES, changes_csv(finished.changes))
        write_whole(self._out / GRADES, grades_csv(finished.grades, finished.numbers, finished.max_score))
        for stale in self._out.glob(f".*{UNFINISHED}"):  # of a run that was killed
            stale.unlink()

    def write_report(self, page: str) -> None:
        write_whole(self._out / REPORT, page)


def result_text(assessed: Assessed) -> str:
    """One submission's results.json."""
    if assessed.failure:
        return to_json(failure(OUR_FAILURE))
    return results_of_class(assessed.sheet, [row.text for row in assessed.rows])


def result_name(submission_id: str) -> str:
    """A file's name for any submission_id: one that is too long for a file system is cut and told apart."""
    name = submission_id.encode("utf-8", "backslashreplace")
    if len(name) <= LONGEST_NAME:
        return f"{submission_id}.json"
    return f"{name[:100].decode('utf-8', 'ignore')}-{digest_of(submission_id)[:16]}.json"


def write_whole(path: Path, text: str, *, durable: bool = True) -> None:
    """Put a file there in one step; a durable one is on the disk before it has its name."""
    content = text.encode("utf-8", "backslashreplace")
    if _holds(path, content):
        return
    unfinished = path.with_name(f".{path.name[:100]}{UNFINISHED}")
    with unfinished.open("wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    unfinished.replace(path)


def _holds(path: Path, content: bytes) -> bool:
    """Whether there is a file with just this content."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(content):
            return False
        with open(path, "rb", buffering=0) as file:
            return file.read() == content
    except OSError:
        return False
