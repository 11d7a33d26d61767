"""Marks one submission after the other against one homework, in a process of its own; keeps no student's data."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.checks.words import PERSON_MAY_READ
from autograder.errors import HomeworkInvalid, RunRefused, SandboxFailed
from autograder.pipeline import judge_submission
from autograder.regrade.dependencies import part_keys, versions
from autograder.regrade.encoding import pack_row
from autograder.regrade.groups.answer import pack_answer
from autograder.regrade.groups.observe import Observer
from autograder.regrade.messages import Graded, Start, Task
from autograder.regrade.recorded import Recorded, RecordedSubmission, by_program, modules_of
from autograder.regrade.store import Mark, StoredOutcome
from autograder.sandbox.launcher import Zygote, describe
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.course import Course, load_course
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners, Runner
from autograder.scoring.sheet import Row, ScoreSheet
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission


class Grader:
    """A homework that is ready, and a zygote that is started when the first program has to be run."""

    def __init__(self, start: Start, zygote: Zygote, limits: Limits) -> None:
        _check_versions(start.versions, versions(limits))
        homework = Homework(Path(start.homework))
        self._zygote = zygote
        self._limits = limits
        self._course = load_course(homework, (), limits)
        found = {number: key.digest for number, key in part_keys(self._course, homework).items()}
        if {number: found.get(number) for number in start.keys} != dict(start.keys):
            raise HomeworkInvalid(f"{homework.root} or the program was changed while the run began; start it again")
        if start.will_run_code:
            self._course.marker.prepare()  # meanwhile torch is being imported; else what is not needed is not derived
        reference = self._course.reference or {}
        self._recorded = Recorded(_not_yet, by_program(start.own_outcomes))
        self._own = OwnRunners(Runner(self._recorded, reference))
        self._formulas = formulas_of(self._course)
        self._layers: Mapping[str, Any] | None = None

    def using(self, zygote: Zygote) -> "Grader":
        """This grader, with another zygote from now on."""
        self._zygote = zygote
        return self

    def grade(self, task: Task) -> Graded:
        """Raises SandboxFailed if the sandbox is lost; whatever a suite raises is part of the marks."""
        course = replace(self._course, tests=tuple(t for t in self._course.tests if t.number in task.numbers))
        with self._zygote.session(course.reference or {}) as reference:
            self._recorded.run = PlainModules(reference.run, course.reference or {})
            marks, fresh = self._judged(task, course)
        if self._recorded.lost:
            raise self._recorded.lost
        own_fresh, self._recorded.fresh = self._recorded.fresh, {}
        layers = self._layers if fresh or not task.was_run else None
        return Graded(marks, tuple(fresh.values()), tuple(own_fresh.values()), layers)

    def _judged(self, task: Task, course: Course) -> tuple[tuple[Mark, ...], dict[bytes, StoredOutcome]]:
        """The marks, and what was run for them; judged again until no module is answered half from the memory."""
        submission = Submission(task.name, task.files)
        anew: frozenset[str] = frozenset()
        while True:
            with self._zygote.session(submission.files) as session:
                known = by_program(task.outcomes)
                run = PlainModules(session.run, submission.files)
                modules = modules_of(task.outcomes)
                recorded = RecordedSubmission(run, known, modules=modules, anew=anew, formulas=self._formulas)
                noted = Noted(recorded, Observer(course, submission.files))
                sheet = judge_submission(
                    submission,
                    course,
                    recorded,
                    self._own,
                    self._limits,
                    on_row=noted.row,
                    on_answer=noted.observer.note,
                )
                if recorded.lost:
                    raise recorded.lost
                if (recorded.fresh or not task.was_run) and self._layers is None:
                    self._layers = describe(session.layers())
            if not recorded.stale:
                return marks_of(sheet, course, noted), recorded.fresh
            anew |= recorded.stale


def formulas_of(course: Course) -> frozenset[tuple[str, str]]:
    """Where formulas stand, which no person need read: module and attribute."""
    return frozenset((part.module, part.attribute) for part in course.declarations.parts.values())


def _check_versions(wanted: Mapping[str, str], own: Mapping[str, str]) -> None:
    """Raises RunRefused where another machine than the one that the run was started on is not like that one."""
    for name, version in wanted.items():
        if own.get(name) != version:
            there = f"{platform.node()} has {name} {own.get(name, 'none')}"
            raise RunRefused(f"{there}, and the run was started with {version}; install the same on both")


def _not_yet(_: Program) -> Outcome:
    raise SandboxFailed("The reference was asked before it could be run.")


@dataclass
class Noted:
    """Keeps, by part, the words that a person may read, and the answer by which the same ones are found."""

    recorded: RecordedSubmission
    observer: Observer
    words: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def row(self, row: Row) -> None:
        text = self.recorded.take_texts()
        if any(fact == PERSON_MAY_READ for _, fact in row.facts):
            self.words[row.number] = text
        self.answers[row.number] = pack_answer(self.observer.answer(row, text))


def marks_of(sheet: ScoreSheet, course: Course, noted: Noted) -> tuple[Mark, ...]:
    """A mark for each row of the sheet."""
    ids = {test.id(): test.number for test in course.tests}
    traces = {ids.get(text.partition("\n")[0], ""): text for text in sheet.own_failures}
    return tuple(
        Mark(
            row.number,
            pack_row(row),
            traces.get(row.number, ""),
            noted.words.get(row.number, ""),
            noted.answers.get(row.number, ""),
        )
        for row in sheet.rows
    )
