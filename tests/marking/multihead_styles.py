"""Pieces of multi-head attention in many styles, each a method of the class or a line of its module."""

INIT = """
def __init__(self, d_model, num_heads):
    super(MultiHeadAttention, self).__init__()
    self.d_model = d_model
    self.num_heads = num_heads
    self.d_k = d_model // num_heads
    self.W_q = nn.Linear(d_model, d_model)
    self.W_k = nn.Linear(d_model, d_model)
    self.W_v = nn.Linear(d_model, d_model)
    self.W_o = nn.Linear(d_model, d_model)
"""
TERSE = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    S = Q @ K.mT / self.d_k**0.5
    if mask is not None:
        S = S.masked_fill(~mask.bool(), float("-inf"))
    return S.softmax(-1) @ V
"""
EINSUM = """
def scaled_dot_product_attention(self, query, key, value, mask=None):
    energy = torch.einsum("bhqd,bhkd->bhqk", query, key)
    if mask is not None:
        energy = energy.masked_fill(mask == 0, float("-1e20"))
    attention = torch.softmax(energy / (self.d_k ** (1 / 2)), dim=3)
    return torch.einsum("bhqk,bhkd->bhqd", attention, value)
"""
LIBRARY = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    return F.scaled_dot_product_attention(Q, K, V, attn_mask=None if mask is None else mask.to(torch.bool))
"""
LOOPED = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    heads = []
    for i in range(Q.shape[1]):
        scores = torch.bmm(Q[:, i], K[:, i].transpose(1, 2)) / math.sqrt(Q.shape[-1])
        if mask is not None:
            m = mask if mask.dim() == 2 else mask[:, 0]
            scores = torch.where(m != 0, scores, torch.full_like(scores, -1e9))
        heads.append(torch.bmm(F.softmax(scores, dim=-1), V[:, i]))
    return torch.stack(heads, dim=1)
"""
ADDITIVE = """
def scaled_dot_product_attention(self, Q, K, V, mask=None, dropout=None):
    scale = 1.0 / math.sqrt(self.d_k)
    scores = torch.matmul(Q * scale, K.transpose(-1, -2))
    if mask is not None:
        scores = scores + (1.0 - mask.float()) * -1e9
    weights = nn.Softmax(dim=-1)(scores)
    if dropout is not None:
        weights = dropout(weights)
    return torch.matmul(weights, V)
"""
BY_HAND = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    scores = torch.matmul(Q.double(), K.double().transpose(-2, -1)).div(math.sqrt(Q.size(-1)))
    if mask is not None:
        scores[(mask == 0).expand_as(scores)] = -1e9
    scores = scores - scores.max(-1, keepdim=True)[0]
    exps = torch.exp(scores)
    probs = exps / exps.sum(-1, keepdim=True)
    return torch.matmul(probs, V.double()).to(V.dtype)
"""
WITHOUT_MAXIMUM = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    e = torch.exp(Q @ K.transpose(-2, -1) / math.sqrt(self.d_k))
    if mask is not None:
        e = e * (mask != 0)
    return (e / e.sum(-1, keepdim=True)) @ V
"""
BY_LOGARITHM = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    scores = Q @ K.transpose(-2, -1) / math.sqrt(self.d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    return torch.exp(scores - torch.log(torch.exp(scores).sum(-1, keepdim=True))) @ V
"""
SUMS = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    scores = np.matmul(Q.detach().numpy(), K.detach().numpy().swapaxes(-1, -2)) / np.sqrt(np.float32(self.d_k))
    e = np.exp(scores)
    if mask is not None:
        e = np.where(mask.numpy() == 0, np.float32(0), e)
    return torch.from_numpy(np.matmul(e, V.detach().numpy()) / e.sum(-1, keepdims=True))
"""
SPLIT = """
def split_heads(self, x):
    b, s, _ = x.shape
    return x.reshape(b, s, self.num_heads, -1).permute(0, 2, 1, 3)
"""
SPLIT_STACK = """
def split_heads(self, x):
    return torch.stack(x.chunk(self.num_heads, dim=-1), dim=1)
"""
SPLIT_UNFLATTEN = """
def split_heads(self, x):
    return x.unflatten(-1, (self.num_heads, self.d_k)).transpose(1, 2)
"""
COMBINE = """
def combine_heads(self, x):
    b, h, s, d = x.shape
    return x.permute(0, 2, 1, 3).reshape(b, s, h * d)
"""
COMBINE_CAT = """
def combine_heads(self, x):
    return torch.cat([x[:, i] for i in range(self.num_heads)], dim=-1)
"""
COMBINE_FLATTEN = """
def combine_heads(self, x):
    return x.transpose(1, 2).flatten(2, 3)
"""
FORWARD = """
def forward(self, Q, K, V, mask=None):
    q, k, v = map(self.split_heads, (self.W_q(Q), self.W_k(K), self.W_v(V)))
    return self.W_o(self.combine_heads(self.scaled_dot_product_attention(q, k, v, mask)))
"""
FORWARD_KEYWORD = """
def forward(self, Q, K, V, mask=None, return_attention=False):
    Qh = self.split_heads(self.W_q(Q))
    Kh = self.split_heads(self.W_k(K))
    Vh = self.split_heads(self.W_v(V))
    attended = self.scaled_dot_product_attention(Qh, Kh, Vh, mask=mask)
    concatenated = self.combine_heads(attended)
    out = self.W_o(concatenated)
    return out
"""
FORWARD_KARPATHY = """
def forward(self, Q, K, V, mask=None):
    B, T, C = Q.size()
    q = self.W_q(Q).view(B, T, self.num_heads, C // self.num_heads).transpose(1, 2)
    k = self.W_k(K).view(B, T, self.num_heads, C // self.num_heads).transpose(1, 2)
    v = self.W_v(V).view(B, T, self.num_heads, C // self.num_heads).transpose(1, 2)
    att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
    if mask is not None:
        att = att.masked_fill(mask == 0, float("-inf"))
    att = F.softmax(att, dim=-1)
    y = att @ v
    y = y.transpose(1, 2).contiguous().view(B, T, C)
    return self.W_o(y)
"""
INIT_NAMES = """
def __init__(self, d_model: int, num_heads: int, dropout: float = 0.1, bias: bool = True):
    super().__init__()
    assert d_model % num_heads == 0, "d_model must be divisible by num_heads"
    self.d_model, self.num_heads, self.d_k = d_model, num_heads, d_model // num_heads
    for name in ("W_q", "W_k", "W_v", "W_o"):
        setattr(self, name, nn.Linear(d_model, d_model, bias=bias))
    self.dropout = nn.Dropout(dropout)
"""
DROPOUT = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    attn_scores = torch.matmul(Q, K.transpose(-2, -1)) / math.sqrt(self.d_k)
    if mask is not None:
        attn_scores = attn_scores.masked_fill(mask == 0, -1e9)
    attn_probs = self.dropout(torch.softmax(attn_scores, dim=-1))
    return torch.matmul(attn_probs, V)
"""
INIT_KEYWORDS = """
def __init__(self, d_model, num_heads):
    super().__init__()
    self.num_heads = num_heads
    self.d_model = d_model
    self.d_k = int(d_model / num_heads)
    self.W_q = nn.Linear(in_features=d_model, out_features=d_model)
    self.W_k = nn.Linear(in_features=d_model, out_features=self.num_heads * self.d_k)
    self.W_v = nn.Linear(in_features=self.d_model, out_features=d_model)
    self.W_o = nn.Linear(in_features=d_model, out_features=d_model, bias=True)
"""
FUNCTION = """
SCALE_POWER = -0.5


def attend(q, k, v, mask):
    scores = q @ k.transpose(-2, -1) * q.shape[-1] ** SCALE_POWER
    if mask is not None:
        scores = scores.masked_fill(torch.logical_not(mask), torch.finfo(scores.dtype).min)
    return torch.softmax(scores, -1) @ v
"""
CALLS_FUNCTION = """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    return attend(Q, K, V, mask)
"""
STATIC = """
@staticmethod
def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = torch.matmul(Q, K.transpose(-2, -1)) / math.sqrt(Q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(mask.eq(0), -1e9)
    return F.softmax(scores, dim=-1).matmul(V)
"""
EYE = """
def split_heads(self, x):
    return x.view(x.size(0), -1, self.num_heads, self.d_k).transpose(1, 2)
"""
RECTANGULAR = """
def combine_heads(self, x):
    return torch.einsum("bhsd->bshd", x).reshape(x.shape[0], x.shape[2], -1)
"""
