"""What captured attention has to look like for a claim of question 5 to hold. Everybody may know this.

Attention is (layers, heads, T, T): row i says where token i looks. A claimed head is a pair (layer, head).
Files may be as large as the grader takes them, so nothing here makes a copy of an array in a wider type.
"""

from collections.abc import Mapping

import numpy as np

from autograder.checks.structure import entry_of, pair_of_indices
from autograder.checks.verdict import Verdict, right, said, wrong

RESPONSES = ("a.i", "a.ii", "b.i", "b.ii", "b.iii", "b.iv", "c.i", "c.ii", "d.i", "d.ii", "e")
CAUSAL_CLAIMS = {"gpt_is_causal": "gpt", "bert_is_causal": "bert"}

MODELS = ("gpt", "bert", "bert_random")
ARRAYS = (*MODELS, "gpt_tokens", "bert_tokens")
SEPARATORS = ("[SEP]", "</s>", "<|endoftext|>")
ROW_SUM_TOLERANCE = 1e-2  # half precision and eight-bit captures round their rows
FUTURE_MASS = 1e-3  # the mass that a causal model may show on later tokens: rounding only
HEAD_MASS = 0.5

MALFORMED = "Missing or malformed in q5_attention.npz: {}."
WITHOUT_DATA = "{} cannot be checked: {} is missing or malformed in your data."
CONTRADICTED = "{} is not what your captured attention shows."
LOOKS_ELSEWHERE = "The head puts {:.0%} of its mass there on average; more than half is needed."


def problems_of(arrays: Mapping[str, np.ndarray]) -> list[str]:
    """Names of the arrays that are missing or malformed: no probabilities, or tokens that do not fit."""
    wrong = [name for name in MODELS if not is_attention(arrays.get(name))]
    return wrong + [f"{name}_tokens" for name in ("gpt", "bert") if name not in wrong and not has_tokens(arrays, name)]


def is_attention(array: np.ndarray | None) -> bool:
    """(layers, heads, T, T) floats whose rows are probabilities."""
    if array is None or array.ndim != 4 or array.dtype.kind != "f" or array.size == 0:
        return False
    if array.shape[2] != array.shape[3] or not np.isfinite(array).all() or (array < 0).any():
        return False
    return bool((np.abs(array.sum(axis=-1, dtype=np.float64) - 1) <= ROW_SUM_TOLERANCE).all())


def has_tokens(arrays: Mapping[str, np.ndarray], name: str) -> bool:
    """T strings beside attention over T tokens."""
    tokens = arrays.get(f"{name}_tokens")
    return tokens is not None and tokens.dtype.kind == "U" and tokens.shape == arrays[name].shape[2:3]


def is_causal(attention: np.ndarray) -> bool:
    """Whether no token looks at a later one."""
    later = (attention[..., i, i + 1 :].sum(axis=-1, dtype=np.float64).max() for i in range(attention.shape[-1]))
    return bool(max(later) <= FUTURE_MASS)


def previous_token_mass(head: np.ndarray, tokens: np.ndarray) -> float:
    """Mean mass on the previous token over the rows (T, T) that have one; 0 if none has."""
    return float(np.diagonal(head, offset=-1).mean(dtype=np.float64)) if len(tokens) > 1 else 0.0


def next_token_mass(head: np.ndarray, tokens: np.ndarray) -> float:
    """Mean mass on the next token over the rows (T, T) that have one; 0 if none has."""
    return float(np.diagonal(head, offset=1).mean(dtype=np.float64)) if len(tokens) > 1 else 0.0


def separator_mass(head: np.ndarray, tokens: np.ndarray) -> float:
    """Mean mass on separator tokens over all rows (T, T)."""
    return float(head[:, np.isin(tokens, SEPARATORS)].sum(axis=-1, dtype=np.float64).mean())


HEADS = {
    "previous_token_head": previous_token_mass,
    "next_token_head": next_token_mass,
    "separator_head": separator_mass,
}


def judge_evidence(arrays, claims) -> dict[str, Verdict]:
    """A verdict for the file and for each claim. `arrays` is a Verdict if the file cannot be read."""
    if isinstance(arrays, Verdict):
        return dict.fromkeys(["well_formed", *CAUSAL_CLAIMS, *HEADS], arrays)
    malformed = problems_of(arrays)
    return {
        "well_formed": wrong(said(MALFORMED.format(", ".join(malformed)))) if malformed else right(),
        **{claim: causal_claim(arrays, claims, claim, model) for claim, model in CAUSAL_CLAIMS.items()},
        **{claim: head_claim(arrays, claims, claim) for claim in HEADS},
    }


def causal_claim(arrays, claims, claim, model) -> Verdict:
    """Whether the student's word on `model` is what the data shows."""
    if model in problems_of(arrays):
        return wrong(said(WITHOUT_DATA.format(claim, model)))
    stated = entry_of(claims, claim, bool)
    if isinstance(stated, Verdict):
        return stated
    return right() if stated == is_causal(arrays[model]) else wrong(said(CONTRADICTED.format(claim)))


def head_claim(arrays, claims, claim) -> Verdict:
    """Whether the claimed head of `bert` puts more than half of its mass where the student says."""
    if {"bert", "bert_tokens"} & set(problems_of(arrays)):
        return wrong(said(WITHOUT_DATA.format(claim, "bert")))
    stated = entry_of(claims, claim, tuple)
    if isinstance(stated, Verdict):
        return stated
    pair = pair_of_indices(stated, claim, arrays["bert"].shape[:2], axes=("layer", "head"))
    if isinstance(pair, Verdict):
        return pair
    mass = HEADS[claim](arrays["bert"][pair], arrays["bert_tokens"])
    return right() if mass > HEAD_MASS else wrong(said(LOOKS_ELSEWHERE.format(round(mass, 2))))
