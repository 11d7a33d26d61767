"""Evaluates a program afresh: every instance and input is built anew, the random seed is the same each time."""

import random
from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

import torch

from autograder.sandbox.protocol.programs import (
    PROGRAM_TYPES,
    Attribute,
    Call,
    Code,
    Counted,
    Linear,
    Loaded,
    ModuleAttribute,
    Parameters,
    Program,
    Snippet,
    StandIn,
    dotted,
)
from autograder.sandbox.worker import build
from autograder.sandbox.worker.counting import Counter
from autograder.sandbox.worker.missing import Lacking
from autograder.sandbox.worker.modules import StudentModules

Thunk = Callable[[], Any]


def reset() -> None:
    """Put the random generators where they are at the start of every request."""
    random.seed(0)
    torch.default_generator.manual_seed(0)


def evaluate(program: Program, modules: StudentModules) -> Any:
    """Return the program's value as a Python object. Raises whatever student code raises, Lacking, or ImportFailed."""
    return prepare(program, modules)()


def prepare(program: Program, modules: StudentModules) -> Thunk:
    """Build everything that the program needs, and return its outermost step, still to be run."""
    match program:
        case ModuleAttribute(module, name):
            return lambda: _attribute(modules.load(module), name, program)
        case Attribute(owner, name):
            return lambda: _attribute(evaluate(owner, modules), name, program)
        case Call():
            return _prepare_call(program, modules)
        case Loaded(instance, weights):
            return lambda: _loaded(instance, weights, modules)
        case Parameters(instance):
            return lambda: build.parameter_shapes(build.as_module(evaluate(instance, modules)))
        case Code():
            return _prepare_code(program, modules)
        case StandIn(attributes):
            return lambda: build.stand_in({name: _argument(value, modules) for name, value in attributes})
        case Linear(weight, bias):
            return lambda: build.linear(weight, bias)
        case Snippet(source):
            return lambda: build.snippet(source)
        case Counted(inner):
            return lambda: _counted(inner, modules)
    raise TypeError(f"a {type(program).__name__} is not a program")


def _argument(argument: Any, modules: StudentModules) -> Any:
    if isinstance(argument, PROGRAM_TYPES):
        return evaluate(argument, modules)
    return build.tensors(argument)


def _prepare_call(call: Call, modules: StudentModules) -> Thunk:
    function = evaluate(call.function, modules)
    arguments = [_argument(argument, modules) for argument in call.arguments]
    keywords = {name: _argument(value, modules) for name, value in call.keywords}

    def run() -> Any:
        result = function(*arguments, **keywords)
        return result.eval() if isinstance(result, torch.nn.Module) else result

    return run


def _prepare_code(code: Code, modules: StudentModules) -> Thunk:
    namespace = dict(vars(modules.load(code.module)))
    namespace.update({name: _argument(value, modules) for name, value in code.given})
    statements, expression = _compiled(code.statements, "exec"), _compiled(code.expression, "eval")

    def run() -> Any:
        exec(statements, namespace)  # noqa: S102  # the process is the student's already
        return eval(expression, namespace)  # noqa: S307

    return run


@cache  # the same text runs on several inputs
def _compiled(text: str, mode: str) -> CodeType:
    return compile(text, "<blank>", mode, dont_inherit=True)


def _loaded(instance: Program, weights: Any, modules: StudentModules) -> torch.nn.Module:
    module = build.as_module(evaluate(instance, modules))
    try:
        build.overwrite(module, weights)
    except Lacking as lacking:
        raise Lacking(dotted(instance, lacking.name)) from None
    return module.eval()


def _counted(program: Program, modules: StudentModules) -> dict[str, Any]:
    run = prepare(program, modules)
    counter = Counter()
    with counter:
        value = run()
    return {"value": value, **counter.totals()}


def _attribute(owner: Any, name: str, program: Program) -> Any:
    try:
        return getattr(owner, name)
    except AttributeError:
        raise Lacking(dotted(program)) from None
