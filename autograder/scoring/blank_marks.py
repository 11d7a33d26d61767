"""Judges one blank of the template's code on its own: what the student wrote there is run alone, judged by its value.

The same blank is found in the reference, and its value for the same given names is what is expected. What stands in
other blanks does not matter. Nothing of the reference goes to the worker that runs the student's text: only values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.answers.blanks import Blank, NotFound, Reading, Unanswered, find_blank
from autograder.checks.numeric import all_agree, compare_arrays
from autograder.checks.outcomes import without_value
from autograder.checks.verdict import Fact, Status, Verdict, right, wrong
from autograder.errors import ReferenceFailed
from autograder.sandbox.outcome import Outcome, TimedOut, Value
from autograder.sandbox.protocol.programs import Attribute, Code, ModuleAttribute, Named, Program, StandIn
from autograder.scoring.course_memory import CourseMemory
from autograder.scoring.remote import Run, as_keywords
from autograder.scoring.rubric import Tolerance
from autograder.scoring.runner import Expect, expect_nothing

Given = Mapping[str, Any]
Answered = list[Outcome]
BRIEF = 80
NOT_AS_GIVEN = frozenset({"AttributeError", "TypeError"})  # raised where the student's object is unlike the given one
TOLD = frozenset({"wrong_shape", "crashed", "timed_out"})


@dataclass(frozen=True)
class BlankPlace:
    """Where a blank is: the statement of `function` ("step", "Class.method") that gives `target` its value.

    `attribute` is what stands for the blank's value in the assigned object: "out_features" of a linear layer.
    """

    module: str
    function: str
    target: str
    attribute: str = ""


@dataclass(frozen=True)
class Side:
    """A submission in which the blank is looked for: its files, and what runs its code.

    `pass_over` is told what would be run first if the function around it were not right, `expect` what comes next.
    """

    files: Mapping[str, bytes]
    run: Run
    pass_over: Callable[[Program], None] = lambda _: None
    expect: Expect = expect_nothing


@dataclass(frozen=True)
class Expected:
    """A reading of the reference's blank and its value in every case."""

    reading: Reading
    values: Answered


@dataclass(frozen=True)
class Answers:
    """What the programs give, the first when it is looked at, then the others: a wrong first ends most comparisons."""

    side: Side
    programs: list[Program]
    known: Answered = field(default_factory=list)

    def __iter__(self) -> Iterator[Outcome]:
        for place, program in enumerate(self.programs):
            if place == len(self.known):
                if place == 1:
                    self.side.expect(self.programs[1:])
                self.known.append(self.side.run(program))
            yield self.known[place]


@dataclass(frozen=True)
class BlankMarker:
    """Judges blanks of one submission. `givens` below are the values of the given names, one mapping a case."""

    student: Side
    reference: Side
    template: Mapping[str, bytes]
    tolerance: Tolerance
    memory: CourseMemory = field(default_factory=CourseMemory)

    def mark(self, place: BlankPlace, givens: Sequence[Given], whole: Callable[[], Verdict]) -> Verdict:
        """Right if one reading of the student's blank has the value of a reading of the reference's, in all cases.

        `whole` judges the function that the blank is part of: if what it computes is right, so is the blank, wherever
        it is, and need not be run. (Half credit is for the right output with something beside it.)
        """
        found = self._find(self.student, place, givens)
        function = whole()
        if function.credit > 0:
            if isinstance(found, Blank):
                self.student.pass_over(_programs(place, found.readings.first, givens, self.memory)[0])
            return right()
        closest = self._closest(place, found, givens) if isinstance(found, Blank) else None
        if closest is not None and closest.credit == 1:
            return closest
        if _was_not_imported(function):
            return function
        if closest is None or is_guess(found):
            return _without_reading(NotFound("target") if closest else found, function)
        return closest

    def _find(self, side: Side, place: BlankPlace, givens: Sequence[Given]) -> Blank | Unanswered | NotFound:
        return blank_at(side, self.template, place, givens[0])

    def _find_expected(self, place: BlankPlace, givens: Sequence[Given]) -> Blank | Unanswered | NotFound:
        return blank_of_the_reference(*_where(self.reference, self.template, place, givens[0]))

    def _closest(self, place: BlankPlace, blank: Blank, givens: Sequence[Given]) -> Verdict:
        """The best verdict over the readings; on equal credit the likeliest reading's."""
        expected = self.memory.following(givens, place, lambda: self._expected(place, givens))
        best: Verdict | None = None
        for reading in blank.readings:
            actual = Answers(self.student, _programs(place, reading, givens, self.memory))
            verdict = self._judge(reading, expected, actual)
            if best is None or verdict.credit > best.credit:
                best = verdict
            if best.credit == 1 or any(isinstance(outcome, TimedOut) for outcome in actual.known):
                break  # what hangs in one reading hangs in the next, and the whole question has a deadline
        return best or wrong()

    def _expected(self, place: BlankPlace, givens: Sequence[Given]) -> list[Expected]:
        """The readings of the reference's blank that have a value in every case."""
        found = self._find_expected(place, givens)
        if not isinstance(found, Blank):
            raise ReferenceFailed(f"the reference has no blank for {place.target} in {place.module}: {found}")
        answers = [
            Expected(reading, [*Answers(self.reference, _programs(place, reading, givens, self.memory))])
            for reading in found.readings
        ]
        usable = [answer for answer in answers if all(isinstance(value, Value) for value in answer.values)]
        if not usable:
            raise ReferenceFailed(f"the reference's blank for {place.target} in {place.module} has no value")
        return usable

    def _judge(self, reading: Reading, expected: list[Expected], actual: "Answers") -> Verdict:
        wanted = [answer.values for answer in expected if _comparable(reading, answer.reading)]
        verdicts = [all_agree(self._cases(values, actual)) for values in wanted]
        best = max(verdicts, key=lambda verdict: verdict.credit, default=wrong())
        if best.credit == 1:
            return right()
        data = {"written": _brief(reading.written), "line": reading.line}
        details = tuple(fact for fact in best.facts if fact.kind in TOLD or fact.data.get("pattern"))
        stand_in_fails = any(fact.data.get("exception") in NOT_AS_GIVEN for fact in details)
        kind = "blank_not_run" if stand_in_fails else "blank_differs"
        return Verdict(Status.WRONG, 0.0, (Fact(kind, data), *details))

    def _cases(self, expected: Answered, actual: "Answers") -> Iterator[tuple[str, Verdict]]:
        for wanted, got in zip(expected, actual, strict=True):
            values = np.asarray(wanted.data if isinstance(wanted, Value) else np.nan)
            rtol, atol = self.tolerance.rtol, self.tolerance.atol
            yield "", compare_arrays(values, got, rtol=rtol, atol=atol)


def _was_not_imported(function: Verdict) -> bool:
    """Whether the module as a whole is at fault, so that nothing can be said of a blank in it."""
    return any(
        fact.data.get("reason") in ("import", "syntax") or fact.data.get("during") == "import"
        for fact in function.facts
    )


def is_guess(found: Blank | Unanswered | NotFound) -> bool:
    """Whether nothing in the code says which value the blank's is, so that only a right one can be recognised."""
    return isinstance(found, Blank) and found.readings.first.kind == "computed"


def _comparable(own: Reading, expected: Reading) -> bool:
    """A blank alone is compared with a blank alone; a value that changes afterwards with that of the blank's own line,
    so that scores which are scaled twice are not taken for the scaled ones.
    """
    if "hole" in (own.kind, expected.kind):
        return own.kind == expected.kind
    return expected.earlier == 0 or (own.final and expected.final)


def blank_at(
    side: Side, template: Mapping[str, bytes], place: BlankPlace, given: Given
) -> Blank | Unanswered | NotFound:
    """What stands in the blank in one submission."""
    source, blank, function, target, names = _where(side, template, place, given)
    return find_blank(source, blank, function=function, target=target, given=names)


@lru_cache(maxsize=64)
def blank_of_the_reference(
    source: bytes, template: bytes, function: str, target: str, given: tuple[str, ...]
) -> Blank | Unanswered | NotFound:
    """What stands in the blank in the reference: the same for every submission."""
    return find_blank(source, template, function=function, target=target, given=given)


def _where(
    side: Side, template: Mapping[str, bytes], place: BlankPlace, given: Given
) -> tuple[bytes, bytes, str, str, tuple[str, ...]]:
    name = f"{place.module}.py"
    return side.files.get(name, b""), template[name], place.function, place.target, _given_names(given)


def check_blank(
    side: Side,
    template: Mapping[str, bytes],
    place: BlankPlace,
    givens: Sequence[Given],
    holds: Callable[[Sequence[Any]], Verdict] = lambda values: right(),
    whole: Callable[[], Verdict] = wrong,
) -> Verdict:
    """What can be said of a blank without a reference: whether it is filled in, whether what stands there runs, and
    whether `holds` of its values, one for each of `givens`. Else the `whole` function that it is part of decides.
    """
    found = blank_at(side, template, place, givens[0])
    if isinstance(found, Unanswered):
        return _without_reading(found, wrong())
    if isinstance(found, NotFound):
        return _check_owner(side, place)
    memory = CourseMemory()
    answers = [[*map(side.run, _programs(place, reading, givens, memory))] for reading in found.readings]
    judged = zip(found.readings, (_holds(outcomes, holds) for outcomes in answers), strict=True)
    told = [(reading, verdict) for reading, verdict in judged if verdict is not None]
    if is_guess(found) or any(verdict.credit == 1 for _, verdict in told) or whole().credit == 1:
        return right()
    if told:
        reading, verdict = told[0]
        return wrong(Fact("blank_differs", {"written": _brief(reading.written), "line": reading.line}), *verdict.facts)
    return without_value(answers[0][0]) or right()


def _check_owner(side: Side, place: BlankPlace) -> Verdict:
    name = place.function.partition(".")[0]
    owner = side.run(ModuleAttribute(place.module, name))
    return right(Fact("blank_elsewhere")) if isinstance(owner, Value) else without_value(owner) or wrong()


def _holds(outcomes: Sequence[Outcome], holds: Callable[[Sequence[Any]], Verdict]) -> Verdict | None:
    """None where there are no values to look at: the blank of `torch.____` stands for a function."""
    values = [outcome.data for outcome in outcomes if isinstance(outcome, Value)]
    if len(values) < len(outcomes) or not all(isinstance(value, int | np.ndarray) for value in values):
        return None
    return holds(values)


def _given_names(given: Given) -> tuple[str, ...]:
    """The names that are bound, and what a stand-in for `self` has: that keeps its value too."""
    inner = [
        f"{name}.{key}" for name, value in given.items() if isinstance(value, StandIn) for key, _ in value.attributes
    ]
    return (*given, *inner)


def _programs(place: BlankPlace, reading: Reading, givens: Sequence[Given], memory: CourseMemory) -> list[Program]:
    """The reading's text in every case, with as much of what is given as it uses."""
    used = memory.following(givens, reading.used, lambda: [_used(given, reading.used) for given in givens])
    codes = [Code(place.module, reading.statements, reading.expression, named) for named in used]
    whole = reading.kind == "hole" or not place.attribute
    return [code if whole else Attribute(code, place.attribute) for code in codes]


def _used(given: Given, names: frozenset[str]) -> Named:
    return as_keywords({name: value for name, value in given.items() if name in names or isinstance(value, StandIn)})


def _without_reading(found: Blank | Unanswered | NotFound, function: Verdict) -> Verdict:
    match found:
        case Unanswered(line):
            return Verdict(Status.UNANSWERED, 0.0, (Fact("blank_unfilled", {"line": line}),))
        case NotFound("target" | "function"):
            return wrong(Fact("blank_not_found")) if function.status is not Status.FAILED else function
    return function


def _brief(text: str) -> str:
    return text if len(text) <= BRIEF else f"{text[:BRIEF]}…"
