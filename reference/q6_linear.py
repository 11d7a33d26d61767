"""Question 6: attention as a kernel smoother, and why a feature map makes it linear in the sequence length.

N  queries    P  keys and values (P = N in self-attention)    D  width of q and k    M  width of v
L  width of a feature vector
"""

import math
from collections.abc import Callable

import torch
from torch.utils.checkpoint import checkpoint

FeatureMap = Callable[[torch.Tensor], torch.Tensor]

# (a) Then every term of the denominator is positive, and so is the sum.
finite_condition = "sim(q, k) > 0"

# (b)(i) The polynomial kernel (q^T k + c)^p of degree p = 2, with the constant c set to 1.
quadratic_kernel = "(q^T k + 1)^2"


def feature_map(x: torch.Tensor) -> torch.Tensor:
    """6(b)(ii). phi with phi(q)^T phi(k) = (q^T k + 1)^2; x: (..., D) -> (..., L), L = (D + 1)(D + 2) / 2.

    (q^T k + 1)^2 = sum_i q_i^2 k_i^2 + sum_{i<j} 2 q_i q_j k_i k_j + sum_i 2 q_i k_i + 1: each monomial once,
    with the square root of its coefficient.
    """
    i, j = torch.triu_indices(x.shape[-1], x.shape[-1], offset=1)  # pairs i < j
    cross = math.sqrt(2) * x[..., i] * x[..., j]  # (..., D (D - 1) / 2)
    one = torch.ones_like(x[..., :1])  # (..., 1)
    return torch.cat([x**2, cross, math.sqrt(2) * x, one], dim=-1)  # (..., L)


def kernel_attention(Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, feature_map: FeatureMap) -> torch.Tensor:
    """6(b)(iii) and 6(d), equation 5; Q: (N, D), K: (P, D), V: (P, M) -> (N, M).

    The two sums over the keys are taken once, not once a query (Katharopoulos et al., "Transformers are RNNs", 2020,
    section 3.2), so the work is (N + P) L (M + 1) and the feature maps.
    """
    phi_Q, phi_K = feature_map(Q), feature_map(K)  # (N, L), (P, L)
    keys_and_values = phi_K.T @ V  # (L, M)
    normaliser = phi_K.sum(dim=0)  # (L,)
    return (phi_Q @ keys_and_values) / (phi_Q @ normaliser).unsqueeze(-1)  # (N, M)


def recomputing_kernel_attention(
    Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, feature_map: FeatureMap
) -> torch.Tensor:
    """The same values, with features made for D rows at a time and made again in the backward pass, never kept."""

    def sums(rows: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        phi = feature_map(rows)  # (D, L)
        return phi.T @ values, phi.sum(dim=0)  # (L, M), (L,)

    def averages(rows: torch.Tensor, keys_and_values: torch.Tensor, normaliser: torch.Tensor) -> torch.Tensor:
        phi = feature_map(rows)  # (D, L)
        return (phi @ keys_and_values) / (phi @ normaliser).unsqueeze(-1)  # (D, M)

    D = Q.shape[-1]
    keys_and_values, normaliser = torch.tensor(0.0), torch.tensor(0.0)
    for rows, values in zip(K.split(D), V.split(D), strict=True):
        block = checkpoint(sums, rows, values, use_reentrant=False)
        keys_and_values, normaliser = keys_and_values + block[0], normaliser + block[1]
    blocks = [checkpoint(averages, rows, keys_and_values, normaliser, use_reentrant=False) for rows in Q.split(D)]
    return torch.cat(blocks)  # (N, M)


def softmax_attention(Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """Equation 2; Q: (N, D), K: (P, D), V: (P, M) -> (N, M)."""
    weights = torch.softmax(Q @ K.T / math.sqrt(Q.shape[-1]), dim=-1)  # (N, P)
    return weights @ V  # (N, M)


# tests/engine/test_complexity.py counts what the functions above do and keep.

# (c) Q K^T is N * D * N multiply-adds, weights V is N * N * M. Kept for the backward pass: N x N weights; Q, K, V.
softmax_time = "O(N^2 (D + M))"
softmax_space = "O(N^2 + N D + N M)"

# (d) With L = O(D^2) and M = D, phi_K^T V and phi_Q (...) are N * D^2 * D each. Kept: Q, K, V and the L x M sums,
# if features are computed again in the backward pass (recomputing_kernel_attention). Keeping them instead of
# recomputing, as kernel_attention does, is O(N D^2 + D^3), and right too.
linear_time = "O(N D^3)"
linear_space = "O(N D + D^3)"
