"""What can be seen of attention from outside: the weights behind an output, and the promises that they keep.

With values that are 1 in one place and 0 elsewhere, an output shows the weights themselves.
"""

import numpy as np

from autograder.scoring.public import near


def weight_promises(weights, scores):
    """Promises of weights (..., S, S), whose rows belong to queries, made of `scores` (..., S, S)."""
    yield "With all values 1 the output should be 1: the weights of a row do not sum to one.", near(weights.sum(-1), 1)
    yield "Some weights are negative.", bool((weights >= -1e-6).all())
    yield (
        "For one query and two keys: the key with the larger inner product should get the larger weight.",
        bool((np.argmax(weights, axis=-1) == np.argmax(scores, axis=-1)).all()),
    )
    yield (
        "The weights do not fit the scores as they are scaled in (a): the quotient of two weights of one query should"
        " be e to the power of the difference of their scores.",
        near(centred(np.log(np.maximum(weights, 1e-30))), centred(scores), rtol=1e-2, atol=1e-2),
    )


def weights_of(scores):
    """The weights (..., S, S) that scores stand for, by (4) of question 6."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def centred(scores):
    """Scores (..., S) up to what is added to all scores of a query, which changes no weight."""
    return scores - scores.mean(-1, keepdims=True)


def scores_of(queries, keys):
    """Scaled inner products (..., S, S) of queries and keys (..., S, d_k), as question 6 prints them in (4)."""
    return np.einsum("...id,...jd->...ij", queries, keys).astype(np.float64) / queries.shape[-1] ** 0.5


def of_heads(x, heads):
    """Rows (B, S, heads * width) as (B, heads, S, width): head i has the i-th run of columns."""
    return np.stack(np.split(x, heads, axis=-1), axis=1)
