"""What changed between two gradings of a class, and why: a reason for each score."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from autograder.regrade.dependencies import PartKey
from autograder.regrade.store import EntryLine, Penalty, ScoreLine, Store
from autograder.reports.changes_csv import Change
from autograder.reports.numbers import number
from autograder.scoring.sheet import total

POINTS = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,20}(?:[eE]-[0-9]{1,2})?)?")
UNDECIDED = "undecided"
FAILED = "failed"
LATE = "late"
SMALL = Fraction(1, 1000)  # scores are written with four places
LONGEST_REASON = 160
Keys = Callable[[str], PartKey | None]
Scores = Mapping[tuple[str, str], ScoreLine]
# What a part's marks depend on, in the order in which a change of it explains most.
CAUSES = (
    ("rubric", "the rubric of this part changed"),
    ("suite", "the graded test changed"),
    ("reference", "the reference changed"),
    ("homework", "homework.toml changed"),
    ("template", "the template changed"),
    ("engine", "the grader itself changed"),
)


def by_part(lines: Sequence[ScoreLine]) -> dict[tuple[str, str], ScoreLine]:
    return {(line.submission_id, line.number): line for line in lines}


def against_scores(old: Scores, new: Scores, old_keys: Keys, new_keys: Keys) -> Iterator[Change]:
    """Compare two runs of this program, in the order of the new one."""
    for place in (*new, *(place for place in old if place not in new)):
        before, after = old.get(place), new.get(place)
        if before is None or after is None or _differ(before.earned, after.earned):
            yield Change(*place, _score(before), _score(after), _reason(before, after, old_keys, new_keys))


def _differ(before: str, after: str) -> bool:
    return before != after and Fraction(before) != Fraction(after)


def against_penalties(old: Sequence[Penalty], new: Sequence[Penalty]) -> Iterator[Change]:
    """What lateness takes off, as a part of its own with points below 0; nothing where it takes as much as before."""
    before, after = ({line.submission_id: line for line in lines} for lines in (old, new))
    for submission_id in (*after, *(one for one in before if one not in after)):
        was, now = before.get(submission_id), after.get(submission_id)
        if _taken(was) != _taken(now):
            yield Change(submission_id, LATE, _written(-_taken(was)), _written(-_taken(now)), _late_reason(was, now))


def _taken(penalty: Penalty | None) -> Fraction:
    return Fraction(penalty.taken) if penalty else Fraction(0)


def _late_reason(was: Penalty | None, now: Penalty | None) -> str:
    if now is None:
        return "lateness takes nothing off any more"
    if was is not None and was.policy == now.policy:
        return f"{_days(now)}; its score changed" if was.days == now.days else f"{_days(now)}; it was {was.days}"
    return f"{_days(now)}: {now.policy}"


def _days(penalty: Penalty) -> str:
    return "1 day late" if penalty.days == 1 else f"{penalty.days} days late"


def _score(line: ScoreLine | None) -> str:
    return "" if line is None or line.status == FAILED else _written(Fraction(line.earned))


def _written(value: Fraction) -> str:
    return f"{number(value)}"


def _reason(before: ScoreLine | None, after: ScoreLine | None, old_keys: Keys, new_keys: Keys) -> str:
    if before is None:
        return "new: it was not in the earlier run"
    if after is None:
        return "gone: it is not in this run"
    return "; ".join(_causes(before, after, old_keys, new_keys)) or "a different result under the same conditions"


def _causes(before: ScoreLine, after: ScoreLine, old_keys: Keys, new_keys: Keys) -> Iterator[str]:
    if after.by_hand or before.by_hand:
        yield "graded by a person" if after.by_hand else "no longer graded by a person"
        return
    if UNDECIDED in (before.status, after.status):
        yield "was undecided" if before.status == UNDECIDED else "is undecided"
    if FAILED in (before.status, after.status):
        yield "the grader had failed on it" if before.status == FAILED else "the grader failed on it"
    if before.submission != after.submission:
        yield "the submission changed"
    yield from _changed_keys(old_keys(before.key), new_keys(after.key), after)


def _changed_keys(old: PartKey | None, new: PartKey | None, after: ScoreLine) -> Iterator[str]:
    if old is None or new is None:
        return
    for name, words in CAUSES:
        if getattr(old, name) != getattr(new, name):
            yield f"{words}{_told(name, old, new)}" + (f": {brief(after.feedback)}" if name == "rubric" else "")


def _told(name: str, old: PartKey, new: PartKey) -> str:
    """What exactly changed, where the keys know."""
    if name == "suite":
        return f" ({new.test})" if new.test else ""
    places = [place for place in {**old.entry, **new.entry} if old.entry.get(place) != new.entry.get(place)]
    return f" ({', '.join(places)})" if name == "rubric" and old.entry and places else ""


def against_export(
    entries: Sequence[EntryLine],
    earlier: Mapping[str, Mapping[str, tuple[str, str]]],
    new: Sequence[ScoreLine],
    penalties: Sequence[Penalty] = (),
) -> Iterator[Change]:
    """Compare with the scores that the export holds, as far as it holds any."""
    late = {line.submission_id: line for line in penalties}
    lines: dict[str, list[ScoreLine]] = {}
    for line in new:
        lines.setdefault(line.submission_id, []).append(line)
    for entry in entries:
        mine = lines.get(entry.submission_id, [])
        parts = earlier.get(entry.submission_id, {})
        changes = list(_part_changes(mine, parts)) if parts else []
        yield from changes
        yield from _total_change(entry, mine, changes, late.get(entry.submission_id))


def _part_changes(lines: Sequence[ScoreLine], earlier: Mapping[str, tuple[str, str]]) -> Iterator[Change]:
    for line in lines:
        score, output = earlier.get(line.number, ("", ""))
        if not _is_worth(score, line.earned):
            known = as_points(score) is not None
            reason = _outside_reason(line, output) if known else "the export has no score for this part"
            yield Change(line.submission_id, line.number, score, _score(line), reason)


@lru_cache(maxsize=4096)
def _is_worth(score: str, earned: str) -> bool:
    """Whether a score of the export is a number, and that of the part."""
    old = as_points(score)
    return old is not None and close(old, Fraction(earned))


def _outside_reason(line: ScoreLine, output: str) -> str:
    if line.by_hand:
        return "graded by a person"
    if line.status == FAILED:
        return "the grader failed on it"
    if "undecided" in output.casefold():
        return f"was undecided; now: {brief(line.feedback)}"
    return f"was: {brief(output)}; now: {brief(line.feedback)}" if output else f"now: {brief(line.feedback)}"


def _total_change(
    entry: EntryLine, lines: Sequence[ScoreLine], changes: Sequence[Change], late: Penalty | None
) -> Iterator[Change]:
    """A row for the total where the parts do not account for it: lateness, no parts in the export, another score."""
    old = as_points(entry.score or "")
    if old is None or not lines:
        return
    new = total(Fraction(line.earned) for line in lines) - _taken(late)
    accounted = sum((Fraction(c.new or 0) - (as_points(c.old) or 0) for c in changes), Fraction(0))
    if not close(new - old, accounted, SMALL * max(len(changes), 1)):
        reason = "the parts do not add up to the score in the export" if changes else "only the total is known"
        told = f"{_days(late)}: {_written(_taken(late))} taken off" if late else reason
        yield Change(entry.submission_id, "total", entry.score or "", _written(new), told)


def as_points(text: str) -> Fraction | None:
    """A finite number as it stands in an export or a CSV."""
    return Fraction(text.strip()) if POINTS.fullmatch(text.strip()) else None


def close(left: Fraction, right: Fraction, margin: Fraction = SMALL) -> bool:
    return abs(left - right) <= margin


def brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def compare_runs(old: Store, new: Store) -> list[Change]:
    """Compare what two stores came to."""
    parts = against_scores(by_part(old.scores()), by_part(new.scores()), old.key, new.key)
    return [*parts, *against_penalties(old.penalties(), new.penalties())]
