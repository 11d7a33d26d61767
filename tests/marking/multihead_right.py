"""Right ways to write question 3(a)."""

from tests.marking.multihead import ALL, FILLED, MODULE, filled, methods, spoiled
from tests.marking.multihead_styles import (
    ADDITIVE,
    BY_HAND,
    BY_LOGARITHM,
    CALLS_FUNCTION,
    COMBINE,
    COMBINE_CAT,
    COMBINE_FLATTEN,
    DROPOUT,
    EINSUM,
    EYE,
    FORWARD,
    FORWARD_KARPATHY,
    FORWARD_KEYWORD,
    FUNCTION,
    INIT_KEYWORDS,
    INIT_NAMES,
    LIBRARY,
    LOOPED,
    RECTANGULAR,
    SPLIT,
    SPLIT_STACK,
    SPLIT_UNFLATTEN,
    STATIC,
    SUMS,
    TERSE,
    WITHOUT_MAXIMUM,
)
from tests.marking.variants import right

RIGHT = [
    right("the template filled in", MODULE, FILLED, *ALL),
    right("terse", MODULE, methods(TERSE, SPLIT, COMBINE, FORWARD), *ALL),
    right(
        "einsum, the scale inside the softmax", MODULE, methods(EINSUM, SPLIT_UNFLATTEN, COMBINE_FLATTEN, FORWARD), *ALL
    ),
    right("the library's attention", MODULE, methods(LIBRARY, SPLIT, COMBINE, FORWARD), *ALL),
    right("a loop over heads", MODULE, methods(LOOPED, SPLIT_STACK, COMBINE_CAT, FORWARD), *ALL),
    right("an additive mask, scaled queries", MODULE, methods(ADDITIVE, SPLIT, COMBINE, FORWARD_KEYWORD), *ALL),
    right("softmax by hand in float64", MODULE, methods(BY_HAND, EYE, RECTANGULAR, FORWARD), *ALL),
    right("softmax without the maximum", MODULE, methods(WITHOUT_MAXIMUM, SPLIT, COMBINE, FORWARD), *ALL),
    right("the logarithm of a sum", MODULE, methods(BY_LOGARITHM, SPLIT, COMBINE, FORWARD), *ALL),
    right(
        "NumPy without the maximum", MODULE, methods(SUMS, SPLIT, COMBINE, FORWARD, before="import numpy as np"), *ALL
    ),
    right("everything in forward", MODULE, methods(TERSE, SPLIT, COMBINE, FORWARD_KARPATHY), *ALL),
    right("dropout that is off in evaluation", MODULE, methods(DROPOUT, SPLIT, COMBINE, FORWARD, INIT_NAMES), *ALL),
    right("layers by keyword", MODULE, methods(TERSE, SPLIT, COMBINE, FORWARD, INIT_KEYWORDS), *ALL),
    right(
        "a function at module level", MODULE, methods(CALLS_FUNCTION, SPLIT, COMBINE, FORWARD, before=FUNCTION), *ALL
    ),
    right("a static method", MODULE, methods(STATIC, SPLIT, COMBINE, FORWARD), *ALL),
    right(
        "reshape in combine_heads",
        MODULE,
        spoiled((".transpose(1, 2).contiguous().view(", ".transpose(1, 2).reshape(")),
        *ALL,
    ),
    right("a fill of -inf", MODULE, spoiled(("-1e9", "float('-inf')")), *ALL),
    right("a fill of -1e10", MODULE, spoiled(("-1e9", "-1e10")), *ALL),
    right("a fill of the smallest float", MODULE, spoiled(("-1e9", "torch.finfo(attn_scores.dtype).min")), *ALL),
    right("masking by truth", MODULE, spoiled(("mask == 0", "~mask.bool()")), *ALL),
    right(
        "masked before scaling",
        MODULE,
        spoiled(
            ("        attn_scores = attn_scores / math.sqrt(self.d_k)\n", ""),
            (
                "attn_probs = torch.softmax(attn_scores, dim=-1)",
                "attn_scores = attn_scores / math.sqrt(self.d_k)\n        attn_probs = torch.softmax(attn_scores, dim=-1)",
            ),
        ),
        *ALL,
    ),
    right(
        "nn.functional.softmax",
        MODULE,
        spoiled(("torch.softmax(attn_scores, dim=-1)", "torch.nn.functional.softmax(attn_scores, dim=-1)")),
        *ALL,
    ),
    right("self.d_model in the layers", MODULE, filled(a="self.d_model", b="num_heads * self.d_k"), *ALL),
    right(
        "returns at once",
        MODULE,
        spoiled(("output = torch.matmul(attn_probs, V)  # blank (f)\n        return output", "return attn_probs @ V")),
        *ALL,
    ),
    right("keeps its weights", MODULE, spoiled(("# blank (e)", "\n        self.attn_probs = attn_probs")), *ALL),
    right(
        "prints shapes",
        MODULE,
        spoiled(
            ("attn_scores = attn_scores / math", "print(attn_scores.shape)\n        attn_scores = attn_scores / math")
        ),
        *ALL,
    ),
]
WRONG = []
