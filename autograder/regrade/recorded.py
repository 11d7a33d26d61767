"""Answers programs from what they gave before, and has the others run, keeping what they give."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograder.errors import SandboxFailed
from autograder.regrade.encoding import pack_outcome, unpack_outcome
from autograder.regrade.store import StoredOutcome
from autograder.sandbox.outcome import Missing, Outcome, Value
from autograder.sandbox.protocol.programs import ModuleAttribute, Program, module_of
from autograder.sandbox.protocol.requests import digest
from autograder.scoring.remote import Run


class Known(Protocol):
    """What programs gave before, by the program's digest."""

    def get(self, program: bytes, /) -> StoredOutcome | None: ...


def by_program(outcomes: Iterable[StoredOutcome]) -> dict[bytes, StoredOutcome]:
    return {outcome.program: outcome for outcome in outcomes}


@dataclass
class Recorded:
    """`run` under a memory that outlives the process. `lost` is set when the sandbox itself failed."""

    run: Run
    known: Known
    fresh: dict[bytes, StoredOutcome] = field(default_factory=dict)
    lost: SandboxFailed | None = None

    def __call__(self, program: Program) -> Outcome:
        key = bytes.fromhex(digest(program))
        stored = self.known.get(key) or self.fresh.get(key)
        return unpack_outcome(stored.body) if stored else self.run_now(key, program)

    def run_now(self, key: bytes, program: Program) -> Outcome:
        try:
            outcome = self.run(program)
        except SandboxFailed as error:
            self.lost = error
            raise
        self.fresh[key] = StoredOutcome(key, module_of(program), pack_outcome(outcome))
        return outcome


@dataclass
class RecordedSubmission(Recorded):
    """The same for a student's code, which may answer differently for what it was asked before.

    A module is either answered from the memory in everything, or run in everything: a program that is not known makes
    its module `stale`, and the submission is then judged once more with that module `anew`. The texts that are asked
    for are noted, but for those of `formulas` (module, attribute), which no person need read.
    """

    modules: frozenset[str] = frozenset()  # those that anything is known of
    anew: frozenset[str] = frozenset()
    stale: set[str] = field(default_factory=set)
    formulas: frozenset[tuple[str, str]] = frozenset()
    texts: list[str] = field(default_factory=list)
    unpacked: dict[bytes, Outcome] = field(default_factory=dict)

    def __call__(self, program: Program) -> Outcome:
        outcome = self._answered(program)
        if isinstance(program, ModuleAttribute) and isinstance(outcome, Value) and not self._is_formula(program):
            self.texts += texts_in(outcome.data)
        return outcome

    def take_texts(self) -> str:
        """The texts that were asked for since the last call."""
        taken, self.texts = self.texts, []
        return "\n".join(taken)

    def _is_formula(self, program: ModuleAttribute) -> bool:
        return (program.module, program.name) in self.formulas

    def _answered(self, program: Program) -> Outcome:
        key, module = bytes.fromhex(digest(program)), module_of(program)
        if module in self.anew or module not in self.modules:
            return self.run_now(key, program)
        if (stored := self.known.get(key)) is not None:
            if key not in self.unpacked:
                self.unpacked[key] = unpack_outcome(stored.body)
            return self.unpacked[key]
        self.stale.add(module)
        return Missing(module)  # of no consequence: this judgement will be thrown away


def modules_of(outcomes: Iterable[StoredOutcome]) -> frozenset[str]:
    return frozenset(outcome.module for outcome in outcomes)


def texts_in(data: Any) -> list[str]:
    """The texts of an answer in words: the answer itself, or the entries of a dict."""
    if isinstance(data, dict):
        return [f"{key}: {value}" for key, value in data.items() if isinstance(value, str) and value]
    return [data] if isinstance(data, str) and data else []
