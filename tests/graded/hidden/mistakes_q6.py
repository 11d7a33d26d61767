"""What typical mistakes in kernel attention compute; their names stand in rubric.toml with what students read."""

import numpy as np

from .inputs import softmax


def features(x):
    """The features of POSITIVE_FEATURES in NumPy."""
    return np.concatenate([np.where(x > 0, x + 1, np.exp(np.minimum(x, 0))), np.exp(x / 2)], axis=-1)


def average(normalise, weights=lambda Q, K: features(Q) @ features(K).T):
    return lambda Q, K, V: normalise(weights(Q, K)) @ V


def over_rows(weights):
    return weights / weights.sum(axis=1, keepdims=True)


def causal(weights):
    return over_rows(np.tril(weights))


ATTENTION = {
    "not_normalised": average(lambda weights: weights),
    "divided_by_length": average(lambda weights: weights / weights.shape[1]),
    "normalised_over_queries": average(lambda weights: weights / weights.sum(axis=0)),
    "normalised_once": average(lambda weights: weights / weights.sum()),
    "causal_sums": average(causal),
    "softmax_of_similarities": average(softmax),
    "features_not_used": average(over_rows, weights=lambda Q, K: Q @ K.T),
    "softmax_attention": average(softmax, weights=lambda Q, K: Q @ K.T / np.sqrt(Q.shape[1])),
    "unscaled_softmax_attention": average(softmax, weights=lambda Q, K: Q @ K.T),
}

# Kernels of features that lack one kind of monomial: functions of points q (P, 1, D) and k (1, R, D), as the products
# q_i k_i, whose sum is the inner product.
LACKING = {
    "no_constant_feature": lambda products: (products.sum(-1) + 1) ** 2 - 1,
    "no_linear_features": lambda products: products.sum(-1) ** 2 + 1,
    "only_quadratic_features": lambda products: products.sum(-1) ** 2,
    "no_cross_features": lambda products: (products**2).sum(-1) + 2 * products.sum(-1) + 1,
    "no_square_features": lambda products: (products.sum(-1) + 1) ** 2 - (products**2).sum(-1),
    "only_linear_features": lambda products: products.sum(-1) + 1,
    "only_squares": lambda products: (products**2).sum(-1),
    "identity_features": lambda products: products.sum(-1),
}


def kernel_lacking(name):
    """The kernel as a function of points (P, D) and (R, D) with values (P, R)."""
    return lambda left, right: LACKING[name](left[:, None, :] * right[None, :, :])
