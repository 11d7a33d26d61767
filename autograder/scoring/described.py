"""What a suite asks of everybody in the same words: the program that it describes for a case, made once a course.

    lambda homework, inputs: homework.q2_argmax.argmax_attention(*inputs)            asks nothing on its way
    lambda homework, weights: homework.with_weights(model, weights).forward(x)       asks for the parameters' shapes

Where a student's code answers on the way as the reference does, the student is asked the same program as the reference.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.outcome import Outcome, Value
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.remote import Remote, RemoteSubmission, Run, program_of, runs_in

Compute = Callable[[RemoteSubmission, Any], Remote]


@dataclass(frozen=True)
class Described:
    """The reference's program, and what it was asked on the way, with what it answered."""

    program: Program
    asked: tuple[tuple[Program, Outcome], ...]

    @property
    def programs(self) -> tuple[Program, ...]:
        """All of it, in the order in which it is asked."""
        return (*(program for program, _ in self.asked), self.program)


def describe(compute: Compute, inputs: tuple[Any, ...], reference: Run) -> Described | None:
    """None where the answer to the program itself depends on what was answered on the way."""
    asked: list[tuple[Program, Outcome]] = []

    def run(program: Program) -> Outcome:
        asked.append((program, reference(program)))
        return asked[-1][1]

    remote = compute(RemoteSubmission(run), inputs)
    return Described(program_of(remote), tuple(asked)) if runs_in(remote, run) else None


def asked_of(described: Described, compute: Compute, inputs: tuple[Any, ...], submission: Run) -> Remote:
    """What `compute` describes for a submission, which is asked on the way what the reference was asked."""
    answered: list[Outcome] = []
    for program, outcome in described.asked:
        answered.append(submission(program))
        if not _is_same(answered[-1], outcome):
            return compute(RemoteSubmission(_once_more(iter(answered), submission)), inputs)
    return Remote(described.program, submission)


def _once_more(answered: Iterator[Outcome], submission: Run) -> Run:
    """The same answers to the same questions, which come first; then the submission's own."""

    def run(program: Program) -> Outcome:
        return next(answered, None) or submission(program)

    return run


def _is_same(one: Outcome, other: Outcome) -> bool:
    """Whether two answers are the same to the last: True is not 1. Arrays are never taken for the same."""
    if not (isinstance(one, Value) and isinstance(other, Value) and isinstance(one.data, dict)):
        return False
    return repr(one.data) == repr(other.data)
