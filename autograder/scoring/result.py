"""Our own `unittest` result: a row for every test stands there before anything runs, and tests fill rows in.

gradescope-utils' JSONTestRunner loses a failing subTest, a skipped test and an expected failure with their points,
writes nothing after an error in setUpClass, and gives full marks when no score was set. Here a test that did not
judge, for whatever reason, leaves its row undecided: our failure never looks like a student's mistake.
"""

import traceback
import unittest
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from types import TracebackType
from typing import Any

from autograder.checks.verdict import Fact, Verdict, undecided
from autograder.errors import AutograderError
from autograder.scoring.graded import GradedTestCase
from autograder.scoring.sheet import Row
from autograder.scoring.suite_files import place_of

Problem = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
NOT_RUN = undecided(Fact("did_not_run"))
CREDIT_DENOMINATOR = 10_000


class PartResult(unittest.TestResult):
    """Collects the rows of a run. `on_row` is told each row when its test has ended."""

    def __init__(self, tests: Iterable[GradedTestCase], on_row: Callable[[Row], None]) -> None:
        super().__init__()
        self._on_row = on_row
        self._tests = {test.id(): test for test in tests}
        self._rows: dict[str, Row] = {}
        self.own_failures: list[str] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows.get(name) or make_row(test, {"": NOT_RUN}) for name, test in self._tests.items())

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        if isinstance(test, GradedTestCase):
            self._fill(test, test.verdicts or {"": undecided(Fact("grader_failed"))})

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self._ours(test, err)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self._ours(test, err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._ours(test, err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._ours(test, (None, None, None))

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._ours(test, err)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self._ours(test, (None, None, None))

    def _ours(self, test: unittest.TestCase, err: Problem) -> None:
        kind, error, trace = err
        self.own_failures.append(f"{test.id()}\n{_place(test)}{_told(kind, error, trace)}")
        if isinstance(test, GradedTestCase):
            self._fill(test, {"": undecided(Fact("grader_failed"))})

    def _fill(self, test: GradedTestCase, verdicts: Mapping[str, Verdict]) -> None:
        row = make_row(test, verdicts)
        self._rows[test.id()] = row
        self._on_row(row)


def _place(test: unittest.TestCase) -> str:
    return f"{place_of(test)}, part {test.number}: " if isinstance(test, GradedTestCase) else ""


def _told(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> str:
    """For staff: our own errors say it in a sentence, all else needs its trace."""
    if isinstance(error, AutograderError):
        return f"{error}\n"
    return "\n" + "".join(traceback.format_exception(kind, error, trace)) if kind else "the test did not judge\n"


def make_row(test: GradedTestCase, verdicts: Mapping[str, Verdict]) -> Row:
    """The row of `test`; its points come from the rubric, and a public check has none."""
    part = test.part
    title = (test.shortDescription() or test.id()).rstrip(".")
    if part is None:
        return Row(test.number, title, None, Fraction(0), verdicts, exhibits=test.exhibits)
    earned = sum((_share(verdict.credit) * part.share(name) for name, verdict in verdicts.items()), Fraction(0))
    return Row(test.number, title, part.points, earned, verdicts, part.visibility)


@lru_cache(maxsize=256)  # most are nothing, all, or a half
def _share(credit: float) -> Fraction:
    return min(max(Fraction(credit).limit_denominator(CREDIT_DENOMINATOR), Fraction(0)), Fraction(1))
