"""Reads rubric.toml: points, criteria, alternatives and tolerances. A rubric that contradicts itself is refused.

Points are exact fractions; in the file they are numbers, or text such as "2/3".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from autograder.checks.growth.judgement import GrowthCredit
from autograder.errors import HomeworkInvalid
from autograder.scoring.late import LateRules, read_late
from autograder.scoring.toml_source import TomlSource, load_toml, unknown_keys
from autograder.settings import Homework

RELATIONS = ("equal", "upper_bound", "lower_bound")
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")
TOP_KEYS = ("seed", "total", "visibility", "tolerance", "growth", "mistakes", "late", "parts")
PART_KEYS = ("points", "criteria", "accept", "tolerance", "growth", "visibility")
ACCEPT_KEYS = ("answer", "names", "relation", "contains", "credit", "feedback")


@dataclass(frozen=True)
class Tolerance:
    """|actual - expected| <= atol + rtol * |expected|."""

    rtol: float = 1e-4
    atol: float = 1e-5


@dataclass(frozen=True)
class Alternative:
    """Another answer that earns `credit` (0 to 1).

    Either `answer` is given (`names` then redeclares names: {"mu": "scalar"}), or `relation`: what the answer is to
    the expected one, in the words of the part's check, optionally with a term that it must contain.
    """

    credit: float
    answer: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    relation: str | None = None
    contains: str | None = None
    feedback: str = ""


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

    def share(self, criterion: str) -> Fraction:
        """What a criterion is worth; "" is the whole part."""
        return self.criteria[criterion] if criterion else self.points


@dataclass(frozen=True)
class Rubric:
    """rubric.toml as a value; its parts stand in the order of the file.

    `mistakes`: what a student reads whose code computes what a known mistake gives, by the mistake's name.
    `late`: what lateness costs; None if the rubric does not say.
    """

    seed: int
    parts: Mapping[str, PartRubric]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    late: LateRules | None = None

    def part(self, number: str) -> PartRubric:
        if number not in self.parts:
            raise HomeworkInvalid(f"rubric.toml has no entry for part {number}; add one")
        return self.parts[number]


def load_rubric(homework: Homework) -> Rubric:
    source = load_toml(homework.rubric)
    strangers = unknown_keys(source.table, TOP_KEYS)
    if strangers:
        raise source.refuse(f"unknown key {strangers[0]}; known are {', '.join(TOP_KEYS)}", key=strangers[0])
    parts = {number: _part(source, number, table) for number, table in source.table.get("parts", {}).items()}
    _check_total(source, parts)
    seed = source.table.get("seed")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise source.refuse("seed must be a whole number, 0 or more", key="seed")
    return Rubric(seed, parts, _mistakes(source), read_late(source))


def _check_total(source: TomlSource, parts: Mapping[str, PartRubric]) -> None:
    total = sum((part.points for part in parts.values()), Fraction(0))
    wanted = Fraction(str(source.table.get("total", 100)))
    if total != wanted:
        raise source.refuse(f"the points of all parts add up to {total}, not to {wanted}", key="total")


def _mistakes(source: TomlSource) -> Mapping[str, str]:
    for name, text in source.table.get("mistakes", {}).items():
        if not isinstance(text, str) or not text.strip():
            raise source.refuse("what is said of a mistake is a sentence", within="mistakes", key=name)
    return dict(source.table.get("mistakes", {}))


def _part(source: TomlSource, number: str, table: Mapping[str, Any]) -> PartRubric:
    header = f'parts."{number}"'
    strangers = unknown_keys(table, PART_KEYS)
    if strangers:
        raise source.refuse(f"unknown key {strangers[0]}", within=header, key=strangers[0])
    points = _points(source, header, "points", table.get("points"))
    criteria = {name: _points(source, header, "criteria", share) for name, share in table.get("criteria", {}).items()}
    if criteria and sum(criteria.values()) != points:
        reason = f"the criteria add up to {sum(criteria.values())}, not to the {points} points of the part"
        raise source.refuse(reason, within=header, key="criteria")
    return PartRubric(
        number=number,
        points=points,
        criteria=criteria,
        alternatives=tuple(_alternative(source, header, entry) for entry in table.get("accept", ())),
        tolerance=Tolerance(**_numbers(source, header, "tolerance", table, ("rtol", "atol"))),
        growth=GrowthCredit(**_numbers(source, header, "growth", table, RELATIONS)),
        visibility=_visibility(source, header, table),
    )


def _points(source: TomlSource, header: str, key: str, value: object) -> Fraction:
    """Points stand in the file as numbers or as text such as "2/3"."""
    try:
        points = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise source.refuse(f"{value!r} is not a number of points", within=header, key=key) from None
    if isinstance(value, bool) or points < 0:
        raise source.refuse(f"{value!r} is not a number of points", within=header, key=key)
    return points


def _numbers(
    source: TomlSource, header: str, key: str, table: Mapping[str, Any], known: tuple[str, ...]
) -> dict[str, float]:
    """The course's own numbers under `key`, overridden by the part's."""
    numbers: dict[str, float] = {}
    for where, entries in (("", source.table.get(key, {})), (header, table.get(key, {}))):
        for name, value in entries.items():
            if name not in known or not _is_share(value):
                raise source.refuse(
                    f"{key}.{name} = {value!r} is not one of {', '.join(known)} from 0 to 1", within=where
                )
            numbers[name] = float(value)
    return numbers


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _visibility(source: TomlSource, header: str, table: Mapping[str, Any]) -> str:
    value = table.get("visibility", source.table.get("visibility", "visible"))
    if value not in VISIBILITIES:
        raise source.refuse(f"visibility is one of {', '.join(VISIBILITIES)}, not {value!r}", within=header)
    return str(value)


def _alternative(source: TomlSource, header: str, entry: Mapping[str, Any]) -> Alternative:
    within = f"{header}.accept"
    strangers = unknown_keys(entry, ACCEPT_KEYS)
    if strangers:
        raise source.refuse(f"unknown key {strangers[0]} in an alternative", within=within, key=strangers[0])
    if ("answer" in entry) == ("relation" in entry):
        raise source.refuse("an alternative has either an answer or a relation", within=within)
    if "relation" in entry and not re.fullmatch("[a-z_]+", str(entry["relation"])):
        raise source.refuse("relation is a word such as lower_bound", within=within, key="relation")
    if not _is_share(entry.get("credit")):
        raise source.refuse("credit of an alternative is a number from 0 to 1", within=within, key="credit")
    return Alternative(**{**entry, "credit": float(entry["credit"])})
