"""Who would miss it: a TA who writes a homework.toml, and must hear at once what is wrong with it, and where."""

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.answers.reading import Refusal
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.symbolic.comparison import compare_expressions
from autograder.errors import HomeworkInvalid
from autograder.scoring.declarations import declared_vocabulary
from autograder.scoring.homework import Declarations, load_declarations
from autograder.scoring.numbering import belongs
from autograder.scoring.reading import Read, read_answer
from autograder.scoring.toml_source import TomlSource, TomlTable
from autograder.settings import Homework

RIGHT = """\
title = "Small"

[[questions]]
number = "1"
module = "first"
title = "One"

[[questions]]
number = "2"
module = "second"
title = "Two"
data = ["curve.npz"]

[parts."1.a"]
answer = "first.slope"
form = "expression"
names = { z = "", n = "positive integer", w = "vector(n)" }
functions = { sigma = "x -> 1 / (1 + exp(-x))", f = 2 }

[parts."2.a"]
answer = "second.cost"
form = "growth"
names = { n = "", k = "", L = "", m = "" }
equalities = { k = "L/m" }
inequalities = [["m", "L"]]
"""


def load(tmp_path: Path, text: str) -> Declarations:
    homework = Homework(tmp_path)
    homework.declarations.parent.mkdir(parents=True, exist_ok=True)
    homework.declarations.write_text(text, encoding="utf-8")
    return load_declarations(homework)


WRONG = [
    ('number = "2"', 'number = "1"', "question 1 stands here a second time"),
    ('number = "2"', "number = 2", 'number should be a text, such as number = "1"'),
    ('module = "second"', 'module = "second.py"', "'second.py' is not the name of a Python module"),
    ('module = "second"', 'module = "statistics"', "'statistics' is the name of another module"),
    ('module = "second"', 'modul = "second"', "unknown key modul"),
    ('title = "Two"', 'title = ""', "title should be a text"),
    ('data = ["curve.npz"]', 'data = "curve.npz"', "data should be a list of texts"),
    ('data = ["curve.npz"]', 'data = ["../curve.npz"]', "is not a file's name"),
    ('title = "Small"', 'titel = "Small"', "unknown key titel"),
    ('answer = "second.cost"', 'answer = "cost"', "answer must be module.attribute"),
    ('answer = "second.cost"', 'answer = "secnd.cost"', "no question has the module secnd"),
    ('form = "growth"', 'form = "bound"', "form is one of expression, growth, condition, shape, not 'bound'"),
    ('form = "growth"', 'form = "condition"', "a condition speaks of one function"),
    ('names = { n = "", k', 'names = { n = "number", k', "names: n = 'number' cannot be; a kind is"),
    ('equalities = { k = "L/m" }', 'equalities = { k = "L/x" }', "equalities: k = \"L/x\" cannot be read"),
    ('equalities = { k = "L/m" }', 'equalities = { K = "L/m" }', "K is not among the part's names"),
    ('equalities = { k = "L/m" }', "equalities = { k = 2 }", 'write k = "2", in quotation marks'),
    ('inequalities = [["m", "L"]]', 'inequalities = ["m", "L"]', "inequalities are pairs"),
    ('inequalities = [["m", "L"]]', 'inequalities = [["m", "M"]]', "M is not among the part's names"),
    ("f = 2", "f = 0", "functions: f = 0 cannot be; write f = 2"),
    ('"x -> 1 / (1 + exp(-x))"', '"1 / (1 + exp(-x))"', "cannot be; write sigma = 2"),
    ('"x -> 1 / (1 + exp(-x))"', '"x -> 1 / (1 + exp(-y))"', "cannot be read (undeclared_name)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), WRONG)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in RIGHT
    line = RIGHT[: RIGHT.rindex(old)].count("\n") + 1
    text = new.join(RIGHT.rsplit(old, 1))
    with pytest.raises(HomeworkInvalid) as caught:
        load(tmp_path, text)
    assert reason in str(caught.value)
    assert str(caught.value).startswith(f"homework.toml, line {line}: ")


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a TOML file."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, *path, key)


def refusal_of(table: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of a homework.toml with this content; "" if it is taken."""
    source = TomlSource(Path("homework.toml"), RIGHT, table)
    with monkeypatch.context() as patched:
        patched.setattr("autograder.scoring.homework.load_toml", lambda _: source)
        try:
            load_declarations(Homework(Path("nowhere")))
        except HomeworkInvalid as refusal:
            return str(refusal)
    return ""


@pytest.mark.parametrize("other", [3, "", "x y", True, [], [3], [["a"]], {}, {"a": 3}, {"a": {"b": "c"}}], ids=repr)
def test_no_value_of_another_kind_brings_the_reader_down(other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for path in places(tomllib.loads(RIGHT)):
        table = copy.deepcopy(tomllib.loads(RIGHT))
        inner = table
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = other
        said.append(refusal_of(table, monkeypatch))
    assert any(said)
    assert [text for text in said if text and not text.startswith("homework.toml, line ")] == []


def test_a_folder_without_a_homework_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HomeworkInvalid, match=r"is no homework: tests/graded/homework.toml is missing.*autograder new"):
        load_declarations(Homework(tmp_path))


@pytest.mark.parametrize(
    ("number", "question"),
    [("1", "1"), ("1.a", "1"), ("1a", "1"), ("1(a)", "1"), ("10.a", None), ("A.1", "A"), ("A1", "A"), ("AB", None)],
)
def test_a_part_belongs_to_the_question_whose_number_it_begins_with(number: str, question: str | None) -> None:
    assert next((wanted for wanted in ("1", "A") if belongs(number, wanted)), None) == question


def test_the_longest_number_that_fits_is_the_questions(tmp_path: Path) -> None:
    text = RIGHT.replace('number = "2"', 'number = "1.b"')
    found = [load(tmp_path, text).question_of(number) for number in ("1.a", "1.b", "1.b.i", "3")]
    assert [question and question.module for question in found] == ["first", "second", "second", None]


def read(functions: dict[str, Any], answer: str, form: str = "expression") -> Read | Refusal:
    part = {"form": form, "names": {"z": ""}, "functions": functions}
    return read_answer(answer, declared_vocabulary(TomlTable(TomlSource(Path("homework.toml"), "", part), part)))


Z = Vocabulary("expression", (Declared("z"),))
SIGMA = {"sigma": "x -> 1 / (1 + exp(-x))"}


def tree_of(functions: dict[str, Any], answer: str) -> Node:
    found = read(functions, answer)
    assert isinstance(found, Read), found
    return found.content.tree


@pytest.mark.parametrize("answer", ["sigma(z)", "σ(z)", r"\sigma(z)", r"\sigma\left(z\right)", r"\mathrm{sigma}(z)"])
def test_a_defined_function_is_shown_as_written_and_judged_as_what_it_is(answer: str) -> None:
    found = read(SIGMA, answer)
    assert isinstance(found, Read)
    assert found.read_as == "σ(z)"
    assert found.content.tree == tree_of({}, "1 / (1 + exp(-z))")


def test_a_definition_within_another_ones_argument_is_put_in_too() -> None:
    nested = tree_of({"f": "x, y -> x + 2 y"}, "f(f(z, 1), z)")
    assert compare_expressions(tree_of({}, "3 z + 2"), nested, Z).relation == "equal"


def test_an_answer_that_would_double_at_each_nesting_is_refused_at_once() -> None:
    refused = read({"f": "x -> x^2 + x"}, "f(" * 25 + "z" + ")" * 25)
    assert isinstance(refused, Refusal)
    assert refused.kind == "too_many_terms"
