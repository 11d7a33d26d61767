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
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.arrays import ArrayRefusal, read_arrays
from autograder.checks.cost import Cost, cost_of
from autograder.checks.failures import data_or_failure
from autograder.checks.feature_map import Kernel
from autograder.checks.numeric import all_agree, compare_arrays
from autograder.checks.structure import entry_of, first_failure, flags_agree, share_right
from autograder.checks.verdict import Fact, Status, Verdict, said
from autograder.checks.words import judge_words
from autograder.errors import HomeworkInvalid, ReferenceFailed
from autograder.sandbox.outcome import Outcome, Value
from autograder.sandbox.protocol.programs import Counted, Program, dotted, module_of
from autograder.scoring.blank_marks import BlankMarker, BlankPlace, Given, Side
from autograder.scoring.cases import Case
from autograder.scoring.course_memory import CourseMemory, recipe
from autograder.scoring.described import Compute, Described, asked_of, describe
from autograder.scoring.diagnosis import Mistakes, Trial, find_mistake, is_comparable
from autograder.scoring.exhibit import Exhibit
from autograder.scoring.homework import Declarations
from autograder.scoring.kernels import can_evaluate, kernel_of
from autograder.scoring.measured import Measured, Sizes, beside_formula
from autograder.scoring.questions import question_texts
from autograder.scoring.remote import Remote, RemoteSubmission, Run, attribute, outcome_of, program_of, rebuilt
from autograder.scoring.rows import is_table, stacked
from autograder.scoring.rubric import PartRubric, Rubric, Tolerance
from autograder.scoring.runner import Expect, expect_nothing
from autograder.scoring.written import WrittenMarker
from autograder.settings import Limits

PUBLIC_SEED = 0
NO_MISTAKES: Mistakes = {}
Array = NDArray[Any]
Ask = Callable[[RemoteSubmission], Remote]
Once = Callable[[Hashable, object, Callable[[], Any]], Any]


def _each_time(_: Hashable, __: object, work: Callable[[], Any]) -> Any:
    return work()


@dataclass(frozen=True)
class Setting:
    """What a run gives to its tests. `rubric` and the reference are None where there is no reference.

    `files` are the submission's, `template` the blank ones, by file name. `memory` is the course's. `once` is
    `Runner.once` of the submission's; what is said to `expect` is asked of it next, in this order.
    """

    declarations: Declarations
    files: Mapping[str, bytes]
    template: Mapping[str, bytes]
    run_submission: Run
    marker: WrittenMarker
    limits: Limits
    rubric: Rubric | None = None
    run_reference: Run | None = None
    run_template: Run | None = None
    pass_over: Callable[[Program], None] = lambda _: None
    once: Once = _each_time
    expect: Expect = expect_nothing
    expect_of_reference: Expect = expect_nothing
    reference_files: Mapping[str, bytes] | None = None
    memory: CourseMemory = field(default_factory=CourseMemory)


class GradedTestCase(unittest.TestCase):
    """A part of the homework, judged. The runner sets `setting` before the test runs."""

    setting: Setting

    def __init__(self, method_name: str = "runTest") -> None:
        super().__init__(method_name)
        self.verdicts: dict[str, Verdict] = {}
        self.exhibits: tuple[Exhibit, ...] = ()

    @property
    def method_name(self) -> str:
        return self._testMethodName

    @cached_property
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
    def template(self) -> RemoteSubmission:
        """The template's modules: what everybody is given runs there too."""
        if self.setting.run_template is None:
            raise HomeworkInvalid(f"{self.id()} asks for the template, which only public checks run")
        return RemoteSubmission(self.setting.run_template)

    @property
    def tolerance(self) -> Tolerance:
        return self.part.tolerance if self.part else Tolerance()

    def stream(self, name: str) -> "np.random.Generator":
        """A stream of hidden numbers: the same for every submission, from the course's own seed."""
        seed = self.setting.rubric.seed if self.setting.rubric else PUBLIC_SEED
        return np.random.default_rng([seed, zlib.crc32(name.encode())])

    def random(self) -> "np.random.Generator":
        """The part's own stream."""
        return self.stream(self.number)

    def judge(self, verdict: Verdict | None = None, /, **criteria: Verdict) -> None:
        """Records the verdict on the whole part, or on each of the rubric's criteria of the part."""
        given = {"": verdict} if verdict is not None else dict(criteria)
        wanted = set(self.part.criteria) if self.part and self.part.criteria else {""}
        if self.part and set(given) != wanted:
            named = [", ".join(sorted(names - {""})) or "none" for names in (set(given), wanted)]
            reason = f"the suite judges part {self.number} by the criteria {named[0]}; those here are {named[1]}"
            raise self.part.refuse(reason, "criteria")
        self.verdicts = given

    def actual(self, remote: Remote) -> Outcome:
        """What became of it in the student's process."""
        return outcome_of(remote)

    def will_ask(self, *remotes: Remote) -> None:
        """Say what of the student's will be asked next, in this order: several answers at once come sooner. Nothing is
        run unless some of it is asked.
        """
        self.setting.expect(map(program_of, remotes))

    def expected(self, remote: Remote) -> Any:
        """The reference's value. That the reference fails is our failure."""
        outcome = outcome_of(remote)
        if not isinstance(outcome, Value):
            raise ReferenceFailed(f"the reference did not answer in part {self.number}: {outcome}")
        return outcome.data

    def agreement(
        self, compute: Compute, cases: Iterable[Case], *, sequence_ok: bool = False, mistakes: Mistakes = NO_MISTAKES
    ) -> Verdict:
        """Whether the student's code gives what the reference gives, in every case.

        If it gives what one of `mistakes` (functions of a case's inputs) gives, the rubric's words on that are told.
        """
        cases = tuple(cases)
        way = recipe((compute, sequence_ok, self.tolerance.rtol, self.tolerance.atol))
        judge = partial(self._agreement, compute, cases, sequence_ok, mistakes)
        if way is None or not all(map(self.setting.memory.has, cases)):
            verdict, found = judge()
        else:
            key = (tuple(map(id, cases)), id(mistakes), way)
            verdict, found = self.setting.once(key, (cases, mistakes), judge)
        return verdict if found is None else self.mistake(found, verdict)

    def adapted(
        self, cases: Sequence[Case], way: Hashable, adapt: Callable[[Sequence[Case]], Sequence[Case]]
    ) -> Sequence[Case]:
        """The cases as this submission needs them: adapted once for all parts that have them in this way."""
        work = partial(adapt, cases)
        return self.setting.once((way, id(cases)), cases, work) if self.setting.memory.has(cases) else work()

    def _agreement(
        self, compute: Compute, cases: Sequence[Case], sequence_ok: bool, mistakes: Mistakes
    ) -> tuple[Verdict, str | None]:
        """The verdict, and the mistake that was made."""
        way = recipe(compute)
        self._expect(compute, way, cases)
        trial = partial(self._trial, compute, way)
        verdict = all_agree(self._compared(map(trial, cases), sequence_ok))
        if not mistakes or verdict.credit > 0 or not is_comparable(verdict):
            return verdict, None
        return verdict, find_mistake(mistakes, list(map(trial, cases)), self.tolerance, self.setting.memory)

    def _expect(self, compute: Compute, way: Hashable | None, cases: Iterable[Case]) -> None:
        """Say what will be asked in these cases, as far as everybody is asked the same."""
        known = [known for case in cases if (known := self._described(compute, way, case))]
        programs = [program for described in known for program in described.programs]
        self.setting.expect(programs)
        self.setting.expect_of_reference(programs)

    def _compared(self, trials: Iterable[Trial], sequence_ok: bool) -> Iterator[tuple[str, Verdict]]:
        rtol, atol = self.tolerance.rtol, self.tolerance.atol
        for trial in trials:
            verdict = compare_arrays(trial.expected, trial.actual, rtol=rtol, atol=atol, sequence_ok=sequence_ok)
            yield trial.case.label, verdict

    def _trial(self, compute: Compute, way: Hashable | None, case: Case) -> Trial:
        """What comes of a case; the reference is asked once a course if the case is made once and `way` is known."""

        def ask_reference() -> Array:
            return np.asarray(self.expected(compute(self.reference, case.inputs)))

        expected = self.setting.memory.following(case, way, ask_reference)
        remote = self._asked(compute, way, case) or compute(self.submission, case.inputs)
        return Trial(case, expected, self.actual(remote))

    def _asked(self, compute: Compute, way: Hashable | None, case: Case) -> Remote | None:
        """What the submission is asked, if that is the same for everybody who answers as the reference on the way."""
        known = self._described(compute, way, case)
        return asked_of(known, compute, case.inputs, self.setting.run_submission) if known else None

    def _described(self, compute: Compute, way: Hashable | None, case: Case) -> Described | None:
        memory, reference = self.setting.memory, self.setting.run_reference
        if reference is None or way is None or not memory.has(case):
            return None
        return memory.following(case, (way, describe), partial(describe, compute, case.inputs, reference))

    def judge_written(self, ask: Ask | None = None, *, measured: Measured | None = None) -> None:
        """Marks an expression, a growth, a condition or a shape: homework.toml declares it, the rubric accepts.

        What the student's code does is told besides, where a growth was read and `measured` says what to count.
        """
        actual = self._written(ask)
        verdict = self.setting.marker.mark(self.number, actual)
        formula = next(self.setting.marker.own_trees(self.number, actual), None) if measured else None
        told = beside_formula(measured, formula, partial(self._work, measured)) if measured and formula else ()
        self.judge(replace(verdict, facts=(*verdict.facts, *told)))

    def _work(self, measured: Measured, several: Sequence[Sizes]) -> Iterator[Cost | Verdict]:
        """The operations at each of several sizes."""
        inputs = [measured.inputs_of(sizes, self.setting.memory) for sizes in several]
        return self.each_counted(*(measured.call(self.submission, one) for one in inputs))

    def judge_reading(self, ask: Ask | None = None) -> None:
        """Whether a written answer can be read, and as what."""
        self.judge(self.setting.marker.check_reading(self.number, self._written(ask)))

    def _written(self, ask: Ask | None) -> Outcome:
        """The student's answer to this part, which stands where homework.toml says; `ask` may say it again."""
        declared = self._own_answer(self.number)
        names = [dotted(program_of(remote)) for remote in (declared, ask(self.submission) if ask else declared)]
        if names[0] != names[1]:
            raise HomeworkInvalid(f"the suite asks for {names[1]}; in homework.toml the answer is {names[0]}")
        return self.actual(declared)

    def flags(self, ask: Ask) -> dict[str, Verdict]:
        """A verdict for each entry of a dict of truth values."""
        return flags_agree(self.expected(ask(self.reference)), self.actual(ask(self.submission)))

    def counted(self, remote: Remote) -> Cost | Verdict:
        """The operations of one call."""
        return cost_of(outcome_of(rebuilt(remote, Counted)))

    def each_counted(self, *remotes: Remote) -> Iterator[Cost | Verdict]:
        """The operations of each of several calls, asked together."""
        self.will_ask(*(rebuilt(remote, Counted) for remote in remotes))
        return map(self.counted, remotes)

    def first_failure(self, *verdicts: Verdict) -> Verdict:
        return first_failure(verdicts)

    def words(self, ask: Ask, *, short_ok: bool = False) -> Verdict:
        """Provisional credit for an answer in words; whether they are right is for a person to say."""
        data = data_or_failure(self.actual(ask(self.submission)))
        return data if isinstance(data, Verdict) else self._judge_words(ask, data, short_ok)

    def word_entries(self, ask: Ask, keys: Sequence[str]) -> Verdict:
        """The share of the entries of a dict that are answered in words."""
        outcome = self.actual(ask(self.submission))
        entries = [entry_of(outcome, key, str) for key in keys]
        verdicts = [item if isinstance(item, Verdict) else self._judge_words(ask, item, False) for item in entries]
        return share_right(dict(zip(keys, verdicts, strict=True)))

    def _judge_words(self, ask: Ask, text: object, short_ok: bool) -> Verdict:
        template = self.setting.template[f"{module_of(program_of(ask(self.submission)))}.py"]
        return judge_words(text, question_texts=question_texts(template), short_ok=short_ok)

    def plain(self, ask: Ask, judge: Callable[[Any], Verdict]) -> Verdict:
        """What `judge` says of a plain value."""
        data = data_or_failure(self.actual(ask(self.submission)))
        return data if isinstance(data, Verdict) else judge(data)

    def arrays(self, name: str, wanted: Collection[str]) -> Mapping[str, Array] | Verdict:
        """The wanted arrays of a data file, or why there are none."""
        content = self.setting.files.get(name)
        if content is None:
            return Verdict(Status.UNANSWERED, 0.0, (Fact("file_missing", {"name": name}),))
        arrays = read_arrays(content, self.setting.limits, wanted)
        if not isinstance(arrays, ArrayRefusal):
            return arrays
        return Verdict(Status.UNREADABLE, 0.0, (Fact(f"arrays_{arrays.kind}", {"name": name, **arrays.data}),))

    def row_by_row(self, call: Compute, rows: Array) -> Outcome:
        """`call` on all rows at once if it gives an array with a row for each, else on one row after the other."""
        whole = self.actual(call(self.submission, rows))
        if is_table(whole, len(rows)):
            return whole
        return self.each_row(call, rows)

    def each_row(self, call: Compute, rows: Array) -> Outcome:
        """`call` on one row after the other, put together; what all rows at once give if that fails."""
        asked = [call(self.submission, row) for row in rows]
        self.will_ask(*asked)
        single = stacked(map(self.actual, asked))
        return single or self.actual(call(self.submission, rows))

    def kernels(self, number: str, names: tuple[str, str]) -> Iterator[Kernel]:
        """The expected expression of another part as a function of two vectors, then the student's own if it earned
        something there: follow-through.
        """
        trees = self.setting.marker.trees(number, self.actual(self._own_answer(number)))
        return filter(can_evaluate, (kernel_of(tree, names) for tree in trees))

    def _own_answer(self, number: str) -> Remote:
        part = self.setting.declarations.part(number)
        return attribute(self.submission, part.module, part.attribute)

    def blank(self, place: BlankPlace, givens: Sequence[Given], whole: Callable[[], Verdict]) -> Verdict:
        """One blank of the template's code on its own; right too if the `whole` function that it is part of is."""
        setting = self.setting
        if setting.run_reference is None or setting.reference_files is None:
            raise HomeworkInvalid(f"{self.id()} judges a blank, which needs the reference")
        marker = BlankMarker(
            student=Side(setting.files, setting.run_submission, setting.pass_over, setting.expect),
            reference=Side(setting.reference_files, setting.run_reference, expect=setting.expect_of_reference),
            template=setting.template,
            tolerance=self.tolerance,
            memory=setting.memory,
        )
        return marker.mark(place, givens, whole)

    def best(self, verdicts: Iterable[Verdict]) -> Verdict:
        """The most favourable of several ways to judge; the first of those that are equally good. None is tried after
        one with full credit.
        """
        tried: list[Verdict] = []
        for verdict in verdicts:
            tried.append(verdict)
            if verdict.credit >= 1:
                break
        return max(tried, key=lambda verdict: verdict.credit)

    def alternative(self, relation: str) -> Verdict:
        """What the rubric says of an answer in this relation to the expected one."""
        entries = [entry for entry in (self.part.alternatives if self.part else ()) if entry.relation == relation]
        credit = max((entry.credit for entry in entries), default=0.0)
        facts = tuple(said(entry.feedback) for entry in entries if entry.feedback)
        return Verdict(Status.PARTIAL if credit else Status.WRONG, credit, facts, relation=relation)

    def mistake(self, name: str, otherwise: Verdict | None = None) -> Verdict:
        """What the rubric says of a known mistake: the part itself, or its table of mistakes; else `otherwise`."""
        own = self.alternative(name)
        text = self.setting.rubric.mistakes.get(name) if self.setting.rubric else None
        if own.facts or text is None:
            return own if own.facts or otherwise is None else otherwise
        return replace(own, facts=(said(text),))
