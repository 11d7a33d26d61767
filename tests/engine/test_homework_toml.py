"""Who would miss it: a TA who writes a homework.toml, and must hear at once what is wrong with it, and where."""

from pathlib import Path
from typing import Any

import pytest

from autograder.answers.reading import Refusal
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.symbolic.comparison import compare_expressions
from autograder.scoring.declarations import declared_vocabulary
from autograder.scoring.homework import Declarations, load_declarations
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
