"""What a check says: how much of its part is earned, and the facts that say why. Wording is not its business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Status(Enum):
    """How a check ended. Only UNDECIDED is our side's doing."""

    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    UNREADABLE = "unreadable"
    FAILED = "failed"  # student code is missing, crashed, hung or returned what cannot be judged
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Fact:
    """One thing that was found. `kind` picks the sentence in reports/wording.py, `data` fills it in.

    Data never holds an expected value or a hidden input; shapes, names and the student's own text may stand in it.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """`credit` is the earned share of what the check is worth, from 0 to 1."""

    status: Status
    credit: float
    facts: tuple[Fact, ...] = ()
    read_as: str | None = None
    relation: str | None = None


def said(sentence: str) -> Fact:
    """What a homework says in its own words: a sentence of its rubric or of its suites, for students to read."""
    return Fact("feedback", {"text": sentence})


def right(*facts: Fact) -> Verdict:
    return Verdict(Status.RIGHT, 1.0, facts)


def wrong(*facts: Fact) -> Verdict:
    return Verdict(Status.WRONG, 0.0, facts)


def failed(*facts: Fact) -> Verdict:
    return Verdict(Status.FAILED, 0.0, facts)


def undecided(*facts: Fact) -> Verdict:
    return Verdict(Status.UNDECIDED, 0.0, facts)
