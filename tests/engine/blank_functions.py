"""Functions of question 3 that were written anew, and which of their blanks are right whatever stands in the others."""

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
