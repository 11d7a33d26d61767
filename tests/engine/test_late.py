"""What lateness costs. Who would miss it: the student who was ten minutes late, and the one who was not."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import HomeworkInvalid, UsageError
from autograder.scoring.late import (
    Cost,
    Lateness,
    LatePolicy,
    LateRules,
    lateness,
    policy_of,
    read_cost,
    read_late,
    read_moment,
)
from autograder.scoring.toml_source import load_toml

DUE = datetime(2026, 4, 24, 23, 59, tzinfo=UTC)
TEN_PERCENT = Cost(Fraction(10), percent=True)
FIVE_POINTS = Cost(Fraction(5), percent=False)


def policy(per_day=TEN_PERCENT, minutes=0, last_day=None):
    return LatePolicy(DUE, per_day, timedelta(minutes=minutes), last_day)


@pytest.mark.parametrize(
    ("after", "rules", "expected"),
    [
        (timedelta(hours=-1), policy(), (0, 0)),
        (timedelta(0), policy(), (0, 0)),
        (timedelta(microseconds=1), policy(), (1, 8)),
        (timedelta(days=1), policy(), (1, 8)),
        (timedelta(days=1, seconds=1), policy(), (2, 16)),
        (timedelta(minutes=15), policy(minutes=15), (0, 0)),
        (timedelta(minutes=16), policy(minutes=15), (1, 8)),
        (timedelta(days=2), policy(FIVE_POINTS), (2, 10)),
        (timedelta(days=40), policy(), (40, 80)),
        (timedelta(days=40), policy(FIVE_POINTS), (40, 80)),
        (timedelta(days=3), policy(last_day=3), (3, 24)),
        (timedelta(days=3, seconds=1), policy(last_day=3), (4, 80)),
        (timedelta(seconds=1), policy(last_day=0), (1, 80)),
    ],
)
def test_each_day_begun_costs_and_no_more_than_all_is_taken(after, rules, expected):
    assert lateness(rules, DUE + after, Fraction(80)) == Lateness(expected[0], Fraction(expected[1]))


@given(
    st.timedeltas(timedelta(0), timedelta(days=100)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.fractions(0, 100),
    st.builds(Cost, st.fractions(0, 100), st.booleans()),
)
def test_who_is_later_never_keeps_more(after, longer, earned, cost):
    left = [earned - lateness(policy(cost), DUE + late, earned).taken for late in (after, after + longer)]
    assert earned >= left[0] >= left[1] >= 0


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-26 17:34:00.861687000 Z",
        "2026-04-26 10:34:00.861687 -07:00",
        "2026-04-26T17:34:00.861687Z",
        "2026-04-26T10:34:00.8616870-0700",
    ],
)
def test_a_moment_is_read_as_an_export_or_iso_8601_writes_it(text):
    assert read_moment(text) == datetime(2026, 4, 26, 17, 34, 0, 861687, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "now", "2026-04-26", "2026-04-26T17:34", "2026-02-30T00:00Z", "9999-12-31T23:59-10:00", "1 Z" * 9]
)
def test_what_is_no_moment_or_has_no_offset_is_not_guessed_at(text):
    assert read_moment(text) is None


@pytest.mark.parametrize(
    ("text", "cost"),
    [("10%", TEN_PERCENT), (" 10 % ", TEN_PERCENT), ("5", FIVE_POINTS), ("2.5", Cost(Fraction(5, 2), percent=False))]
    + [(text, None) for text in ("", "%", "ten", "-5", "101%", "1e3", "nan", "5 10")],
)
def test_a_cost_is_a_percentage_or_points(text, cost):
    assert read_cost(text) == cost


def rules_in(tmp_path, text):
    (tmp_path / "rubric.toml").write_text(text)
    return read_late(load_toml(tmp_path / "rubric.toml"))


def test_a_rubric_says_what_lateness_costs_and_the_command_line_goes_before_it(tmp_path):
    said = rules_in(tmp_path, '[late]\ndue = 2026-04-24T16:59:00-07:00\nper_day = "10%"\ngrace_minutes = 15\n')
    assert policy_of(said) == policy(minutes=15)
    assert policy_of(LateRules(per_day=FIVE_POINTS).over(said)) == policy(FIVE_POINTS, minutes=15)
    assert policy_of(LateRules(per_day=Cost(Fraction(0), percent=False)).over(said)) is None


def test_it_is_off_where_nothing_is_said_and_a_due_date_alone_is_asked_about(tmp_path):
    assert rules_in(tmp_path, "seed = 1\n") is None
    assert policy_of(LateRules().over(None)) is None
    assert policy_of(rules_in(tmp_path, "[late]\nper_day = 5\n")) is None
    with pytest.raises(UsageError, match="--late"):
        policy_of(LateRules(due=DUE))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("due = 2026-04-24T23:59:00", "offset"),
        ("due = 2026-04-24", "offset"),
        ('due = "tomorrow"', "offset"),
        ("grace_minutes = -1", "grace_minutes"),
        ("last_day = 1.5", "last_day"),
        ("fee = 3", "fee"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(tmp_path, line, what):
    with pytest.raises(HomeworkInvalid, match=rf"line 3: .*{what}"):
        rules_in(tmp_path, f"[late]\nper_day = 5\n{line}\n")
