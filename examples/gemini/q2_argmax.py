"""Question 2: argmax attention (10 points).

Attention can be seen as softmax pooling that a query steers. Here is a hypothetical variant: the layer returns exactly
the value whose key is most similar to the query, where similarity is the usual inner product. So argmax stands where
softmax stood. (Hint: argmax([1, 3, 2]) = [0, 1, 0].)

The numbers:

    keys      [1, 2, 0]   [0, 3, 4]    [5, 0, 0]    [0, 0, 1]
    values    [2, 0, 1]   [1, 4, 3]    [0, -1, 4]   [1, 0, -1]
    query     [1, 1, 2]

The first key belongs to the first value, and so on.
"""

import torch

# (a) [3 points] What does the layer return for this query? A list, tuple, NumPy array or tensor of 3 numbers.
output = [1, 4, 3]


def argmax_attention(q: torch.Tensor, K: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """(a) [2 points] Argmax attention for any query, keys and values.

    q: (d,) the query; K: (n, d) one key a row; V: (n, m) one value a row -> (m,)
    """
    raise NotImplementedError  # replace this line by your code


# (b) We used argmax in place of softmax. How does this affect how usefully models with attention can be trained?
# (Hint: follow the gradients in the backward pass. Can queries and keys become better by training?)

# [3 points, 1 each] Does a useful gradient of the output reach each of these through the layer? True or False.
gradient_reaches = {
    "queries": False,
    "keys": False,
    "values": None,
}

# [2 points] Explain in your own words, in a few sentences.
training_effect = (
    "The argmax operation is a step function. Its derivative is zero almost everywhere (and undefined at the jump "
    "points). During backpropagation, gradients cannot flow through the argmax operation to update the weights of the "
    "query and key projections. This prevents the model from learning how to attend to different parts of the input, "
    "rendering gradient-based training impossible for the attention mechanism."
)
