"""Question 3(a) in the styles of public code, all right: lists of clones, permuted shapes, einsum, loops, NumPy."""

from tests.marking.multihead import ALL, FILLED, IMPORTS, MODULE, methods
from tests.marking.multihead_styles import COMBINE, FORWARD, SPLIT, TERSE
from tests.marking.variants import Variant, right

RIGHT: list[Variant] = []
WRONG: list[Variant] = []


def add(name: str, text: str) -> None:
    RIGHT.append(right(name, MODULE, text, *ALL))


CLONES = (
    IMPORTS
    + """
import copy
def clones(module, N):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(N)])

def attention(query, key, value, mask=None, dropout=None):
    "Compute 'Scaled Dot Product Attention'"
    d_k = query.size(-1)
    scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    p_attn = scores.softmax(dim=-1)
    if dropout is not None:
        p_attn = dropout(p_attn)
    return torch.matmul(p_attn, value), p_attn

class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super(MultiHeadAttention, self).__init__()
        assert d_model % num_heads == 0
        self.d_k = d_model // num_heads
        self.h = num_heads
        self.linears = clones(nn.Linear(d_model, d_model), 4)
        self.W_q, self.W_k, self.W_v, self.W_o = self.linears
        self.attn = None
        self.dropout = nn.Dropout(p=dropout)
    def scaled_dot_product_attention(self, Q, K, V, mask=None):
        x, self.attn = attention(Q, K, V, mask=mask, dropout=self.dropout)
        return x
    def split_heads(self, x):
        nbatches = x.size(0)
        return x.view(nbatches, -1, self.h, self.d_k).transpose(1, 2)
    def combine_heads(self, x):
        nbatches = x.size(0)
        return x.transpose(1, 2).contiguous().view(nbatches, -1, self.h * self.d_k)
    def forward(self, query, key, value, mask=None):
        query, key, value = [self.split_heads(lin(x)) for lin, x in zip(self.linears, (query, key, value))]
        x = self.scaled_dot_product_attention(query, key, value, mask)
        del query; del key; del value
        return self.linears[-1](self.combine_heads(x))
"""
)
add("a list of clones", CLONES)
add(
    "permuted shapes",
    IMPORTS
    + """
class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        if d_model % num_heads != 0:
            raise ValueError(f"The hidden size ({d_model}) is not a multiple of the number of heads ({num_heads})")
        self.num_attention_heads = num_heads
        self.attention_head_size = int(d_model / num_heads)
        self.all_head_size = self.num_attention_heads * self.attention_head_size
        self.W_q = nn.Linear(d_model, self.all_head_size)
        self.W_k = nn.Linear(d_model, self.all_head_size)
        self.W_v = nn.Linear(d_model, self.all_head_size)
        self.W_o = nn.Linear(self.all_head_size, d_model)
    def split_heads(self, x: torch.Tensor) -> torch.Tensor:
        new_x_shape = x.size()[:-1] + (self.num_attention_heads, self.attention_head_size)
        x = x.view(new_x_shape)
        return x.permute(0, 2, 1, 3)
    def combine_heads(self, context_layer):
        context_layer = context_layer.permute(0, 2, 1, 3).contiguous()
        new_context_layer_shape = context_layer.size()[:-2] + (self.all_head_size,)
        return context_layer.view(new_context_layer_shape)
    def scaled_dot_product_attention(self, query_layer, key_layer, value_layer, attention_mask=None):
        attention_scores = torch.matmul(query_layer, key_layer.transpose(-1, -2))
        attention_scores = attention_scores / math.sqrt(self.attention_head_size)
        if attention_mask is not None:
            extended = (1.0 - attention_mask.to(attention_scores.dtype)) * torch.finfo(attention_scores.dtype).min
            attention_scores = attention_scores + extended
        attention_probs = nn.functional.softmax(attention_scores, dim=-1)
        return torch.matmul(attention_probs, value_layer)
    def forward(self, Q, K, V, mask=None, output_attentions=False):
        ctx = self.scaled_dot_product_attention(self.split_heads(self.W_q(Q)), self.split_heads(self.W_k(K)), self.split_heads(self.W_v(V)), mask)
        return self.W_o(self.combine_heads(ctx))
""",
)
add(
    "einsum with spaces",
    IMPORTS
    + """
def exists(val): return val is not None
class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout = 0.):
        super().__init__()
        self.heads = num_heads
        self.scale = (d_model // num_heads) ** -0.5
        self.W_q = nn.Linear(d_model, d_model); self.W_k = nn.Linear(d_model, d_model)
        self.W_v = nn.Linear(d_model, d_model); self.W_o = nn.Linear(d_model, d_model)
        self.attend = nn.Softmax(dim = -1)
    def split_heads(self, t): return t.reshape(*t.shape[:2], self.heads, -1).permute(0, 2, 1, 3)
    def combine_heads(self, t): return t.permute(0, 2, 1, 3).flatten(2)
    def scaled_dot_product_attention(self, Q, K, V, mask=None):
        dots = torch.einsum('b h i d, b h j d -> b h i j', Q, K) * self.scale
        if exists(mask):
            mask_value = -torch.finfo(dots.dtype).max
            dots.masked_fill_(~mask.bool(), mask_value)
        attn = self.attend(dots)
        return torch.einsum('b h i j, b h j d -> b h i d', attn, V)
    def forward(self, Q, K, V, mask=None):
        q, k, v = map(lambda t: self.split_heads(t), (self.W_q(Q), self.W_k(K), self.W_v(V)))
        return self.W_o(self.combine_heads(self.scaled_dot_product_attention(q, k, v, mask)))
""",
)
add(
    "baddbmm",
    methods(
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    B, h, S, d = Q.shape
    scores = torch.baddbmm(torch.zeros(B*h, S, S), Q.reshape(B*h, S, d), K.reshape(B*h, S, d).transpose(1,2), beta=0, alpha=1/math.sqrt(d)).view(B, h, S, S)
    if mask is not None:
        scores = torch.where(mask.bool(), scores, torch.tensor(-1e30))
    w = torch.exp(scores - torch.logsumexp(scores, -1, keepdim=True))
    return torch.bmm(w.view(B*h, S, S), V.reshape(B*h, S, -1)).view(B, h, S, -1)
""",
        SPLIT,
        COMBINE,
        FORWARD,
    ),
)
add(
    "log_softmax exp",
    FILLED.replace("torch.softmax(attn_scores, dim=-1)", "torch.log_softmax(attn_scores, dim=-1).exp()"),
)
add("special softmax", FILLED.replace("torch.softmax(attn_scores, dim=-1)", "torch.special.softmax(attn_scores, -1)"))
add(
    "scores by query scaling",
    FILLED.replace(
        "torch.matmul(Q, K.transpose(-2, -1))", "torch.matmul(Q / math.sqrt(self.d_k), K.transpose(-2, -1))"
    ).replace("attn_scores = attn_scores / math.sqrt(self.d_k)\n", "pass\n"),
)
add(
    "softmax module in init",
    FILLED.replace(
        "self.W_o = nn.Linear(d_model, d_model)  # (c), given: d_model",
        "self.W_o = nn.Linear(d_model, d_model)\n        self.sm = nn.Softmax(-1)",
    ).replace("torch.softmax(attn_scores, dim=-1)", "self.sm(attn_scores)"),
)
add("dataclass-like super init first", FILLED.replace("super().__init__()", "nn.Module.__init__(self)"))
add(
    "tensor_split",
    methods(
        TERSE,
        """
def split_heads(self, x):
    return torch.stack(torch.tensor_split(x, self.num_heads, dim=2), dim=1)
""",
        """
def combine_heads(self, x):
    return torch.cat(x.unbind(1), dim=-1)
""",
        FORWARD,
    ),
)
add(
    "movedim",
    methods(
        TERSE,
        """
def split_heads(self, x):
    return x.view(*x.shape[:2], self.num_heads, self.d_k).movedim(2, 1)
""",
        """
def combine_heads(self, x):
    return x.movedim(1, 2).flatten(start_dim=2)
""",
        FORWARD,
    ),
)
add(
    "numpy attention",
    methods(
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    import numpy as np
    q, k, v = (t.detach().numpy() for t in (Q, K, V))
    s = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        s = np.where(mask.numpy() == 0, -1e9, s)
    s = s - s.max(-1, keepdims=True)
    w = np.exp(s) / np.exp(s).sum(-1, keepdims=True)
    return torch.from_numpy((w @ v).astype(np.float32))
""",
        SPLIT,
        COMBINE,
        FORWARD,
    ),
)
add(
    "triple loop",
    methods(
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    B, h, S, d = Q.shape
    out = torch.zeros_like(V)
    m = None if mask is None else mask.expand(B, h, S, S)
    for b in range(B):
        for i in range(h):
            for s in range(S):
                row = (K[b, i] * Q[b, i, s]).sum(1) / d ** 0.5
                if m is not None:
                    row = row.masked_fill(m[b, i, s] == 0, -math.inf)
                out[b, i, s] = (torch.softmax(row, 0)[:, None] * V[b, i]).sum(0)
    return out
""",
        SPLIT,
        COMBINE,
        FORWARD,
    ),
)
add(
    "type checks and asserts",
    FILLED.replace(
        "        Q = self.split_heads(self.W_q(Q))",
        "        assert Q.dim() == 3 and Q.size(-1) == self.d_model, Q.shape\n        assert mask is None or torch.is_tensor(mask)\n        Q = self.split_heads(self.W_q(Q))",
    ),
)
add(
    "mask handled in forward",
    FILLED.replace(
        "        attn_output = self.scaled",
        "        if mask is not None and mask.dtype != torch.bool:\n            mask = mask != 0\n        attn_output = self.scaled",
    ),
)
add(
    "property d_k",
    FILLED.replace("        self.d_k = d_model // num_heads\n", "").replace(
        "    def split_heads",
        "    @property\n    def d_k(self):\n        return self.d_model // self.num_heads\n\n    def split_heads",
    ),
)
add(
    "init weights",
    FILLED.replace(
        "    def split_heads",
        "    def reset_parameters(self):\n        for p in self.parameters():\n            if p.dim() > 1:\n                nn.init.xavier_uniform_(p)\n\n    def split_heads",
    ),
)
add(
    "torch.nn as T",
    FILLED.replace("from torch import nn", "import torch.nn as nn\nfrom torch.nn import Linear").replace(
        "nn.Linear(d_model, d_model)  # blank (a)", "Linear(in_features=d_model, out_features=d_model)"
    ),
)
add(
    "walrus",
    FILLED.replace(
        "output = torch.matmul(attn_probs, V)  # blank (f)\n        return output",
        "return (out := torch.matmul(attn_probs, V))",
    ),
)
add("contiguous reshape", FILLED.replace("x.transpose(1, 2).contiguous().view(", "x.transpose(2, 1).clone().reshape("))
