"""Question 3(a): mistakes with masks."""

from tests.marking.multihead import F_0, spoiled, whole

RIGHT = []
WRONG = [
    whole(
        "inverted mask",
        spoiled(("mask == 0", "mask == 1")),
        "attention",
        "heads",
        "forward",
        *"abdefh",
        mask=(0, "keep"),
    ),
    whole(
        "inverted mask, by truth",
        spoiled(("mask == 0", "mask.bool()")),
        "attention",
        "heads",
        "forward",
        mask=(0, "keep"),
    ),
    whole("a fill of 1e-9", spoiled(("-1e9", "1e-9")), "attention", "heads", "forward", mask=(0, "fill")),
    whole("a fill of 0", spoiled(("-1e9", "0")), "attention", "heads", "forward", mask=(0, "fill")),
    whole("a fill of 1e9", spoiled(("-1e9", "1e9")), "attention", "heads", "forward", mask=(0, "fill")),
    whole("a fill of -1", spoiled(("-1e9", "-1")), "attention", "heads", "forward", mask=F_0),
    whole(
        "masked after the softmax",
        spoiled(
            ("            attn_scores = attn_scores.masked_fill(mask == 0, -1e9)\n", "            pass\n"),
            (
                "  # blank (e)",
                "\n        if mask is not None:\n            attn_probs = attn_probs.masked_fill(mask == 0, 0.0)",
            ),
        ),
        "attention",
        "heads",
        "forward",
        mask=(0, "softmax"),
    ),
    whole(
        "the mask multiplies the scores",
        spoiled(("attn_scores.masked_fill(mask == 0, -1e9)", "attn_scores * mask")),
        "attention",
        "heads",
        "forward",
        mask=F_0,
    ),
    whole(
        "masked_fill without its result",
        spoiled(("attn_scores = attn_scores.masked_fill(", "attn_scores.masked_fill(")),
        "attention",
        "heads",
        "forward",
        mask=(0, "ignore"),
    ),
    whole(
        "the mask is not passed on",
        spoiled(("attention(Q, K, V, mask)\n", "attention(Q, K, V)\n")),
        "attention",
        "heads",
        "forward",
        mask=(0, "ignore"),
    ),
    whole(
        "the mask is transposed",
        spoiled(("mask == 0", "mask.transpose(-2, -1) == 0")),
        "attention",
        "heads",
        "forward",
        mask=F_0,
    ),
    whole(
        "always causal",
        spoiled(
            (
                "if mask is not None:",
                "mask = torch.tril(torch.ones(Q.size(-2), Q.size(-2)))\n        if mask is not None:",
            )
        ),
        "heads",
        attention=(0, "causal"),
        forward=(0, "causal"),
        mask=F_0,
    ),
    whole("a bool mask fails", spoiled(("mask == 0", "(1 - mask).bool()")), "attention", "heads", "forward", mask=F_0),
    whole(
        "only a mask (S, S) works",
        spoiled(("mask == 0", "mask.view(Q.size(-2), Q.size(-2)) == 0")),
        "attention",
        "heads",
        "forward",
        mask=F_0,
    ),
]
