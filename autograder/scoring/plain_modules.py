"""Answers what needs no process: the attributes of modules that hold literals and nothing else."""

from collections.abc import Mapping
from typing import Any

from autograder.answers.plain_modules import plain_values
from autograder.sandbox.outcome import Outcome, Value
from autograder.sandbox.protocol.programs import ModuleAttribute, Program
from autograder.scoring.remote import Run


class PlainModules:
    """`run` for one submission, asked only for what cannot be read from the text."""

    def __init__(self, run: Run, files: Mapping[str, bytes]) -> None:
        self._run = run
        self._files = files
        self._read: dict[str, Mapping[str, Any]] = {}

    def __call__(self, program: Program) -> Outcome:
        if isinstance(program, ModuleAttribute):
            values = self._values(program.module)
            if program.name in values:
                return Value(values[program.name])
        return self._run(program)

    def _values(self, module: str) -> Mapping[str, Any]:
        if module not in self._read:
            self._read[module] = plain_values(self._files.get(f"{module}.py", b"")) or {}
        return self._read[module]
