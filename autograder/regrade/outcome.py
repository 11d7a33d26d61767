"""What a run came to, put together from the store: a sheet for each submission, scores, and what changed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from autograder.regrade.compare import against_export, against_penalties, against_scores, by_part
from autograder.regrade.conditions import Conditions
from autograder.regrade.encoding import unpack_problems
from autograder.regrade.finished import FAILED, GRADED, UNDECIDED, Finished
from autograder.regrade.order import Order
from autograder.regrade.store import EntryLine, ManualGrade, Penalty, ScoreLine, Store, open_store
from autograder.regrade.stored_row import StoredRow, row_of
from autograder.reports.changes_csv import Change
from autograder.reports.grades_csv import GradeLine
from autograder.reports.late_csv import LateLine
from autograder.scoring.late import Lateness, LatePolicy, lateness, read_moment
from autograder.scoring.sheet import ScoreSheet, total


@dataclass(frozen=True)
class Assessed:
    """One submission of the class: its sheet and the rows of it, or why the grader failed on it. `traces` are ours."""

    entry: EntryLine
    sheet: ScoreSheet
    rows: tuple[StoredRow, ...]
    failure: str = ""
    traces: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        return FAILED if self.failure else UNDECIDED if self.sheet.undecided else GRADED


def finish(
    store: Store,
    lines: Sequence[EntryLine],
    conditions: Conditions,
    passed_over: tuple[str, ...],
    order: Order,
    note: Callable[[Assessed], None],
) -> Finished:
    """Put the scores in the store, and say what they are and what changed; each submission's sheet goes to `note`."""
    grades: list[GradeLine] = []
    scores: list[ScoreLine] = []
    traces: list[str] = []
    points: dict[str, Fraction] = {}
    late: list[LateLine] = []
    for assessed in assessed_entries(store, lines, conditions):
        note(assessed)
        grades.append(_grade_line(assessed))
        scores += _score_lines(assessed, conditions)
        if conditions.late:
            late.append(_late_line(assessed, conditions.late))
        traces += [f"{assessed.entry.submission_id}: {trace}" for trace in assessed.traces]
        points.update((row.number, row.points or Fraction(0)) for row in assessed.sheet.rows)
    with store.transaction():
        before = store.replace_scores(scores, _penalties(late, conditions.late))
    return Finished(
        grades=tuple(grades),
        numbers=tuple(conditions.keys),
        max_score=sum(points.values(), Fraction(0)),
        changes=tuple(_changes(store, scores, before, order, conditions)),
        passed_over=passed_over,
        traces=tuple(traces),
        late=tuple(late),
    )


def assessed_entries(store: Store, lines: Sequence[EntryLine], conditions: Conditions) -> Iterator[Assessed]:
    """Every submission with its sheet, in the order of the export."""
    manual, failures, layers = store.manual(), store.failures(), store.layers(conditions.environment)
    keys = list(conditions.keys.values())
    for line in lines:
        marks = store.marks(line.digest, keys)
        rows = tuple(_row(line, body, manual) for body, _ in marks)
        sheet = _sheet(line, rows, layers.get(line.digest, "{}"), conditions)
        failure, traces = failures.get(line.digest, ""), tuple(trace for _, trace in marks if trace)
        yield Assessed(line, sheet, rows, failure, traces)


def _row(line: EntryLine, body: str, manual: Mapping[tuple[str, str], ManualGrade]) -> StoredRow:
    stored = row_of(body, None)
    grade = manual.get((line.submission_id, stored.number)) if manual else None
    return row_of(body, grade)


def _sheet(line: EntryLine, rows: Sequence[StoredRow], layers: str, conditions: Conditions) -> ScoreSheet:
    return ScoreSheet(
        title=conditions.title,
        submission=line.submission_id,
        rows=tuple(stored.row for stored in rows),
        notes=unpack_problems(line.problems),
        layers=_unpacked(layers),
        late=_lateness(line, rows, conditions.late),
        seed=conditions.seed,
    )


@lru_cache(maxsize=64)
def _unpacked(layers: str) -> Mapping[str, Any]:
    """The layers in force: they are the same for nearly all of a class."""
    return dict(json.loads(layers))


def _lateness(line: EntryLine, rows: Sequence[StoredRow], policy: LatePolicy | None) -> Lateness | None:
    moment = read_moment(line.created_at) if policy else None
    if policy is None or moment is None:
        return None
    return lateness(policy, moment, total(stored.row.earned for stored in rows))


def _grade_line(assessed: Assessed) -> GradeLine:
    entry, sheet = assessed.entry, assessed.sheet
    rows = () if assessed.failure else sheet.rows
    return GradeLine(
        submission_id=entry.submission_id,
        name=entry.name,
        sid=entry.sid,
        email=entry.email,
        status=assessed.status,
        score=Fraction(0) if assessed.failure else sheet.score,
        parts={row.number: row.earned for row in rows},
    )


def _score_lines(assessed: Assessed, conditions: Conditions) -> Iterator[ScoreLine]:
    entry = assessed.entry
    rows = {row.number: row for row in assessed.rows}
    for number, key in conditions.keys.items():
        row = rows.get(number)
        failed = assessed.failure or row is None
        yield ScoreLine(
            submission_id=entry.submission_id,
            number=number,
            submission=entry.digest,
            earned="0" if failed or row is None else row.earned,
            points="0" if row is None else row.points,
            status=FAILED if failed or row is None else row.status.value,
            by_hand=row is not None and row.comment is not None,
            key=key.digest,
            feedback=assessed.failure if failed or row is None else row.feedback,
        )


def _late_line(assessed: Assessed, policy: LatePolicy) -> LateLine:
    """A submission that is not known to be late, or that failed, loses nothing."""
    late = None if assessed.failure else assessed.sheet.late
    return LateLine(
        submission_id=assessed.entry.submission_id,
        created_at=assessed.entry.created_at,
        due=policy.due.isoformat(),
        days=late.days if late else None,
        taken=late.taken if late else Fraction(0),
        score=Fraction(0) if assessed.failure else assessed.sheet.score,
    )


def _penalties(lines: Sequence[LateLine], policy: LatePolicy | None) -> list[Penalty]:
    return [Penalty(line.submission_id, line.days, str(line.taken), str(policy)) for line in lines if line.days]


def _changes(
    store: Store, new: list[ScoreLine], before: list[ScoreLine] | None, order: Order, conditions: Conditions
) -> list[Change]:
    """Against the export, another run, or (where that is this folder) the run before: what was there `before`, or where
    that was the same, what was there before it was.
    """
    penalties, against = store.penalties(), order.against
    if against is None:
        return list(against_export(store.entries(), store.earlier(), new, penalties))
    if against.resolve() == order.out.resolve():
        old = _asked_for(store.scores(previous=True) if before is None else before, order, conditions)
        parts = against_scores(by_part(old), by_part(new), cache(store.key), cache(store.key))
        return [*parts, *against_penalties(store.penalties(previous=True), penalties)]
    with open_store(against, read_only=True) as other:
        old = _asked_for(other.scores(), order, conditions)
        parts = against_scores(by_part(old), by_part(new), cache(other.key), cache(store.key))
        return [*parts, *against_penalties(other.penalties(), penalties)]


def _asked_for(lines: list[ScoreLine], order: Order, conditions: Conditions) -> list[ScoreLine]:
    """Where only some parts are graded, the others are not missing."""
    return [line for line in lines if not order.only or line.number in conditions.keys]
