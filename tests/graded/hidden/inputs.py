"""Inputs of the graded tests: float32 arrays from the part's own stream of numbers, in sizes that differ."""

import numpy as np


def normal(random: "np.random.Generator", *shape: int) -> np.ndarray:
    """Standard normal float32 numbers; an empty shape has none."""
    return random.standard_normal(shape).astype(np.float32)


def linear(random: "np.random.Generator", name: str, outputs: int, inputs: int) -> dict[str, np.ndarray]:
    """Weight (outputs, inputs) and bias (outputs,) of a linear layer, named as PyTorch names them."""
    return {
        f"{name}.weight": normal(random, outputs, inputs) / np.float32(np.sqrt(inputs)),
        f"{name}.bias": normal(random, outputs),
    }


def attention_weights(random: "np.random.Generator", d_model: int, d_value: int) -> dict[str, np.ndarray]:
    """Parameters of multi-head attention whose values are `d_value` long over all heads."""
    layers = (
        ("W_q", d_model, d_model),
        ("W_k", d_model, d_model),
        ("W_v", d_value, d_model),
        ("W_o", d_model, d_value),
    )
    return {key: value for layer in layers for key, value in linear(random, *layer).items()}


def softmax(scores: np.ndarray, axis: int = -1) -> np.ndarray:
    """Weights that sum to one along an axis, which may be empty; scores of masked positions may be -1e9 or 1e9."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True, initial=-np.inf))
    return powers / powers.sum(axis=axis, keepdims=True)


def causal_mask(length: int) -> np.ndarray:
    """(S, S), int64: 1 where a position may look."""
    return np.tril(np.ones((length, length), dtype=np.int64))


def padding_mask(random: "np.random.Generator", batch: int, length: int) -> np.ndarray:
    """(B, 1, 1, S), int64: each sequence has its own number of leading positions, at least one, never all of them."""
    lengths = random.integers(1, length, size=(batch, 1, 1, 1))
    return (np.arange(length) < lengths).astype(np.int64)


def random_mask(random: "np.random.Generator", batch: int, length: int) -> np.ndarray:
    """(B, 1, S, S), int64: about half is open, and every row is open at one random position at least."""
    mask = random.integers(0, 2, size=(batch, 1, length, length))
    opened = random.integers(0, length, size=(batch, 1, length, 1))
    np.put_along_axis(mask, opened, 1, axis=-1)
    return mask
