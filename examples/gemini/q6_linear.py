r"""Question 6: kernel attention and linear attention (20 points).

Softmax attention costs O(N^2) in memory and time for a sequence of length N, which hurts for long texts. If attention
is seen as applying a kernel, that is, a similarity between inputs, then the softmax can be replaced by a kernel that
needs less (Tsai et al., "Transformer Dissection: A Unified Understanding of Transformer's Attention via the Lens of
Kernel", 2019, https://arxiv.org/abs/1908.11775).

A sequence x of N feature vectors of length F, an N x F matrix, goes through a transformer's layers. Layer l computes

    T_l(x) = f_l(A_l(x) + x)                                                                            (1)

where f_l treats every position by itself (a small network with two layers) and A_l, self-attention, is the only part
that mixes positions. With three matrices W_Q (F x D), W_K (F x D) and W_V (F x M),

    Q = x W_Q,   K = x W_K,   V = x W_V,   A_l(x) = V' = softmax(Q K^T / sqrt(D)) V                      (2)

with softmax taken over each row. Q, K and V are called queries, keys and values; Q_i is row i of Q as a vector. So each
output is a weighted average of the values. For any similarity function sim it can be written

    V'_i = sum_{j=1}^N sim(Q_i, K_j) V_j / sum_{j=1}^N sim(Q_i, K_j)                                    (3)

and this is (2) if sim(q, k) = exp(q^T k / sqrt(D)):

    V'_i = sum_{j=1}^N exp(Q_i^T K_j / sqrt(D)) V_j / sum_{j=1}^N exp(Q_i^T K_j / sqrt(D))               (4)

All the V'_i, i = 1, ..., N, are to be computed.
"""

import math
from collections.abc import Callable

import torch

# (a) [2 points] Which condition must sim meet, so that V'_i in (3) stays finite, that is, the denominator is never
# zero? Write it as a formula in sim, as text; LaTeX is read too. For example "sim(q, k) = 1" would be a condition.
finite_condition = r"\sum_{j=1}^N \text{sim}(Q_{i\cdot}, K_{j\cdot}) \neq 0"

# (b)(i) [2 points] In polynomial kernel attention, sim is a polynomial kernel
# (https://en.wikipedia.org/wiki/Polynomial_kernel). What is sim(q, k) for the quadratic kernel, of degree 2? Every
# constant factor is 1. Write a formula in the vectors q and k: "q^T k", r"q^\top k" and "dot(q, k)" all mean their
# inner product.
quadratic_kernel = r"\text{sim}(q, k) = (q^T k + 1)^2"


def feature_map(x: torch.Tensor) -> torch.Tensor:
    """(b)(ii) [4 points] A feature map phi of the quadratic kernel: sim(q, k) = phi(q)^T phi(k).

    (https://en.wikipedia.org/wiki/Kernel_method) The features may stand in any order.

    x: (..., D) -> (..., L), for any number of leading dimensions and any D; L is yours to find.
    """
    # phi(q) = [q_1^2, ..., q_D^2, sqrt(2) q_1 q_2, ..., sqrt(2) q_{D-1} q_D, sqrt(2) q_1, ..., sqrt(2) q_D, 1]
    D = x.shape[-1]
    squares = [x[..., i] ** 2 for i in range(D)]
    products = [math.sqrt(2) * x[..., i] * x[..., j] for i in range(D) for j in range(i + 1, D)]
    linear = [math.sqrt(2) * x[..., i] for i in range(D)]
    return torch.stack([*squares, *products, *linear, torch.ones_like(x[..., 0])], dim=-1)


def kernel_attention(
    Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, feature_map: Callable[[torch.Tensor], torch.Tensor]
) -> torch.Tensor:
    """(b)(iii) [3 points] Equation (3), rewritten for a kernel with a feature map: sim(q, k) = phi(q)^T phi(k).

    Q: (N, D), K: (P, D), V: (P, M) -> (N, M). feature_map is any feature map, (..., D) -> (..., L); it is not always
    yours. 2 points if the numbers are right for P = N, 1 more if also for P different from N.

    (d) [1 point] The operations that this function does are counted: their number should grow in proportion to N, as in
    equation (5) below.
    """
    N = Q.shape[0]

    # 1. Apply Feature Map: Maps [N, D] -> [N, D^2]
    phi_Q = feature_map(Q)
    phi_K = feature_map(K)

    # 2. Compute Aggregated Key-Values (The "Linear" trick)
    # [D^2, N] @ [N, M] -> [D^2, M]
    # This matrix is computed ONCE for the whole sequence
    kv_agg = phi_K.T @ V

    # 3. Compute Normalizer Aggregation
    # [D^2, N] @ [N, 1] -> [D^2, 1]
    z_agg = phi_K.T @ torch.ones(N, 1)

    # 4. Compute Numerator
    # [N, D^2] @ [D^2, M] -> [N, M]
    numerator = phi_Q @ kv_agg

    # 5. Compute Denominator
    # [N, D^2] @ [D^2, 1] -> [N, 1]
    denominator = phi_Q @ z_agg

    # 6. Final Division
    output = numerator / (denominator + 1e-6)

    return output


# (c) For all the V'_i, i = 1, ..., N, of softmax attention as in (4): what are its time complexity (how the cost of
# computing grows) and its space complexity (how the memory that it needs grows), in terms of N, D and M? Count as
# memory all intermediate results that have to be kept for the backward pass, Q, K and V included. Write "O(...)".

# [2 points]
softmax_time = "O(N^2 D)"

# [2 points]
softmax_space = "O(N^2)"

# (d) Let the kernel in (3) have a feature map, as in (b). As matrix multiplication is associative, (3) simplifies to
#
#     V'_i = phi(Q_i)^T (sum_{j=1}^N phi(K_j) V_j^T) / (phi(Q_i)^T sum_{j=1}^N phi(K_j))                  (5)
#
# where phi is applied to each row of Q and of K. For the feature map of a polynomial kernel of degree 2, and M about as
# large as D, what are the computational cost and the memory that (5) needs, in terms of N and D? Write "O(...)".

# [2 points]
linear_time = "O(ND^3)"

# [2 points]
linear_space = "O(ND^2 + D^3)"
