"""Reads a run's answers for groups: from the store, with the homework's own judge for what no key decides."""

from collections.abc import Collection, Iterator
from functools import lru_cache

from autograder.regrade.encoding import unpack_row
from autograder.regrade.groups.answer import Answer, unpack_answer
from autograder.regrade.groups.grouping import Given, Group, Judge, groups_of
from autograder.regrade.store import Store
from autograder.scoring.same_answer import same_answer
from autograder.scoring.written import WrittenMarker

NOT_KEPT = Answer("failed", "not kept")


def part_groups(store: Store, number: str, judge: Judge, *, without: Collection[str] = ()) -> list[Group]:
    """The groups of one part in the last finished run; those of the kinds `without` are not made."""
    return groups_of(number, [one for one in _given(store, number) if one.answer.kind not in without], judge)


def _given(store: Store, number: str) -> Iterator[Given]:
    row_of = lru_cache(maxsize=256)(unpack_row)
    answer_of = lru_cache(maxsize=256)(unpack_answer)
    for submission_id, body, answer, by_hand in store.answers(number):
        yield Given(submission_id, answer_of(answer) or NOT_KEPT, row_of(body), bool(by_hand))


def judge_of(marker: WrittenMarker) -> Judge:
    """Whether the part's own judge takes two formulas for the same."""
    read = lru_cache(maxsize=512)(marker.reading)

    def is_same(number: str, left: Answer, right: Answer) -> bool:
        one, other = read(number, left.text), read(number, right.text)
        if one is None or other is None or one.names != other.names:
            return False
        return same_answer(one.read, other.read, one.vocabulary)

    return is_same
