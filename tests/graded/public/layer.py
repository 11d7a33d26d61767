"""A multi-head layer seen from outside: weights that are put into it so that its output can be worked out by hand."""

import numpy as np

from .attention import of_heads, scores_of, weight_promises
from .inputs import normal

LAYERS = ("W_q", "W_k", "W_v", "W_o")


def identity_weights(d_model, heads, width):
    """Each layer passes on what it gets; W_v puts the numbers of a head at the start of its run of `width` values."""
    d_k = d_model // heads
    spread = np.zeros((heads * width, d_model), dtype=np.float32)
    for column in range(d_model):
        spread[column // d_k * width + column % d_k, column] = 1
    same = np.eye(d_model, dtype=np.float32)
    return named(W_q=same, W_k=same, W_v=spread, W_o=spread.T)


def random_weights(random, d_model, d_value, **fixed):
    """Weights and biases drawn at random, but for those in `fixed`."""
    shapes = {
        "W_q": (d_model, d_model),
        "W_k": (d_model, d_model),
        "W_v": (d_value, d_model),
        "W_o": (d_model, d_value),
    }
    drawn = {name: normal(random, *shape) / np.float32(np.sqrt(shape[1])) for name, shape in shapes.items()}
    biases = {f"{name}.bias": normal(random, shape[0]) for name, shape in shapes.items() if name not in fixed}
    return {**named(**{**drawn, **{name: np.full(shapes[name], value) for name, value in fixed.items()}}), **biases}


def named(**weights):
    """Parameters by PyTorch's names; every bias is 0."""
    parameters = {f"{name}.weight": np.asarray(weight, dtype=np.float32) for name, weight in weights.items()}
    return {**parameters, **{f"{name}.bias": np.zeros(len(weight), np.float32) for name, weight in weights.items()}}


def reorder_promises(run, queries, keys, values):
    """Attention knows no order: `run` is the whole layer on (B, S, d_model)."""
    before, order = run(queries, keys, values), np.roll(np.arange(queries.shape[1]), 2)
    yield (
        "Keys and values of a sequence were put into another order together: the output should stay the same.",
        close(run(queries, keys[:, order], values[:, order]), before),
    )
    yield (
        "The queries were put into another order: the rows of the output should be in that order too.",
        close(run(queries[:, order], keys, values), before[:, order]),
    )
    alone = run(queries[:1], keys[:1], values[:1])
    yield "The output of a sequence changes with the other sequences of its batch.", close(alone, before[:1])


def even_promises(run, zeroed, inputs):
    """With W_q = 0, or W_k = 0, all scores of a query are 0, so each output is W_o of the mean of the values.

    `zeroed` are the weights by the name of the layer that is 0 in them.
    """
    for name, weights in zeroed.items():
        values = inputs[2] @ weights["W_v.weight"].T + weights["W_v.bias"]
        mean = np.repeat(values.mean(axis=1, keepdims=True), values.shape[1], axis=1)
        expected = mean @ weights["W_o.weight"].T + weights["W_o.bias"]
        text = (
            f"With {name} = 0 every key should get the same weight, and each output should be W_o of the mean of the"
            " projected values. Which layer is applied to what?"
        )
        yield text, close(run(*inputs, weights=weights), expected)


def weights_behind(run, weights, queries, keys, heads):
    """The weights (B, heads, S, S) of every head, for S up to d_k, in a layer of `identity_weights`."""
    B, S, d_model = queries.shape
    values = np.zeros((S, d_model // heads), dtype=np.float32)
    values[np.arange(S), np.arange(S)] = 1
    shown = run(queries, keys, np.tile(values, (B, 1, heads)), weights=weights)
    return of_heads(shown, heads)[..., :S]


def head_promises(run, weights, queries, keys, heads):
    """Every head by itself: its weights are those of its own run of columns."""
    seen = weights_behind(run, weights, queries, keys, heads)
    yield from weight_promises(seen, scores_of(of_heads(queries, heads), of_heads(keys, heads)))


def one_token_a_head(run, weights, heads, d_k, width):
    """Head i looks at token i alone, so the i-th run of the values that W_o gets is token i's."""
    d_model = heads * d_k
    keys = np.zeros((1, heads, d_model), dtype=np.float32)
    # Scores of 12.5 and 0: another token gets next to nothing, and exp does not overflow without the maximum taken off.
    keys[0, np.arange(heads), np.arange(heads) * d_k] = np.sqrt(12.5 * np.sqrt(d_k))
    values = np.arange(1, heads * d_model + 1, dtype=np.float32).reshape(1, heads, d_model)
    queries = np.tile(keys.sum(axis=1, keepdims=True), (1, heads, 1))
    projected = values[0] @ weights["W_v.weight"].T
    chosen = np.concatenate([projected[head, head * width : (head + 1) * width] for head in range(heads)])
    expected = np.tile(chosen @ weights["W_o.weight"].T, (1, heads, 1))
    text = (
        "Here head i looks at token i alone (counted from 0), so the i-th run of columns that W_o gets should be token"
        " i's. How are heads split off and combined?"
    )
    yield text, close(run(queries, keys, values, weights=weights), expected, scale=float(np.abs(expected).max()))


def close(left, right, scale=1.0):
    return left.shape == right.shape and bool(np.allclose(left, right, rtol=1e-3, atol=1e-3 * scale))
