"""Marks one submission after the other against one homework, in a process of its own.

Of students' work it keeps only the texts of short answers, which many give, with how they are read and marked.
"""

import platform
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.errors import HomeworkInvalid, RunRefused, SandboxFailed
from autograder.pipeline import judge_submission
from autograder.regrade.dependencies import part_keys, versions
from autograder.regrade.groups.observe import Observer
from autograder.regrade.messages import Graded, Start, Task
from autograder.regrade.noted import Noted, formulas_of, marks_of
from autograder.regrade.recorded import Recorded, RecordedSubmission, by_program, modules_of
from autograder.regrade.store import Mark, StoredOutcome
from autograder.sandbox.launcher import Zygote, describe
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.course import Course, load_course
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners, Runner
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
        with self._zygote.session(course.reference or {}, once=True) as reference:
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
                    expect=session.expect,
                )
                if recorded.lost:
                    raise recorded.lost
                if (recorded.fresh or not task.was_run) and self._layers is None:
                    self._layers = describe(session.layers())
            if not recorded.stale:
                return marks_of(sheet, course, noted), recorded.fresh
            anew |= recorded.stale


def _check_versions(wanted: Mapping[str, str], own: Mapping[str, str]) -> None:
    """Raises RunRefused where another machine than the one that the run was started on is not like that one."""
    for name, version in wanted.items():
        if own.get(name) != version:
            there = f"{platform.node()} has {name} {own.get(name, 'none')}"
            raise RunRefused(f"{there}, and the run was started with {version}; install the same on both")


def _not_yet(_: Program) -> Outcome:
    raise SandboxFailed("The reference was asked before it could be run.")
