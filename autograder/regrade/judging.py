"""In a child of a run: judges again from what the store keeps, question by question, and runs no code."""

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field, replace

from autograder.errors import AutograderError
from autograder.pipeline import judge_submission
from autograder.regrade.conditions import own_digest
from autograder.regrade.dependencies import environment_digest, part_keys
from autograder.regrade.groups.answer import pack_answer
from autograder.regrade.groups.observe import Observer
from autograder.regrade.judge_waiting import Share, child_socket
from autograder.regrade.kept import (
    Answer,
    Judged,
    KeptAnswers,
    KeptFiles,
    KeptSubmission,
    KnownWays,
    NotKept,
    Question,
    WholeSubmissions,
)
from autograder.regrade.material import Material
from autograder.regrade.noted import Noted, formulas_of, marks_of
from autograder.regrade.order import Order
from autograder.regrade.recorded import Recorded, RecordedSubmission, by_program
from autograder.regrade.store import Mark, Store, open_store
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.course import load_course
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners, Runner
from autograder.scoring.sheet import Row
from autograder.settings import Limits


def _not_kept(_: Program) -> Outcome:
    raise NotKept("this was not asked before")


def be_child(stream: socket.socket, share: Share, material: Material) -> None:
    """Judge, and end this process: nothing of the parent's is closed, written or cleaned up by it."""
    code = 1
    try:
        stream = child_socket(stream)
        with open_store(material.run, read_only=True) as store:
            _judge_all(stream, store, material, share)
        code = 0
    finally:
        os._exit(code)


def judge_when_asked(stream: socket.socket, order: Order, limits: Limits) -> None:
    """In a child that was forked before there was anything to judge: load the homework, wait to be asked, judge."""
    course = load_course(order.homework, order.only, limits)
    found = {number: key.digest for number, key in part_keys(course, order.homework).items()}
    environment = environment_digest(limits)
    asked = stream.makefile("rb").readline()
    keys, share = json.loads(asked) if asked else ({}, ())
    if keys != found:
        return
    course.marker.prepare({number for _, numbers in share for number in numbers})
    with open_store(order.out, read_only=True) as store:  # not before: the run may be bringing it up to date
        own = tuple(store.outcomes(own_digest(course), environment))
        _judge_all(stream, store, Material(course, order.out, order.export, environment, own, limits), share)


def _judge_all(stream: socket.socket, store: Store, material: Material, share: Share) -> None:
    with suppress(BrokenPipeError):  # the parent is gone
        for marks in Judge(store, material).judged(share):
            answer = None if marks is None else [astuple(mark) for mark in marks]
            stream.sendall(json.dumps(answer).encode() + b"\n")


class Judge:
    """Judges from what is kept."""

    def __init__(self, store: Store, material: Material) -> None:
        store.entries()  # so that it knows every content by its digest
        course = material.course
        self._store = store
        self._material = material
        self._formulas = formulas_of(course)
        self._courses = {test.number: replace(course, tests=(test,)) for test in course.tests}
        self._recorded = Recorded(_not_kept, by_program(material.own))
        self._own = OwnRunners(Runner(self._recorded, course.reference or {}))
        self._ways = {number: KnownWays() for number in self._courses}
        self._read_whole = WholeSubmissions(store, material.export, course.expected_files, material.limits)

    def judged(self, share: Share) -> Iterator[tuple[Mark, ...] | None]:
        """The marks of each content in the parts that it lacks; None where they cannot be told from what is kept."""
        for digest, numbers in share:
            try:
                yield tuple(self._marks(digest, numbers))
            except AutograderError:
                yield None

    def _marks(self, digest: str, numbers: Sequence[str]) -> Iterator[Mark]:
        answers = KeptAnswers(self._store, digest, self._material.environment)
        files = KeptFiles(self._store, digest, self._read_whole)
        unpacked: dict[bytes, Outcome] = {}
        for number in numbers:
            judged = self._ways[number].judged(
                lambda question: answers.answer(question) if isinstance(question, bytes) else files.answer(question)
            )
            if judged is None:
                answers.asked = files.asked = {}
                self._recorded.lost = None
                yield self._judged(number, KeptSubmission(digest, files), answers, unpacked)
            elif judged.seen is None:
                yield judged.mark
            else:
                observer = Observer(self._courses[number], files, list(judged.seen))
                yield replace(judged.mark, answer=pack_answer(observer.answer(judged.row, judged.text)))

    def _judged(
        self, number: str, submission: KeptSubmission, answers: KeptAnswers, unpacked: dict[bytes, Outcome]
    ) -> Mark:
        """Raises NotKept where code would have to be run, or an answer to be added to the store."""
        course = self._courses[number]
        recorded = RecordedSubmission(
            PlainModules(_not_kept, submission.files),
            answers,
            modules=answers.modules(),
            formulas=self._formulas,
            unpacked=unpacked,
        )
        noted = _Noted(recorded, Observer(course, submission.files), asked=answers.asked)
        sheet = judge_submission(
            submission,
            course,
            recorded,
            self._own,
            self._material.limits,
            on_row=noted.row,
            on_answer=noted.note,
        )
        if recorded.lost or recorded.stale or recorded.fresh or self._recorded.lost:
            raise NotKept("code would have to be run")
        (mark,) = marks_of(sheet, course, noted)
        if noted.judged_by is not None:
            seen = None if noted.judged_by == answers.asked else tuple(noted.seen)
            self._ways[number].add(noted.judged_by, Judged(mark, sheet.rows[0], noted.text, seen))
        return mark


@dataclass
class _Noted(Noted):
    """Notes besides what the row came from, before the answer beside it is made.

    `asked` grows with each question; `judged_by` are those of them that decided the row, `seen` what the part saw.
    """

    asked: Mapping[Question, Answer] = field(default_factory=dict)
    judged_by: Mapping[Question, Answer] | None = None
    seen: list[tuple[Program, Outcome | None]] = field(default_factory=list)
    text: str = ""

    def note(self, program: Program, outcome: Outcome | None) -> None:
        self.seen.append((program, outcome))
        self.observer.note(program, outcome)

    def answer(self, row: Row, text: str) -> str:
        self.judged_by, self.text = dict(self.asked), text
        return super().answer(row, text)
