"""What lateness costs: points, or a share of what was earned, for each day begun after the due date.

It is off unless a due date and a cost are given, in `[late]` of rubric.toml or on the command line:

    [late]
    due = 2026-04-24T23:59:00-07:00   # with its offset from UTC
    per_day = "10%"                   # of what was earned; or points, as a number
    grace_minutes = 15                # so late is not late; past it, days count from `due`
    last_day = 3                      # after so many days nothing counts any more; without it there is no last day
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from autograder.errors import UsageError
from autograder.scoring.toml_source import TomlSource, unknown_keys

HEADER = "late"
KEYS = ("due", "per_day", "grace_minutes", "last_day")
DAY = timedelta(days=1)
COST = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(%?)")
# As an export writes it (2026-04-26 17:34:00.861687000 Z), and as ISO 8601 does.
MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)", re.IGNORECASE
)


@dataclass(frozen=True)
class Cost:
    """What one day costs: `amount` points, or percent of what was earned."""

    amount: Fraction
    percent: bool

    def __str__(self) -> str:
        return f"{float(self.amount):g}{'%' if self.percent else ' points'} a day"


@dataclass(frozen=True)
class LateRules:
    """What is said of lateness in one place; None is not said."""

    due: datetime | None = None
    per_day: Cost | None = None
    grace: timedelta | None = None
    last_day: int | None = None

    def over(self, other: "LateRules | None") -> "LateRules":
        """These rules, and where they are silent the other ones."""
        if other is None:
            return self
        said = {name: value for name, value in vars(self).items() if value is not None}
        return replace(other, **said)


@dataclass(frozen=True)
class LatePolicy:
    """Rules that are complete. Days are of 24 hours."""

    due: datetime
    per_day: Cost
    grace: timedelta
    last_day: int | None

    def __str__(self) -> str:
        end = f", nothing after {self.last_day} days" if self.last_day is not None else ""
        return f"{self.per_day} after {self.due.isoformat()}{end}"


@dataclass(frozen=True)
class Lateness:
    """How late, in days begun (0 is in time), and the points that this takes off what was earned."""

    days: int
    taken: Fraction


def policy_of(rules: LateRules) -> LatePolicy | None:
    """The policy that rules make; None if there is no cost, or no due date in the rubric's. Raises UsageError."""
    if rules.per_day is None and rules.due is not None:
        raise UsageError("a due date alone takes nothing off; say what a day costs too: --late 10% or --late 5")
    if rules.per_day is None or rules.due is None or not rules.per_day.amount:
        return None
    return LatePolicy(rules.due, rules.per_day, rules.grace or timedelta(0), rules.last_day)


def lateness(policy: LatePolicy, created_at: datetime, earned: Fraction) -> Lateness:
    """What a submission of that moment loses of what it earned; never more than all of it."""
    after = created_at - policy.due
    if after <= policy.grace or after <= timedelta(0):
        return Lateness(0, Fraction(0))
    days = -(-after // DAY)
    if policy.last_day is not None and days > policy.last_day:
        return Lateness(days, max(earned, Fraction(0)))
    whole = earned * policy.per_day.amount / 100 if policy.per_day.percent else policy.per_day.amount
    return Lateness(days, max(min(whole * days, earned), Fraction(0)))


def read_moment(text: str) -> datetime | None:
    """A moment with its offset from UTC, in UTC; None for anything else, as for one without an offset."""
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    date, minute, second, fraction, offset = found.groups()
    offset = "+00:00" if offset.upper() in ("Z", "UTC") else offset
    try:
        moment = datetime.fromisoformat(f"{date}T{minute}:{second or '00'}.{(fraction or '')[:6]:0<6}{offset}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_cost(text: str) -> Cost | None:
    """`10%`, or a number of points; None for anything else, and for more than the whole."""
    found = COST.fullmatch(text.strip())
    if found is None:
        return None
    cost = Cost(Fraction(found[1]), bool(found[2]))
    return None if cost.percent and cost.amount > 100 else cost


def read_late(source: TomlSource) -> LateRules | None:
    """The table [late] of a rubric. Raises HomeworkInvalid."""
    table = source.table.get(HEADER)
    if table is None:
        return None
    strangers = unknown_keys(table, KEYS)
    if strangers:
        raise source.refuse(f"unknown key {strangers[0]}; known are {', '.join(KEYS)}", within=HEADER, key=strangers[0])
    cost = read_cost(str(table.get("per_day")))
    if cost is None:
        raise source.refuse('per_day is "10%" of what was earned, or points', within=HEADER, key="per_day")
    return LateRules(
        due=_due(source, table.get("due")),
        per_day=cost,
        grace=timedelta(minutes=_whole(source, "grace_minutes", table.get("grace_minutes", 0))),
        last_day=_whole(source, "last_day", table["last_day"]) if "last_day" in table else None,
    )


def _due(source: TomlSource, value: object) -> datetime | None:
    """TOML has moments of its own; text is read as on the command line."""
    if value is None:
        return None
    due = value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else read_moment(str(value))
    if due is None:
        reason = "due is a date and time with its offset from UTC, such as 2026-04-24T23:59:00-07:00"
        raise source.refuse(reason, within=HEADER, key="due")
    return due


def _whole(source: TomlSource, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise source.refuse(f"{key} is a whole number, 0 or more", within=HEADER, key=key)
    return value
