"""Reads rubric.toml: points, criteria, alternatives and tolerances. A rubric that contradicts itself is refused.

Points are exact fractions; in the file they are numbers, or text such as "2/3".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from autograder.checks.growth.credit import GrowthCredit
from autograder.errors import HomeworkInvalid
from autograder.scoring.late import LateRules, read_late
from autograder.scoring.toml_source import TomlSource, TomlTable, load_toml
from autograder.settings import Homework

RELATIONS = ("equal", "upper_bound", "lower_bound")
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")
TOP_KEYS = ("seed", "total", "visibility", "tolerance", "growth", "mistakes", "late", "library_calls", "parts")
PART_KEYS = ("points", "criteria", "accept", "tolerance", "growth", "visibility")
ACCEPT_KEYS = ("answer", "names", "relation", "contains", "credit", "feedback", "exact")
# Where it stands in the file; not a part of what it says, so that a line more above changes no digest.
WHERE: Any = field(default=None, repr=False, compare=False)


def _refused(table: TomlTable | None, reason: str, key: str) -> HomeworkInvalid:
    return table.refuse(reason, key) if table else HomeworkInvalid(f"rubric.toml: {reason}")


@dataclass(frozen=True)
class Tolerance:
    """|actual - expected| <= atol + rtol * |expected|."""

    rtol: float = 1e-4
    atol: float = 1e-5


@dataclass(frozen=True)
class Alternative:
    """Another answer that earns `credit` (0 to 1).

    Either `answer` is given (`names` then redeclares names: {"mu": "scalar"}), or `relation`: what the answer is to
    the expected one, in the words of the part's check, optionally with a term that it must contain. With full credit,
    looser and smaller bounds of an answer earn what bounds of the main answer do, and a condition that asks for more
    earns what a condition earns; neither, if the alternative is `exact`.
    """

    credit: float
    answer: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    relation: str | None = None
    contains: str | None = None
    feedback: str = ""
    exact: bool = False
    table: TomlTable | None = WHERE

    def refuse(self, reason: str, key: str = "") -> HomeworkInvalid:
        """The error to raise for a slip in it, with its line."""
        return _refused(self.table, reason, key)


@dataclass(frozen=True)
class PartRubric:
    """How one part is marked. `criteria` are its named shares, in points; they add up to `points`."""

    number: str
    points: Fraction
    criteria: Mapping[str, Fraction]
    alternatives: tuple[Alternative, ...]
    tolerance: Tolerance
    growth: GrowthCredit
    visibility: str
    table: TomlTable | None = WHERE

    def refuse(self, reason: str, key: str = "") -> HomeworkInvalid:
        """The error to raise for a slip in it, with its line."""
        return _refused(self.table, reason, key)

    def share(self, criterion: str) -> Fraction:
        """What a criterion is worth; "" is the whole part."""
        return self.criteria[criterion] if criterion else self.points


@dataclass(frozen=True)
class Rubric:
    """rubric.toml as a value; its parts stand in the order of the file.

    `mistakes`: what a student reads whose code computes what a known mistake gives, by the mistake's name.
    `late`: what lateness costs; None if the rubric does not say. `library_calls`: for each module, calls that do what
    a function of it was to do; they change no mark, and the report on a class says who makes them.
    """

    seed: int
    parts: Mapping[str, PartRubric]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    late: LateRules | None = None
    library_calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    table: TomlTable | None = WHERE

    def refuse_mistake(self, name: str, reason: str) -> HomeworkInvalid:
        return _refused(self.table.below("mistakes") if self.table else None, reason, name)

    def part(self, number: str) -> PartRubric:
        if number not in self.parts:
            raise HomeworkInvalid(f"rubric.toml has no entry for part {number}; add one")
        return self.parts[number]


def load_rubric(homework: Homework) -> Rubric:
    return read_rubric(load_toml(homework.rubric))


def read_rubric(source: TomlSource) -> Rubric:
    top = TomlTable(source, source.table)
    top.knows_only(TOP_KEYS)
    parts = {number: _part(top, number, table) for number, table in top.named_tables("parts").items()}
    _check_total(top, parts)
    seed = source.table.get("seed")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise top.refuse("seed must be a whole number, 0 or more", "seed")
    return Rubric(seed, parts, _mistakes(top), read_late(source), _library_calls(top), top)


def _check_total(top: TomlTable, parts: Mapping[str, PartRubric]) -> None:
    """Points that do not add up have no one line; the message says where the parts begin."""
    total = sum((part.points for part in parts.values()), Fraction(0))
    wanted = _points(top, "total", top.content.get("total", 100))
    first = next(iter(parts.values()), None)
    if total != wanted:
        reason = f"the points of all parts add up to {total}, not to {wanted}"
        raise top.refuse(reason, "total") if "total" in top.content or not first else first.refuse(reason)


def _mistakes(top: TomlTable) -> Mapping[str, str]:
    table = top.below("mistakes")
    for name, text in table.content.items():
        if not isinstance(text, str) or not text.strip():
            raise table.refuse("what is said of a mistake is a sentence", name)
    return dict(table.content)


def _library_calls(top: TomlTable) -> Mapping[str, tuple[str, ...]]:
    table = top.below("library_calls")
    return {module: table.texts(module) for module in table.content}


def _part(top: TomlTable, number: str, table: TomlTable) -> PartRubric:
    table.knows_only(PART_KEYS)
    if "points" not in table.content:
        raise table.refuse(f"part {number} has no points")
    points = _points(table, "points", table.content["points"])
    criteria = {name: _points(table, "criteria", share) for name, share in table.pairs("criteria").items()}
    if criteria and sum(criteria.values()) != points:
        reason = f"the criteria add up to {sum(criteria.values())}, not to the {points} points of the part"
        raise table.refuse(reason, "criteria")
    return PartRubric(
        number=number,
        points=points,
        criteria=criteria,
        alternatives=tuple(_alternative(entry) for entry in table.tables("accept")),
        tolerance=Tolerance(**_numbers(top, table, "tolerance", ("rtol", "atol"))),
        growth=GrowthCredit(**_numbers(top, table, "growth", RELATIONS)),
        visibility=_visibility(top, table),
        table=table,
    )


def _points(table: TomlTable, key: str, value: object) -> Fraction:
    """Points stand in the file as numbers or as text such as "2/3"."""
    try:
        points = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise table.refuse(f"{value!r} is not a number of points", key) from None
    if isinstance(value, bool) or points < 0:
        raise table.refuse(f"{value!r} is not a number of points", key)
    return points


def _numbers(top: TomlTable, part: TomlTable, key: str, known: tuple[str, ...]) -> dict[str, float]:
    """The course's own numbers under `key`, overridden by the part's."""
    numbers: dict[str, float] = {}
    for table in (top, part):
        for name, value in table.pairs(key).items():
            if name not in known or not _is_share(value):
                reason = f"{key}.{name} = {value!r} is not one of {', '.join(known)} from 0 to 1"
                raise top.below(key).refuse(reason, name) if table is top else table.refuse(reason, key)
            numbers[name] = float(value)
    return numbers


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _visibility(top: TomlTable, part: TomlTable) -> str:
    table = part if "visibility" in part.content else top
    value = table.optional_text("visibility", "visible")
    if value not in VISIBILITIES:
        raise table.refuse(f"visibility is one of {', '.join(VISIBILITIES)}, not {value!r}", "visibility")
    return value


def _alternative(entry: TomlTable) -> Alternative:
    entry.knows_only(ACCEPT_KEYS)
    if ("answer" in entry.content) == ("relation" in entry.content):
        raise entry.refuse("an alternative has either an answer or a relation")
    texts = {key: entry.text(key) for key in ("answer", "relation", "contains") if key in entry.content}
    if not re.fullmatch("[a-z_]+", texts.get("relation", "equal")):
        raise entry.refuse("relation is a word such as lower_bound", "relation")
    if "contains" in texts and "relation" not in texts:
        raise entry.refuse("contains stands beside a relation", "contains")
    credit = entry.content.get("credit")
    if not isinstance(credit, int | float) or not _is_share(credit):
        raise entry.refuse("credit of an alternative is a number from 0 to 1", "credit")
    names = {name: str(kind) for name, kind in entry.pairs("names").items()}
    feedback = entry.optional_text("feedback")
    exact = entry.content.get("exact", False)
    if not isinstance(exact, bool):
        raise entry.refuse("exact is true or false", "exact")
    return Alternative(credit=float(credit), names=names, feedback=feedback, exact=exact, table=entry, **texts)
