"""Has programs run for a suite: each distinct one once, and what the student left blank told apart from failures."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from autograder.answers.blanks import BLANK
from autograder.sandbox.outcome import Crashed, Outcome, Unfilled, Value
from autograder.sandbox.protocol.programs import ModuleAttribute, Program
from autograder.sandbox.protocol.requests import digest

VIEW = re.compile(r"\.(transpose|permute|swapaxes|swapdims|movedim|mT|T)\b.*\.view\(")


OnAnswer = Callable[[Program, Outcome | None], None]
Heard = list[tuple[Program, Outcome | None]]
Result = TypeVar("Result")
Expect = Callable[[Iterable[Program]], None]


def expect_nothing(_: Iterable[Program]) -> None:
    """Where every program is run when it is asked for, or none is."""


class Runner:
    """`run` under a memory: the same program of the same submission is run once.

    `on_answer` is told every answer, and None for what need not be run. `expect` is told what will be run next.
    """

    def __init__(
        self, run: Callable[[Program], Outcome], files: Mapping[str, bytes], expect: Expect = expect_nothing
    ) -> None:
        self._run = run
        self._expect = expect
        self._files = files
        self.on_answer: OnAnswer | None = None
        self._known: dict[str, Outcome] = {}
        self._done: dict[Hashable, tuple[Any, Heard, object]] = {}
        self._heard: Heard | None = None

    def __call__(self, program: Program) -> Outcome:
        key = digest(program)
        outcome = self._known.get(key)
        if outcome is None:
            outcome = self._known[key] = marked_unfilled(program, self._run(program), self._files)
        self._tell(program, outcome)
        return outcome

    def expect(self, programs: Iterable[Program]) -> None:
        """Say what will be asked next, in this order; see `autograder.sandbox.session.Session.expect`."""
        self._expect(program for program in programs if digest(program) not in self._known)

    def pass_over(self, program: Program) -> None:
        """Take note that the answer to this is known without running it."""
        self._tell(program, None)

    def once(self, key: Hashable, of: object, work: Callable[[], Result]) -> Result:
        """What `work` gives, which follows from `key` and from what it asks here: it is done the first time. What it
        asked then is told each time. `of` is kept, so that a key may name what is in it by identity.
        """
        if key not in self._done:
            self._done[key] = (*self._listening(work), of)
            return self._done[key][0]  # type: ignore[no-any-return]  # what this key's work gave
        result, heard, _ = self._done[key]
        for program, outcome in heard:
            self._tell(program, outcome)
        return result  # type: ignore[no-any-return]

    def _listening(self, work: Callable[[], Result]) -> tuple[Result, Heard]:
        """What `work` gives, with all that is told meanwhile."""
        outer, self._heard = self._heard, []
        heard = self._heard
        try:
            return work(), heard
        finally:
            self._heard = outer
            if outer is not None:
                outer += heard

    def _tell(self, program: Program, outcome: Outcome | None) -> None:
        if self._heard is not None:
            self._heard.append((program, outcome))
        if self.on_answer is not None:
            self.on_answer(program, outcome)


@dataclass(frozen=True)
class OwnRunners:
    """The homework's own code, each in workers of its own, for a whole run. `reference` is None where there is none."""

    reference: Runner | None = None
    template: Runner | None = None


def marked_unfilled(program: Program, outcome: Outcome, files: Mapping[str, bytes]) -> Outcome:
    """The outcome, or `Unfilled` where the template's blank is why: None or "" as an answer, a blank in a line that
    raised, or the NotImplementedError that stands in for code to be written. A crash in a line that takes a view of a
    transposed tensor has the reason "view".
    """
    if type(outcome) is Value and type(program) is not ModuleAttribute:
        return outcome
    match outcome:
        case Value(data) if isinstance(program, ModuleAttribute) and (data is None or (type(data) is str and not data)):
            return Unfilled(program.module)
        case Crashed("NotImplementedError", module, line):
            return Unfilled(module, line)
        case Crashed("NameError" | "AttributeError", module, int() as line) if BLANK in _line(files, module, line):
            return Unfilled(module, line)
        case Crashed("RuntimeError", module, int() as line, "raised") if VIEW.search(_line(files, module, line)):
            return replace(outcome, reason="view")
    return outcome


def _line(files: Mapping[str, bytes], module: str, line: int) -> str:
    lines = files.get(f"{module}.py", b"").decode("utf-8", errors="replace").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return re.sub(r"#.*", "", text)
