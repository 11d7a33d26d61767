"""The test case that graded suites are made of.

    class TestDecoding(GradedTestCase):
        @number("4.code")
        def test_the_whole_step(self):
            \"\"\"The whole decoding step\"\"\"
            self.judge(self.agreement(lambda homework, step: homework.q4_decoding.step(*step), self.steps()))

A test's docstring is the title that the student sees, `number` is the part. Points come from the rubric alone.
`self.submission` and `self.reference` look like the modules; both run in processes of their own.
"""

import unittest
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.numeric import all_agree, compare_arrays
from autograder.checks.verdict import Verdict
from autograder.errors import HomeworkInvalid, ReferenceFailed
from autograder.sandbox.outcome import Missing, Outcome, Value
from autograder.scoring.homework import Declarations
from autograder.scoring.remote import Remote, RemoteModule, RemoteSubmission, Run, code, outcome_of
from autograder.scoring.rubric import PartRubric, Rubric, Tolerance
from autograder.scoring.written import WrittenMarker

Array = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """Inputs of one comparison. `label` is shown to the student: it names the kind of input, never its values."""

    label: str
    inputs: tuple[Any, ...]


@dataclass(frozen=True)
class Setting:
    """What a run gives to its tests. `rubric` and `run_reference` are None where there is no reference."""

    declarations: Declarations
    sources: Mapping[str, bytes]
    template: Mapping[str, bytes]
    run_submission: Run
    run_reference: Run | None = None
    rubric: Rubric | None = None
    marker: WrittenMarker | None = None
    reference_sources: Mapping[str, bytes] | None = None
    time_left: Callable[[], float] = lambda: float("inf")


class GradedTestCase(unittest.TestCase):
    """A part of the homework, judged. The runner sets `setting` before the test runs."""

    setting: Setting
    longMessage = False

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self.verdicts: dict[str, Verdict] = {}

    @property
    def number(self) -> str:
        """The part's number, as gradescope-utils' decorator put it on the method."""
        value = getattr(getattr(self, self._testMethodName), "__number__", None)
        if value is None:
            raise HomeworkInvalid(f"{self.id()} has no @number; a graded test needs one")
        return str(value)

    @property
    def part(self) -> PartRubric | None:
        return self.setting.rubric.part(self.number) if self.setting.rubric else None

    @property
    def submission(self) -> RemoteSubmission:
        return RemoteSubmission(self.setting.run_submission)

    @property
    def reference(self) -> RemoteSubmission:
        if self.setting.run_reference is None:
            raise HomeworkInvalid(f"{self.id()} asks for the reference, which a public check does not have")
        return RemoteSubmission(self.setting.run_reference)

    @property
    def tolerance(self) -> Tolerance:
        return self.part.tolerance if self.part else Tolerance()

    def random(self) -> np.random.Generator:
        """The part's own stream of hidden numbers: the same for every submission, from the course's seed."""
        seed = self.setting.rubric.seed if self.setting.rubric else 0
        return np.random.default_rng([seed, zlib.crc32(self.number.encode())])

    def judge(self, verdict: Verdict | None = None, /, **criteria: Verdict) -> None:
        """Records the verdict on the whole part, or on each of the rubric's criteria of the part."""
        given = {"": verdict} if verdict is not None else dict(criteria)
        wanted = set(self.part.criteria) if self.part and self.part.criteria else {""}
        if self.part and set(given) != wanted:
            raise HomeworkInvalid(f"part {self.number} is judged by {sorted(given)}, its rubric says {sorted(wanted)}")
        self.verdicts = given

    def expected(self, remote: Remote) -> Any:
        """The reference's value. That the reference fails is our failure."""
        outcome = outcome_of(remote)
        if not isinstance(outcome, Value):
            raise ReferenceFailed(f"the reference did not answer in part {self.number}: {outcome}")
        return outcome.data

    def agreement(
        self, compute: Callable[[RemoteSubmission, Any], Remote], cases: Iterable[Case], *, sequence_ok: bool = False
    ) -> Verdict:
        """Whether the student's code gives what the reference gives, in every case."""
        return all_agree(self._agrees(compute, case, sequence_ok) for case in cases)

    def _agrees(
        self, compute: Callable[[RemoteSubmission, Any], Remote], case: Case, sequence_ok: bool
    ) -> tuple[str, Verdict]:
        expected = np.asarray(self.expected(compute(self.reference, case.inputs)))
        actual = outcome_of(compute(self.submission, case.inputs))
        rtol, atol = self.tolerance.rtol, self.tolerance.atol
        return case.label, compare_arrays(expected, actual, rtol=rtol, atol=atol, sequence_ok=sequence_ok)

    def judge_written(self, answer: Callable[[RemoteSubmission], Remote]) -> None:
        """Marks an expression, a growth, a condition or a shape by what homework.toml declares and the rubric accepts."""
        if self.setting.marker is None:
            raise HomeworkInvalid(f"{self.id()} marks a written answer, which needs a rubric")
        actual = outcome_of(answer(self.submission))
        self.judge(self.setting.marker.mark(self.number, self.expected(answer(self.reference)), actual))
