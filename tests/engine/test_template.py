"""The student template: it has every name, no answer, and runs as soon as its blanks are filled in."""

import ast
import inspect
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "student_template"
MODULES = sorted(path.stem for path in TEMPLATE.glob("q*.py"))
UNANSWERED = {
    "q1_scaling": {"expectation": None, "variance": None, "scale": None},
    "q2_argmax": {
        "output": None,
        "gradient_reaches": {"queries": None, "keys": None, "values": None},
        "training_effect": "",
    },
    "q3_multihead": {"modifications": ""},
    "q4_decoding": {"W_q_shape": None, "W_k_shape": None, "computation": None, "memory_access": None},
    "q5_visualizing": {
        "responses": dict.fromkeys(
            ["a.i", "a.ii", "b.i", "b.ii", "b.iii", "b.iv", "c.i", "c.ii", "d.i", "d.ii", "e"], ""
        ),
        "claims": dict.fromkeys(
            ("gpt_is_causal", "bert_is_causal", "previous_token_head", "next_token_head", "separator_head")
        ),
    },
    "q6_linear": dict.fromkeys(
        ("finite_condition", "quadratic_kernel", "softmax_time", "softmax_space", "linear_time", "linear_space")
    ),
    "q7_process": {"sources": "", "collaborators": "", "hours": None},
}
CODE = {
    "q2_argmax": {"argmax_attention": ["q", "K", "V"]},
    "q3_multihead": {
        "MultiHeadAttention": ["d_model", "num_heads"],
        "WideValueMultiHeadAttention": ["d_model", "num_heads"],
    },
    "q4_decoding": {
        "multiquery_attention_incremental": ["x", "prev_K", "prev_V", "W_q", "W_k", "W_v", "W_o"],
    },
    "q6_linear": {"feature_map": ["x"], "kernel_attention": ["Q", "K", "V", "feature_map"]},
}
BLANKS = {
    "q3_multihead": {
        "(a)": "d_model",
        "(b)": "d_model",
        "(d)": "Q",
        "(e)": "softmax",
        "(f)": "V",
        "(h)": "W_o",
    },
    "q4_decoding": {
        "C": 'torch.einsum("bd,hdq->bhq", x, W_q)',
        "D": 'torch.einsum("bd,dk->bk", x, W_k)',
        "E": 'torch.einsum("bd,dv->bv", x, W_v)',
    },
}
# Texts that would give an answer away; what the homework itself prints (the MHA formulas, the choices) is not here.
ANSWERS = {
    "q1_scaling": ["sqrt(d)", "||mu||", "mu^T mu", "\\sqrt{d}", "sum_i"],
    "q2_argmax": ["[1, 4, 3])", "(1, 4, 3)", "False,", "True,"],
    "q3_multihead": ["2 * d_model, d_model", "reshape", "torch.softmax", "width"],
    "q4_decoding": ["+ bnk", "bnd/h", "/h", "/ h)", "shared cache"],
    "q6_linear": ["> 0", "!= 0", "+ 1)^2", "D^3", "N^2 D", "sqrt(2)", "D^2"],
}


def load(folder, name):
    return SimpleNamespace(**runpy.run_path(str(ROOT / folder / f"{name}.py")))


def blank_lines(source):
    """The numbers of the lines on which the name or attribute ____ stands in code."""
    nodes = ast.walk(ast.parse(source))
    return sorted(
        node.lineno
        for node in nodes
        if (isinstance(node, ast.Name) and node.id == "____")
        or (isinstance(node, ast.Attribute) and node.attr == "____")
    )


def filled(module):
    """The module's source with each blank replaced by its answer."""
    lines = (TEMPLATE / f"{module}.py").read_text().splitlines()
    for label, answer in BLANKS[module].items():
        (index,) = [i for i, line in enumerate(lines) if line.endswith(f"# blank {label}")]
        lines[index] = lines[index].replace("____", answer)
    return "\n".join(lines)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(182)


def test_the_template_has_the_seven_modules():
    assert set(UNANSWERED) == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_importing_the_template_gives_every_name_without_an_answer(module):
    names = vars(load("student_template", module))
    assert {name: names[name] for name in UNANSWERED[module]} == UNANSWERED[module]


@pytest.mark.parametrize("folder", ["student_template", "reference", "examples/gemini", "examples/typical_mistakes"])
@pytest.mark.parametrize("module", MODULES)
def test_functions_take_the_parameters_of_the_contract(folder, module):
    names = vars(load(folder, module))
    for name, parameters in CODE.get(module, {}).items():
        assert list(inspect.signature(names[name]).parameters) == parameters


@pytest.mark.parametrize("folder", ["reference", "examples/different", "examples/gemini", "examples/typical_mistakes"])
@pytest.mark.parametrize("module", MODULES)
def test_every_submission_of_ours_has_every_name(folder, module):
    names = vars(load(folder, module))
    assert not [name for name in (*UNANSWERED[module], *CODE.get(module, {})) if name not in names]
    for name, value in UNANSWERED[module].items():
        if isinstance(value, dict):
            assert set(names[name]) == set(value)


def test_code_that_is_not_written_says_so():
    q2, q3, q6 = (load("student_template", name) for name in ("q2_argmax", "q3_multihead", "q6_linear"))
    q, K, V = torch.randn(3), torch.randn(4, 3), torch.randn(4, 2)
    calls = [
        lambda: q2.argmax_attention(q, K, V),
        lambda: q3.WideValueMultiHeadAttention(12, 3),
        lambda: q6.feature_map(K),
        lambda: q6.kernel_attention(K, K, V, lambda x: x),
    ]
    for call in calls:
        with pytest.raises(NotImplementedError):
            call()


def test_nothing_with_a_blank_in_it_runs():
    attention = load("student_template", "q3_multihead").MultiHeadAttention
    with pytest.raises(NameError, match="____"):
        attention(12, 3)
    with pytest.raises(NameError, match="____"):
        load("student_template", "q4_decoding").multiquery_attention_incremental(*torch.randn(7, 2, 3, 4))


@pytest.mark.parametrize("module", BLANKS)
def test_every_blank_is_named_on_its_line_and_there_are_no_others(module):
    source = (TEMPLATE / f"{module}.py").read_text()
    labels = [source.splitlines()[number - 1].rpartition("# blank ")[2] for number in blank_lines(source)]
    assert sorted(labels) == sorted(BLANKS[module])


@pytest.mark.parametrize("module", [module for module in MODULES if module not in BLANKS])
def test_other_modules_have_no_blanks_in_code(module):
    assert blank_lines((TEMPLATE / f"{module}.py").read_text()) == []


def test_the_layer_runs_and_is_right_when_its_blanks_are_filled_in(tmp_path):
    (tmp_path / "q3_multihead.py").write_text(filled("q3_multihead"))
    actual = load(tmp_path, "q3_multihead").MultiHeadAttention(12, 3)
    expected = load("reference", "q3_multihead").MultiHeadAttention(12, 3)
    actual.load_state_dict(expected.state_dict())
    Q, K, V = torch.randn(3, 2, 5, 12)
    torch.testing.assert_close(actual(Q, K, V), expected(Q, K, V))
    mask = torch.tril(torch.ones(5, 5))
    torch.testing.assert_close(actual(Q, K, V, mask), expected(Q, K, V, mask))


def test_the_decoding_step_runs_and_is_right_when_its_blanks_are_filled_in(tmp_path):
    (tmp_path / "q4_decoding.py").write_text(filled("q4_decoding"))
    actual, expected = load(tmp_path, "q4_decoding"), load("reference", "q4_decoding")
    b, n, d, h, k = 2, 5, 12, 3, 4
    shapes = [(b, d), (b, n, k), (b, n, k), (h, d, k), (d, k), (d, k), (h, k, d)]
    inputs = [torch.randn(shape) for shape in shapes]
    step = "multiquery_attention_incremental"
    torch.testing.assert_close(getattr(actual, step)(*inputs), getattr(expected, step)(*inputs))
    many = [torch.randn(shape) for shape in [(b, d), (b, h, n, k), (b, h, n, k), *[(h, d, k)] * 3, (h, k, d)]]
    step = "multihead_attention_incremental"
    torch.testing.assert_close(getattr(actual, step)(*many), getattr(expected, step)(*many))


@pytest.mark.parametrize("module", ANSWERS)
def test_the_template_does_not_give_an_answer_away(module):
    source = (TEMPLATE / f"{module}.py").read_text()
    assert [text for text in ANSWERS[module] if text in source] == []


@pytest.mark.parametrize("module", MODULES)
def test_the_template_tells_what_each_part_is_worth(module):
    assert "point" in (TEMPLATE / f"{module}.py").read_text()
