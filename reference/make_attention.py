"""Makes a small, synthetic `q5_attention.npz`: attention with known patterns, not taken from GPT or BERT.

Run `python reference/make_attention.py FILE`. It stands in for what the notebook captures from real models, so that
question 5 can be graded without downloading any: softmax of noise, plus a large score where a head is told to look.
"""

import sys
from collections.abc import Mapping

import numpy as np

GPT_TOKENS = ["the", "cat", "sat", "on", "the", "mat", "and", "slept"]
BERT_TOKENS = ["[CLS]", "the", "cat", "sat", "[SEP]", "on", "the", "mat", "[SEP]"]
HEADS = {"previous_token_head": (0, 1), "next_token_head": (1, 0), "separator_head": (1, 2)}  # (layer, head) in bert
LAYERS_AND_HEADS = (2, 3)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows of the last axis to probabilities, in float32."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)


def patterns(tokens: list[str]) -> dict[str, np.ndarray]:
    """Where each kind of head looks: (T, T), one row a token, 1 at what it attends to."""
    length = len(tokens)
    return {
        "previous_token_head": np.eye(length, k=-1),
        "next_token_head": np.eye(length, k=1),
        "separator_head": np.tile(np.array(tokens) == "[SEP]", (length, 1)),
    }


def synthetic_attention(
    seed: int = 9,
    layers_and_heads: tuple[int, int] = LAYERS_AND_HEADS,
    heads: Mapping[str, tuple[int, int]] = HEADS,
) -> dict[str, np.ndarray]:
    """The five arrays of `q5_attention.npz`: gpt is causal, bert looks both ways, bert_random is nearly flat."""
    generator = np.random.default_rng(seed)
    gpt = generator.normal(size=(*layers_and_heads, len(GPT_TOKENS), len(GPT_TOKENS)))
    bert, bert_random = generator.normal(size=(2, *layers_and_heads, len(BERT_TOKENS), len(BERT_TOKENS)))
    for kind, head in heads.items():
        bert[head] += 6 * patterns(BERT_TOKENS)[kind]
    return {
        "gpt": softmax(np.where(np.tri(len(GPT_TOKENS), dtype=bool), gpt, -np.inf)),
        "bert": softmax(bert),
        "bert_random": softmax(bert_random / 10),
        "gpt_tokens": np.array(GPT_TOKENS),
        "bert_tokens": np.array(BERT_TOKENS),
    }


if __name__ == "__main__":
    np.savez_compressed(sys.argv[1], **synthetic_attention())
