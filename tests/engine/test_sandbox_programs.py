"""Each kind of request is evaluated in a worker as its docstring says."""

import textwrap

import numpy as np
import pytest

from autograder.sandbox.outcome import Crashed, Missing, Opaque, Value
from autograder.sandbox.protocol.programs import (
    Attribute,
    Call,
    Code,
    Counted,
    Linear,
    Loaded,
    ModuleAttribute,
    Parameters,
    Snippet,
    StandIn,
)

SOURCE = """
import math
import torch
import torch.nn as nn
import helper

answer = 3
mapping = {"a": (1, 2), "b": [True, None]}

def double(x, plus=0):
    return 2 * x + plus + helper.nothing

def draw():
    return torch.rand(3)

def spoil(x):
    x.fill_(7.0)
    return x

def apply(f, x):
    return f(x)

class Model(nn.Module):
    def __init__(self, width, drop=0.0):
        super().__init__()
        self.W = nn.Linear(width, width)
        self.drop = nn.Dropout(0.9)
        self.register_buffer("shift", torch.zeros(width))

    def forward(self, x):
        return self.drop(self.W(x)) + self.shift

    def shape(self, x):
        return tuple(x.shape)

    @property
    def broken(self):
        return 1 / 0
"""
FILES = {"q.py": textwrap.dedent(SOURCE).encode(), "helper.py": b"nothing = 0\n"}
MODEL = ModuleAttribute("q", "Model")
EYE = np.eye(3, dtype=np.float32)
X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.fixture(scope="module")
def run(zygote):
    with zygote.session(FILES) as session:
        yield session.run


def q(name):
    return ModuleAttribute("q", name)


def test_attributes_of_a_module_come_back_as_plain_data(run):
    assert run(q("answer")) == Value(3)
    assert run(q("mapping")) == Value({"a": (1, 2), "b": (True, None)})


def test_what_is_not_there_is_missing_by_its_dotted_name(run):
    assert run(q("nothing")) == Missing("q.nothing")
    assert run(Attribute(Call(MODEL, (3,)), "split_heads")) == Missing("q.Model.split_heads")
    assert run(ModuleAttribute("absent", "x")) == Missing("absent")


def test_a_function_gets_tensors_and_gives_arrays(run):
    outcome = run(Call(q("double"), (X,), (("plus", 1),)))
    assert isinstance(outcome, Value)
    assert outcome.data.dtype == np.float32
    np.testing.assert_array_equal(outcome.data, 2 * X + 1)


def test_every_request_starts_afresh(run):
    draws = [run(Call(q("draw"))).data for _ in range(3)]
    np.testing.assert_array_equal(draws[0], draws[1])
    np.testing.assert_array_equal(draws[0], draws[2])


def test_an_input_that_was_written_to_is_whole_again_for_the_next_request(run):
    assert run(Call(q("spoil"), (X,))).data.max() == 7
    np.testing.assert_array_equal(run(Call(Snippet("lambda x: x"), (X,))).data, X)
    assert X[0, 1] == 1


def test_the_reach_of_a_request_is_the_module_that_it_names(run):
    np.testing.assert_array_equal(
        run(Call(q("apply"), (Snippet("lambda x: F.relu(x) - math.pi"), X))).data, X - np.float32(np.pi)
    )


def test_a_module_is_loaded_with_the_given_weights_and_evaluates(run):
    loaded = Loaded(Call(MODEL, (3,)), (("W.weight", 2 * EYE), ("W.bias", EYE[0]), ("shift", EYE[1])))
    np.testing.assert_array_equal(run(Call(loaded, (X,))).data, 2 * X + EYE[0] + EYE[1])
    assert run(Call(Attribute(loaded, "shape"), (X,))) == Value((2, 3))


def test_a_weight_that_is_not_there_is_missing(run):
    assert run(Loaded(Call(MODEL, (3,)), (("W_q.weight", EYE),))) == Missing("q.Model.W_q.weight")


def test_a_weight_of_another_shape_raises(run):
    assert run(Loaded(Call(MODEL, (4,)), (("W.weight", EYE),))) == Crashed("ValueError", "q", None, "raised")


def test_the_shapes_of_parameters_have_names(run):
    assert run(Parameters(Call(MODEL, (3,)))) == Value({"W.weight": (3, 3), "W.bias": (3,)})
    assert run(Parameters(q("answer"))) == Crashed("TypeError", "q", None, "raised")


def test_a_piece_of_code_runs_with_the_modules_names_and_the_given_ones(run):
    layer = Linear(2 * EYE, EYE[0])
    given = (("self", StandIn((("W_q", layer), ("d", 3)))), ("x", X))
    outcome = run(Code("q", "y = self.W_q(x)\nz = double(y)", "z / self.d", given))
    np.testing.assert_allclose(outcome.data, 2 * (2 * X + EYE[0]) / 3)


def test_a_piece_of_code_leaves_the_module_as_it_was(run):
    assert run(Code("q", "answer = 4", "answer")) == Value(4)
    assert run(q("answer")) == Value(3)


def test_an_unfilled_blank_is_an_ellipsis(run):
    assert run(Code("q", "y = ...", "y")) == Value(Opaque("ellipsis"))


def test_code_that_is_no_python_is_a_syntax_error(run):
    outcome = run(Code("q", "y = = 1", "y"))
    assert isinstance(outcome, Crashed)
    assert (outcome.exception, outcome.reason) == ("SyntaxError", "syntax")


def test_a_property_that_raises_is_not_missing(run):
    assert run(Attribute(Call(MODEL, (3,)), "broken")) == Crashed("ZeroDivisionError", "q", 38, "raised")


def counted(run, source, *arguments):
    outcome = run(Counted(Call(Snippet(source), arguments)))
    assert isinstance(outcome, Value), outcome
    return outcome.data


def test_a_matrix_product_counts_its_multiply_adds(run):
    a, b = np.ones((2, 3, 5), np.float32), np.ones((2, 5, 7), np.float32)
    for source in ("lambda a, b: a @ b", "lambda a, b: torch.einsum('bik,bkj->bij', a, b)", "torch.bmm"):
        count = counted(run, source, a, b)
        assert count["multiply_adds"] == 2 * 3 * 5 * 7
        assert count["bytes_moved"] == 4 * (2 * 3 * 5 + 2 * 5 * 7 + 2 * 3 * 7)


def test_a_linear_layer_counts_its_bias(run):
    count = counted(run, "lambda x, w, b: F.linear(x, w, b)", X, np.ones((4, 3), np.float32), np.ones(4, np.float32))
    assert count["multiply_adds"] == 2 * 4 * (3 + 1)


def test_a_loop_counts_like_the_product_it_replaces(run):
    loop = "lambda a, b: torch.stack([torch.stack([(a[i] * b[:, j]).sum() for j in range(7)]) for i in range(3)])"
    product = counted(run, "lambda a, b: a @ b", np.ones((3, 50), np.float32), np.ones((50, 7), np.float32))
    count = counted(run, loop, np.ones((3, 50), np.float32), np.ones((50, 7), np.float32))
    assert product["multiply_adds"] <= count["multiply_adds"] <= 3 * product["multiply_adds"]


def test_views_and_broadcasts_cost_nothing(run):
    assert counted(run, "lambda x: x.T.unsqueeze(0).expand(9, 3, 2)[2:]", X)["bytes_moved"] == 0
    broadcast = counted(run, "lambda x, y: x + y.expand(2, 3)", X, X[:1])
    assert broadcast["bytes_moved"] == 4 * (6 + 3 + 6)
    assert broadcast["multiply_adds"] == 6


def test_reductions_count_their_inputs(run):
    assert counted(run, "lambda x: x.sum()", X)["multiply_adds"] == 6


def test_attention_counts_the_same_however_it_is_written(run):
    q, k, v = (np.ones((2, 3, n, 4), np.float32) for n in (5, 6, 6))
    fused = counted(run, "F.scaled_dot_product_attention", q, k, v)
    by_hand = counted(run, "lambda q, k, v: torch.softmax(q @ k.transpose(-1, -2) / 2, -1) @ v", q, k, v)
    assert fused["multiply_adds"] == 2 * 3 * 5 * 6 * (4 + 4 + 1)
    assert fused["multiply_adds"] <= by_hand["multiply_adds"] <= 1.5 * fused["multiply_adds"]


def test_what_is_built_before_the_call_does_not_count(run):
    model = Loaded(Call(MODEL, (3,)), (("W.weight", EYE),))
    outcome = run(Counted(Call(model, (X,))))
    assert outcome.data["multiply_adds"] == 2 * 3 * (3 + 1) + 6
    np.testing.assert_array_equal(outcome.data["value"].shape, (2, 3))


def test_memory_that_is_allocated_is_counted(run):
    assert counted(run, "lambda x: x.view(6)[:, None] * x.view(6)", X)["bytes_allocated"] == 4 * 36
