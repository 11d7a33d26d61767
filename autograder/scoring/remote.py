"""The student's modules as a test sees them: `submission.q4_decoding.computation`, `submission.q2_argmax.f(q, K, V)`.

Attribute access and calls only describe what is to be done; `outcome_of` has it done, in the student's own process.
So writing a test feels like importing the module. Names that start with an underscore are ours, never the student's.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox.outcome import Crashed, Missing, Outcome, Value
from autograder.sandbox.protocol.programs import (
    Argument,
    Attribute,
    Call,
    Code,
    Loaded,
    ModuleAttribute,
    Parameters,
    Program,
    dotted,
    module_of,
)
from autograder.scoring.weights import Shape, match_names, placed, shapes_from, unfit, without_lacking

Run = Callable[[Program], Outcome]
Array = NDArray[np.generic]


class Remote:
    """Something that would be computed from a student's module; it grows by attribute access and calls."""

    def __init__(self, program: Program, run: Run) -> None:
        self._program = program
        self._run = run

    def __getattr__(self, name: str) -> "Remote":
        if name.startswith("_"):
            raise AttributeError(name)
        return Remote(Attribute(self._program, name), self._run)

    def __call__(self, *arguments: Any, **keywords: Any) -> "Remote":
        return Remote(Call(self._program, as_arguments(arguments), as_keywords(keywords)), self._run)


class RemoteModule:
    """A module of the submission."""

    def __init__(self, name: str, run: Run) -> None:
        self._name = name
        self._run = run

    def __getattr__(self, name: str) -> Remote:
        if name.startswith("_"):
            raise AttributeError(name)
        return Remote(ModuleAttribute(self._name, name), self._run)


class RemoteSubmission:
    """All modules of a submission, by name."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def with_weights(self, model: Remote, weights: Mapping[str, Array], *, turned: bool = False) -> Remote:
        """The model with these weights, each in its place; see `autograder.scoring.weights`."""
        known = parameter_shapes(model)
        loaded = placed(known, weights, turned=turned)
        wrong = unfit(known, loaded)
        if wrong is not None:
            return Remote(model._program, lambda program: Crashed(wrong, module_of(program), reason="weights"))
        run = _under_our_names(model._run, model._program, match_names(known, weights))
        return Remote(Loaded(model._program, tuple(loaded.items())), run)

    def weights_for(self, model: Remote, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        """The weights as far as the model has a place for them: a bias that it lacks is zero."""
        return without_lacking(parameter_shapes(model), weights)

    def __getattr__(self, module: str) -> RemoteModule:
        if module.startswith("_"):
            raise AttributeError(module)
        return RemoteModule(module, self._run)


def _under_our_names(run: Run, instance: Program, matched: Mapping[str, str]) -> Run:
    """Says of what is missing the homework's own name: the student's could have been made up from a hidden input."""
    ours = {dotted(instance, theirs): dotted(instance, name) for name, theirs in matched.items() if theirs != name}
    if not ours:
        return run

    def run_loaded(program: Program) -> Outcome:
        outcome = run(program)
        return Missing(ours.get(outcome.name, outcome.name)) if isinstance(outcome, Missing) else outcome

    return run_loaded


def outcome_of(remote: Remote) -> Outcome:
    """Has it done, and says what became of it."""
    return remote._run(remote._program)


def attribute(homework: RemoteSubmission, module: str, name: str) -> Remote:
    """`module.name` of a submission, by names that are only known when the suite runs."""
    return Remote(ModuleAttribute(module, name), homework._run)


def runs_in(remote: Remote, run: Run) -> bool:
    """Whether it is this that has it done, and nothing in between."""
    return remote._run is run


def program_of(remote: Remote) -> Program:
    return remote._program


def rebuilt(remote: Remote, build: Callable[[Program], Program]) -> Remote:
    """The same submission's `build(program)`: for what attribute access and calls cannot say."""
    return Remote(build(remote._program), remote._run)


def code(module: RemoteModule, statements: str, expression: str, given: dict[str, Any]) -> Remote:
    """A piece of the module's own text, run with the names in `given` bound."""
    program = Code(module._name, statements, expression, as_keywords(given))
    return Remote(program, module._run)


def parameters_of(model: Remote) -> Remote:
    return rebuilt(model, Parameters)


def parameter_shapes(model: Remote) -> dict[str, Shape]:
    """The shapes of a model's parameters by name; none if it cannot be made."""
    outcome = outcome_of(parameters_of(model))
    return shapes_from(outcome.data if isinstance(outcome, Value) else None)


def as_argument(value: Any) -> Argument:
    """What may stand in a call: a remote object as its program, anything else as it is."""
    return value._program if isinstance(value, Remote) else value


def as_arguments(values: tuple[Any, ...]) -> tuple[Argument, ...]:
    return tuple(as_argument(value) for value in values)


def as_keywords(values: dict[str, Any]) -> tuple[tuple[str, Argument], ...]:
    return tuple((name, as_argument(value)) for name, value in values.items())
