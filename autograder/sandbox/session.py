"""One submission: a private folder of its files, and a worker for each of its modules, started when first asked.

`Session.run` never raises for anything that student code does; SandboxFailed is our own failure.
"""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import TracebackType

from autograder.sandbox import materialise
from autograder.sandbox.ahead import Ahead
from autograder.sandbox.limits.confine import is_root
from autograder.sandbox.limits.layer import Layer
from autograder.sandbox.outcome import Crashed, Missing, Outcome
from autograder.sandbox.protocol.programs import Program, module_of
from autograder.sandbox.question import Allowance, Forker, Home, Question, end_workers
from autograder.settings import Limits


class Session:
    """Answers requests about one submission. Not to be shared between threads."""

    def __init__(self, forker: Forker, files: Mapping[str, bytes], limits: Limits) -> None:
        self._forker = forker
        self._files = files
        self._limits = limits
        self._home: Home | None = None
        self._questions: dict[str, Question] = {}
        self._ahead = Ahead()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, program: Program) -> Outcome:
        """Evaluate one program in the worker of the first module that it names."""
        module = module_of(program)
        if module and not self.has(module):
            return Missing(module)
        outcome = self._ahead.take(program) or self._asked(module, program)
        if isinstance(outcome, Crashed) and outcome.lacks and not self._imports(outcome.lacks):
            return replace(outcome, lacks=None)
        return outcome

    def expect(self, programs: Iterable[Program]) -> None:
        """Say what will be asked next, in this order: when the first of it is asked, a worker answers as many as it can
        at once. None of it is run unless some of it is asked.
        """
        self._ahead.expect(programs)

    def _asked(self, module: str, program: Program) -> Outcome:
        programs = self._ahead.together(program)
        outcome, *more = self._question(module).run(programs)
        self._ahead.keep(programs[1:], more)
        return outcome

    def _imports(self, module: str) -> bool:
        """Whether a line of the submission imports this module: a worker's word alone is not passed on."""
        line = re.compile(rf"^[ \t]*(?:from|import)[ \t][^\n#]*(?<![\w.]){re.escape(module)}(?!\w)", re.MULTILINE)
        sources = (content for name, content in self._files.items() if name.endswith(".py"))
        return any(line.search(source.decode("utf-8", "replace")) for source in sources)

    def has(self, module: str) -> bool:
        """Whether the submission has this module at all."""
        return f"{module}.py" in self._files

    def prepare(self, modules: Iterable[str]) -> None:
        """Start the workers of these modules without waiting, so that they are ready when they are asked."""
        for module in modules:
            if self.has(module):
                self._question(module).prepare()

    def layers(self) -> tuple[Layer, ...]:
        """Return what a worker of this session gave up before it saw student code."""
        return next((q.layers for q in self._questions.values() if q.layers), ()) or self._question("").await_layers()

    def close(self) -> None:
        """End every worker and remove the folder."""
        released = [question.release() for question in self._questions.values()]
        self._questions.clear()
        end_workers(self._forker, [worker for worker in released if worker is not None], 0)
        home, self._home = self._home, None
        if home is not None:
            materialise.remove(home.folder)
            if home.group is not None:
                self._forker.identities.release(home.group)

    def _question(self, module: str) -> Question:
        if module not in self._questions:
            lines = len(self._files.get(f"{module}.py", b"").splitlines()) + 1
            self._questions[module] = Question(module, self._at_home(), lines)
        return self._questions[module]

    def _at_home(self) -> Home:
        if self._home is None:
            group = self._forker.identities.take() if is_root() else None
            folder = materialise.materialise(self._files, group)
            deadline = time.monotonic() + self._limits.run_seconds
            allowance = Allowance(self._limits.reply_bytes)
            self._home = Home(self._forker, folder, group, self._limits, deadline, allowance)
        return self._home
