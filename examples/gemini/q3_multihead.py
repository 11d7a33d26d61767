"""Question 3: multi-head attention in code (20 points).

(a) Complete the class MultiHeadAttention, which ends with a linear layer. Every ____ is a blank, named in the comment
on its line; (c) and (g) are filled in, to show what kind of answer is wanted. Each of the blanks (a), (b), (d), (e),
(f) and (h) is worth 1 point whatever stands in the others. Then the whole is tried: scaled_dot_product_attention
without a mask [2 points], split_heads and combine_heads [1 each], forward without a mask [2] and with masks [2]. You
may also rewrite the class, as long as its names stay.

Hints: for (d) and (f), which of Q, K and V belongs here? For (e), which operation makes probabilities of scores? For
(h), which linear layer has not been applied yet?

    B  batch    S  sequence length    h  num_heads    d_k = d_model / num_heads

A mask holds 1 where a key may be seen and 0 where it is hidden (as numbers or as bool), and broadcasts to (B, h, S, S).
"""

import math

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """Queries, keys and values of shape (B, S, d_model) give an output of shape (B, S, d_model)."""

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        self.d_model = d_model
        self.num_heads = num_heads
        self.d_k = d_model // num_heads

        self.W_q = nn.Linear(d_model, d_model)
        self.W_k = nn.Linear(d_model, ____)  # blank (a)
        self.W_v = nn.Linear(____, d_model)  # blank (b)
        self.W_o = nn.Linear(d_model, d_model)  # (c), given: d_model

    def scaled_dot_product_attention(
        self, Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Q, K, V: (B, h, S, d_k) -> (B, h, S, d_k)."""
        attn_scores = torch.matmul(____, K.transpose(-2, -1))  # blank (d)
        attn_scores = attn_scores / math.sqrt(self.d_k)
        if mask is not None:
            attn_scores = attn_scores.masked_fill(mask == 0, -1e9)
        attn_probs = torch.____(attn_scores, dim=-1)  # blank (e)
        output = torch.matmul(attn_probs, ____)  # blank (f)
        return output

    def split_heads(self, x: torch.Tensor) -> torch.Tensor:
        """(B, S, d_model) -> (B, h, S, d_k)."""
        batch_size, seq_length, _ = x.size()
        return x.view(batch_size, seq_length, self.num_heads, self.d_k).transpose(1, 2)  # (g), given: self.num_heads

    def combine_heads(self, x: torch.Tensor) -> torch.Tensor:
        """(B, h, S, d_k) -> (B, S, d_model)."""
        batch_size, _, seq_length, _ = x.size()
        # The handout prints .view without .contiguous(), which raises an error: a transposed tensor has no such view.
        return x.transpose(1, 2).contiguous().view(batch_size, seq_length, self.d_model)

    def forward(
        self, Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Q, K, V: (B, S, d_model) -> (B, S, d_model)."""
        Q = self.split_heads(self.W_q(Q))
        K = self.split_heads(self.W_k(K))
        V = self.split_heads(self.W_v(V))
        attn_output = self.scaled_dot_product_attention(Q, K, V, mask)
        output = self.____(self.combine_heads(attn_output))  # blank (h)
        return output


class WideValueMultiHeadAttention(nn.Module):
    """(b) [5 points] The same layer with longer value vectors.

    Suppose that W_v is set up as

        self.W_v = nn.Linear(in_features=d_model, out_features=2 * d_model)

    Which other changes, as few as possible, does the code need so that it runs? (Hint: transformers put a residual
    connection around an attention block. What does it ask of the block's output?)

    Write the changed class here, with the same names, parameters and input shapes as in (a): start from a copy, or make
    it a subclass of MultiHeadAttention. Head i has the i-th run of 2 * d_model / num_heads columns of the values.
    2 points if it runs and its output has the right shape, 3 more if the numbers are right.
    """

    def __init__(self, d_model: int, num_heads: int) -> None:
        raise NotImplementedError  # replace this class's body by your code


# (b) [1 point] What did you change, and why? In words.
modifications = ""
