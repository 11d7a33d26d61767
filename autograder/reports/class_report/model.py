"""What the report on a class says, as a value: numbers and texts, in the order in which they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from autograder.reports.changes_csv import Change
from autograder.reports.group_line import GroupLine


@dataclass(frozen=True)
class Spread:
    """Total scores. `counts` are of ten equal steps up to `most`; the last one takes the full score in."""

    most: float
    counts: tuple[int, ...]
    mean: float
    deviation: float
    quartiles: tuple[float, float, float]
    lowest: float
    highest: float


@dataclass(frozen=True)
class PartFigures:
    """One part. `share` is the mean of what was earned, 0 to 1; `correlation` with the rest, None if undefined."""

    number: str
    title: str
    points: float
    share: float
    correlation: float | None
    statuses: Mapping[str, int]
    by_hand: int = 0


@dataclass(frozen=True)
class ShownGroup:
    """A group of wrong answers, with its formula set as mathematics where it is one."""

    line: GroupLine
    formula: Markup | None = None


@dataclass(frozen=True)
class PartGroups:
    """The most frequent wrong answers of a part, and how many groups there are besides."""

    number: str
    title: str
    groups: tuple[ShownGroup, ...]
    wrong: int
    more: int


@dataclass(frozen=True)
class Finding:
    """Something for a person's eye: whose submission, where in it, what it is."""

    submission_ids: tuple[str, ...]
    where: str
    what: str


@dataclass(frozen=True)
class Section:
    """Findings of one kind. `about` says what they mean, `nothing` what it means that there are none."""

    name: str
    title: str
    about: str
    findings: tuple[Finding, ...]
    nothing: str = "None."


@dataclass(frozen=True)
class LayerLine:
    """One layer of the sandbox, and for how many submissions it was on."""

    name: str
    meaning: str
    applied: int
    of: int


@dataclass(frozen=True)
class ClassReport:
    """Everything on the page."""

    title: str
    counts: Mapping[str, int]
    spread: Spread | None
    parts: tuple[PartFigures, ...]
    groups: tuple[PartGroups, ...]
    changes: tuple[Change, ...]
    sections: tuple[Section, ...]
    layers: tuple[LayerLine, ...]
    unsafe: int = 0
    late: int = 0
    by_hand: int = 0
    passed_over: tuple[str, ...] = field(default=())

    @property
    def size(self) -> int:
        return sum(self.counts.values())
