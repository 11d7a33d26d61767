"""Puts the answers to one part into groups of the same answer, largest first. Equal stores give equal groups.

    by key       formulas, values, mistakes, what was not answered or not read: the same key is the same answer
    by judge     formulas whose keys are not exact: one answer of each is held against the groups there are
    by outcome   code: the same if the code is the same, or if what it computed is, up to rounding
    by text      words: the same if the texts are nearly the same

Answers of different credit are never one group, so that a group has one credit.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from autograder.regrade.dependencies import digest_of
from autograder.regrade.groups.answer import KINDS, Answer
from autograder.regrade.groups.near import near_together
from autograder.regrade.groups.signature import is_same
from autograder.scoring.sheet import Row

Judge = Callable[[str, Answer, Answer], bool]  # part, two formulas: the same?
MOST_JUDGED = 1_500  # questions to the judge for one part; groups that are left over stay apart
ID_LENGTH = 8


@dataclass(frozen=True)
class Given:
    """What one submission answered in a part, with the program's own mark on it. `by_hand`: a person's grade wins."""

    submission_id: str
    answer: Answer
    row: Row
    by_hand: bool = False


@dataclass(frozen=True)
class Group:
    """The same answer of several submissions. `answer` is the one that most of them wrote, `row` its mark.

    `id` names the group in every run on the same answers. `spellings` are the texts that were written, most used first,
    with how often. `earned` and `points` are the program's; `by_hand` counts those for which a person's grade wins.
    """

    id: str
    number: str
    answer: Answer
    row: Row
    submission_ids: tuple[str, ...]
    spellings: tuple[tuple[str, int], ...]
    by_hand: int = 0

    @property
    def count(self) -> int:
        return len(self.submission_ids)

    @property
    def earned(self) -> Fraction:
        return self.row.earned

    @property
    def points(self) -> Fraction:
        return self.row.points or Fraction(0)

    @property
    def credit(self) -> Fraction:
        """The share of the points, 0 to 1."""
        return self.earned / self.points if self.points else Fraction(0)


def groups_of(number: str, given: Sequence[Given], judge: Judge) -> list[Group]:
    """The groups of one part."""
    found: list[Group] = []
    for _, same_mark in _by_mark(given):
        for kind in KINDS:
            of_kind = [one for one in same_mark if one.answer.kind == kind]
            found += [_group(number, members) for members in _members(number, kind, of_kind, judge)]
    found.sort(key=lambda group: (-group.count, -group.earned, group.answer.text, group.id))
    return list(_told_apart(found))


def _by_mark(given: Sequence[Given]) -> Iterator[tuple[tuple[Fraction, str], list[Given]]]:
    def mark(one: Given) -> tuple[Fraction, str]:
        return one.row.earned, one.row.status.value

    for key, members in groupby(sorted(given, key=mark), key=mark):
        yield key, list(members)


def _members(number: str, kind: str, given: list[Given], judge: Judge) -> Iterable[list[Given]]:
    if kind == "words":
        return ([given[place] for place in places] for places in near_together([one.answer.text for one in given]))
    same_key = _split(given, lambda one: one.answer.key)
    if kind == "formula":
        return _judged(number, same_key, judge)
    if kind in ("code", "failed"):
        return (group for members in same_key for group in _by_code(members))
    return same_key


def _split(given: Iterable[Given], key: Callable[[Given], str]) -> list[list[Given]]:
    found: dict[str, list[Given]] = {}
    for one in given:
        found.setdefault(key(one), []).append(one)
    return list(found.values())


def _judged(number: str, groups: list[list[Given]], judge: Judge) -> list[list[Given]]:
    """Groups whose keys are not exact join one that the judge takes for the same."""
    settled = [members for members in groups if members[0].answer.exact]
    asked = 0
    for members in sorted((m for m in groups if not m[0].answer.exact), key=lambda m: (-len(m), m[0].answer.key)):
        for other in settled:
            asked += 1
            if asked <= MOST_JUDGED and judge(number, other[0].answer, members[0].answer):
                other += members
                break
        else:
            settled.append(list(members))
    return settled


def _by_code(given: list[Given]) -> Iterator[list[Given]]:
    """The same code first, then what computed the same; code that computed nothing is alike only if it is the same."""
    found: list[list[Given]] = []
    for members in sorted(_split(given, lambda one: one.answer.code), key=lambda m: -len(m)):
        computed = members[0].answer.computed if members[0].answer.kind == "code" else ()
        near = next((g for g in found if computed and is_same(g[0].answer.computed, computed)), None)
        if near is None:
            found.append(members)
        else:
            near += members
    yield from found


def _group(number: str, members: list[Given]) -> Group:
    spellings = Counter(one.answer.text for one in members)
    ordered = sorted(spellings.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
    shown = next(one for one in members if one.answer.text == ordered[0][0])
    keys = min(one.answer.code or one.answer.key for one in members)
    return Group(
        id=digest_of(number, shown.answer.kind, keys)[:ID_LENGTH],
        number=number,
        answer=shown.answer,
        row=shown.row,
        submission_ids=tuple(one.submission_id for one in members),
        spellings=tuple(ordered),
        by_hand=sum(one.by_hand for one in members),
    )


def _told_apart(groups: Sequence[Group]) -> Iterator[Group]:
    """One answer that earned different credit, as where it builds on another, is two groups with two names."""
    often = Counter(group.id for group in groups)
    for group in groups:
        again = digest_of(group.id, str(group.earned), group.row.status.value)[:ID_LENGTH]
        yield group if often[group.id] == 1 else replace(group, id=again)
