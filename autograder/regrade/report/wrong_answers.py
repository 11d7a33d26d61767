"""The frequent wrong answers of each part, in groups: made again only for parts where an answer or a mark changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from autograder.regrade.dependencies import PartKey, digest_of, program_digest
from autograder.regrade.store import EntryLine, Store
from autograder.reports.class_report.model import PartGroups, ShownGroup
from autograder.reports.group_line import GroupLine
from autograder.scoring.written import WrittenMarker

if TYPE_CHECKING:
    from autograder.regrade.groups.grouping import Group

MOST_GROUPS = 6
LONGEST_ANSWER, LINES = 1_200, 30
LONGEST_MATHML = 6_000
NOT_SHOWN = ("unanswered", "words")


def wrong_answers(
    store: Store, entries: Sequence[EntryLine], keys: Mapping[str, PartKey], marker: WrittenMarker
) -> Iterator[PartGroups]:
    """One for each part that somebody got wrong."""
    for number, made_of in _made_of(store, entries, keys).items():
        body = store.piece(f"groups {number}", made_of)
        if body is None:
            body = _packed(_made(store, number, marker))
            with store.transaction():
                store.set_piece(f"groups {number}", made_of, body)
        shown = _unpacked(body)
        if shown is not None:
            yield shown


def _made_of(store: Store, entries: Sequence[EntryLine], keys: Mapping[str, PartKey]) -> dict[str, str]:
    """By part a digest of all that its groups come from. Marks of a content under a key are never changed."""
    who = digest_of(
        *(piece for line in entries for piece in (line.submission_id, line.digest)), *sorted(store.failures())
    )
    by_hand: dict[str, list[str]] = {}
    for submission_id, number in sorted(store.manual()):
        by_hand.setdefault(number, []).append(submission_id)
    common = digest_of(program_digest(), who)
    return {number: digest_of(common, key.digest, *by_hand.get(number, ())) for number, key in keys.items()}


def _made(store: Store, number: str, marker: WrittenMarker) -> PartGroups | None:
    from autograder.regrade.groups.reading import judge_of, part_groups  # where all is kept: not needed

    groups = part_groups(store, number, judge_of(marker), without=NOT_SHOWN)
    wrong = [group for group in groups if group.credit < 1]
    if not wrong:
        return None
    shown = tuple(_shown(group, marker) for group in wrong[:MOST_GROUPS])
    count = sum(group.count for group in wrong)
    return PartGroups(number, wrong[0].row.title, shown, count, max(len(wrong) - MOST_GROUPS, 0))


def _shown(group: "Group", marker: WrittenMarker) -> ShownGroup:
    from autograder.regrade.groups.lines import line_of

    line = line_of(group)
    cut = "\n".join(line.answer.split("\n")[:LINES])[:LONGEST_ANSWER]
    line = replace(line, answer=cut if cut == line.answer else f"{cut}\n…")
    return ShownGroup(line, _formula(group, marker) if group.answer.kind == "formula" else None)


def _formula(group: "Group", marker: WrittenMarker) -> Markup | None:
    """The answer as mathematics; None for conditions and shapes, which are shown as they were written."""
    from autograder.answers.mathml import mathml
    from autograder.answers.reading import Reading

    found = marker.reading(group.number, group.answer.text)
    if found is None or not isinstance(found.read.content, Reading):
        return None
    made = mathml(found.read.content.tree, found.read.content.wrapper)
    return Markup(made) if len(made) <= LONGEST_MATHML else None


def _packed(shown: PartGroups | None) -> str:
    return json.dumps(None if shown is None else asdict(shown))


def _unpacked(body: str) -> PartGroups | None:
    read = json.loads(body)
    return None if read is None else PartGroups(**{**read, "groups": tuple(map(_as_shown, read["groups"]))})


def _as_shown(read: Mapping[str, Any]) -> ShownGroup:
    line = read["line"]
    spellings = tuple((text, count) for text, count in line["spellings"])
    whole = GroupLine(**{**line, "spellings": spellings, "submission_ids": tuple(line["submission_ids"])})
    return ShownGroup(whole, None if read["formula"] is None else Markup(read["formula"]))
