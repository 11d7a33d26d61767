"""Who would miss it: everybody whose points gradescope-utils' runner would lose or give away."""

import unittest
from fractions import Fraction
from pathlib import Path

import pytest
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.verdict import Status, right, wrong
from autograder.errors import HomeworkInvalid
from autograder.sandbox.outcome import Missing
from autograder.scoring.graded import GradedTestCase, Setting
from autograder.scoring.homework import load_declarations
from autograder.scoring.result import PartResult
from autograder.scoring.rubric import load_rubric
from autograder.scoring.sheet import Row
from autograder.scoring.suite import attached, run_tests
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework, Limits

HOMEWORK = Homework(Path(__file__).resolve().parents[2])
NEVER, AT_ONCE = float("inf"), 0.0


class Suite(GradedTestCase):
    __test__ = False  # run below by our own result class, not by pytest

    @number("1.a")
    def test_right(self) -> None:
        """Right"""
        self.judge(right())

    @number("1.b")
    def test_without_verdict(self) -> None:
        """Does not judge"""

    @number("1.c")
    def test_raises(self) -> None:
        """Raises"""
        raise RuntimeError("ours")

    @number("2.a")
    def test_asserts(self) -> None:
        """Asserts"""
        self.fail("ours")

    @number("2.a.code")
    def test_skips(self) -> None:
        """Skips"""
        self.skipTest("no time")

    @number("4.a")
    def test_subtest(self) -> None:
        """Fails in a subtest"""
        with self.subTest(case=1):
            self.fail("ours")
        self.judge(right())

    @unittest.expectedFailure
    @number("4.b")
    def test_expected_failure(self) -> None:
        """Expected failure"""
        self.fail("ours")

    @number("2.b")
    def test_criteria(self) -> None:
        """Two of three"""
        self.judge(queries=right(), keys=wrong(), values=right())


def rows_of(case: type[GradedTestCase], *, until: float = NEVER) -> dict[str, Row]:
    declarations, rubric = load_declarations(HOMEWORK), load_rubric(HOMEWORK)
    setting = Setting(
        declarations=declarations,
        files={},
        template={},
        run_submission=lambda program: Missing("nothing"),
        marker=WrittenMarker(declarations, rubric),
        limits=Limits(),
        rubric=rubric,
    )
    tests = [case(name) for name in unittest.TestLoader().getTestCaseNames(case)]
    result = PartResult(attached(tests, setting), lambda row: None)
    run_tests(tests, result, until)
    return {row.number: row for row in result.rows}


def test_every_part_has_a_row_though_nothing_ran() -> None:
    rows = rows_of(Suite, until=AT_ONCE)
    assert len(rows) == 8
    assert all(row.status is Status.UNDECIDED and row.earned == 0 and row.points for row in rows.values())


@pytest.mark.parametrize("part", ["1.b", "1.c", "2.a", "2.a.code", "4.a", "4.b"])
def test_a_test_that_fails_skips_or_does_not_judge_leaves_its_part_undecided(part: str) -> None:
    row = rows_of(Suite)[part]
    assert (row.status, row.earned) == (Status.UNDECIDED, 0)


def test_a_test_that_judges_gives_its_points() -> None:
    rows = rows_of(Suite)
    assert (rows["1.a"].status, rows["1.a"].earned, rows["1.a"].title) == (Status.RIGHT, 4, "Right")
    assert (rows["2.b"].status, rows["2.b"].earned) == (Status.PARTIAL, Fraction(2))


def test_one_submissions_verdict_never_reaches_the_next() -> None:
    assert rows_of(Suite)["1.a"].earned == 4
    assert rows_of(Suite, until=AT_ONCE)["1.a"].earned == 0


def test_a_judgement_by_other_criteria_than_the_rubrics_is_refused() -> None:
    class Wrong(GradedTestCase):
        __test__ = False

        @number("2.b")
        def test_it(self) -> None:
            """Judges as a whole what has criteria"""
            with pytest.raises(HomeworkInvalid, match="its rubric says"):
                self.judge(right())

    assert rows_of(Wrong)["2.b"].status is Status.UNDECIDED
