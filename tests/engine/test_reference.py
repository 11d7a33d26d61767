"""The model solution, held against derivations and library functions that it does not use itself."""

import ast
import runpy
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
import torch
import torch.nn.functional as F
from sympy.stats import E, Normal, variance

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "reference"
FORMULAS = {
    "q4_decoding": ["W_q_shape", "W_k_shape", "computation", "memory_access"],
    "q6_linear": [
        "finite_condition",
        "quadratic_kernel",
        "softmax_time",
        "softmax_space",
        "linear_time",
        "linear_space",
    ],
}
SIZES = [(2, 5, 12, 3), (3, 4, 10, 2), (1, 7, 6, 6), (4, 1, 9, 1)]  # B, S, d_model, heads


def load(name):
    return SimpleNamespace(**runpy.run_path(str(REFERENCE / f"{name}.py")))


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(182)


# --- 1 ---


def test_the_moments_of_one_component_are_those_of_the_joint_distribution():
    q1 = load("q1_scaling")
    m = sp.Symbol("m", real=True)
    q, k = Normal("q", m, q1.sigma), Normal("k", m, q1.sigma)
    assert sp.expand(E(q * k) - q1.product_moment(1, m, q1.sigma)) == 0
    assert sp.expand(variance(q * k) - q1.component_variance(m, q1.sigma)) == 0
    assert [sp.expand(E(q**r) - q1.moment(r, m, q1.sigma)) for r in range(7)] == [0] * 7


def test_the_expectation_is_the_sum_of_squared_means():
    q1 = load("q1_scaling")
    assert q1.expectation.subs(q1.d, 3).doit() == q1.mu[1] ** 2 + q1.mu[2] ** 2 + q1.mu[3] ** 2


def test_variance_and_scale_follow_from_the_components():
    q1 = load("q1_scaling")
    assert q1.variance == q1.d
    assert q1.scale == sp.sqrt(q1.d)


# --- 2 ---


def test_argmax_attention_returns_the_homework_value():
    assert load("q2_argmax").output.tolist() == [1, 4, 3]


def test_gradients_reach_what_the_reference_says():
    q2 = load("q2_argmax")
    inputs = {name: torch.randn(shape, requires_grad=True) for name, shape in
              {"queries": (3,), "keys": (4, 3), "values": (4, 2)}.items()}  # fmt: skip
    q2.argmax_attention(*inputs.values()).sum().backward()
    assert {name: tensor.grad is not None for name, tensor in inputs.items()} == q2.gradient_reaches


# --- 3 ---


def masks(B, S):
    """The kinds that are graded: (S, S), (B, 1, 1, S) and (B, 1, S, S), each row open somewhere."""
    padding = torch.ones(B, 1, 1, S, dtype=torch.int64)
    padding[-1, ..., S // 2 + 1 :] = 0
    random = torch.rand(B, 1, S, S) < 0.5
    return [None, torch.tril(torch.ones(S, S, dtype=torch.int64)), padding, random | torch.eye(S, dtype=torch.bool)]


@pytest.mark.parametrize(("B", "S", "d_model", "heads"), SIZES)
def test_multi_head_attention_agrees_with_the_one_of_torch(B, S, d_model, heads):
    ours = load("q3_multihead").MultiHeadAttention(d_model, heads)
    theirs = torch.nn.MultiheadAttention(d_model, heads, batch_first=True)
    projections = [ours.W_q, ours.W_k, ours.W_v]
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in projections]))
        theirs.in_proj_bias.copy_(torch.cat([layer.bias for layer in projections]))
    theirs.out_proj = ours.W_o
    Q, K, V = torch.randn(3, B, S, d_model)
    for mask in masks(B, S):
        hidden = None if mask is None else (mask == 0).expand(B, heads, S, S).reshape(B * heads, S, S)
        expected, _ = theirs(Q, K, V, attn_mask=hidden, need_weights=False)
        torch.testing.assert_close(ours(Q, K, V, mask), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("B", "S", "d_model", "heads"), SIZES)
def test_wide_values_agree_with_a_loop_over_heads(B, S, d_model, heads):
    wide = load("q3_multihead").WideValueMultiHeadAttention(d_model, heads)
    Q, K, V = torch.randn(3, B, S, d_model)
    per_head = zip(*(layer(x).chunk(heads, dim=-1) for layer, x in zip((wide.W_q, wide.W_k, wide.W_v), (Q, K, V),
                                                                       strict=True)), strict=True)  # fmt: skip
    expected = wide.W_o(torch.cat([F.scaled_dot_product_attention(*head) for head in per_head], dim=-1))
    assert wide.W_v.out_features == 2 * d_model
    torch.testing.assert_close(wide(Q, K, V), expected, rtol=1e-4, atol=1e-5)


# --- 4 ---


def decoding_inputs(b, n, d, h):
    k = d // h
    shapes = [(b, d), (b, n, k), (b, n, k), (h, d, k), (d, k), (d, k), (h, k, d)]
    return [torch.randn(shape) / shape[-1] ** 0.5 for shape in shapes]


@pytest.mark.parametrize(("b", "n", "d", "h"), [(3, 5, 12, 2), (1, 4, 10, 5), (2, 0, 6, 3), (2, 7, 9, 3), (4, 3, 7, 1)])
def test_mqa_is_mha_with_every_head_sharing_keys_and_values(b, n, d, h):
    q4 = load("q4_decoding")
    x, prev_K, prev_V, W_q, W_k, W_v, W_o = decoding_inputs(b, n, d, h)
    caches = [cache.unsqueeze(1).repeat(1, h, 1, 1) for cache in (prev_K, prev_V)]
    weights = [weight.repeat(h, 1, 1) for weight in (W_k, W_v)]
    expected = q4.multihead_attention_incremental(x, *caches, W_q, *weights, W_o)
    actual = q4.multiquery_attention_incremental(x, prev_K, prev_V, W_q, W_k, W_v, W_o)
    torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-5)


def test_decoding_step_by_step_agrees_with_full_causal_attention():
    b, tokens, d, h = 2, 6, 12, 3
    _, _, _, W_q, W_k, W_v, W_o = decoding_inputs(b, 0, d, h)
    step = load("q4_decoding").multiquery_attention_incremental
    x = torch.randn(b, tokens, d)
    K, V = x @ W_k, x @ W_v
    queries = torch.stack([x @ W_q[head] for head in range(h)], dim=1)  # (b, h, tokens, k)
    full = F.scaled_dot_product_attention(queries, K.unsqueeze(1), V.unsqueeze(1), is_causal=True, scale=1.0)
    expected = sum(full[:, head] @ W_o[head] for head in range(h))
    actual = [step(x[:, t], K[:, :t], V[:, :t], W_q, W_k, W_v, W_o) for t in range(tokens)]
    torch.testing.assert_close(torch.stack(actual, dim=1), expected, rtol=1e-4, atol=1e-5)


# --- 5 ---


def mass(head, columns):
    return np.mean([row[column].sum() for row, column in zip(head, columns, strict=True)])


@pytest.mark.parametrize("folder", [REFERENCE, ROOT / "examples" / "different"])
def test_claims_hold_for_the_attention_that_is_handed_in(folder):
    claims = runpy.run_path(str(folder / "q5_visualizing.py"))["claims"]
    with np.load(folder / "q5_attention.npz", allow_pickle=False) as data:
        gpt, bert, tokens = data["gpt"], data["bert"], data["bert_tokens"]
    positions = np.arange(len(tokens))
    looks_at = {
        "previous_token_head": [positions == i - 1 for i in positions],
        "next_token_head": [positions == i + 1 for i in positions],
        "separator_head": [tokens == "[SEP]"] * len(tokens),
    }
    for name, columns in looks_at.items():
        assert mass(bert[tuple(claims[name])], columns) > 0.5
    assert claims["gpt_is_causal"] == np.allclose(np.triu(gpt, k=1), 0)
    assert claims["bert_is_causal"] == np.allclose(np.triu(bert, k=1), 0)


def test_the_reference_data_is_what_its_script_makes():
    made = runpy.run_path(str(REFERENCE / "make_attention.py"))["synthetic_attention"]()
    with np.load(REFERENCE / "q5_attention.npz", allow_pickle=False) as data:
        assert set(data) == set(made)
        for name in ("gpt", "bert", "bert_random"):
            np.testing.assert_allclose(data[name], made[name], atol=1e-6)
            np.testing.assert_allclose(data[name].sum(axis=-1), 1, atol=1e-5)


# --- 6 ---


@pytest.mark.parametrize("D", [1, 2, 3, 7])
def test_the_feature_map_gives_the_quadratic_kernel(D):
    q6 = load("q6_linear")
    q, k = torch.randn(2, 5, 4, D, dtype=torch.float64)
    inner = (q6.feature_map(q) * q6.feature_map(k)).sum(dim=-1)
    torch.testing.assert_close(inner, ((q * k).sum(dim=-1) + 1) ** 2)


@pytest.mark.parametrize(("N", "P", "D", "M"), [(6, 6, 3, 5), (7, 4, 3, 2), (2, 9, 5, 5), (1, 1, 1, 1)])
def test_kernel_attention_agrees_with_the_weighted_average(N, P, D, M):
    q6 = load("q6_linear")
    Q, K, V = (torch.randn(shape, dtype=torch.float64) for shape in ((N, D), (P, D), (P, M)))
    similarity = (Q @ K.T + 1) ** 2
    expected = similarity @ V / similarity.sum(dim=1, keepdim=True)
    torch.testing.assert_close(q6.kernel_attention(Q, K, V, q6.feature_map), expected)
    torch.testing.assert_close(q6.recomputing_kernel_attention(Q, K, V, q6.feature_map), expected)


def test_softmax_attention_agrees_with_the_one_of_torch():
    q6 = load("q6_linear")
    Q, K, V = torch.randn(6, 3), torch.randn(4, 3), torch.randn(4, 5)
    torch.testing.assert_close(q6.softmax_attention(Q, K, V), F.scaled_dot_product_attention(Q, K, V))


# --- the files ---


@pytest.mark.parametrize("module", FORMULAS)
def test_formulas_can_be_read_without_running_the_module(module):
    literals = {}
    for node in ast.parse((REFERENCE / f"{module}.py").read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            literals |= {target.id: node.value.value for target in node.targets}
    assert {name for name in FORMULAS[module] if isinstance(literals.get(name), str)} == set(FORMULAS[module])


def test_no_feedback_gives_the_reference_answer_away():
    answers = [text for module, names in FORMULAS.items() for text in map(vars(load(module)).get, names)]
    answers += ["‖μ‖²", "sqrt(d)", "μᵀμ"]
    rubric = tomllib.loads((REFERENCE / "rubric.toml").read_text())
    for number, part in rubric["parts"].items():
        for alternative in part.get("accept", []):
            feedback = alternative["feedback"].replace(" ", "")
            assert not [text for text in answers if text.replace(" ", "").removeprefix("O") in feedback], number
