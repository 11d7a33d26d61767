"""Decides once for a group: as an alternative in the rubric, which then holds for everybody, or as grades by hand.

Nothing is written before it is known to come to what was asked for: the new rubric is read, and every form in which
the group's answer was written is marked by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.errors import HomeworkInvalid, UsageError
from autograder.regrade.groups.grouping import Group, Judge
from autograder.regrade.groups.reading import judge_of
from autograder.regrade.groups.rubric_edit import alternatives, with_alternative, written
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import Declarations, load_declarations
from autograder.scoring.rubric import Rubric, load_rubric, read_rubric
from autograder.scoring.toml_source import TomlSource, parse_toml
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework

NO_RULE = {
    "words": "These are words, which no rule of the rubric can speak of",
    "values": "These are stated values, which no rule of the rubric can speak of",
    "unreadable": "This could not be read, so no rule of the rubric can speak of it",
    "unanswered": "Nothing was answered here, so no rule of the rubric can speak of it",
    "failed": "This gave nothing to compare, so no rule of the rubric can speak of it",
    "code": "This is code without a mistake that the suite has a name for, so no rule of the rubric can speak of it",
    "right": "This code does all that it should, and no rule of the rubric can take from that",
}
CLOSE = 1e-9
BY_HAND = "with --manual FILE each of its {count} submissions gets a line in a CSV for regrade --manual FILE"


@dataclass(frozen=True)
class Decision:
    """What a person decided for a group: a share of the points, 0 to 1, and what its students read."""

    group: Group
    credit: float
    note: str


@dataclass(frozen=True)
class Effect:
    """What a rule does to a group: its credit without the rule and with it."""

    group: Group
    before: float
    after: float


@dataclass(frozen=True)
class Ruled:
    """The rubric with the decision in it: its whole text, the entry alone, and the groups whose credit it changes."""

    text: str
    entry: str
    changed: tuple[Effect, ...]


def found_group(groups: Sequence[Group], name: str) -> Group:
    """The group with this id, or the only one whose id begins so. Raises UsageError."""
    exact = [group for group in groups if group.id == name]
    matching = exact or [group for group in groups if name and group.id.startswith(name.casefold())]
    if len(matching) == 1:
        return matching[0]
    known = ", ".join(group.id for group in groups[:10]) + (", ..." if len(groups) > 10 else "")
    what = "is the beginning of several groups" if matching else "is not a group of this part"
    raise UsageError(f"{name!r} {what}; they are {known or 'none'}")


class Rules:
    """A homework's rubric file, and what follows if an alternative is added to it."""

    def __init__(self, homework: Homework, place: Path) -> None:
        self._homework = homework
        self._declarations: Declarations = load_declarations(homework)
        source = place if place.is_file() else homework.rubric
        with source.open(encoding="utf-8", newline="") as file:
            self._text = file.read()
        self._place = place
        self._rubric = read_rubric(self._source(self._text))

    def _source(self, text: str) -> TomlSource:
        return parse_toml(self._place, text)

    def _marker(self, rubric: Rubric) -> WrittenMarker:
        return WrittenMarker(self._declarations, rubric, partial(reference_answer, self._homework))

    def rule(self, decision: Decision, groups: Sequence[Group]) -> Ruled:
        """The rubric with the decision as an alternative. Raises UsageError where there can be none."""
        group = decision.group
        if group.answer.kind == "mistake":
            return self._mistake(decision, groups)
        if group.answer.kind != "formula":
            raise _cannot(group, NO_RULE[group.answer.kind])
        if group.answer.relation == "equal":
            raise UsageError(
                f"group {group.id} is the reference's own answer in another form; what that earns is the part's points"
            )
        return self._formula(decision, groups)

    def _mistake(self, decision: Decision, groups: Sequence[Group]) -> Ruled:
        group, name = decision.group, decision.group.answer.relation
        if self._rubric.part(group.number).criteria or " " in name:
            raise _cannot(group, f"Part {group.number} is judged by several criteria, and a rule speaks of one only")
        entry = {"relation": name, "credit": decision.credit, "feedback": decision.note}
        at = self._index(group.number, lambda other: other.get("relation") == name and not other.get("contains"))
        made = [other for other in groups if other.answer.kind == "mistake" and other.answer.relation == name]
        changed = tuple(Effect(other, float(other.credit), decision.credit) for other in made)
        return self._ruled(group.number, entry, at, changed)

    def _formula(self, decision: Decision, groups: Sequence[Group]) -> Ruled:
        group, marker = decision.group, self._marker(self._rubric)
        entry: dict[str, Any] = {"answer": _as_answer(group, marker)}
        if group.answer.names:
            entry["names"] = dict(group.answer.names)
        entry |= {"credit": decision.credit, "feedback": decision.note}
        at = self._index(group.number, lambda other: _is_for(group, other, judge_of(marker)))
        form = self._declarations.part(group.number).vocabulary.form
        if (form == "growth" and decision.credit == 1) or (form == "condition" and at is None):
            entry["exact"] = True  # its bounds, or conditions that ask for more, are answers that were not decided on
        if at is not None:
            entry.pop("answer")
            entry.pop("names", None)
        ruled = self._ruled(group.number, entry, at, ())
        after = self._marker(read_rubric(self._source(ruled.text)))
        self._check(decision, after)
        written_ones = [other for other in groups if other.answer.kind in ("formula", "unreadable")]
        credits = [(other, _credit(marker, other), _credit(after, other)) for other in written_ones]
        return replace(ruled, changed=tuple(Effect(*one) for one in credits if abs(one[1] - one[2]) > CLOSE))

    def _index(self, number: str, is_it: Any) -> int | None:
        return next((at for at, other in enumerate(alternatives(self._text, number)) if is_it(other)), None)

    def _ruled(self, number: str, entry: dict[str, Any], at: int | None, changed: tuple[Effect, ...]) -> Ruled:
        text = with_alternative(self._text, number, entry, at)
        read_rubric(self._source(text))
        shown = entry if at is None else alternatives(text, number)[at]
        return Ruled(text, written(number, shown), changed)

    def _check(self, decision: Decision, after: WrittenMarker) -> None:
        """Whether everybody in the group now earns what was decided."""
        group = decision.group
        for text, _ in group.spellings:
            verdict = after.mark_answer(group.number, text)
            if abs(verdict.credit - decision.credit) > CLOSE:
                relation = (verdict.relation or "another alternative").replace("_", " ")
                raise UsageError(
                    f"group {group.id} would earn {verdict.credit:g} and not {decision.credit:g}: the best credit that "
                    f"an answer can get counts, and without this rule it gets more ({relation}). Change that in the "
                    "rubric first; nothing was written"
                )


def _cannot(group: Group, why: str) -> UsageError:
    return UsageError(f"group {group.id}: {why}; {BY_HAND.format(count=group.count)}")


def _as_answer(group: Group, marker: WrittenMarker) -> str:
    """The text that stands for the group: as most wrote it, or as it was read where that is no text to be read."""
    for text in (group.answer.text, group.answer.read_as):
        found = marker.reading(group.number, text) if text else None
        if found is not None and found.read.read_as == group.answer.read_as:
            return text
    raise _cannot(group, "This answer cannot be written as text that is read again as it was")


def _is_for(group: Group, entry: dict[str, Any], judge: Judge) -> bool:
    """Whether an alternative of the rubric is this group's own answer."""
    text = entry.get("answer")
    if not isinstance(text, str) or dict(entry.get("names", {})) != dict(group.answer.names):
        return False
    return judge(group.number, group.answer, replace(group.answer, text=text))


def _credit(marker: WrittenMarker, group: Group) -> float:
    return marker.mark_answer(group.number, group.answer.text).credit


def rubric_of(homework: Homework) -> Rubric:
    """Raises HomeworkInvalid where there is none."""
    if not homework.rubric.is_file():
        raise HomeworkInvalid(f"{homework.rubric} is missing; groups are decided on where the reference is")
    return load_rubric(homework)
