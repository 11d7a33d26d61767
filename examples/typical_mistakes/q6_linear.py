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

from collections.abc import Callable

import torch

# (a) [2 points] Which condition must sim meet, so that V'_i in (3) stays finite, that is, the denominator is never
# zero? Write it as a formula in sim, as text; LaTeX is read too. For example "sim(q, k) = 1" would be a condition.
finite_condition = "sim(q, k) >= 0"  # mistake: all of them may be 0

# (b)(i) [2 points] In polynomial kernel attention, sim is a polynomial kernel
# (https://en.wikipedia.org/wiki/Polynomial_kernel). What is sim(q, k) for the quadratic kernel, of degree 2? Every
# constant factor is 1. Write a formula in the vectors q and k: "q^T k", r"q^\top k" and "dot(q, k)" all mean their
# inner product.
quadratic_kernel = "(q^T k)^2"  # mistake: without the constant


def feature_map(x: torch.Tensor) -> torch.Tensor:
    """(b)(ii) [4 points] A feature map phi of the quadratic kernel: sim(q, k) = phi(q)^T phi(k).

    (https://en.wikipedia.org/wiki/Kernel_method) The features may stand in any order.

    x: (..., D) -> (..., L), for any number of leading dimensions and any D; L is yours to find.
    """
    i, j = torch.triu_indices(x.shape[-1], x.shape[-1])
    # mistake: products and linear terms need a weight of sqrt(2)
    return torch.cat([x[..., i] * x[..., j], x, torch.ones_like(x[..., :1])], dim=-1)


def kernel_attention(
    Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, feature_map: Callable[[torch.Tensor], torch.Tensor]
) -> torch.Tensor:
    """(b)(iii) [3 points] Equation (3), rewritten for a kernel with a feature map: sim(q, k) = phi(q)^T phi(k).

    Q: (N, D), K: (P, D), V: (P, M) -> (N, M). feature_map is any feature map, (..., D) -> (..., L); it is not always
    yours. 2 points if the numbers are right for P = N, 1 more if also for P different from N.

    (d) [1 point] The operations that this function does are counted: their number should grow in proportion to N, as in
    equation (5) below.
    """
    weights = feature_map(Q) @ feature_map(K).T  # mistake: right, but with N x N products, as many as softmax attention
    return weights @ V / weights.sum(dim=1, keepdim=True)


# (c) For all the V'_i, i = 1, ..., N, of softmax attention as in (4): what are its time complexity (how the cost of
# computing grows) and its space complexity (how the memory that it needs grows), in terms of N, D and M? Count as
# memory all intermediate results that have to be kept for the backward pass, Q, K and V included. Write "O(...)".

# [2 points]
softmax_time = "O(N^2 D)"  # mistake: M is asked for

# [2 points]
softmax_space = "O(N^2)"  # mistake: Q, K and V are kept too

# (d) Let the kernel in (3) have a feature map, as in (b). As matrix multiplication is associative, (3) simplifies to
#
#     V'_i = phi(Q_i)^T (sum_{j=1}^N phi(K_j) V_j^T) / (phi(Q_i)^T sum_{j=1}^N phi(K_j))                  (5)
#
# where phi is applied to each row of Q and of K. For the feature map of a polynomial kernel of degree 2, and M about as
# large as D, what are the computational cost and the memory that (5) needs, in terms of N and D? Write "O(...)".

# [2 points]
linear_time = "O(ND^2)"  # mistake: that would be for D features, not for D^2

# [2 points]
linear_space = "O(N^2 + D^3)"  # mistake: no N x N matrix is needed any more
