import torch

W_q_shape = r"\mathbb{R}^{h \times d \times q}"
W_k_shape = ("d", "k")


def attend(queries, keys, values):
    """One head at a time: queries (b, k), keys (b, m, k), values (b, m, v) -> (b, v)."""
    scores = torch.bmm(keys, queries.unsqueeze(-1))  # (b, m, 1)
    return (scores.softmax(dim=1) * values).sum(dim=1)


def multiquery_attention_incremental(x, prev_K, prev_V, W_q, W_k, W_v, W_o):
    heads = W_q.size(0)
    keys = torch.hstack((prev_K, (x @ W_k)[:, None]))
    values = torch.hstack((prev_V, torch.tensordot(x, W_v, dims=1)[:, None]))
    result = torch.zeros_like(x)
    for head in range(heads):
        result = result + attend(x @ W_q[head], keys, values) @ W_o[head]
    return result


# the projections and the two products with the cache
computation = r"$\Theta(b\,d\,(n + d))$"

# weights, embeddings, one shared cache
memory_access = "O(d² + b·d + n·b·d/h)"
