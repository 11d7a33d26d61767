"""The notebook of question 5, as students get it: whole, unrun, asking every question, writing what the checks want.

It is not run here, which takes transformers and two models: `make notebook` does. Its measuring and saving cells need
only NumPy and do run.
"""

import ast
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.graded.public import evidence

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "student_template" / "visualizing_attention.ipynb"
PINS = {name: ROOT / f"requirements{name}.txt" for name in ("", "-dev", "-notebook")}
FIELDS = {
    "code": {"cell_type", "execution_count", "id", "metadata", "outputs", "source"},
    "markdown": {"cell_type", "id", "metadata", "source"},
}


@pytest.fixture(scope="module")
def notebook():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def code(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def words(notebook):
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def cell_with_tag(notebook, tag):
    """The names that the one cell with this tag defines, with NumPy at hand and nothing else."""
    (source,) = ["".join(cell["source"]) for cell in notebook["cells"] if tag in cell["metadata"].get("tags", ())]
    namespace = {"np": np}
    exec(source, namespace)  # noqa: S102 - a cell of ours
    return SimpleNamespace(**namespace)


def attention(length, *, seed=9, layers=2, heads=3):
    scores = np.exp(np.random.default_rng(seed).normal(size=(layers, heads, length, length)))
    return scores / scores.sum(axis=-1, keepdims=True)


def arrays():
    tokens = ["[CLS]", "one", "[SEP]", "two", "[SEP]"]
    return {
        "gpt": attention(3),
        "bert": attention(5),
        "bert_random": attention(5, seed=10),
        "gpt_tokens": ["a", "Ġb", "Ġc"],
        "bert_tokens": tokens,
    }


def test_it_is_a_notebook_of_format_4(notebook):
    assert (notebook["nbformat"], set(notebook)) == (4, {"cells", "metadata", "nbformat", "nbformat_minor"})
    for cell in notebook["cells"]:
        assert set(cell) == FIELDS[cell["cell_type"]]
        assert all(isinstance(line, str) for line in cell["source"])
    identities = [cell["id"] for cell in notebook["cells"]]
    assert len(set(identities)) == len(identities)
    assert all(re.fullmatch(r"[\w-]{1,64}", identity) for identity in identities)


def test_it_has_not_been_run(notebook):
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_every_code_cell_is_python(code):
    assert code
    for source in code:
        ast.parse(source)


def test_no_name_is_used_before_a_cell_gave_it(code):
    given = set(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)
    for source in code:
        nodes = list(ast.walk(ast.parse(source)))
        given |= {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
        given |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        given |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        given |= {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
        imported = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        given |= {alias.asname or alias.name.partition(".")[0] for node in imported for alias in node.names}
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert not used - given


def test_it_asks_each_question_once_under_its_key(words):
    assert re.findall(r"^- \*\*`(.+?)`\*\*", words, re.MULTILINE) == list(evidence.RESPONSES)


def test_it_says_what_running_it_needs(words):
    for needed in ("requirements-notebook.txt", "bertviz", "GPT_MODEL", "BERT_MODEL", "q5_attention.npz", "claims"):
        assert needed in words


def test_the_models_are_settable_from_outside(monkeypatch, notebook):
    (settings,) = [cell["source"] for cell in notebook["cells"] if cell["metadata"].get("tags") == ["settings"]]
    for name in ("GPT_MODEL", "BERT_MODEL"):
        monkeypatch.setenv(name, f"a folder for {name}")
        namespace = {}
        exec("".join(settings), namespace)  # noqa: S102 - a cell of ours
        assert namespace[name] == f"a folder for {name}"


def test_attention_is_asked_for_in_the_way_that_returns_it(code):
    source = "\n".join(code)
    made = re.findall(r"Auto(?:Model\w*)\.from_config|load\(\s*AutoModel\w*", source)
    assert len(made) == source.count('attn_implementation="eager"') == 3
    assert "output_attentions=True" in source


def test_nothing_fills_in_claims_or_responses(code):
    for source in code:
        for claim in (*evidence.CAUSAL_CLAIMS, *evidence.HEADS, "responses", "claims"):
            assert claim not in source


@pytest.mark.parametrize("length", [1, 2, 7])
@pytest.mark.parametrize("separators", [0, 1, 2])
def test_its_measures_are_those_of_the_marking(notebook, length, separators):
    measures = cell_with_tag(notebook, "measures")
    tokens = [f"t{place}" for place in range(length)]
    tokens[length - separators :] = ["[SEP]"] * min(separators, length)
    shown = attention(len(tokens))
    targets = measures.targets(tokens)
    for name, mass in zip(
        ("the previous token", "the next token", "separator tokens"), evidence.HEADS.values(), strict=True
    ):
        found = measures.mass_on(shown, targets[name])
        for head in np.ndindex(found.shape):
            assert found[head] == pytest.approx(mass(shown[head], np.array(tokens)))


def test_it_knows_the_separators_of_the_marking(notebook):
    assert cell_with_tag(notebook, "measures").SEPARATORS == evidence.SEPARATORS


def test_what_it_writes_is_what_the_checks_want(notebook, tmp_path):
    path = tmp_path / "q5_attention.npz"
    cell_with_tag(notebook, "save").save(path, **arrays())
    with np.load(path, allow_pickle=False) as file:
        written = {name: file[name] for name in file.files}
    assert set(written) == set(evidence.ARRAYS)
    assert evidence.problems_of(written) == []
    assert list(written["gpt_tokens"]) == arrays()["gpt_tokens"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"gpt": attention(3) * 1.5},
        {"bert": attention(5) - 0.2},
        {"bert_random": attention(4)},
        {"bert": np.full((1, 1, 5, 5), np.nan)},
        {"gpt": attention(3)[0]},
        {"gpt_tokens": ["a", "b"]},
    ],
)
def test_it_refuses_to_write_what_the_checks_would_refuse(notebook, tmp_path, wrong):
    with pytest.raises(ValueError, match=r"gpt|bert"):
        cell_with_tag(notebook, "save").save(tmp_path / "q5_attention.npz", **(arrays() | wrong))
    assert list(tmp_path.iterdir()) == []


def test_the_saving_cell_is_called_with_every_array(code):
    (call,) = [
        node
        for node in ast.walk(ast.parse(code[-1]))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "save"
    ]
    assert {keyword.arg for keyword in call.keywords} == set(evidence.ARRAYS)


def pins(path):
    lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [re.fullmatch(r"([\w.-]+)==([\w.]+)", line).groups() for line in lines if line]


def plainly(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_extra_is_pinned_once_and_agrees_with_the_other_pins():
    versions = {}
    for name, path in PINS.items():
        listed = [plainly(package) for package, _ in pins(path)]
        assert len(set(listed)) == len(listed)
        for package, version in pins(path):
            assert versions.setdefault(plainly(package), version) == version, f"{package} in requirements{name}.txt"


def test_the_extra_has_what_the_notebook_imports_and_nothing_that_running_has(code):
    running, extra = ({plainly(package) for package, _ in pins(PINS[name])} for name in ("", "-notebook"))
    nodes = [node for source in code for node in ast.walk(ast.parse(source))]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    outside = {name.partition(".")[0] for name in imported} - {"dataclasses", "os"}
    assert outside <= running | extra
    assert not running & extra
