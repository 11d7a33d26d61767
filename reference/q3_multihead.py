"""Question 3: softmax attention with several heads, and the same with wider values.

    B  batch    S  sequence length    h  num_heads    d_model = h * d_k

A mask is 1 where a key may be seen and 0 where it is hidden; it broadcasts to (B, h, S, S).
"""

import math

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """3(a). Queries, keys and values of (B, S, d_model) give (B, S, d_model)."""

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        self.d_model = d_model
        self.num_heads = num_heads
        self.d_k = d_model // num_heads

        self.W_q = nn.Linear(d_model, d_model)
        self.W_k = nn.Linear(d_model, d_model)  # blank (a)
        self.W_v = nn.Linear(d_model, d_model)  # blank (b)
        self.W_o = nn.Linear(d_model, d_model)  # (c)

    def scaled_dot_product_attention(
        self, Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """softmax(Q K^T / sqrt(d_k)) V for each head; Q, K: (B, h, S, d_k), V: (B, h, S, d_v) -> (B, h, S, d_v)."""
        attn_scores = torch.matmul(Q, K.transpose(-2, -1))  # blank (d); (B, h, S, S)
        attn_scores = attn_scores / math.sqrt(self.d_k)
        if mask is not None:
            attn_scores = attn_scores.masked_fill(mask == 0, -1e9)
        attn_probs = torch.softmax(attn_scores, dim=-1)  # blank (e); (B, h, S, S)
        return torch.matmul(attn_probs, V)  # blank (f); (B, h, S, d_v)

    def split_heads(self, x: torch.Tensor) -> torch.Tensor:
        """(B, S, d_model) -> (B, h, S, d_k)."""
        batch_size, seq_length, _ = x.size()
        return x.view(batch_size, seq_length, self.num_heads, self.d_k).transpose(1, 2)  # (g)

    def combine_heads(self, x: torch.Tensor) -> torch.Tensor:
        """(B, h, S, d_k) -> (B, S, d_model)."""
        batch_size, _, seq_length, _ = x.size()
        # contiguous(): a transposed tensor has no view in which the heads lie side by side
        return x.transpose(1, 2).contiguous().view(batch_size, seq_length, self.d_model)

    def forward(
        self, Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Q, K, V: (B, S, d_model) -> (B, S, d_model)."""
        Q = self.split_heads(self.W_q(Q))  # (B, h, S, d_k)
        K = self.split_heads(self.W_k(K))  # (B, h, S, d_k)
        V = self.split_heads(self.W_v(V))  # (B, h, S, d_v)
        attn_output = self.scaled_dot_product_attention(Q, K, V, mask)  # (B, h, S, d_v)
        return self.W_o(self.combine_heads(attn_output))  # blank (h); (B, S, d_model)


class WideValueMultiHeadAttention(MultiHeadAttention):
    """3(b). Values twice as wide: d_v = 2 * d_model / h, head i has the i-th run of d_v columns of W_v's output."""

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__(d_model, num_heads)
        self.W_v = nn.Linear(d_model, 2 * d_model)
        self.W_o = nn.Linear(2 * d_model, d_model)

    def split_heads(self, x: torch.Tensor) -> torch.Tensor:
        """(B, S, width) -> (B, h, S, width / h), for d_model and for 2 * d_model."""
        batch_size, seq_length, width = x.size()
        return x.view(batch_size, seq_length, self.num_heads, width // self.num_heads).transpose(1, 2)

    def combine_heads(self, x: torch.Tensor) -> torch.Tensor:
        """(B, h, S, d_v) -> (B, S, h * d_v)."""
        batch_size, num_heads, seq_length, d_v = x.size()
        return x.transpose(1, 2).contiguous().view(batch_size, seq_length, num_heads * d_v)


modifications = (
    "W_o takes 2 * d_model features, because the heads together now give that many, and still returns d_model, "
    "because the residual connection adds the output to the input. split_heads cuts x by its own width in place of "
    "d_k, as values are wider than queries and keys; combine_heads joins the heads to their full width in place of "
    "d_model. Queries, keys, scores and the scaling by sqrt(d_k) stay as they were."
)
