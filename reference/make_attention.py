"""Makes a small, synthetic `q5_attention.npz`: attention with known patterns, not taken from GPT or BERT.

Run `python reference/make_attention.py FILE [SEED]`. It stands in for what the notebook captures from real models, so
that question 5 can be graded without downloading any. Softmax of noise, plus a large score where a head is told to
look; the reference's claims in q5_visualizing.py say which heads those are.
"""

import sys

import numpy as np

TOKENS = ["[CLS]", "the", "cat", "sat", "[SEP]", "on", "the", "mat", "[SEP]"]
GPT_TOKENS = ["the", "cat", "sat", "on", "the", "mat", "and", "slept"]
PREVIOUS, NEXT, SEPARATOR = (0, 1), (1, 0), (1, 2)  # (layer, head) in bert


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows of the last axis to probabilities, in float32."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)


def gpt(generator: np.random.Generator, layers: int, heads: int, length: int) -> np.ndarray:
    """Causal attention, (layers, heads, length, length): nothing above the diagonal."""
    scores = generator.normal(size=(layers, heads, length, length))
    return softmax(np.where(np.tri(length, dtype=bool), scores, -np.inf))


def bert(generator: np.random.Generator, layers: int, heads: int, tokens: list[str]) -> np.ndarray:
    """Attention both ways, (layers, heads, T, T), with the three heads above."""
    length = len(tokens)
    scores = generator.normal(size=(layers, heads, length, length))
    scores[PREVIOUS] += 5 * np.eye(length, k=-1)
    scores[NEXT] += 5 * np.eye(length, k=1)
    scores[SEPARATOR] += 5 * (np.array(tokens) == "[SEP]")
    return softmax(scores)


def synthetic_attention(seed: int = 9, layers: int = 2, heads: int = 3) -> dict[str, np.ndarray]:
    """The five arrays of `q5_attention.npz`."""
    generator = np.random.default_rng(seed)
    return {
        "gpt": gpt(generator, layers, heads, len(GPT_TOKENS)),
        "bert": bert(generator, layers, heads, TOKENS),
        "bert_random": softmax(0.1 * generator.normal(size=(layers, heads, len(TOKENS), len(TOKENS)))),
        "gpt_tokens": np.array(GPT_TOKENS),
        "bert_tokens": np.array(TOKENS),
    }


if __name__ == "__main__":
    np.savez_compressed(sys.argv[1], **synthetic_attention(*map(int, sys.argv[2:])))
