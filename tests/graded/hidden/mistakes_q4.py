"""What typical mistakes in a decoding step compute; their names stand in rubric.toml with what students read."""

from functools import partial

import numpy as np

from .inputs import softmax


def behind(cache, new):
    """The cache (b, n, k) with the new token's (b, k) at its end."""
    return np.concatenate([cache, new[:, None]], axis=1)


def in_front(cache, new):
    return np.concatenate([new[:, None], cache], axis=1)


def nowhere(cache, new):
    return cache


def step(*, keys=behind, values=behind, scale=lambda d, h: 1, weigh=softmax):
    """The multi-query step as a function of (x, prev_K, prev_V, W_q, W_k, W_v, W_o)."""

    def run(x, prev_K, prev_V, W_q, W_k, W_v, W_o):
        queries = np.einsum("bd,hdk->bhk", x, W_q)
        all_keys, all_values = keys(prev_K, x @ W_k), values(prev_V, x @ W_v)
        scores = np.einsum("bhk,bnk->bhn", queries, all_keys) / scale(x.shape[1], len(W_q))
        o = np.einsum("bhn,bnv->bhv", weigh(scores), all_values)
        return np.einsum("bhv,hvd->bd", o, W_o)

    return run


STEP = {
    "decoding_scaled": step(scale=lambda d, h: np.sqrt(d / h)),
    "decoding_scaled_by_root_d": step(scale=lambda d, h: np.sqrt(d)),
    "decoding_scaled_by_k": step(scale=lambda d, h: d / h),
    "new_token_not_appended": step(keys=nowhere, values=nowhere),
    "new_token_at_different_ends": step(keys=in_front),
    "new_value_in_front": step(values=in_front),
    "softmax_over_heads": step(weigh=partial(softmax, axis=1)),
    "softmax_over_batch": step(weigh=partial(softmax, axis=0)),
    "no_softmax": step(weigh=lambda scores: scores),
}
