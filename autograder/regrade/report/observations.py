"""What of a class a person should see, noted while each submission passes by once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.regrade.outcome import Assessed
from autograder.regrade.stored_row import StoredRow
from autograder.reports.class_report.model import Finding, LayerLine
from autograder.reports.layers import MEANINGS
from autograder.reports.numbers import several
from autograder.reports.wording import note as words_of
from autograder.scoring.sheet import ScoreSheet


@dataclass
class Part:
    """What was seen of one part."""

    title: str
    points: Fraction
    shares: list[float] = field(default_factory=list)
    earned: list[float] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    by_hand: int = 0


@dataclass
class Observations:
    """Everything that passes by. Failed submissions count as failed and in no figure."""

    scores: list[float] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    undecided: list[Finding] = field(default_factory=list)
    failed: list[Finding] = field(default_factory=list)
    behaviour: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    by_hand: list[Finding] = field(default_factory=list)
    applied: Counter[str] = field(default_factory=Counter)
    run: int = 0
    unsafe: list[Finding] = field(default_factory=list)
    late: list[Finding] = field(default_factory=list)

    def see(self, assessed: Assessed) -> None:
        sheet, ids = assessed.sheet, (assessed.entry.submission_id,)
        if assessed.failure:
            self.failed.append(Finding(ids, "", assessed.failure))
            return
        self.scores.append(float(sheet.score))
        earned = float(sheet.earned)
        for row in assessed.rows:
            self._row(row, earned, ids)
        self.behaviour += [Finding(ids, where, what) for where, what in _behaviour(assessed.rows)]
        self.notes += [Finding(ids, problem.name, words_of(problem)) for problem in sheet.notes]
        self._layers(sheet, ids)
        if sheet.late and sheet.late.days:
            days, taken = several(sheet.late.days, "day"), float(sheet.late.taken)
            self.late.append(Finding(ids, days, f"{taken:g} points taken off"))

    def _row(self, row: StoredRow, total: float, ids: tuple[str, ...]) -> None:
        part = self.parts.get(row.number)
        if part is None:
            part = self.parts[row.number] = Part(row.row.title, row.row.points or Fraction(0))
        part.shares.append(row.share)
        part.earned.append(row.earned_points)
        part.totals.append(total)
        part.statuses[row.status.value] += 1
        if row.undecided:
            self.undecided.append(Finding(ids, row.number, "the program could not decide this part"))
        if row.comment is not None:
            part.by_hand += 1
            self.by_hand.append(Finding(ids, row.number, f"{row.earned_points:g} points. {row.comment}".strip()))

    def _layers(self, sheet: ScoreSheet, ids: tuple[str, ...]) -> None:
        if not sheet.layers:
            return
        self.run += 1
        self.applied.update(sheet.layers.get("applied", ()))
        self.applied.update(dict.fromkeys(sheet.layers.get("unavailable", {}), 0))
        lacking = sheet.layers.get("lacking", ())
        if lacking:
            self.unsafe.append(Finding(ids, "", f"ran without {', '.join(lacking)}"))

    def layer_lines(self) -> tuple[LayerLine, ...]:
        """Each layer that any submission had or lacked, in the order in which the program knows them."""
        named = [name for name in MEANINGS if name in self.applied] + sorted(set(self.applied) - set(MEANINGS))
        return tuple(
            LayerLine(name, MEANINGS.get(name, ("", ""))[0 if self.applied[name] == self.run else 1],
                      self.applied[name], self.run)
            for name in named
        )  # fmt: skip


def _behaviour(rows: Iterable[StoredRow]) -> Iterator[tuple[str, str]]:
    """How workers of one submission ended, with the parts in which that was seen."""
    seen: dict[str, list[str]] = {}
    for row in rows:
        for what in row.behaviour:
            seen.setdefault(what, []).append(row.number)
    yield from ((", ".join(numbers), what) for what, numbers in seen.items())
