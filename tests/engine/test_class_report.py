"""The report on a class: its figures, and that a large class stays a small page."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.regrade.report.source_scan import library_calls, system_use
from autograder.reports.changes_csv import Change
from autograder.reports.class_report.model import (
    ClassReport,
    Finding,
    LayerLine,
    PartFigures,
    PartGroups,
    Section,
    ShownGroup,
)
from autograder.reports.class_report.render import class_report
from autograder.reports.class_report.statistics import correlation, in_words, spread_of
from autograder.reports.group_line import GroupLine


@given(st.lists(st.integers(0, 100), min_size=1, max_size=300))
def test_everybody_is_in_one_step_of_the_distribution(scores: list[int]) -> None:
    spread = spread_of(scores, 100)
    assert spread is not None
    assert sum(spread.counts) == len(scores)
    assert spread.counts[9] == sum(score >= 90 for score in scores)
    assert spread.lowest <= spread.quartiles[0] <= spread.quartiles[1] <= spread.quartiles[2] <= spread.highest


@pytest.mark.parametrize(("scores", "most"), [([], 100.0), ([0.0], 0.0)])
def test_without_scores_there_is_no_distribution(scores: list[float], most: float) -> None:
    assert spread_of(scores, most) is None


@pytest.mark.parametrize(
    ("part", "rest", "expected"),
    [
        ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 1.0),
        ([4, 3, 2, 1, 0], [0, 1, 2, 3, 4], -1.0),
        ([1, 1, 1, 1, 1], [0, 1, 2, 3, 4], None),  # everybody earned the same
        ([0, 1, 2, 3, 4], [5, 5, 5, 5, 5], None),  # the part is all that differs
        ([0, 1, 2, 3], [0, 1, 2, 3], None),  # too few to say
    ],
)
def test_discrimination_leaves_the_part_itself_out(part: list[float], rest: list[float], expected: float) -> None:
    found = correlation(part, [a + b for a, b in zip(part, rest, strict=True)])
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("value", "words"), [(None, "undefined"), (-0.01, "the wrong way round"), (0.0, "hardly"), (0.9, "very well")]
)
def test_a_discrimination_has_words(value: float | None, words: str) -> None:
    assert in_words(value) == words


SOURCE = b"""
import os, torch
import torch.nn.functional as F
from torch import nn
from torch.nn.functional import softmax as weights

class A(nn.Module):
    def forward(self, q):
        layer = nn.MultiheadAttention(4, 2)
        return F.scaled_dot_product_attention(q, q, q), torch.nn.functional.softmax(q), weights(q)

os._exit(0)
"""


def test_library_calls_are_found_however_they_are_imported() -> None:
    names = (
        "torch.nn.MultiheadAttention",
        "torch.nn.functional.scaled_dot_product_attention",
        "torch.nn.functional.softmax",
    )
    found = list(library_calls({"m.py": SOURCE, "other.py": SOURCE}, {"m": names}))
    assert {(one.file, one.name.rpartition(".")[2]) for one in found} == {
        ("m.py", "MultiheadAttention"), ("m.py", "scaled_dot_product_attention"), ("m.py", "softmax"),
    }  # fmt: skip


def test_what_reaches_for_the_machine_is_found_and_the_rest_is_not() -> None:
    assert [(one.line, one.name) for one in system_use({"m.py": SOURCE})] == [(12, "os._exit")]
    assert list(system_use({"m.py": b"closed = open_set = 1\nx = 'subprocess'\n"})) == []
    assert list(system_use({"m.py": b"def f(:\n subprocess"})) == []


def large(size: int) -> ClassReport:
    """What a class of `size` comes to where everything that can go wrong does."""
    ids = tuple(f"submission {at}" for at in range(size))
    line = GroupLine(
        "1a2b3c4d", "4.g", "Memory", size, 0.5, 2.0, 4.0, "partial", "code", "x = 1\n" * 200, "", "Not right. " * 20,
        (("x", size),), ids, 1, True,
    )  # fmt: skip
    groups = tuple(PartGroups(f"{n}", "Title", (ShownGroup(line),) * 6, size, 40) for n in range(40))
    findings = tuple(Finding((name,), "q1.py, line 3", "<b>os._exit</b>") for name in ids)
    statuses = {"right": size // 2, "wrong": size - size // 2}
    return ClassReport(
        title="A homework",
        counts={"graded": size, "undecided": 0, "failed": 0},
        spread=spread_of([float(at % 101) for at in range(size)], 100),
        parts=tuple(PartFigures(f"{n}", "Title", 2.5, 0.4, 0.3, statuses) for n in range(40)),
        groups=groups,
        changes=tuple(Change(name, "4.g", "0", "1", f"because {at}") for at, name in enumerate(ids)),
        sections=tuple(Section(f"s{n}", "Title", "About.", findings) for n in range(10)),
        layers=(LayerLine("seccomp", "no network", size, size),),
        unsafe=1,
        passed_over=ids,
    )


def test_a_class_of_a_thousand_is_a_page_below_two_megabytes() -> None:
    page = class_report(large(1_000))
    assert len(page.encode()) < 2_000_000
    assert "And 940 more." in page
    assert "And 850 more, in changes.csv." in page
    assert "<b>" not in page


def test_equal_reports_give_equal_bytes() -> None:
    assert class_report(large(20)) == class_report(large(20))


def test_an_empty_class_has_a_page_too() -> None:
    empty = ClassReport("A homework", {"graded": 0}, None, (), (), (), (), ())
    page = class_report(empty)
    assert "There are no scores." in page
    assert "No student code was run." in page


def test_points_may_be_any_fractions() -> None:
    part = PartFigures("5", "t", float(Fraction(2, 3)), 1 / 3, None, {"right": 1})
    report = ClassReport("h", {"graded": 1}, spread_of([1 / 3], 2 / 3), (part,), (), (), (), ())
    assert "33 %" in class_report(report)
