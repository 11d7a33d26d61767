"""The score sheet: what every part earned and the verdicts that say why. Frozen, and ignorant of how it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autograder.checks.verdict import Fact, Status, Verdict
from autograder.scoring.late import Lateness
from autograder.submission.model import IntakeProblem

if TYPE_CHECKING:  # NumPy comes with it, which whoever only reads answers can do without
    from autograder.scoring.exhibit import Exhibit


@dataclass(frozen=True)
class Row:
    """One part. `points` is None for a public check. `verdicts` are keyed by criterion, "" for the whole part."""

    number: str
    title: str
    points: Fraction | None
    earned: Fraction
    verdicts: Mapping[str, Verdict]
    visibility: str = "visible"
    exhibits: tuple["Exhibit", ...] = ()

    @cached_property
    def status(self) -> Status:
        """The row in one word: what needs attention first wins; all right is right; some credit is partial."""
        statuses = [verdict.status for verdict in self.verdicts.values()]
        if Status.UNDECIDED in statuses:
            return Status.UNDECIDED
        if all(status is Status.RIGHT for status in statuses):
            return Status.RIGHT
        if self.earned > 0 or any(verdict.credit > 0 for verdict in self.verdicts.values()):
            return Status.PARTIAL
        return next(status for status in statuses if status is not Status.RIGHT)

    @cached_property
    def facts(self) -> tuple[tuple[str, Fact], ...]:
        return tuple((name, fact) for name, verdict in self.verdicts.items() for fact in verdict.facts)


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum. Fractions of a kind are added as whole numbers: a class has tens of thousands of rows."""
    numerators: dict[int, int] = {}
    for value in values:
        numerators[value.denominator] = numerators.get(value.denominator, 0) + value.numerator
    return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


@dataclass(frozen=True)
class ScoreSheet:
    """A graded submission. `notes` say what was strange about its files, `late` what lateness took off.

    `checks` are the public checks' rows where they were run besides. `by` are the names of those who handed it in.
    seed: of the hidden inputs, for staff who repeat a grading; it is recorded and never shown.
    """

    title: str
    submission: str
    rows: tuple[Row, ...]
    notes: tuple[IntakeProblem, ...] = ()
    own_failures: tuple[str, ...] = ()
    layers: Mapping[str, Any] = field(default_factory=dict)
    late: Lateness | None = None
    seed: int | None = None
    checks: tuple[Row, ...] = ()
    by: tuple[str, ...] = ()

    def with_rows(self, rows: Iterable[Row]) -> "ScoreSheet":
        """The sheet with other rows."""
        return replace(self, rows=tuple(rows))

    @cached_property
    def shows_all(self) -> bool:
        """Whether students see every part at once; if not, nothing may tell them the total either."""
        return all(row.visibility == "visible" for row in self.rows)

    @property
    def marked(self) -> bool:
        """Whether these are points; public checks have none."""
        return any(row.points is not None for row in self.rows)

    @cached_property
    def earned(self) -> Fraction:
        return total(row.earned for row in self.rows)

    @property
    def score(self) -> Fraction:
        """What was earned, less what lateness takes off."""
        return self.earned - self.late.taken if self.late else self.earned

    @cached_property
    def points(self) -> Fraction:
        return total(row.points for row in self.rows if row.points)

    @cached_property
    def undecided(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.status is Status.UNDECIDED)
