"""Question 4: one step of incremental decoding, with keys and values for every head (MHA) or shared by all (MQA).

    b  sequences    d  model width    h  heads    n  cached tokens
    q = k = v = d / h  width of a query, a key, a value of one head

Neither step divides the scores by sqrt(k): the homework's functions do not.
"""

import torch
import torch.nn.functional as F


def multihead_attention_incremental(
    x: torch.Tensor,
    prev_K: torch.Tensor,
    prev_V: torch.Tensor,
    W_q: torch.Tensor,
    W_k: torch.Tensor,
    W_v: torch.Tensor,
    W_o: torch.Tensor,
) -> torch.Tensor:
    """One step of MHA, as the homework gives it; see the MQA step for what differs.

    x: (b, d), prev_K: (b, h, n, k), prev_V: (b, h, n, v), W_q: (h, d, q), W_k: (h, d, k), W_v: (h, d, v),
    W_o: (h, v, d) -> y: (b, d)
    """
    q = torch.einsum("bd,hdq->bhq", x, W_q)  # (b, h, q)
    k = torch.einsum("bd,hdk->bhk", x, W_k)  # (b, h, k)
    v = torch.einsum("bd,hdv->bhv", x, W_v)  # (b, h, v)
    new_K = torch.cat([prev_K, k.unsqueeze(2)], dim=2)  # (b, h, n+1, k)
    new_V = torch.cat([prev_V, v.unsqueeze(2)], dim=2)  # (b, h, n+1, v)
    logits = torch.einsum("bhk,bhnk->bhn", q, new_K)  # (b, h, n+1)
    weights = F.softmax(logits, dim=-1)  # (b, h, n+1)
    o = torch.einsum("bhn,bhnv->bhv", weights, new_V)  # (b, h, v)
    return torch.einsum("bhv,hvd->bd", o, W_o)  # (b, d)


def multiquery_attention_incremental(
    x: torch.Tensor,
    prev_K: torch.Tensor,
    prev_V: torch.Tensor,
    W_q: torch.Tensor,
    W_k: torch.Tensor,
    W_v: torch.Tensor,
    W_o: torch.Tensor,
) -> torch.Tensor:
    """One step of MQA (Shazeer, "Fast Transformer Decoding: One Write-Head is All You Need", 2019, section 3.1).

    x: (b, d), prev_K: (b, n, k), prev_V: (b, n, v), W_q: (h, d, q), W_k: (d, k), W_v: (d, v), W_o: (h, v, d)
    -> y: (b, d)
    """
    q = torch.einsum("bd,hdq->bhq", x, W_q)  # blank C; (b, h, q)
    k = torch.einsum("bd,dk->bk", x, W_k)  # blank D; (b, k)
    v = torch.einsum("bd,dv->bv", x, W_v)  # blank E; (b, v)
    new_K = torch.cat([prev_K, k.unsqueeze(1)], dim=1)  # (b, n+1, k)
    new_V = torch.cat([prev_V, v.unsqueeze(1)], dim=1)  # (b, n+1, v)
    logits = torch.einsum("bhk,bnk->bhn", q, new_K)  # (b, h, n+1); the homework prints "bkh,bnk->bhn", which is wrong
    weights = F.softmax(logits, dim=-1)  # (b, h, n+1)
    o = torch.einsum("bhn,bnv->bhv", weights, new_V)  # (b, h, v)
    return torch.einsum("bhv,hvd->bd", o, W_o)  # (b, d)


# (a), (b)
W_q_shape = "[h, d, q]"
W_k_shape = "[d, k]"

# (f) Multiply-adds, line by line:
#     q          b * d * (h q)  = b d^2          k, v       b * d * k       <= b d^2
#     logits, o  b * h * n * k  = b n d          y          b * (h v) * d    = b d^2
# Sharing keys and values saves no arithmetic: every head still compares its own query with n keys.
computation = "O(b d^2 + b n d)"

# (g) Numbers read or written:
#     W_q, W_o   h d q = d^2     W_k, W_v    d k <= d^2     x, q, k, v, o, y   b d
#     cached and new keys and values          b n k = b n d / h: one copy for all heads
# The scores and weights, b h n numbers, stay on the chip in a fused kernel; counting them (+ b h n) is right too.
# tests/engine/test_complexity.py counts both while the function above runs.
memory_access = "O(d^2 + b d + b n k)"
