"""What typical mistakes in argmax attention compute; their names stand in rubric.toml with what students read."""

import numpy as np

from .inputs import softmax


def pick(score):
    """Attention that takes the value with the largest score (q, K)."""
    return lambda q, K, V: V[np.argmax(score(q, K))]


def cosine(q, K):
    return K @ q / np.linalg.norm(K, axis=1)


ARGMAX = {
    "key_returned": lambda q, K, V: K[np.argmax(K @ q)],
    "least_similar": pick(lambda q, K: -K @ q),
    "absolute_similarity": pick(lambda q, K: abs(K @ q)),
    "nearest_key": pick(lambda q, K: -np.linalg.norm(K - q, axis=1)),
    "cosine_similarity": pick(cosine),
    "softmax_not_argmax": lambda q, K, V: softmax(K @ q) @ V,
    "scaled_softmax_not_argmax": lambda q, K, V: softmax(K @ q / np.sqrt(len(q))) @ V,
    "scores_returned": lambda q, K, V: K @ q,
    "index_returned": lambda q, K, V: np.argmax(K @ q),
    "value_weighted_by_its_score": lambda q, K, V: np.max(K @ q) * V[np.argmax(K @ q)],
}
