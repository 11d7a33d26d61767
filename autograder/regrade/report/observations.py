"""What of a class a person should see, noted while each submission passes by once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.checks.verdict import Status
from autograder.regrade.outcome import Assessed
from autograder.reports.class_report.model import Finding, LayerLine
from autograder.reports.layers import MEANINGS
from autograder.reports.wording import note as words_of
from autograder.scoring.sheet import Row, ScoreSheet

# How a worker ended that no honest mistake ends like, in words.
ENDED = {
    "exit": "left the process by itself",
    "killed": "was killed: it did what the sandbox forbids, or used up what it may use",
    "garbage": "sent what is not an answer: it tampered with how it is asked, or printed a great deal",
    "cpu": "used up its processor time",
    "memory": "used up its memory",
}
FORBIDDEN = frozenset({"PermissionError", "BlockingIOError", "ConnectionRefusedError"})


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
        for row in sheet.rows:
            self._row(row, sheet, ids)
        self.behaviour += [Finding(ids, where, what) for where, what in _behaviour(sheet)]
        self.notes += [Finding(ids, problem.name, words_of(problem)) for problem in sheet.notes]
        self._layers(sheet, ids)
        if sheet.late and sheet.late.days:
            self.late.append(Finding(ids, f"{sheet.late.days} days", f"{float(sheet.late.taken):g} points taken off"))

    def _row(self, row: Row, sheet: ScoreSheet, ids: tuple[str, ...]) -> None:
        part = self.parts.setdefault(row.number, Part(row.title, row.points or Fraction(0)))
        part.shares.append(float(row.earned / row.points) if row.points else 0.0)
        part.earned.append(float(row.earned))
        part.totals.append(float(sheet.earned))
        part.statuses[row.status.value] += 1
        if row.status is Status.UNDECIDED:
            self.undecided.append(Finding(ids, row.number, "the program could not decide this part"))
        comments = [str(fact.data["comment"]) for _, fact in row.facts if fact.kind == "graded_by_a_person"]
        if comments:
            part.by_hand += 1
            self.by_hand.append(Finding(ids, row.number, f"{float(row.earned):g} points. {comments[0]}".strip()))

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


def _behaviour(sheet: ScoreSheet) -> Iterator[tuple[str, str]]:
    """How workers of one submission ended, with the parts in which that was seen."""
    seen: dict[str, list[str]] = {}
    for row in sheet.rows:
        for _, fact in row.facts:
            what = _what(fact.kind, fact.data.get("reason"), fact.data.get("exception"), fact.data.get("during"))
            if what and row.number not in seen.setdefault(what, []):
                seen[what].append(row.number)
    yield from ((", ".join(numbers), what) for what, numbers in seen.items())


def _what(kind: str, reason: object, exception: object, during: object) -> str:
    if kind == "timed_out":
        return f"did not answer in time (during the {during})" if during else "did not answer in time"
    if kind != "crashed":
        return ""
    if exception in FORBIDDEN:
        return f"was refused something by the sandbox ({exception})"
    return ENDED.get(str(reason), "")
