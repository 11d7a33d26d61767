"""Question 2: attention that returns the value of the one most similar key.

d  length of a query and of a key      n  number of keys and values      m  length of a value
"""

import torch


def argmax_attention(q: torch.Tensor, K: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """The row of V (n, m) whose key, a row of K (n, d), has the largest inner product with q (d,)."""
    scores = K @ q  # (n,)
    return V[scores.argmax()]  # (m,)


# (a) on the homework's numbers, one key or value a row
query = torch.tensor([1.0, 1.0, 2.0])
keys = torch.tensor([[1.0, 2.0, 0.0], [0.0, 3.0, 4.0], [5.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
values = torch.tensor([[2.0, 0.0, 1.0], [1.0, 4.0, 3.0], [0.0, -1.0, 4.0], [1.0, 0.0, -1.0]])
output = argmax_attention(query, keys, values)

# (b) the index is piecewise constant in q and K: its derivative is 0 where it exists. V is passed on as it is.
gradient_reaches = {"queries": False, "keys": False, "values": True}

training_effect = (
    "The chosen index does not change under a small change of the query or the keys, so its derivative with respect to "
    "them is zero almost everywhere and undefined at ties. No gradient reaches the query and key projections: the "
    "model cannot learn where to look. Only the one selected value gets a gradient, so the values can still be "
    "trained, but only for the key that was picked by the initial, never improving queries and keys."
)
