"""A row as the store keeps it, unpacked and worded once for all submissions of a class that have the same."""

from collections.abc import Iterator
from functools import cached_property, lru_cache

from autograder.checks.verdict import Status
from autograder.regrade.encoding import unpack_row
from autograder.regrade.manual import with_manual
from autograder.regrade.store import ManualGrade
from autograder.reports.gradescope import test_as_text
from autograder.reports.wording import feedback
from autograder.scoring.sheet import Row

MOST = 16_384  # a few for each part of a homework
# How a worker ended that no honest mistake ends like, in words.
ENDED = {
    "exit": "left the process by itself",
    "killed": "was killed: it did what the sandbox forbids, or used up what it may use",
    "garbage": "sent what is not an answer: it tampered with how it is asked, or printed a great deal",
    "cpu": "used up its processor time",
    "memory": "used up its memory",
}
MOMENTS = ("import", "call", "question", "run")
FORBIDDEN = frozenset({"PermissionError", "BlockingIOError", "ConnectionRefusedError"})


class StoredRow:
    """A row, and all that is said of it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.number = row.number
        self.status = row.status
        self.earned = str(row.earned)
        self.points = str(row.points)
        self.undecided = row.status is Status.UNDECIDED

    @cached_property
    def feedback(self) -> str:
        """What the student reads."""
        return feedback(self.row)

    @cached_property
    def text(self) -> str:
        """The row as it stands in results.json."""
        return test_as_text(self.row)

    @cached_property
    def share(self) -> float:
        """Of its points, 0 to 1."""
        return float(self.row.earned / self.row.points) if self.row.points else 0.0

    @cached_property
    def earned_points(self) -> float:
        return float(self.row.earned)

    @cached_property
    def comment(self) -> str | None:
        """What the person said who graded it; None if nobody did."""
        said = (str(fact.data["comment"]) for _, fact in self.row.facts if fact.kind == "graded_by_a_person")
        return next(said, None)

    @cached_property
    def behaviour(self) -> tuple[str, ...]:
        """How workers ended in this part, where a person should see it."""
        return tuple(dict.fromkeys(_behaviour(self.row)))


@lru_cache(maxsize=MOST)
def stored_row(body: str) -> StoredRow:
    """The row that was packed so."""
    return StoredRow(unpack_row(body))


def row_of(body: str, grade: ManualGrade | None) -> StoredRow:
    """The same with a person's grade in the place of the program's, where there is one."""
    stored = stored_row(body)
    return stored if grade is None else StoredRow(with_manual(stored.row, grade))


def _behaviour(row: Row) -> Iterator[str]:
    for _, fact in row.facts:
        what = _what(fact.kind, fact.data.get("reason"), fact.data.get("exception"), fact.data.get("during"))
        if what:
            yield what


def _what(kind: str, reason: object, exception: object, during: object) -> str:
    if kind == "timed_out":
        return f"did not answer in time (during the {during})" if during in MOMENTS else "did not answer in time"
    if kind != "crashed":
        return ""
    if exception in FORBIDDEN:
        return f"was refused something by the sandbox ({exception})"
    return ENDED.get(str(reason), "")
