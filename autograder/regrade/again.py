"""Judges again what a class answered before, from the store alone: after a change of a rubric or of a suite, say.

Children of this process do it, because it has the homework loaded already, and so that a suite that ends its process
or hangs takes nothing with it. They run no code: whatever asks for more than is kept is left for the graders.
"""

import json
import os
import selectors
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

from autograder.errors import AutograderError
from autograder.pipeline import judge_submission
from autograder.regrade.groups.answer import pack_answer
from autograder.regrade.groups.observe import Observer
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
from autograder.regrade.noted import Noted, formulas_of, marks_of
from autograder.regrade.order import Missing
from autograder.regrade.recorded import Recorded, RecordedSubmission, by_program
from autograder.regrade.steady import is_steady
from autograder.regrade.store import Mark, Store, StoredOutcome, open_store
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.course import Course
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners, Runner
from autograder.scoring.sheet import Row
from autograder.settings import Limits

ROWS_WORTH_A_CHILD = 1_500
LOST_CHILDREN = 3
PIECE = 1 << 16
KEPT_OPEN = 3  # the first descriptor after the standard ones

OnMarks = Callable[[Sequence[tuple[str, tuple[Mark, ...]]]], None]


def _not_kept(_: Program) -> Outcome:
    raise NotKept("this was not asked before")


@dataclass(frozen=True)
class Material:
    """What children judge from: the store of the folder `run`, and the export. `own` is what the reference answered."""

    course: Course
    run: Path
    export: Path
    environment: str
    own: tuple[StoredOutcome, ...]
    limits: Limits


def judge_again(
    wanted: Missing, store: Store, material: Material, most: int, seconds: float, on_marks: OnMarks
) -> Missing:
    """Have judged what is kept, by at most `most` children; returns what is left for those who can run code.

    A child may take `seconds` for one content. Nobody has `store` open while a child is forked.
    """
    if not wanted or not is_steady():
        return wanted
    rows = sum(map(len, wanted.values()))
    count = min(most, 1 + rows // ROWS_WORTH_A_CHILD)
    contents = list(wanted)
    shares = [deque(contents[start::count]) for start in range(count)]
    left = _Children(wanted, store, material, seconds, on_marks).run(shares)
    return {digest: wanted[digest] for digest in contents if digest in left}


@dataclass
class _Child:
    """One child, what it has still to judge, in its order, and how many before it were lost over this share."""

    process: int
    stream: socket.socket
    waiting: deque[str]
    lost: int = 0
    heard: bytes = b""


@dataclass
class _Children:
    """All children of one run."""

    wanted: Missing
    store: Store
    material: Material
    seconds: float
    on_marks: OnMarks
    left: set[str] = field(default_factory=set)
    children: list[_Child] = field(default_factory=list)

    def run(self, shares: Sequence[deque[str]]) -> set[str]:
        """Returns what was not judged."""
        try:
            for share in shares:
                self.children.append(self._fork(share))
            while self.children:
                self._listen()
        finally:
            for child in self.children:
                _end(child)
        return self.left

    def _fork(self, share: deque[str], lost: int = 0) -> _Child:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        with self.store.closed():
            process = os.fork()
            if not process:
                _be_child(theirs, [(digest, self.wanted[digest]) for digest in share], self.material)
        theirs.close()
        return _Child(process, ours, share, lost)

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for child in self.children:
                selector.register(child.stream, selectors.EVENT_READ, child)
            ready = [key.data for key, _ in selector.select(self.seconds)]
        for child in ready or list(self.children):
            self._hear(child, child.stream.recv(PIECE) if ready else b"")

    def _hear(self, child: _Child, piece: bytes) -> None:
        *lines, child.heard = (child.heard + piece).split(b"\n")
        found = []
        for line in lines:
            digest, marks = child.waiting.popleft(), json.loads(line)
            if marks is None:
                self.left.add(digest)
            else:
                found.append((digest, tuple(Mark(*mark) for mark in marks)))
        if found:
            self.on_marks(found)
        if not piece:
            self._replace(child)

    def _replace(self, child: _Child) -> None:
        """Its share is done; or it ended over the first content that it had still to judge, which is left."""
        _end(child)
        self.children.remove(child)
        if child.waiting:
            self.left.add(child.waiting.popleft())
            if child.lost + 1 >= LOST_CHILDREN:
                self.left.update(child.waiting)
            elif child.waiting:
                self.children.append(self._fork(child.waiting, child.lost + 1))


def _end(child: _Child) -> None:
    child.stream.close()
    with suppress(ProcessLookupError):
        os.kill(child.process, signal.SIGKILL)
    os.waitpid(child.process, 0)


def _be_child(stream: socket.socket, share: Sequence[tuple[str, tuple[str, ...]]], material: Material) -> None:
    """Judge, and end this process: nothing of the parent's is closed, written or cleaned up by it."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends its children
        stream = socket.socket(fileno=os.dup2(stream.detach(), KEPT_OPEN))
        _close_all_but_ours()
        with open_store(material.run, read_only=True) as store:
            for marks in Judge(store, material).judged(share):
                answer = None if marks is None else [astuple(mark) for mark in marks]
                stream.sendall(json.dumps(answer).encode() + b"\n")
        code = 0
    except BrokenPipeError:
        code = 0  # the parent is gone
    finally:
        os._exit(code)


def _close_all_but_ours() -> None:
    """The run's lock among them: it has to go with the parent, however that ends."""
    for name in os.listdir("/dev/fd"):
        if int(name) > KEPT_OPEN:
            with suppress(OSError):  # what the listing itself had open
                os.close(int(name))


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

    def judged(self, share: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[Mark, ...] | None]:
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
