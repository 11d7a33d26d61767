"""The example submissions, run beside the reference: one agrees everywhere, the others go wrong where they say so."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
import torch

ROOT = Path(__file__).parents[2]
SIZES = [(2, 5, 12, 3), (3, 4, 10, 2), (1, 7, 6, 6)]  # B, S, d_model, heads


def load(folder, name):
    return SimpleNamespace(**runpy.run_path(str(ROOT / folder / f"{name}.py")))


def pair(folder, name):
    return load("reference", name), load(folder, name)


def close(expected, actual):
    return expected.shape == actual.shape and torch.allclose(expected, actual, rtol=1e-4, atol=1e-5)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(182)


def both_layers(folder, layer, d_model, heads):
    """The reference's layer and the example's, with the same weights, in evaluation."""
    expected, actual = (getattr(module, layer)(d_model, heads).eval() for module in pair(folder, "q3_multihead"))
    actual.load_state_dict(expected.state_dict())
    return expected, actual


def decoding_inputs(b, n, d, h):
    k = d // h
    shapes = [(b, d), (b, n, k), (b, n, k), (h, d, k), (d, k), (d, k), (h, k, d)]
    return [torch.randn(shape) / shape[-1] ** 0.5 for shape in shapes]


# --- different ---


def test_different_has_the_scale_and_output_of_the_reference():
    assert load("examples/different", "q1_scaling").scale == sp.sqrt(sp.Symbol("d", positive=True))
    assert load("examples/different", "q2_argmax").output == (1, 4, 3)


def test_different_argmax_attention_agrees():
    expected, actual = pair("examples/different", "q2_argmax")
    q, K, V = torch.randn(4), torch.randn(6, 4), torch.randn(6, 3)
    assert close(expected.argmax_attention(q, K, V), actual.argmax_attention(q, K, V))


@pytest.mark.parametrize("layer", ["MultiHeadAttention", "WideValueMultiHeadAttention"])
@pytest.mark.parametrize(("B", "S", "d_model", "heads"), SIZES)
def test_different_layers_agree_with_and_without_masks(layer, B, S, d_model, heads):
    expected, actual = both_layers("examples/different", layer, d_model, heads)
    Q, K, V = torch.randn(3, B, S, d_model)
    for mask in (None, torch.tril(torch.ones(S, S, dtype=torch.int64)), torch.eye(S, dtype=torch.bool)):
        assert close(expected(Q, K, V, mask), actual(Q, K, V, mask))
    split = actual.split_heads(Q)
    assert torch.equal(split, expected.split_heads(Q))
    assert torch.equal(actual.combine_heads(split), Q)


@pytest.mark.parametrize(("b", "n", "d", "h"), [(3, 5, 12, 2), (1, 4, 10, 5), (2, 0, 6, 3), (2, 7, 9, 3), (4, 3, 7, 1)])
def test_different_decoding_agrees(b, n, d, h):
    expected, actual = pair("examples/different", "q4_decoding")
    inputs = decoding_inputs(b, n, d, h)
    step = "multiquery_attention_incremental"
    assert close(getattr(expected, step)(*inputs), getattr(actual, step)(*inputs))


@pytest.mark.parametrize(("N", "P", "D", "M"), [(6, 6, 3, 5), (7, 4, 3, 2), (1, 1, 1, 1)])
def test_different_kernel_attention_agrees(N, P, D, M):
    expected, actual = pair("examples/different", "q6_linear")
    Q, K, V = torch.randn(N, D), torch.randn(P, D), torch.randn(P, M)
    assert close(
        expected.kernel_attention(Q, K, V, expected.feature_map), actual.kernel_attention(Q, K, V, actual.feature_map)
    )


# --- gemini ---


def test_gemini_kernel_attention_is_right_only_for_as_many_keys_as_queries():
    expected, actual = pair("examples/gemini", "q6_linear")
    Q, K, V = torch.randn(5, 3), torch.randn(5, 3), torch.randn(5, 2)
    reference = expected.kernel_attention(Q, K, V, expected.feature_map)
    assert close(reference, actual.kernel_attention(Q, K, V, actual.feature_map))
    with pytest.raises(RuntimeError):
        actual.kernel_attention(Q, K[:4], V[:4], actual.feature_map)


def test_gemini_decoding_agrees():
    expected, actual = pair("examples/gemini", "q4_decoding")
    inputs = decoding_inputs(2, 5, 12, 3)
    step = "multiquery_attention_incremental"
    assert close(getattr(expected, step)(*inputs), getattr(actual, step)(*inputs))


# --- typical mistakes ---


def test_mistaken_argmax_attention_is_not_the_reference():
    expected, actual = pair("examples/typical_mistakes", "q2_argmax")
    q, K, V = torch.randn(4), torch.randn(6, 4), torch.randn(6, 3)
    assert not close(expected.argmax_attention(q, K, V), actual.argmax_attention(q, K, V))


def test_mistaken_layer_runs_and_goes_wrong_in_each_marked_place():
    expected, actual = both_layers("examples/typical_mistakes", "MultiHeadAttention", 12, 3)
    Q, K, V = torch.randn(3, 2, 5, 12)
    heads = [expected.split_heads(x) for x in (Q, K, V)]
    assert torch.equal(actual.split_heads(Q), heads[0])
    assert not close(Q, actual.combine_heads(heads[0]))
    assert not close(expected.scaled_dot_product_attention(*heads), actual.scaled_dot_product_attention(*heads))
    assert not close(expected(Q, K, V), actual(Q, K, V))
    causal = torch.tril(torch.ones(5, 5))
    unhidden = actual.scaled_dot_product_attention(*heads, mask=causal)
    assert not close(expected.scaled_dot_product_attention(*heads, mask=causal), unhidden)


def test_mistaken_wide_layer_does_not_run():
    with pytest.raises(RuntimeError):
        load("examples/typical_mistakes", "q3_multihead").WideValueMultiHeadAttention(12, 3)(*torch.randn(3, 2, 5, 12))


def test_mistaken_decoding_does_not_run():
    step = load("examples/typical_mistakes", "q4_decoding").multiquery_attention_incremental
    with pytest.raises(RuntimeError):
        step(*decoding_inputs(2, 5, 12, 3))


def test_mistaken_kernel_attention_is_right_and_its_features_are_not():
    expected, actual = pair("examples/typical_mistakes", "q6_linear")
    Q, K, V = torch.randn(5, 3), torch.randn(4, 3), torch.randn(4, 2)
    phi = expected.feature_map
    assert close(expected.kernel_attention(Q, K, V, phi), actual.kernel_attention(Q, K, V, phi))
    assert not close(phi(Q) @ phi(K).T, actual.feature_map(Q) @ actual.feature_map(K).T)
    assert actual.feature_map(Q).shape == phi(Q).shape


# --- all ---


@pytest.mark.parametrize("folder", ["gemini", "different", "typical_mistakes"])
def test_every_example_says_what_is_in_it_in_a_line_or_two(folder):
    lines = (ROOT / "examples" / folder / "README.md").read_text().strip().splitlines()
    assert 1 <= len(lines) <= 2


def test_the_data_of_the_examples_is_sound():
    for folder in ("different", "typical_mistakes"):
        with np.load(ROOT / "examples" / folder / "q5_attention.npz", allow_pickle=False) as data:
            for name in ("gpt", "bert", "bert_random"):
                np.testing.assert_allclose(data[name].sum(axis=-1), 1, atol=1e-5)
