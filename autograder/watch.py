"""Grades a submission again whenever one of its files is saved. The zygote and the homework stay ready in between.

    for graded in watch(path, homework):    # the first at once, then one for each save
        ...

Files are looked at many times a second: there are a handful, and a look costs less than a notification service that
every system has in another form. What counts is their state, so editors that write beside and rename are no exception.
Only the parts that asked for a changed file are judged again.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import UsageError
from autograder.pipeline import judge_submission, own_runner
from autograder.sandbox.launcher import Zygote, describe
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program, module_of
from autograder.scoring.course import Course, load_course
from autograder.scoring.graded import GradedTestCase
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission
from autograder.submission.place import is_ignored
from autograder.submission.reader import read_submission

LOOK_EVERY = 0.05  # seconds
WATCHED = (".py", ".ipynb", ".npz", ".zip")
MOST_FILES = 2_000

State = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Regraded:
    """A sheet, the numbers of the parts that were judged anew, and how long that took in seconds."""

    sheet: ScoreSheet
    judged: tuple[str, ...]
    seconds: float


def watch(
    path: Path, homework: Homework, *, only: Sequence[str] = (), unsafe: bool = False, checks: bool = False
) -> Iterator[Regraded | UsageError]:
    """What grading gives now and after every save, without an end; a UsageError where there is nothing to grade."""
    limits = Limits()
    with Zygote(limits, unsafe=unsafe, warm=True) as zygote, ExitStack() as stack:
        course = load_course(homework, only, limits, checks=checks)
        if course.rubric:
            course.marker.prepare()
        runners = [stack.enter_context(own_runner(files, zygote)) for files in (course.reference, course.template)]
        grader = WatchedGrader(course, zygote, OwnRunners(*runners), limits)
        data = frozenset(course.expected_files.data)
        seen = state_of(path, data)
        while True:
            yield _graded(path, grader, limits)
            seen = changed_state(path, seen, data)


def _graded(path: Path, grader: "WatchedGrader", limits: Limits) -> Regraded | UsageError:
    try:
        return grader.grade(read_submission(path, grader.course.expected_files, limits))
    except UsageError as error:
        return error


def state_of(path: Path, data: frozenset[str] = frozenset()) -> State:
    """Name, time, size and identity of every file that can count: at the top and in the folders in it."""
    folders = [path, *sorted(_folders(path))]
    entries = (entry for folder in folders for entry in _files(folder, data))
    return tuple(sorted(entries)[:MOST_FILES])


def changed_state(path: Path, seen: State, data: frozenset[str] = frozenset()) -> State:
    """Waits until the files are others than `seen`, and two looks after each other find the same: a file may be half
    written.
    """
    last = seen
    while True:
        time.sleep(LOOK_EVERY)
        now = state_of(path, data)
        if now != seen and now == last:
            return now
        last = now


def _folders(path: Path) -> Iterator[Path]:
    try:
        with os.scandir(path) as entries:
            yield from (Path(e.path) for e in entries if e.is_dir(follow_symlinks=False) and not is_ignored(e.name))
    except OSError:
        return


def _files(path: Path, data: frozenset[str]) -> Iterator[tuple[str, int, int, int]]:
    names = [path] if path.is_file() else _listed(path)
    for file in names:
        if file.suffix in WATCHED or file.name in data:
            try:
                found = file.stat()
            except OSError:  # it is being exchanged for another
                continue
            yield str(file), found.st_mtime_ns, found.st_size, found.st_ino


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


@dataclass
class WatchedGrader:
    """Grades one submission again and again, and remembers which files each part asked for."""

    course: Course
    zygote: Zygote
    own: OwnRunners
    limits: Limits
    _files: Mapping[str, bytes] | None = None
    _rows: dict[str, Row] = field(default_factory=dict)
    _checks: dict[str, Row] = field(default_factory=dict)
    _asked: dict[str, set[str]] = field(default_factory=dict)

    def grade(self, submission: Submission) -> Regraded:
        """Judges the parts that a changed file can have changed; the others keep their rows."""
        started = time.monotonic()
        changed = self._changed(submission.files)
        tests, checks = (self._affected(of, changed) for of in (self.course.tests, self.course.checks))
        course = replace(self.course, tests=tests, checks=checks)
        sheet = self._judge(submission, course)
        self._files = submission.files
        self._rows.update((row.number, row) for row in sheet.rows)
        self._checks.update((row.number, row) for row in sheet.checks)
        rows = tuple(self._rows[test.number] for test in self.course.tests)
        checked = tuple(self._checks[test.number] for test in self.course.checks if test.number in self._checks)
        judged = tuple(test.number for test in course.tests)
        return Regraded(replace(sheet, rows=rows, checks=checked), judged, time.monotonic() - started)

    def _changed(self, files: Mapping[str, bytes]) -> set[str] | None:
        """Names of files that are others than before; None if anything may have changed."""
        before = self._files
        if before is None:
            return None
        changed = {name for name in {*before, *files} if before.get(name) != files.get(name)}
        return changed if changed <= set(self.course.expected_files.names) else None

    def _affected(self, tests: Sequence[GradedTestCase], changed: set[str] | None) -> tuple[GradedTestCase, ...]:
        return tuple(test for test in tests if changed is None or self._needs(test.number) & changed)

    def _needs(self, number: str) -> set[str]:
        """The files that a part needs: those of its question, and of the modules that it asked."""
        question = self.course.declarations.question_of(number)
        own = {f"{question.module}.py", *question.data} if question else set(self.course.expected_files.names)
        return own | self._asked.get(number, set())

    def _judge(self, submission: Submission, course: Course) -> ScoreSheet:
        asked: set[str] = set()

        def note(program: Program, _: Outcome | None) -> None:
            asked.add(f"{module_of(program)}.py")

        def end(row: Row) -> None:
            self._asked[row.number] = set(asked)
            asked.clear()

        layers = describe(self.zygote.layers())
        with self.zygote.session(submission.files) as session:
            run = PlainModules(session.run, submission.files)
            sheet = judge_submission(submission, course, run, self.own, self.limits, on_row=end, on_answer=note)
            return replace(sheet, layers=layers)
