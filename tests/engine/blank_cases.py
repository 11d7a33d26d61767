"""Ways to fill in the blanks of questions 3 and 4: right ones and wrong ones, in the style of real submissions.

A case replaces lines of the template, named by the blank in their comment. In place of a line there may be several.
"""

IN_PLACE_RIGHT = {
    "a": [
        "self.W_k = nn.Linear(d_model, d_model)",
        "self.W_k = nn.Linear(d_model, self.d_model)",
        "self.W_k = nn.Linear(d_model, num_heads * self.d_k)",
        "self.W_k = nn.Linear(d_model, self.d_k * self.num_heads, bias=False)",
        "self.W_k = nn.Linear(in_features=d_model, out_features=d_model)",
        "self.W_k = nn.Linear(d_model, out_features=d_model)",
        "self.W_k = torch.nn.Linear(d_model, int(d_model))",
        "self.W_k = nn.Linear(self.d_model, self.d_model)",
        "self.W_k = nn.Linear(d_model, (d_model))",
        "self.W_k: nn.Linear = nn.Linear(d_model, d_model)",
        "width = num_heads * (d_model // num_heads)\nself.W_k = nn.Linear(d_model, width)",
        "self.width = d_model\nself.W_k = nn.Linear(d_model, self.width)",
        "self.W_q, self.W_k = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)",
        "self.W_q, self.W_k = (nn.Linear(d_model, d_model) for _ in range(2))",
        "setattr(self, 'W_k', nn.Linear(d_model, d_model))",
        "for name in ('W_q', 'W_k'):\n    setattr(self, name, nn.Linear(d_model, d_model))",
        "make = lambda: nn.Linear(d_model, d_model)\nself.W_k = make()",
        "self.W_k = square(d_model)",
        "self.W_k = nn.Linear(d_model, d_model)\nnn.init.xavier_uniform_(self.W_k.weight)",
        "self.W_k = nn.LazyLinear(d_model)",
        "if d_model % num_heads == 0:\n    self.W_k = nn.Linear(d_model, d_model)",
    ],
    "b": [
        "self.W_v = nn.Linear(d_model, d_model)",
        "self.W_v = nn.Linear(self.d_model, d_model)",
        "self.W_v = nn.Linear(num_heads * self.d_k, d_model)",
        "self.W_v = nn.Linear(in_features=d_model, out_features=d_model)",
        "self.W_v = nn.Linear(out_features=d_model, in_features=self.d_model)",
        "self.W_v = square(d_model)",
        "self.W_v = copy.deepcopy(self.W_q)",
        "self.W_v = nn.Linear(self.W_q.out_features, d_model)",
    ],
    "d": [
        "attn_scores = torch.matmul(Q, K.transpose(-2, -1))",
        "attn_scores = Q @ K.transpose(-2, -1)",
        "attn_scores = torch.matmul(Q, K.transpose(2, 3))",
        "attn_scores = Q.matmul(K.mT)",
        "attn_scores = torch.einsum('bhqd,bhkd->bhqk', Q, K)",
        "attn_scores = torch.einsum('...id,...jd->...ij', Q, K)",
        "scores = torch.matmul(Q, K.transpose(-2, -1))\nattn_scores = scores",
        "attn_scores = torch.matmul(input=Q, other=K.transpose(-2, -1))",
        "attn_scores = torch.matmul(K, Q.transpose(-2, -1)).transpose(-2, -1)",
        "attn_scores = (Q.unsqueeze(-2) * K.unsqueeze(-3)).sum(-1)",
        "attn_scores = torch.zeros(Q.size(0), Q.size(1), Q.size(2), K.size(2))\n"
        "for i in range(Q.size(1)):\n    attn_scores[:, i] = Q[:, i] @ K[:, i].transpose(-2, -1)",
        "attn_scores = torch.stack([Q[:, i] @ K[:, i].mT for i in range(self.num_heads)], dim=1)",
        "query = Q\nattn_scores = torch.matmul(query, K.transpose(-2, -1))",
        "attn_scores = scores_of(Q, K)",
        "attn_scores = torch.matmul(Q.float(), K.transpose(-2, -1))",
        "with torch.no_grad():\n    attn_scores = torch.matmul(Q, K.transpose(-2, -1))",
        "KT = K.permute(0, 1, 3, 2)\nattn_scores = torch.matmul(Q, KT)",
        "B, h, S, d = Q.shape\n"
        "attn_scores = torch.bmm(Q.reshape(B * h, S, d), K.reshape(B * h, S, d).transpose(1, 2)).view(B, h, S, S)",
        "assert Q.dim() == 4\nattn_scores = torch.matmul(Q, K.transpose(-2, -1))",
        "attn_scores: torch.Tensor = torch.matmul(Q, K.transpose(-1, -2))",
        "if (attn_scores := torch.matmul(Q, K.transpose(-2, -1))) is None:\n    raise ValueError",
    ],
    "e": [
        "attn_probs = torch.softmax(attn_scores, dim=-1)",
        "attn_probs = torch.nn.functional.softmax(attn_scores, dim=-1)",
        "attn_probs = nn.functional.softmax(attn_scores, dim=-1)",
        "attn_probs = F.softmax(attn_scores, dim=-1)",
        "attn_probs = F.softmax(attn_scores, -1)",
        "attn_probs = attn_scores.softmax(-1)",
        "attn_probs = attn_scores.softmax(dim=3)",
        "attn_probs = nn.Softmax(dim=-1)(attn_scores)",
        "attn_probs = torch.nn.Softmax(dim=-1)(attn_scores)",
        "softmax = nn.Softmax(dim=-1)\nattn_probs = softmax(attn_scores)",
        "attn_probs = torch.special.softmax(attn_scores, dim=-1)",
        "attn_probs = torch.exp(attn_scores) / torch.exp(attn_scores).sum(dim=-1, keepdim=True)",
        "attn_probs = torch.exp(torch.log_softmax(attn_scores, dim=-1))",
        "attn_scores = attn_scores - attn_scores.max(dim=-1, keepdim=True).values\n"
        "weights = attn_scores.exp()\nattn_probs = weights / weights.sum(-1, keepdim=True)",
        "attn_probs = softmax_by_hand(attn_scores)",
        "attn_probs = torch.softmax(attn_scores, dim=-1)\nattn_probs = F.dropout(attn_probs, 0.5, self.training)",
        "attn_probs = torch.softmax(attn_scores.double(), dim=-1).float()",
        "attn_probs = torch.softmax(attn_scores, dim=-1, dtype=torch.float32)",
        "attn_probs = torch.empty_like(attn_scores)\ntorch.softmax(attn_scores, dim=-1, out=attn_probs)",
        "attn_probs = F.softmax(Q @ K.transpose(-2, -1) / math.sqrt(self.d_k), dim=-1)",
    ],
    "f": [
        "output = torch.matmul(attn_probs, V)",
        "output = attn_probs @ V",
        "output = attn_probs.matmul(V)",
        "output = torch.matmul(input=attn_probs, other=V)",
        "output = torch.einsum('bhqk,bhkd->bhqd', attn_probs, V)",
        "context = torch.matmul(attn_probs, V)\noutput = context",
        "output = (attn_probs.unsqueeze(-1) * V.unsqueeze(-3)).sum(-2)",
        "values = V\noutput = torch.matmul(attn_probs, values)",
        "return torch.matmul(attn_probs, V)",
        "return attn_probs @ V",
        "output = torch.stack([attn_probs[:, i] @ V[:, i] for i in range(V.size(1))], dim=1)",
        "output = torch.zeros_like(V)\nfor i in range(V.size(1)):\n    output[:, i] += attn_probs[:, i] @ V[:, i]",
    ],
    "h": [
        "output = self.W_o(self.combine_heads(attn_output))",
        "output = self.combine_heads(attn_output)\noutput = self.W_o(output)",
        "attn_output = self.combine_heads(attn_output)\noutput = self.W_o(attn_output)",
        "return self.W_o(self.combine_heads(attn_output))",
        "combined = self.combine_heads(attn_output)\nreturn self.W_o(combined)",
        "output = self.W_o.forward(self.combine_heads(attn_output))",
        "output = F.linear(self.combine_heads(attn_output), self.W_o.weight, self.W_o.bias)",
        "output = self.combine_heads(attn_output) @ self.W_o.weight.T + self.W_o.bias",
        "B, h, S, d = attn_output.shape\noutput = self.W_o(attn_output.transpose(1, 2).reshape(B, S, h * d))",
        "output = nn.Sequential(self.W_o)(self.combine_heads(attn_output))",
        "output = getattr(self, 'W_o')(self.combine_heads(attn_output))",
        "projection = self.W_o\noutput = projection(self.combine_heads(attn_output))",
    ],
    "C": [
        'q = torch.einsum("bd,hdq->bhq", x, W_q)',
        "q = torch.einsum('nm,hmk->nhk', x, W_q)",
        "q = torch.einsum('bd, hdk -> bhk', x, W_q)",
        "q = torch.tensordot(x, W_q, dims=([1], [1]))",
        "q = (x @ W_q).transpose(0, 1)",
        "q = torch.matmul(x, W_q).permute(1, 0, 2)",
        "q = torch.stack([x @ W_q[i] for i in range(W_q.shape[0])], dim=1)",
        "h, d, k = W_q.shape\nq = (x @ W_q.permute(1, 0, 2).reshape(d, h * k)).view(-1, h, k)",
        "q = torch.zeros(x.size(0), W_q.size(0), W_q.size(2))\nfor i in range(W_q.size(0)):\n    q[:, i] = x @ W_q[i]",
        "q = []\nfor w in W_q:\n    q.append(x @ w)\nq = torch.stack(q, 1)",
        "rows = [x @ w for w in W_q]\nq = torch.stack(rows, dim=1)",
        "q = torch.bmm(x.unsqueeze(0).expand(W_q.size(0), -1, -1), W_q).transpose(0, 1)",
        "q = (x[:, None, :, None] * W_q[None]).sum(2)",
        "q = project(x, W_q)",
        "xs = x.unsqueeze(1)\nq = torch.matmul(xs.unsqueeze(1), W_q.unsqueeze(0)).squeeze(2)",
        "q = torch.einsum('bd,hdk->bhk', [x, W_q])",
        "q = torch.empty(x.size(0), *W_q.shape[::2])\n"
        "i = 0\nwhile i < W_q.size(0):\n    q[:, i] = x.matmul(W_q[i])\n    i += 1",
        "q = torch.einsum('bd,hdq->hbq', x, W_q)\nq = q.transpose(0, 1)",
    ],
    "D": [
        'k = torch.einsum("bd,dk->bk", x, W_k)',
        "k = x @ W_k",
        "k = torch.matmul(x, W_k)",
        "k = x.mm(W_k)",
        "k = torch.tensordot(x, W_k, dims=1)",
        "k = torch.einsum('ij,jl->il', x, W_k)",
        "k = F.linear(x, W_k.T)",
        "k = (W_k.T @ x.T).T",
        "k = (x.unsqueeze(-1) * W_k).sum(dim=1)",
        "key = x @ W_k\nk = key",
        "k = torch.stack([row @ W_k for row in x])",
        "b, d = x.shape\n_, k = W_k.shape\nkey = x @ W_k\nk = key.reshape(b, k)",
        "k = x @ W_k\nassert k.shape == (x.size(0), W_k.size(1))",
        "global_k = x @ W_k\nk = global_k + 0",
        "k, v = x @ W_k, x @ W_v",
        "q, k, v = project(x, W_q), x @ W_k, x @ W_v",
        "with torch.no_grad():\n    k = x @ W_k",
    ],
    "E": [
        'v = torch.einsum("bd,dv->bv", x, W_v)',
        "v = x @ W_v",
        "v = torch.addmm(torch.zeros(1), x, W_v, beta=0)",
        "v = torch.zeros(x.size(0), W_v.size(1))\nfor i, row in enumerate(x):\n    v[i] = row @ W_v",
        "v = torch.empty(x.size(0), W_v.size(1))\ntorch.matmul(x, W_v, out=v)",
        "v = torch.inner(x, W_v.t())",
        "v = torch.matmul(x.unsqueeze(1), W_v).squeeze(1)",
        "v = (lambda a, b: a @ b)(x, W_v)",
    ],
}

IN_PLACE_WRONG = {
    "a": [
        "self.W_k = nn.Linear(d_model, num_heads)",
        "self.W_k = nn.Linear(d_model, self.d_k)",
        "self.W_k = nn.Linear(d_model, 2 * d_model)",
        "self.W_k = nn.Linear(d_model, d_model // num_heads)",
        "self.W_k = nn.Linear(d_model, 512)",
        "self.W_k = nn.Linear(d_model, float(d_model))",
        "self.W_k = nn.Linear(d_model, 'd_model')",
        "self.W_k = nn.Linear(d_model, True)",
        "self.W_k = nn.Linear(d_model, d_k)",
        "self.W_q = nn.Linear(d_model, d_model)",
        "self.W_k = nn.Identity()",
        "setattr(self, 'W_k', nn.Linear(d_model, self.d_k))",
    ],
    "b": [
        "self.W_v = nn.Linear(self.d_k, d_model)",
        "self.W_v = nn.Linear(num_heads, d_model)",
        "self.W_v = square(7)",
    ],
    "d": [
        "attn_scores = torch.matmul(K, K.transpose(-2, -1))",
        "attn_scores = torch.matmul(V, K.transpose(-2, -1))",
        "attn_scores = torch.matmul(K, Q.transpose(-2, -1))",
        "attn_scores = torch.matmul(-Q, K.transpose(-2, -1))",
        "attn_scores = torch.matmul(2 * Q, K.transpose(-2, -1))",
        "attn_scores = torch.matmul(Q / math.sqrt(self.d_k), K.transpose(-2, -1))",
        "attn_scores = torch.matmul(self.W_q, K.transpose(-2, -1))",
        "attn_scores = torch.matmul(Q.transpose(-2, -1), K)",
        "attn_scores = Q * K",
        "attn_scores = torch.matmul('Q', K.transpose(-2, -1))",
        "query = K\nattn_scores = torch.matmul(query, K.transpose(-2, -1))",
        "attn_scores = torch.einsum('bhqd,bhkd->bhkq', Q, K)",
    ],
    "e": [
        "attn_probs = torch.softmax(attn_scores, dim=-2)",
        "attn_probs = torch.softmax(attn_scores, dim=1)",
        "attn_probs = torch.sigmoid(attn_scores)",
        "attn_probs = torch.log_softmax(attn_scores, dim=-1)",
        "attn_probs = torch.exp(attn_scores)",
        "attn_probs = torch.sum(attn_scores, dim=-1)",
        "attn_probs = torch.argmax(attn_scores, dim=-1)",
        "attn_probs = torch.nn.Softmax(attn_scores, dim=-1)",
        "attn_probs = torch.relu(attn_scores)",
        "attn_probs = F.normalize(attn_scores, dim=-1)",
        "attn_probs = torch.softmax(attn_scores, dim=-1) * 0.5",
        "attn_probs = attn_scores",
        "attn_probs = torch.softmax(-attn_scores, dim=-1)",
        "attn_probs = torch.softmax(attn_scores)",
    ],
    "f": [
        "output = torch.matmul(attn_probs, K)",
        "output = torch.matmul(attn_probs, Q)",
        "output = torch.matmul(attn_probs, V.transpose(-2, -1))",
        "output = torch.matmul(V.transpose(-2, -1), attn_probs).transpose(-2, -1)",
        "output = torch.matmul(attn_probs.transpose(-2, -1), V)",
        "output = torch.matmul(attn_probs, self.W_v)",
        "output = attn_probs",
        "return attn_probs @ K",
    ],
    "h": [
        "output = self.W_q(self.combine_heads(attn_output))",
        "output = self.W_v(self.combine_heads(attn_output))",
        "output = self.combine_heads(attn_output)",
        "output = self.combine_heads(self.combine_heads(attn_output))",
        "output = self.W_o(self.W_o(self.combine_heads(attn_output)))",
        "output = nn.Linear(self.d_model, self.d_model)(self.combine_heads(attn_output))",
        "output = self.forward(self.combine_heads(attn_output))",
        "output = self.W_o(attn_output)",
        "B, h, S, d = attn_output.shape\noutput = self.W_o(attn_output.reshape(B, S, h * d))",
    ],
    "C": [
        'q = torch.einsum("bd,dq->bhq", x, W_q)',
        'q = torch.einsum("bhd,dq->bhq", x, W_q)',
        "q = x @ W_q",
        "q = (x @ W_q.reshape(x.size(1), -1)).view(x.size(0), W_q.size(0), -1)",
        "q = torch.einsum('bd,hdq->bqh', x, W_q)",
        "q = torch.einsum('bd,hdq->bhq', x, W_q) / math.sqrt(W_q.size(2))",
        "q = torch.einsum('bd,hdq->bhq', x, W_q)[:, :1]",
        "q = torch.einsum('bd,hdq->bhq', x, W_q).half()",
        "q = torch.einsum('bd,dk->bk', x, W_k)",
        "q = 'torch.einsum(\"bd,hdq->bhq\", x, W_q)'",
        "q = torch.einsum('bd,hdq->bhq', x, W_q)\nq = torch.einsum('bd,dk->bk', x, W_k)",
        "q = torch.einsum('bd,hdq->bhq', x, W_q)\nq = torch.zeros(2, 3, 7)",
    ],
    "D": [
        'k = torch.einsum("bd,hdk->bhk", x, W_k)',
        'k = torch.einsum("bd,dk->bhk", x, W_k)',
        "k = x @ W_v",
        "k = x @ W_k.T",
        "k = W_k @ x",
        "k = (x @ W_k).unsqueeze(1)",
        "k = (x @ W_k,)",
        "k = (x @ W_k).tolist()",
        "k = x",
        "b, k = W_k.shape",
    ],
    "E": [
        'v = torch.einsum("bd,hdv->bhv", x, W_v)',
        'v = torch.einsum("bd,dv->bhv", x, W_v)',
        "v = x @ W_k",
        "v = x @ W_v + 1e-2",
        "v = prev_V[:, -1]",
        "v = torch.softmax(x @ W_v, dim=-1)",
    ],
}

HELPERS = """
import copy
import torch.nn.functional as F


def square(width):
    return nn.Linear(width, width)


def scores_of(queries, keys):
    return queries @ keys.transpose(-2, -1)


def softmax_by_hand(scores):
    powers = torch.exp(scores - scores.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


def project(x, weights):
    return torch.einsum("bd,hdk->bhk", x, weights)
"""

# Whole functions written anew: the text of the function, and which blanks are right in it whatever the others.
ATTENTION = "def scaled_dot_product_attention"
REWRITTEN = [
    (
        "names of their own, a temperature from the constructor",
        "scaled_dot_product_attention",
        """
def scaled_dot_product_attention(self, queries, keys, values, mask=None):
    logits = torch.matmul(queries, keys.transpose(-1, -2)) * self.temperature
    if mask is not None:
        logits = logits.masked_fill(mask == 0, float("-inf"))
    weights = self.dropout(F.softmax(logits, dim=-1))
    return torch.matmul(weights, values)
""",
        {"d": True, "e": True, "f": True},
    ),
    (
        "one name for everything",
        "scaled_dot_product_attention",
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    x = Q @ K.transpose(-2, -1)
    x = x / self.d_k ** 0.5
    if mask is not None:
        x = x.masked_fill(~mask.bool(), -1e9)
    x = x.softmax(-1)
    x = x @ V
    return x
""",
        {"d": True, "f": True},
    ),
    (
        "weights are returned too",
        "scaled_dot_product_attention",
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None, dropout=None):
    d_k = Q.size(-1)
    attn_scores = torch.matmul(Q, K.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        attn_scores = attn_scores.masked_fill(mask == 0, -1e9)
    attn_probs = attn_scores.softmax(dim=-1)
    if dropout is not None:
        attn_probs = dropout(attn_probs)
    output = torch.matmul(attn_probs, V)
    return output, attn_probs
""",
        {"d": True, "e": True, "f": True},
    ),
    (
        "a wrong first factor and the rest right, under other names",
        "scaled_dot_product_attention",
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    energy = torch.matmul(K, K.transpose(-2, -1)) / math.sqrt(self.d_k)
    if mask is not None:
        energy = energy.masked_fill(mask == 0, -1e20)
    attention = torch.softmax(energy, dim=-1)
    return torch.matmul(attention, V)
""",
        {"d": False, "e": True, "f": True},
    ),
    (
        "a wrong softmax under another name",
        "scaled_dot_product_attention",
        """
def scaled_dot_product_attention(self, Q, K, V, mask=None):
    scores = torch.matmul(Q, K.transpose(-2, -1)) / math.sqrt(self.d_k)
    weights = torch.softmax(scores, dim=-2)
    return torch.matmul(weights, K)
""",
        {"d": True, "e": False, "f": False},
    ),
    (
        "forward in one line",
        "forward",
        """
def forward(self, Q, K, V, mask=None):
    q, k, v = self.split_heads(self.W_q(Q)), self.split_heads(self.W_k(K)), self.split_heads(self.W_v(V))
    return self.W_o(self.combine_heads(self.scaled_dot_product_attention(q, k, v, mask)))
""",
        {"h": True},
    ),
    (
        "forward with one name",
        "forward",
        """
def forward(self, query, key, value, mask=None):
    query, key, value = (self.split_heads(w(t)) for w, t in zip((self.W_q, self.W_k, self.W_v), (query, key, value)))
    x = self.scaled_dot_product_attention(query, key, value, mask)
    x = self.combine_heads(x)
    return self.W_q(x)
""",
        {"h": False},
    ),
    (
        "forward that returns the weights too",
        "forward",
        """
def forward(self, Q, K, V, mask=None):
    heads = self.scaled_dot_product_attention(self.split_heads(self.W_q(Q)), self.split_heads(self.W_k(K)), V, mask)
    output = self.W_o(self.combine_heads(heads))
    return output, heads
""",
        {"h": True},
    ),
]
