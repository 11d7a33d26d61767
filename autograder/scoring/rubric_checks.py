"""Holds a rubric against the graded tests: what no test would ever look at is a slip, and is refused with its line.

What the tests know is read off their text: the criteria in `self.judge(split=..., combine=...)`, and the names of
mistakes, which stand in quotation marks. Where a test gives its criteria as `**flags`, judging finds the slip.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.scoring.graded import GradedTestCase
from autograder.scoring.homework import Declarations, WrittenPart
from autograder.scoring.rubric import Alternative, PartRubric, Rubric

GROWTH_RELATIONS = ("equal", "upper_bound", "lower_bound", "incomparable")
OTHER_RELATIONS = ("equal", "not_equal")


def check_rubric(rubric: Rubric, tests: Sequence[GradedTestCase], declarations: Declarations, suites: Path) -> None:
    """Raises HomeworkInvalid for the first slip."""
    by_number = {test.number: test for test in tests}
    quoted = _quoted(suites)
    for number, part in rubric.parts.items():
        _check_criteria(part, by_number[number])
        for entry in part.alternatives:
            _check_alternative(entry, part, declarations.parts.get(number), quoted | set(rubric.mistakes))
    for name in rubric.mistakes:
        if name not in quoted:
            raise rubric.refuse_mistake(name, f"no graded test knows a mistake {name}")


def _quoted(suites: Path) -> set[str]:
    """Every text that stands in quotation marks in a graded suite."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((suites / "hidden").glob("*.py"))]
    nodes = (node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str)}


def _check_alternative(entry: Alternative, part: PartRubric, written: WrittenPart | None, known: Iterable[str]) -> None:
    if written is None:
        if entry.answer is not None:
            raise entry.refuse(f"part {part.number} is not answered in writing; an alternative here has a relation")
        relations: Iterable[str] = known
        said = "a mistake that a graded test or [mistakes] names"
    else:
        relations = GROWTH_RELATIONS if written.vocabulary.form == "growth" else OTHER_RELATIONS
        said = f"one of {', '.join(relations)}"
        if entry.contains is not None and written.vocabulary.form != "growth":
            raise entry.refuse("contains asks for a term of a growth, and this part's answer is none", "contains")
    if entry.relation is not None and entry.relation not in relations:
        raise entry.refuse(f"{entry.relation} is not {said}", "relation")


def _check_criteria(part: PartRubric, test: GradedTestCase) -> None:
    judged = criteria_of(test)
    if judged is None or judged == (set(part.criteria) or {""}):
        return
    if judged == {""}:
        raise part.refuse(f"part {part.number} is judged as a whole; it has no criteria", "criteria")
    names = ", ".join(sorted(judged))
    raise part.refuse(f"part {part.number} is judged by the criteria {names}; those are to be here", "criteria")


def criteria_of(test: GradedTestCase) -> set[str] | None:
    """The criteria that a test judges by, "" for the whole part; None if its text does not tell."""
    source = textwrap.dedent(inspect.getsource(getattr(test, test.method_name)))
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _is_judging(node)]
    keywords = [keyword.arg for call in calls for keyword in call.keywords]
    if not calls or None in keywords:
        return None
    by_name = {name for name in keywords if name is not None and name != "measured"}
    return by_name or {""}


def _is_judging(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name in ("judge", "judge_written")
    return False
