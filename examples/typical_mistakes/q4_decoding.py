r"""Question 4: decoding one token at a time (30 points).

An attention layer of a decoder makes one new token for each of b sequences. It keeps the keys and values of the n
tokens before in a cache.

    b  sequences    n  cached tokens    d  width of an embedding    h  heads
    q, k, v  widths of one head's query, key and value; q = k = v = d / h

In multi-head attention (MHA), the first function below, each head has keys and values of its own. In multi-query
attention (MQA), the second one, all heads share one set of keys and values; each head still has its own queries. Less
memory has to be read for each new token.

(c), (d), (e) [4 points each] In the MQA function, fill in the blanks C, D and E, each written ____. Pick one:

    C    torch.einsum("bd,dq->bhq", x, W_q)
         torch.einsum("bd,hdq->bhq", x, W_q)
         torch.einsum("bhd,dq->bhq", x, W_q)

    D    torch.einsum("bd,dk->bk", x, W_k)
         torch.einsum("bd,hdk->bhk", x, W_k)
         torch.einsum("bd,dk->bhk", x, W_k)

    E    torch.einsum("bd,hdv->bhv", x, W_v)
         torch.einsum("bd,dv->bhv", x, W_v)
         torch.einsum("bd,dv->bv", x, W_v)

Each blank is marked whatever stands in the others, and other code that does the same is as good. The whole function is
tried as well [4 points]: one step, several steps in a row, and an empty cache (n = 0).

Neither function divides the scores by sqrt(k). Leave it so.
"""

import torch


def multihead_attention_incremental(
    x: torch.Tensor,
    prev_K: torch.Tensor,
    prev_V: torch.Tensor,
    W_q: torch.Tensor,
    W_k: torch.Tensor,
    W_v: torch.Tensor,
    W_o: torch.Tensor,
) -> torch.Tensor:
    """MHA, one step. Given, for comparison: nothing to fill in.

    x: (b, d) the token's embedding
    prev_K: (b, h, n, k) and prev_V: (b, h, n, v), the cached keys and values
    W_q: (h, d, q), W_k: (h, d, k), W_v: (h, d, v), W_o: (h, v, d), the projections' weights
    Returns y: (b, d).
    """
    # Query, key and value of the new token
    q = torch.einsum("bd,hdq->bhq", x, W_q)  # (b, h, q)
    k = torch.einsum("bd,hdk->bhk", x, W_k)  # (b, h, k)
    v = torch.einsum("bd,hdv->bhv", x, W_v)  # (b, h, v)

    # The cache with the new key and value at its end
    new_K = torch.cat([prev_K, k.unsqueeze(2)], dim=2)  # (b, h, n+1, k)
    new_V = torch.cat([prev_V, v.unsqueeze(2)], dim=2)  # (b, h, n+1, v)

    # Scores, weights and the weighted values
    logits = torch.einsum("bhq,bhnq->bhn", q, new_K)  # (b, h, n+1)
    weights = torch.nn.functional.softmax(logits, dim=-1)  # (b, h, n+1)
    o = torch.einsum("bhn,bhnv->bhv", weights, new_V)  # (b, h, v)

    # Back to the width of an embedding
    y = torch.einsum("bhv,hvd->bd", o, W_o)  # (b, d)
    return y


# (a) [3 points] The shape A of W_q in the function below. Pick one:  [h, d, q]    [d, q]    [h, q]
W_q_shape = "[d, q]"  # mistake: each head has its own queries

# (b) [3 points] The shape B of W_k in the function below. Pick one:  [h, d, k]    [d, k]    [h, k]
W_k_shape = "[h, d, k]"  # mistake: as in MHA


def multiquery_attention_incremental(
    x: torch.Tensor,
    prev_K: torch.Tensor,
    prev_V: torch.Tensor,
    W_q: torch.Tensor,
    W_k: torch.Tensor,
    W_v: torch.Tensor,
    W_o: torch.Tensor,
) -> torch.Tensor:
    """MQA, one step.

    x: (b, d) the token's embedding
    prev_K: (b, n, k) and prev_V: (b, n, v), the cached keys and values, shared by all heads
    W_q: of shape A, W_k: of shape B, W_v: (d, v), W_o: (h, v, d), the projections' weights
    Returns y: (b, d).
    """
    # Queries for each head; key and value shared by all heads
    q = torch.einsum("bd,hdq->bhq", x, W_q)  # blank C
    k = torch.einsum("bd,dk->bhk", x, W_k)  # blank D; mistake: h appears from nowhere, so it does not run
    v = torch.einsum("bd,dv->bv", x, W_v)  # blank E

    # The cache with the new key and value at its end
    new_K = torch.cat([prev_K, k.unsqueeze(1)], dim=1)  # (b, n+1, k)
    new_V = torch.cat([prev_V, v.unsqueeze(1)], dim=1)  # (b, n+1, v)

    # Scores, weights and the weighted values. (The handout prints "bkh,bnk->bhn" here, which is a misprint.)
    logits = torch.einsum("bhk,bnk->bhn", q, new_K)  # (b, h, n+1)
    weights = torch.nn.functional.softmax(logits, dim=-1)  # (b, h, n+1)
    o = torch.einsum("bhn,bnv->bhv", weights, new_V)  # (b, h, v)

    # Back to the width of an embedding
    y = torch.einsum("bhv,hvd->bd", o, W_o)  # (b, d)
    return y


# For MHA with n cached tokens, making one token for each sequence of the batch takes
#   computation    O(bd^2 + bnd): bd^2 for the four projections, bnd for the dot products with n cached keys and values
#                  in every head
#   memory access  O(d^2 + bd + bnd): d^2 to read the weights, bd to read and write x, q, k, v, o and y, bnd to read the
#                  cached keys and values
# Its arithmetic intensity is the quotient of the two. All terms are kept: which one leads depends on n and d. For a
# small n it is the projections, for a large n it is reading the cache.

# (f) [4 points] What is the computational complexity of MQA, for one token with n cached tokens? Write it in big-O
# notation in b, n, d, h, k, v and q, as text: "O(...)". LaTeX is read too, as in r"\mathcal{O}(...)".
computation = "O(bd^2 + bnd/h)"  # mistake: sharing keys saves reading, not dot products

# (g) [4 points] And what is its memory access complexity?
memory_access = "O(d^2 + bd + bnd)"  # mistake: that of MHA
