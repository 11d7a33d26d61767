"""Who would miss it: a course whose class has a thousand students, and no two of them the same answer.

Objects are counted: never seconds, nor what the system says of a process.
"""

import ast
import gc
import tracemalloc
import weakref
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest

from autograder.answers.blanks import Blank, find_blank
from autograder.answers.code_form import code_form
from autograder.answers.python_source import MOST_TREES, once_a_node
from autograder.pipeline import judge_submission
from autograder.regrade.groups.observe import Observer
from autograder.regrade.report.similar_process import SearchProcess
from autograder.sandbox.outcome import Missing
from autograder.sandbox.protocol.programs import module_of
from autograder.scoring import written
from autograder.scoring.course import Course, load_course
from autograder.scoring.homework import WrittenPart
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners, Runner
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission
from benchmarks.variants import variant
from tests.engine.source_tree import PROJECT, Source, read_sources

# Caches without a bound, and why they need none.
UNBOUNDED = {
    "autograder.answers.syntax._parts_of": "our own classes",
    "autograder.regrade.dependencies._words": "the homework's texts",
    "autograder.regrade.dependencies._quoted": "the homework's texts",
    "autograder.regrade.dependencies._imported": "the homework's files",
    "autograder.regrade.dependencies._version": "the packages that judge",
    "autograder.regrade.dependencies.engine_digest": "one value",
    "autograder.regrade.dependencies.program_digest": "one value",
    "autograder.regrade.engine.cache(lambda: _opened(order, limits, stack))": "one value",
    "autograder.regrade.outcome.cache(other.key)": "the parts' keys",
    "autograder.regrade.outcome.cache(store.key)": "the parts' keys",
    "autograder.reports.page.render.environment": "one value",
    "autograder.sandbox.limits.seccomp.prepared": "one value",
    "autograder.sandbox.limits.syscalls._libc": "one value",
    "autograder.sandbox.worker.counting._kind_of": "in a worker, which ends with its submission",
    "autograder.sandbox.worker.evaluate._compiled": "in a worker, which ends with its submission",
    "autograder.scoring.written.cache(self._read_alternatives)": "the homework's parts",
    "autograder.scoring.written.cache(self._read_expected)": "the homework's parts",
}
STUDENTS = 40
REMEMBERED = 200  # verdicts, in place of the 2,000 that would take as many answers to fill


def test_a_cache_has_a_bound_or_a_reason_to_have_none() -> None:
    found = {name for source in read_sources(PROJECT / "autograder") for name in unbounded(source)}
    assert found == set(UNBOUNDED)


def unbounded(source: Source) -> Iterator[str]:
    for node in source.nodes():
        if isinstance(node, ast.FunctionDef) and any(map(has_no_bound, node.decorator_list)):
            yield f"{source.module}.{node.name}"
        elif isinstance(node, ast.Call) and has_no_bound(node.func):
            yield f"{source.module}.{ast.unparse(node)}"


def has_no_bound(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).removeprefix("functools.") in ("cache", "lru_cache(None)", "lru_cache(maxsize=None)")


def test_no_more_trees_of_students_code_are_kept_than_are_looked_at() -> None:
    nodes = [nodes_kept_after(number) for number in range(STUDENTS)]
    assert nodes[0] > 0
    assert nodes[-1] <= max(nodes[: 2 * MOST_TREES])


def nodes_kept_after(number: int) -> int:
    """The nodes of all trees that there are, after another student's blanks and code have been looked at."""
    template = (PROJECT / "student_template" / "q4_decoding.py").read_bytes()
    source = source_of(number)
    for target in ("q", "k", "v"):
        found = find_blank(source, template, function="multiquery_attention_incremental", target=target)
        assert isinstance(found, Blank)
        assert list(found.readings)
    assert code_form(source, {"multiquery_attention_incremental": ()})
    return sum(issubclass(type(thing), ast.AST) for thing in gc.get_objects())


def source_of(number: int) -> bytes:
    name = ("different", "typical_mistakes")[number % 2]
    return variant("q4_decoding", (PROJECT / "examples" / name / "q4_decoding.py").read_bytes(), number)


def test_what_is_found_out_of_a_node_is_found_once_and_goes_with_it() -> None:
    asked: list[tuple[str, int]] = []

    @once_a_node
    def name_of(node: ast.Name, place: int) -> str:
        asked.append((node.id, place))
        return node.id

    node, other = ast.Name("a"), ast.Name("a")
    assert [name_of(node, 1), name_of(node, 1), name_of(node, 2), name_of(other, 1)] == ["a"] * 4
    assert asked == [("a", 1), ("a", 2), ("a", 1)]
    watched = weakref.ref(node)
    del node
    assert watched() is None


@pytest.fixture(scope="module")
def course() -> Course:
    """The written parts of the homework."""
    homework = Homework(PROJECT)
    whole = load_course(homework, (), Limits())
    return load_course(homework, tuple(whole.declarations.parts), Limits())


def test_a_class_in_which_no_two_answers_are_the_same_is_not_remembered(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST_REMEMBERED", REMEMBERED)
    kept = []
    for number in range(3 * STUDENTS):
        judge(course, number)
        if number % STUDENTS == STUDENTS - 1:
            gc.collect()
            kept.append(len(gc.get_objects()))
    assert kept[-1] - kept[-2] < STUDENTS  # less than an object for each


def judge(course: Course, number: int) -> None:
    submission = Submission(f"student {number}", answers_of(course, number))
    nothing = Runner(lambda program: Missing(module_of(program)), {})
    run = PlainModules(nothing, submission.files)
    observer = Observer(course, submission.files)
    sheet = judge_submission(
        submission,
        course,
        run,
        OwnRunners(nothing),
        Limits(),
        on_row=lambda row: bool(observer.answer(row, "")),
        on_answer=observer.note,
    )
    assert sheet.rows


def answers_of(course: Course, number: int) -> Mapping[str, bytes]:
    """Modules that hold nothing but answers which no other student gave."""
    modules: dict[str, str] = {}
    for part in course.declarations.parts.values():
        line = f"{part.attribute} = {answer_to(part, number)!r}\n"
        modules[f"{part.module}.py"] = modules.get(f"{part.module}.py", "") + line
    return {name: text.encode() for name, text in modules.items()}


def answer_to(part: WrittenPart, number: int) -> str:
    name = part.vocabulary.names[-1].name
    match part.vocabulary.form:
        case "growth":
            return f"O({name}^2 + {number} {name})"
        case "shape":
            return f"[{name}, {number + 2}]"
        case "condition":
            return f"{name} > {number}"
    return f"2 {name} + {number}"


def test_sources_are_handed_to_the_search_for_like_code_one_by_one() -> None:
    name, text = "q2_argmax.py", b"# " + b"x" * 50_000
    sources = ((str(number), {name: text + str(number).encode()}) for number in range(100))
    tracemalloc.start()
    try:
        with closing(SearchProcess(sources, {name: b""})):
            most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert next(sources, None) is None
    assert most < 20 * len(text)
