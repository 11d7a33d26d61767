"""The test case of public checks: what can be said of an answer without knowing the right one.

    class TestArgmax(PublicTestCase):
        @number("2.a.code")
        def test_argmax_attention(self):
            \"\"\"Argmax attention in code\"\"\"
            self.judge_promises(self.argmax_promises())

A promise is something that every right answer keeps, with the sentence that a student reads whose answer does not. The
sentences stand in the homework's own suite, and so does whatever the homework has to offer for checking. A promise may
lean on another answer of the student's only where that one has kept all of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.answers.tree import Node
from autograder.checks.failures import data_or_failure
from autograder.checks.numeric import compare_arrays, in_case
from autograder.checks.structure import pair_of_indices
from autograder.checks.symbolic.evaluate import CannotEvaluate, evaluate
from autograder.checks.verdict import Fact, Status, Verdict, right, wrong
from autograder.scoring.blank_marks import BlankPlace, Given, Side, check_blank
from autograder.scoring.exhibit import MOST_TOKENS, Heads, comparison
from autograder.scoring.graded import Array, Ask, GradedTestCase
from autograder.scoring.reading import Read
from autograder.scoring.remote import Remote

Promise = tuple[str, bool]
Promises = Iterable[Promise]


class Unusable(Exception):
    """What the student's code gave cannot be looked at; the verdict says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.status.value)
        self.verdict = verdict


class PublicTestCase(GradedTestCase):
    """A part of the homework, checked against promises."""

    def keeps(self, promises: Promises) -> Verdict:
        """Right if every promise is kept; else the words of the first that is not, or why nothing can be said."""
        try:
            broken = next((text for text, kept in promises if not kept), None)
        except Unusable as stop:
            return stop.verdict
        return right() if broken is None else wrong(Fact("feedback", {"text": broken}))

    def judge_promises(self, promises: Promises) -> None:
        self.judge(self.keeps(promises))

    def numbers(self, remote: Remote, *shape: int, case: str = "") -> Array:
        """The finite floats of this shape that a call gave, in float64. Raises Unusable, which
        names the case.
        """
        outcome = self.actual(remote)
        verdict = compare_arrays(np.zeros(shape), outcome, rtol=0, atol=np.inf)
        if verdict.status is not Status.RIGHT:
            raise Unusable(in_case(verdict, case))
        return np.asarray(data_or_failure(outcome), dtype=np.float64)

    def show_comparison(self, title: str, expected: Array, own: Callable[[], Array]) -> None:
        """Lets a page draw where the student's numbers (rows, columns) differ from what everybody can work out."""
        try:
            found = own()
        except Unusable:
            return
        if found.shape == expected.shape:
            self.exhibits += (comparison(title, expected, found),)

    def show_heads(self, title: str, attention: Array, tokens: Iterable[str], claims: Mapping[str, object]) -> None:
        """Lets a page draw captured attention (layers, heads, T, T); `claims` name heads (layer, head)."""
        heads = {name: head for name, head in claims.items() if isinstance(head, tuple)}
        limits, axes = attention.shape[:2], ("layer", "head")
        pairs = [(pair_of_indices(head, name, limits, axes=axes), name) for name, head in heads.items()]
        marked = tuple((pair, name) for pair, name in pairs if isinstance(pair, tuple))
        if attention.shape[-1] <= MOST_TOKENS:
            self.exhibits += (Heads(title, attention, tuple(map(str, tokens)), marked),)

    def reading(self, ask: Ask) -> Verdict:
        """Whether a written answer can be read, and as what."""
        return self.setting.marker.check_reading(self.number, self.actual(ask(self.submission)))

    def judge_written_promises(self, ask: Ask, promises: Callable[[], Promises]) -> None:
        """Whether a written answer can be read, as what, and whether it keeps its promises."""
        read = self.reading(ask)
        if read.status is not Status.RIGHT:
            self.judge(read)
            return
        kept = self.keeps(promises())
        self.judge(replace(kept, read_as=read.read_as, facts=(*read.facts, *kept.facts)))

    def own(self, number: str = "") -> Read | None:
        """The student's own written answer to a part, as it was read; None if it cannot be."""
        number = number or self.number
        data = data_or_failure(self.actual(self._own_answer(number)))
        read = None if isinstance(data, Verdict) else self.setting.marker.read(number, data)
        return read if isinstance(read, Read) else None

    def own_value(self, binding: dict[str, Any], number: str = "") -> Array | None:
        """The value of the student's own formula where its names have these values; None if it has none."""
        read = self.own(number)
        return None if read is None else value_of(read.content.tree, binding)

    def relation_to(self, growth: str, number: str = "") -> str:
        """What the student's growth is to this one: equal, upper_bound, lower_bound, incomparable or undecided."""
        number = number or self.number
        return self.setting.marker.relation(number, self.actual(self._own_answer(number)), growth)

    def at_least(self, growth: str) -> bool:
        """Whether the student's bound is known not to be smaller than this growth, or nothing is known."""
        return self.relation_to(growth) in ("equal", "upper_bound", "undecided")

    def at_most(self, growth: str) -> bool:
        """Whether the student's bound is known not to be larger than this growth, or nothing is known."""
        return self.relation_to(growth) in ("equal", "lower_bound", "undecided")

    def blank_keeps(
        self,
        place: BlankPlace,
        givens: Sequence[Given],
        promises: Callable[..., Promises],
        whole: Callable[[], Verdict],
    ) -> Verdict:
        """Whether a blank is filled in and what stands there, run alone on each of `givens`, keeps `promises` of the
        values; if not, whether the `whole` function that it is part of keeps its own.
        """
        side = Side(self.setting.files, self.setting.run_submission)
        return check_blank(
            side, self.setting.template, place, givens, lambda values: self.keeps(promises(*values)), whole
        )


def value_of(tree: Node, binding: dict[str, Any]) -> Array | None:
    """The value of an expression where its names have these values; None if it has none."""
    try:
        return evaluate(tree, binding)
    except CannotEvaluate:
        return None


def near(left: Any, right_: Any, *, rtol: float = 1e-3, atol: float = 1e-4) -> bool:
    """Whether two arrays of one shape hold the same numbers, or an array holds one number only; False for NaN."""
    first, second = np.asarray(left), np.asarray(right_)
    fits = first.shape == second.shape or second.ndim == 0
    return fits and bool(np.allclose(first, second, rtol=rtol, atol=atol))


def in_turn(*promises: Promises) -> Iterator[Promise]:
    """Promises one after the other: the later ones are looked at only if the earlier ones are kept."""
    for group in promises:
        yield from group
