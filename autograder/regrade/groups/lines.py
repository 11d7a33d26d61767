"""Groups as the reports show them."""

from dataclasses import replace

from autograder.regrade.groups.grouping import Group
from autograder.reports.group_line import GroupLine
from autograder.reports.numbers import number
from autograder.reports.wording import feedback
from autograder.scoring.sheet import Row

RULED = frozenset({"formula", "mistake"})  # what a rule of the rubric can speak of


INDIVIDUAL = frozenset({"work_beside_formula"})  # facts about a student's other answers, not about this one


def _feedback(row: Row) -> str:
    """What all of the group read: not how the answer was read, which is told apart, nor what concerns one of them."""
    verdicts = {
        name: replace(verdict, read_as=None, facts=tuple(f for f in verdict.facts if f.kind not in INDIVIDUAL))
        for name, verdict in row.verdicts.items()
    }
    return feedback(replace(row, verdicts=verdicts))


def line_of(group: Group) -> GroupLine:
    row, answer = group.row, group.answer
    return GroupLine(
        group=group.id,
        number=group.number,
        title=row.title,
        count=group.count,
        credit=number(group.credit),
        earned=number(group.earned),
        points=number(group.points),
        status=row.status.value,
        kind=answer.kind,
        answer=answer.text,
        read_as=answer.read_as,
        feedback=_feedback(row),
        spellings=group.spellings,
        submission_ids=group.submission_ids,
        graded_by_hand=group.by_hand,
        rule=answer.kind in RULED,
    )
