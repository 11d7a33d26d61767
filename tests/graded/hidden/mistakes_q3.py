"""What typical mistakes in multi-head attention compute; their names stand in rubric.toml with what students read.

A mistake is the right layer with one piece exchanged: `layer(keys="W_q")` projects keys with the queries' weights.
"""

from functools import partial

import numpy as np

from .inputs import softmax


def attend(Q, K, V, mask=None, *, scale=None, axis=-1, hide=None, weigh=softmax):
    """Scaled dot-product attention of every head; `hide` fills in the scores of hidden positions."""
    scores = Q @ K.swapaxes(-2, -1) / (scale or np.sqrt(Q.shape[-1]))
    scores = scores if mask is None else (hide or filled(-1e9))(scores, mask)
    return weigh(scores, axis) @ V


def split(x, heads):
    """(B, S, width) -> (B, h, S, width / h)."""
    return x.reshape(*x.shape[:2], heads, -1).swapaxes(1, 2)


def combine(x):
    """(B, h, S, width / h) -> (B, S, width)."""
    return x.swapaxes(1, 2).reshape(x.shape[0], x.shape[2], -1)


def interleaved(x, heads):
    return x.reshape(*x.shape[:2], -1, heads).transpose(0, 3, 1, 2)


def project(weights, name, x):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def layer(*, keys="W_k", values="W_v", last="W_o", attend=attend, split=split, split_values=None, combine=combine):
    """The whole layer as a function of (sizes, weights, Q, K, V, mask); `attend` may be made for the sizes."""

    def run(sizes, weights, Q, K, V, mask=None):
        inputs = [split(project(weights, *pair), sizes.h) for pair in (("W_q", Q), (keys, K))]
        inputs.append((split_values or split)(project(weights, values, V), sizes.h))
        attended = combine(attend(sizes)(*inputs, mask) if attend in OF_SIZES else attend(*inputs, mask))
        return project(weights, last, attended) if last else attended

    return run


def filled(value):
    return lambda scores, mask: np.where(mask == 0, value, scores)


def unweighted(scores, axis):
    return scores


def twice(scores, axis):
    return softmax(softmax(scores, axis), axis)


def causal(Q, K, V, mask=None):
    lower = np.tril(np.ones((Q.shape[-2], K.shape[-2])))
    return attend(Q, K, V, lower if mask is None else lower * mask)


def masked_after_softmax(Q, K, V, mask):
    weights = softmax(Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1]))
    return np.where(mask == 0, 0, weights) @ V


def scaled_by(scale):
    """Attention whose scores are divided by a function of the model's sizes."""
    return lambda sizes: partial(attend, scale=scale(sizes))


SCALES = {
    "not_scaled": scaled_by(lambda sizes: 1),
    "scaled_by_d_k": scaled_by(lambda sizes: sizes.d_k),
    "scaled_by_d_model": scaled_by(lambda sizes: sizes.d_model),
    "scaled_by_root_d_model": scaled_by(lambda sizes: np.sqrt(sizes.d_model)),
    "scaled_by_root_heads": scaled_by(lambda sizes: np.sqrt(sizes.h)),
    "scale_multiplied": scaled_by(lambda sizes: 1 / np.sqrt(sizes.d_k)),
}
OF_SIZES = frozenset(SCALES.values())
WEIGHTS = {
    "softmax_over_queries": partial(attend, axis=-2),
    "softmax_over_heads": partial(attend, axis=1),
    "softmax_over_batch": partial(attend, axis=0),
    "no_softmax": partial(attend, weigh=unweighted),
    "softmax_twice": partial(attend, weigh=twice),
    "always_causal": causal,
}
ATTENTION = {
    **{name: lambda sizes, *inputs, of=of: of(sizes)(*inputs) for name, of in SCALES.items()},
    **{name: lambda sizes, *inputs, how=how: how(*inputs) for name, how in WEIGHTS.items()},
}
SPLIT = {
    "split_without_transpose": lambda sizes, x: x.reshape(sizes.B, sizes.h, sizes.S, sizes.d_k),
    "split_interleaved": lambda sizes, x: x.reshape(sizes.B, sizes.S, sizes.d_k, sizes.h).transpose(0, 3, 1, 2),
    "split_not_swapped": lambda sizes, x: x.reshape(sizes.B, sizes.S, sizes.h, sizes.d_k),
}
COMBINE = {
    "combine_without_transpose": lambda sizes, x: x.reshape(sizes.B, sizes.S, sizes.d_model),
    "combine_interleaved": lambda sizes, x: x.transpose(0, 2, 3, 1).reshape(sizes.B, sizes.S, sizes.d_model),
}
LAYER = {
    "queries_weights_for_all": layer(keys="W_q", values="W_q"),
    "queries_weights_for_keys": layer(keys="W_q"),
    "queries_weights_for_values": layer(values="W_q"),
    "keys_weights_for_values": layer(values="W_k"),
    "no_last_layer": layer(last=""),
    "another_last_layer": layer(last="W_v"),
    "queries_layer_last": layer(last="W_q"),
    "keys_layer_last": layer(last="W_k"),
    "queries_and_keys_swapped": layer(attend=lambda Q, K, V, mask: attend(K, Q, V, mask)),
    **{name: layer(attend=attend) for name, attend in {**SCALES, **WEIGHTS}.items()},
    "split_without_transpose": layer(split=lambda x, heads: x.reshape(len(x), heads, x.shape[1], -1)),
    "combine_without_transpose": layer(combine=lambda x: x.reshape(len(x), x.shape[2], -1)),
}
MASKED = {
    "mask_inverted": layer(attend=partial(attend, hide=lambda scores, mask: np.where(mask == 0, scores, -1e9))),
    "mask_ignored": layer(attend=lambda Q, K, V, mask: attend(Q, K, V)),
    "mask_filled_with_little": layer(attend=partial(attend, hide=filled(1e-9))),
    "mask_filled_with_much": layer(attend=partial(attend, hide=filled(1e9))),
    "mask_multiplied": layer(attend=partial(attend, hide=lambda scores, mask: scores * mask)),
    "mask_after_softmax": layer(attend=masked_after_softmax),
    "mask_transposed": layer(attend=lambda Q, K, V, mask: attend(Q, K, V, np.swapaxes(mask, -2, -1))),
    **LAYER,
}
WIDE = {
    "values_interleaved": layer(split=interleaved),
    "only_values_interleaved": layer(split_values=interleaved),
    "scaled_by_root_of_value_width": layer(attend=lambda Q, K, V, mask: attend(Q, K, V, scale=np.sqrt(V.shape[-1]))),
    **{name: LAYER[name] for name in ("no_last_layer", *SCALES, *WEIGHTS)},
}
