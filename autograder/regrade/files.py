"""Writes the files of a run. They come from the store alone; one that is there already, byte for byte, is left."""

import os
from pathlib import Path

from autograder.errors import RunRefused
from autograder.regrade.dependencies import digest_of
from autograder.regrade.finished import Finished
from autograder.regrade.outcome import Assessed, Conditions, assessed_marks
from autograder.regrade.store import Store
from autograder.reports.changes_csv import changes_csv
from autograder.reports.grades_csv import grades_csv
from autograder.reports.gradescope import failure, results, to_json
from autograder.reports.late_csv import late_csv

GRADES, CHANGES, LATE, RESULTS = "grades.csv", "changes.csv", "late.csv", "results"
LONGEST_NAME = 200  # bytes
UNFINISHED = ".unfinished"


def write_files(out: Path, finished: Finished, store: Store, conditions: Conditions) -> None:
    """Raises RunRefused if there is no room, or the folder cannot be written."""
    try:
        (out / RESULTS).mkdir(exist_ok=True)
        written = set()
        for assessed, _ in assessed_marks(store, store.entries(), conditions):
            name = result_name(assessed.entry.submission_id)
            written.add(name)
            write_whole(out / RESULTS / name, to_json(result(assessed)), durable=False)
        for stale in (path for path in (out / RESULTS).iterdir() if path.name not in written):
            stale.unlink()
        if conditions.late:
            write_whole(out / LATE, late_csv(finished.late))
        else:
            (out / LATE).unlink(missing_ok=True)
        write_whole(out / CHANGES, changes_csv(finished.changes))
        write_whole(out / GRADES, grades_csv(finished.grades, finished.numbers, finished.max_score))
    except OSError as error:
        raise RunRefused(f"{out} cannot be written ({error.strerror}); make room and start again") from error


def result(assessed: Assessed) -> dict[str, object]:
    """One submission's results.json."""
    if assessed.failure:
        return failure("The autograder failed on this submission. A person will grade it; this is not your mistake.")
    return results(assessed.sheet)


def result_name(submission_id: str) -> str:
    """A file's name for any submission_id: one that is too long for a file system is cut and told apart."""
    name = submission_id.encode("utf-8", "backslashreplace")
    if len(name) <= LONGEST_NAME:
        return f"{submission_id}.json"
    return f"{name[:100].decode('utf-8', 'ignore')}-{digest_of(submission_id)[:16]}.json"


def write_whole(path: Path, text: str, *, durable: bool = True) -> None:
    """Put a file there in one step; a durable one is on the disk before it has its name."""
    content = text.encode("utf-8", "backslashreplace")
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    unfinished = path.with_name(f".{path.name[:100]}{UNFINISHED}")
    with unfinished.open("wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    unfinished.replace(path)
