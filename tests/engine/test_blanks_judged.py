"""Blanks judged as a graded suite judges them: every right way of writing is right, every wrong one is not.

The texts below are this project's own, so the readings are run here, in the same process.
"""

import math
import re
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from autograder.answers.blanks import Blank, Unanswered, find_blank
from tests.engine.blank_cases import HELPERS, IN_PLACE_RIGHT, IN_PLACE_WRONG
from tests.engine.blank_functions import REWRITTEN

torch.set_num_threads(1)
ROOT = Path(__file__).parents[2]
TEMPLATES = {name: (ROOT / "student_template" / f"{name}.py").read_text() for name in ("q3_multihead", "q4_decoding")}
ATTENTION = "MultiHeadAttention.scaled_dot_product_attention"
STEP = "multiquery_attention_incremental"
PARAMETERS = ("self", "Q", "K", "V", "mask", "d_model", "num_heads")
LAYERS = ("self.W_q", "self.W_k", "self.W_v", "self.W_o")
STEP_INPUTS = ("x", "prev_K", "prev_V", "W_q", "W_k", "W_v", "W_o")

# blank: module, function, target, given
BLANKS = {
    "a": ("q3_multihead", "MultiHeadAttention.__init__", "self.W_k", ("self", "d_model", "num_heads")),
    "b": ("q3_multihead", "MultiHeadAttention.__init__", "self.W_v", ("self", "d_model", "num_heads")),
    "d": ("q3_multihead", ATTENTION, "attn_scores", PARAMETERS),
    "e": ("q3_multihead", ATTENTION, "attn_probs", (*PARAMETERS, "attn_scores")),
    "f": ("q3_multihead", ATTENTION, "output", (*PARAMETERS, "attn_probs")),
    "h": ("q3_multihead", "MultiHeadAttention.forward", "output", (*PARAMETERS, "attn_output", *LAYERS)),
    "C": ("q4_decoding", STEP, "q", STEP_INPUTS),
    "D": ("q4_decoding", STEP, "k", STEP_INPUTS),
    "E": ("q4_decoding", STEP, "v", STEP_INPUTS),
}
SIZES = {"d_model": 15, "num_heads": 3}  # d_k = 5, which is no square: scaling twice is seen


def find(name, source):
    module, function, target, given = BLANKS[name]
    return find_blank(source, TEMPLATES[module], function=function, target=target, given=given)


def filled(module, fillings):
    """The template with lines replaced: blank -> text of one or several lines."""
    lines = []
    for line in TEMPLATES[module].splitlines():
        blank = re.search(r"# blank \(?(\w)\)?", line)
        if blank and blank[1] in fillings:
            indent = line[: len(line) - len(line.lstrip())]
            lines += textwrap.indent(fillings[blank[1]], indent).splitlines()
        else:
            lines.append(line)
    return "\n".join(lines) + HELPERS


def normal(*shape):
    return torch.randn(shape)


def layer_inputs():
    """Values that agree with each other, so that a reading may begin at any of them. B = 2, h = 3, S = 4, d_k = 5."""
    torch.manual_seed(0)
    queries, keys, values = normal(2, 3, 4, 5), normal(2, 3, 4, 5), normal(2, 3, 4, 5)
    scores = queries @ keys.transpose(-2, -1) / math.sqrt(5)
    output = torch.softmax(scores, dim=-1) @ values
    layers = {name: nn.Linear(15, 15) for name in ("W_q", "W_k", "W_v", "W_o")}
    stand_in = SimpleNamespace(
        **SIZES,
        d_k=5,
        training=False,
        **layers,
        split_heads=lambda x: x.view(*x.shape[:2], 3, 5).transpose(1, 2),
        combine_heads=lambda x: x.transpose(1, 2).reshape(x.size(0), x.size(2), 15),
        scaled_dot_product_attention=lambda *_, **__: output,
    )
    given = {"Q": queries, "K": keys, "V": values, "mask": None, **SIZES}
    locals_ = {"attn_scores": scores, "attn_probs": torch.softmax(scores, dim=-1), "attn_output": output}
    return {**given, **locals_, "self": stand_in}


def step_inputs():
    # b = 2, n = 5, h = 3, k = v = 7, d = 21
    torch.manual_seed(1)
    return {
        "x": normal(2, 21),
        "prev_K": normal(2, 5, 7),
        "prev_V": normal(2, 5, 7),
        "W_q": normal(3, 21, 7),
        "W_k": normal(21, 7),
        "W_v": normal(21, 7),
        "W_o": normal(3, 7, 21),
    }


def accepted(name, reading, given):
    """The values that make a reading right."""
    if name in "CDE":
        letters = {"C": "bd,hdk->bhk", "D": "bd,dk->bk", "E": "bd,dk->bk"}[name]
        return [torch.einsum(letters, given["x"], given[{"C": "W_q", "D": "W_k", "E": "W_v"}[name]])]
    hole, scaled = reading.kind == "hole", given["attn_scores"]
    match name:
        case "d":
            return [given["Q"]] if hole else [scaled * math.sqrt(5), *([scaled] if reading.final else [])]
        case "e":
            return [torch.softmax(scaled, -1), torch.softmax(scaled / math.sqrt(5), -1)]
        case "f":
            return [given["V"]] if hole else [given["attn_output"]]
    layer = given["self"]
    return [layer.W_o(layer.combine_heads(given["attn_output"]))]


def value_of(reading, module, given):
    namespace = {**module, **given}
    exec(reading.statements, namespace)  # noqa: S102 - a text of this project
    return eval(reading.expression, namespace)  # noqa: S307


def is_right(name, reading, module):
    full = step_inputs() if name in "CDE" else layer_inputs()
    if name == "h":
        full.update({key: normal(2, 4, 15) for key in "QKV"})
    given = {key: full[key] for key in BLANKS[name][3] if "." not in key}
    try:
        value = value_of(reading, module, given)
    except Exception:  # whatever a filling raises, it is wrong
        return False
    if name in "ab":
        width = value if reading.kind == "hole" else getattr(value, "out_features" if name == "a" else "in_features", 0)
        return type(width) is int and width == 15
    return isinstance(value, torch.Tensor) and any(
        value.shape == wanted.shape and value.dtype == torch.float32 and torch.allclose(value, wanted, 1e-4, 1e-5)
        for wanted in accepted(name, reading, full)
    )


def globals_of(source):
    namespace = {}
    exec(compile(source, "student", "exec"), namespace)  # noqa: S102 - a text of this project
    return namespace


def judge(name, *sources):
    """For each source whether the blank is right in it; the module that is run is the first."""
    module = globals_of(sources[0])
    known = {}
    for source in sources:
        found = find(name, source)
        readings = found.readings if isinstance(found, Blank) else ()
        for reading in readings:
            if (key := (reading.kind, reading.final, reading.statements, reading.expression)) not in known:
                known[key] = is_right(name, reading, module)
        yield any(known[reading.kind, reading.final, reading.statements, reading.expression] for reading in readings)


def cases(table):
    return [pytest.param(name, text, id=f"{name}: {text[:60]}") for name, texts in table.items() for text in texts]


OTHERS_RIGHT = {name: texts[0] for name, texts in IN_PLACE_RIGHT.items()}
OTHERS_WRONG = {name: texts[0] for name, texts in IN_PLACE_WRONG.items()}


def in_company(name, text):
    """The template with one blank filled in: beside right ones, beside ones still there, beside wrong ones."""
    return [filled(BLANKS[name][0], {**others, name: text}) for others in (OTHERS_RIGHT, {}, OTHERS_WRONG)]


@pytest.mark.parametrize(("name", "text"), cases(IN_PLACE_RIGHT))
def test_a_right_blank_is_right_whatever_stands_in_the_others(name, text):
    assert list(judge(name, *in_company(name, text))) == [True, True, True]


@pytest.mark.parametrize(("name", "text"), cases(IN_PLACE_WRONG))
def test_a_wrong_blank_is_wrong_whatever_stands_in_the_others(name, text):
    assert list(judge(name, *in_company(name, text))) == [False, False, False]


NAMED = [(name, "____") for name in BLANKS]  # (e) and (h) are blanks for a name, which hold no value
EMPTY = [(name, empty) for name in BLANKS if name not in "eh" for empty in ("None", "...", '""', "(____)")]


@pytest.mark.parametrize(("name", "empty"), NAMED + EMPTY)
def test_a_blank_that_is_not_filled_in_is_unanswered(name, empty):
    module = BLANKS[name][0]
    line = next(line for line in TEMPLATES[module].splitlines() if re.search(rf"# blank \(?{name}\)?", line))
    text = line.strip().partition("#")[0].replace("____", empty)
    assert isinstance(find(name, filled(module, {**OTHERS_RIGHT, name: text})), Unanswered)


INIT = """
    def __init__(self, d_model, num_heads, dropout=0.5):
        super().__init__()
        assert d_model % num_heads == 0
        self.d_model, self.num_heads = d_model, num_heads
        self.d_k = d_model // num_heads
        self.temperature = self.d_k ** -0.5
        self.dropout = nn.Dropout(dropout)
        self.W_q = nn.Linear(d_model, d_model)
        self.W_k = nn.Linear(d_model, ____)
        self.W_v = nn.Linear(____, d_model)
        self.W_o = nn.Linear(d_model, d_model)
"""


@pytest.mark.parametrize(
    ("function", "text", "verdicts"), [case[1:] for case in REWRITTEN], ids=[c[0] for c in REWRITTEN]
)
def test_blanks_are_found_in_functions_written_anew(function, text, verdicts):
    methods = INIT + textwrap.indent(text, "    ")
    source = (
        "import math\nimport torch\nfrom torch import nn\n"
        + HELPERS
        + f"\nclass MultiHeadAttention(nn.Module):\n{methods}"
    )
    assert {name: next(judge(name, source)) for name in verdicts} == verdicts
