"""The rules of the architecture, held against the source itself: data flows one way, and small parts stay small."""

import ast
import itertools
import statistics
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pytest

from tests.engine.source_tree import PROJECT, Source, imported_modules, read_sources

# From left to right; a stage imports only what stands in a row above its own. Everyone may import COMMON.
STAGES = (
    ("submission",),
    ("sandbox",),
    ("answers",),
    ("checks",),
    ("scoring",),
    ("suites",),
    ("reports",),
    ("pipeline",),
    ("command_line", "doctor", "gradescope", "packaging", "regrade", "watch"),
    ("cli",),
    ("__main__",),
)
COMMON = {"settings", "errors"}
RANK = {stage: rank for rank, row in enumerate(STAGES) for stage in row}

# What is in a student's process, and what it may bring along of ours. The zygote is what that process is forked from.
PROTOCOL_AND_LIMITS = ("sandbox.protocol", "sandbox.limits", "sandbox.outcome", "settings", "errors")
WORKER, ZYGOTE = "sandbox.worker", "sandbox.zygote"
MAY_BRING = {
    WORKER: (WORKER, *PROTOCOL_AND_LIMITS),
    ZYGOTE: (WORKER, *PROTOCOL_AND_LIMITS, "sandbox.messages", "sandbox.pages", "sandbox.paths", "sandbox.reaping"),
}
# What a new homework is begun with: files that are copied, no part of the engine.
BEGUN_WITH = "autograder.packaging.new_homework_files."
# A program of its own whose standard output is its answer.
PRINTS_ITS_ANSWER = "autograder.checks.symbolic.prover_worker"

FILE_LINES, FUNCTION_LINES, MEDIAN_LINES, NINETIETH_LINES = 400, 60, 12, 35
RUNS_TEXT = {"eval", "exec", "sympify", "parse_expr", "parse_latex"}
RUNS_BYTES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}


@cache
def engine() -> tuple[Source, ...]:
    return tuple(source for source in read_sources(PROJECT / "autograder") if not source.module.startswith(BEGUN_WITH))


@cache
def whole_project() -> tuple[Source, ...]:
    """All Python of ours; examples are what students handed in."""
    folders = ("autograder", "examples/homeworks", "reference", "student_template", "scripts", "benchmarks", "tests")
    return tuple(itertools.chain.from_iterable(read_sources(PROJECT / folder) for folder in folders))


def in_worker(module: str) -> bool:
    return belongs(module, (WORKER, ZYGOTE))


def belongs(module: str, parts: Iterable[str]) -> bool:
    """Whether a module of the engine is one of `parts` or within one."""
    return any(module == f"autograder.{part}" or module.startswith(f"autograder.{part}.") for part in parts)


# The rules. Each takes one file and yields what breaks the rule, with its place.


def imports_to_the_right(source: Source) -> Iterator[str]:
    for node, name in source.imports():
        parts = name.split(".")
        if parts[0] != "autograder" or len(parts) < 2 or not source.stage:
            continue
        stage = parts[1]
        if stage not in COMMON and stage != source.stage and RANK.get(stage, 99) >= RANK.get(source.stage, -1):
            yield source.at(node, f"{source.stage} imports {name}; a stage may import only stages to its left")


def imports_the_reference(source: Source) -> Iterator[str]:
    for node, name in source.imports():
        if name.split(".")[0] in {"reference", "student_template", "tests", "examples"}:
            yield source.at(node, f"the engine imports {name}; it must know no homework")


def imports_torch(source: Source) -> Iterator[str]:
    for node, name in source.imports():
        if name.split(".")[0] == "torch" and not in_worker(source.module):
            yield source.at(node, "torch is for the student's process; the grader works on arrays")


def names_the_homework(source: Source) -> Iterator[str]:
    docstrings = source.docstrings()
    for node in source.nodes():
        found = names_in(node) & homework_names()
        if found and id(node) not in docstrings:
            yield source.at(node, f"the engine names {min(found)}, which belongs to one homework")


def names_in(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return set(node.value.replace(".", " ").replace("/", " ").split())
    if isinstance(node, ast.Name):
        return {node.id}
    return {node.attr} if isinstance(node, ast.Attribute) else set()


@cache
def homework_names() -> frozenset[str]:
    """The homework's modules, and those of its attributes that are no plain words."""
    declared = tomllib.loads((PROJECT / "tests" / "graded" / "homework.toml").read_text(encoding="utf-8"))
    modules = {question["module"] for question in declared["questions"]}
    attributes = {part["answer"].rpartition(".")[2] for part in declared["parts"].values() if "answer" in part}
    return frozenset(modules | {name for name in attributes if "_" in name})


def prints(source: Source) -> Iterator[str]:
    if source.stage == "cli" or in_worker(source.module) or source.module == PRINTS_ITS_ANSWER:
        return
    for node in source.nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield source.at(node, "only the command line prints")


def has_code_in_init(source: Source) -> Iterator[str]:
    if source.is_package:
        docstrings = source.docstrings()
        for node in source.tree.body:
            if not (isinstance(node, ast.Expr) and id(node.value) in docstrings):
                yield source.at(node, "__init__.py holds a docstring and no code")
        if not docstrings:
            yield f"{source.module}: __init__.py says what comes in, what goes out and what it must never do"


def swallows(source: Source) -> Iterator[str]:
    for node in source.nodes():
        if isinstance(node, ast.ExceptHandler) and all(does_nothing(line) for line in node.body):
            yield source.at(node, "an exception is caught and nothing is done about it")
        if (
            isinstance(node, ast.Call)
            and called(node) == "suppress"
            and {"Exception", "BaseException"} & arguments(node)
        ):
            yield source.at(node, "every exception is suppressed")


def does_nothing(statement: ast.stmt) -> bool:
    is_ellipsis = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or is_ellipsis


def called(node: ast.Call) -> str:
    """The last part of the name that is called: `load` for `numpy.load(...)`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def arguments(node: ast.Call) -> set[str]:
    return {argument.id for argument in node.args if isinstance(argument, ast.Name)}


def runs_what_it_reads(source: Source) -> Iterator[str]:
    if in_worker(source.module):
        return
    for node, name in source.imports():
        if set(name.split(".")) & (RUNS_BYTES | RUNS_TEXT):
            yield source.at(node, f"{name} runs what it reads; that is for a student's process only")
    for node in source.nodes():
        if isinstance(node, ast.Call) and called(node) in RUNS_TEXT:
            yield source.at(node, f"{called(node)} runs what it reads; that is for a student's process only")
        if isinstance(node, ast.Call) and called(node) == "load" and not loads_plainly(node):
            yield source.at(node, "numpy.load and torch.load unpickle unless told not to")


def loads_plainly(node: ast.Call) -> bool:
    of = node.func.value if isinstance(node.func, ast.Attribute) else None
    if not (isinstance(of, ast.Name) and of.id in {"np", "numpy", "torch"}):
        return True
    return any(k.arg == "allow_pickle" and getattr(k.value, "value", True) is False for k in node.keywords)


ENGINE_RULES: tuple[Callable[[Source], Iterator[str]], ...] = (
    imports_to_the_right,
    imports_the_reference,
    imports_torch,
    names_the_homework,
    prints,
    has_code_in_init,
    swallows,
    runs_what_it_reads,
)


@pytest.mark.parametrize("rule", ENGINE_RULES, ids=lambda rule: rule.__name__)
def test_no_file_of_the_engine_breaks_the_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    assert_none(itertools.chain.from_iterable(rule(source) for source in engine()))


def assert_none(findings: Iterable[str]) -> None:
    found = list(findings)
    assert not found, "\n  ".join(["", *found])


def test_every_module_of_the_engine_belongs_to_a_stage() -> None:
    assert_none(
        f"{source.module}: give it a place in STAGES"
        for source in engine()
        if source.stage and source.stage not in {*RANK, *COMMON}
    )


def test_the_common_modules_import_nothing_of_ours_but_each_other() -> None:
    assert_none(
        source.at(node, f"imports {name}")
        for source in engine()
        if source.stage in COMMON
        for node, name in source.imports()
        if name.startswith("autograder.") and name.split(".")[1] not in COMMON
    )


def graph(sources: Iterable[Source]) -> dict[str, set[str]]:
    sources = tuple(sources)
    known = frozenset(source.module for source in sources)
    return {source.module: {name for _, name in imported_modules(source, known)} for source in sources}


def reachable(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = edges[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def cycles(edges: dict[str, set[str]]) -> Iterator[str]:
    for module in edges:
        if module in reachable(module, edges):
            yield f"{module} imports itself by way of others"


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert_none(cycles(graph(engine())))


def beyond(part: str, edges: dict[str, set[str]]) -> Iterator[str]:
    """What the modules of `part` bring along, at whatever distance, that they must not."""
    for module in edges:
        for other in sorted(reachable(module, edges)) if belongs(module, [part]) else ():
            if other not in {"autograder", "autograder.sandbox"} and not belongs(other, MAY_BRING[part]):
                yield f"{module} is in the student's process and brings {other} along"


@pytest.mark.parametrize("part", MAY_BRING)
def test_a_students_process_holds_nothing_of_ours_but_protocol_and_limits(part: str) -> None:
    edges = graph(engine())
    assert any(belongs(module, [part]) for module in edges), f"there is no {part} to look at: mend MAY_BRING"
    assert_none(beyond(part, edges))


def long_files(sources: Iterable[Source]) -> Iterator[str]:
    return (f"{s.module}: {s.lines} lines, more than {FILE_LINES}" for s in sources if s.lines > FILE_LINES)


def long_functions(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        for function in source.functions():
            if length(function) > FUNCTION_LINES:
                yield source.at(function, f"{function.name} has {length(function)} lines, more than {FUNCTION_LINES}")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_and_no_function_is_long() -> None:
    assert_none([*long_files(whole_project()), *long_functions(whole_project())])


def test_functions_of_the_engine_are_short() -> None:
    lengths = [length(function) for source in engine() for function in source.functions()]
    ninetieth = statistics.quantiles(lengths, n=10)[-1]
    assert statistics.median(lengths) <= MEDIAN_LINES
    assert ninetieth <= NINETIETH_LINES, f"one function in ten has more than {ninetieth} lines"


def errors() -> dict[str, list[str]]:
    """Each class of errors.py with the names of its subclasses."""
    source = next(source for source in engine() if source.module == "autograder.errors")
    classes = [node for node in source.tree.body if isinstance(node, ast.ClassDef)]
    return {
        parent.name: [c.name for c in classes if any(getattr(base, "id", None) == parent.name for base in c.bases)]
        for parent in classes
    }


def leaves() -> list[str]:
    return [name for name, subclasses in errors().items() if not subclasses]


@pytest.mark.parametrize("name", leaves())
def test_every_error_is_raised_somewhere(name: str) -> None:
    made = (called(node) for source in engine() for node in source.nodes() if isinstance(node, ast.Call))
    assert name in made, f"nothing in the engine makes a {name}"


@pytest.mark.parametrize("name", leaves())
def test_every_error_is_raised_by_some_test(name: str) -> None:
    expected = {
        name
        for source in read_sources(PROJECT / "tests")
        for node in source.nodes()
        if isinstance(node, ast.Call) and called(node) == "raises"
        for argument in node.args[:1]
        for name in class_names(argument)
    }
    assert name in expected, f"no test says pytest.raises({name})"


def class_names(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name | ast.Attribute):
            yield inner.id if isinstance(inner, ast.Name) else inner.attr


@pytest.mark.parametrize("name", errors())
def test_the_picture_of_the_errors_shows_every_one(name: str) -> None:
    source = next(source for source in engine() if source.module == "autograder.errors")
    assert name in (ast.get_docstring(source.tree) or "")


# Each rule finds what it forbids: a rule that cannot fail holds nothing.

BROKEN = [
    (imports_to_the_right, "autograder.checks.numeric", "from autograder.scoring.rubric import Rubric"),
    (imports_to_the_right, "autograder.checks.numeric", "from autograder import cli"),
    (imports_to_the_right, "autograder.checks.numeric", "def f():\n    import autograder.reports.html"),
    (imports_to_the_right, "autograder.checks.numeric", "from ..scoring import rubric"),
    (imports_to_the_right, "autograder.packaging.archive", "from autograder.regrade import store"),
    (imports_the_reference, "autograder.pipeline", "import reference.q1"),
    (imports_torch, "autograder.checks.numeric", "import torch.nn"),
    (imports_torch, "autograder.sandbox.launcher", "from torch import Tensor"),
    (names_the_homework, "autograder.pipeline", "name = 'q4_decoding'"),
    (names_the_homework, "autograder.pipeline", "answer = submission.q4_decoding.memory_access"),
    (prints, "autograder.checks.numeric", "print('found')"),
    (swallows, "autograder.pipeline", "try:\n    f()\nexcept OSError:\n    pass"),
    (swallows, "autograder.pipeline", "try:\n    f()\nexcept:\n    ..."),
    (swallows, "autograder.pipeline", "with contextlib.suppress(Exception):\n    f()"),
    (runs_what_it_reads, "autograder.answers.reader", "import pickle"),
    (runs_what_it_reads, "autograder.answers.reader", "from sympy.parsing.sympy_parser import parse_expr"),
    (runs_what_it_reads, "autograder.answers.reader", "sympy.sympify(text)"),
    (runs_what_it_reads, "autograder.answers.reader", "eval(text)"),
    (runs_what_it_reads, "autograder.answers.reader", "np.load(file)"),
    (runs_what_it_reads, "autograder.answers.reader", "np.load(file, allow_pickle=True)"),
]
UNBROKEN = [
    (imports_to_the_right, "autograder.scoring.graded", "from autograder.checks.numeric import compare_arrays"),
    (imports_to_the_right, "autograder.submission.intake", "from autograder.errors import SubmissionUnreadable"),
    (imports_to_the_right, "autograder.checks.growth", "from .symbolic import tree"),
    (imports_torch, "autograder.sandbox.worker.tensors", "import torch"),
    (names_the_homework, "autograder.pipeline", '"""Like `q4_decoding`."""'),
    (prints, "autograder.cli", "print('found')"),
    (swallows, "autograder.pipeline", "try:\n    f()\nexcept OSError:\n    return None"),
    (runs_what_it_reads, "autograder.answers.reader", "json.load(file); np.load(file, allow_pickle=False)"),
    (runs_what_it_reads, "autograder.sandbox.worker.run", "exec(code)"),
]


@pytest.mark.parametrize(("rule", "module", "text"), BROKEN)
def test_a_rule_finds_what_it_forbids(rule: Callable[[Source], Iterator[str]], module: str, text: str) -> None:
    assert list(rule(Source(module, text)))


@pytest.mark.parametrize(("rule", "module", "text"), UNBROKEN)
def test_a_rule_leaves_alone_what_is_allowed(rule: Callable[[Source], Iterator[str]], module: str, text: str) -> None:
    assert list(rule(Source(module, text))) == []


@pytest.mark.parametrize("text", ["import os", '"""Text."""\nX = 1', ""])
def test_code_in_a_packages_init_is_found(text: str) -> None:
    assert list(has_code_in_init(Source("autograder.checks", text, is_package=True)))


def test_a_cycle_is_found_however_long() -> None:
    assert len(list(cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}))) == 3


def test_what_the_worker_brings_along_is_found_at_second_hand() -> None:
    worker, protocol, checks = "autograder.sandbox.worker.serve", "autograder.sandbox.protocol", "autograder.checks"
    assert list(beyond(WORKER, {worker: {protocol}, protocol: {checks}, checks: set()}))
    assert list(beyond(WORKER, {worker: {protocol}, protocol: set()})) == []


def test_long_files_and_functions_are_found() -> None:
    long = Source("autograder.long", "def f():\n" + "    x = 1\n" * 400)
    assert list(long_files([long]))
    assert list(long_functions([long]))
