"""Question 4 in code: ways to write the decoding step, right and wrong."""

from tests.marking.variants import TEMPLATES, Variant, block, edited, right

MODULE = "q4_decoding"
BLANKS = (
    ("q = ____", 'q = torch.einsum("bd,hdq->bhq", x, W_q)'),
    ("k = ____", 'k = torch.einsum("bd,dk->bk", x, W_k)'),
    ("v = ____", 'v = torch.einsum("bd,dv->bv", x, W_v)'),
)
TEMPLATE = TEMPLATES[MODULE]
HEAD, _, LATER = TEMPLATE.partition("def multiquery_attention_incremental")
STEP = edited("def multiquery_attention_incremental" + LATER, *BLANKS)
FILLED = HEAD + STEP
ALL = ("4.c", "4.d", "4.e", "4.code")
SIGNATURE = "def multiquery_attention_incremental(x, prev_K, prev_V, W_q, W_k, W_v, W_o):\n"


def step(body: str, *, before: str = "", signature: str = SIGNATURE) -> str:
    """A module whose step has another body."""
    indented = "".join(f"    {line}\n" if line else "\n" for line in block(body).splitlines())
    return "import math\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n" + (
        f"{block(before)}\n\n{signature}{indented}" if before else f"{signature}{indented}"
    )


def filled(**blanks: str) -> str:
    """The template with other things in its blanks."""
    lines = {name: f"{name} = {text}" if "=" not in text.split("(")[0] else text for name, text in blanks.items()}
    return HEAD + edited(
        "def multiquery_attention_incremental" + LATER,
        *((old, lines.get(old[0], new)) for old, new in BLANKS),
    )


def spoiled(*edits: tuple[str, str]) -> str:
    return HEAD + edited(STEP, *edits)


LOOP = """
h = W_q.shape[0]
k = x @ W_k
v = x @ W_v
new_K = torch.cat([prev_K, k.unsqueeze(1)], dim=1)
new_V = torch.cat([prev_V, v.unsqueeze(1)], dim=1)
y = torch.zeros_like(x)
for i in range(h):
    q = x @ W_q[i]
    logits = torch.matmul(new_K, q.unsqueeze(-1)).squeeze(-1)
    weights = torch.softmax(logits, dim=-1)
    o = torch.matmul(weights.unsqueeze(1), new_V).squeeze(1)
    y = y + o @ W_o[i]
return y
"""
MATMUL = """
q = torch.matmul(x, W_q).transpose(0, 1)
k = x @ W_k
v = x @ W_v
new_K = torch.cat((prev_K, k[:, None, :]), 1)
new_V = torch.cat((prev_V, v[:, None, :]), 1)
weights = (q @ new_K.transpose(1, 2)).softmax(-1)
o = weights @ new_V
b, h, d_v = o.shape
return o.reshape(b, h * d_v) @ W_o.reshape(h * d_v, -1)
"""
TIED = """
h = W_q.size(0)
spread = lambda cache: cache.unsqueeze(1).expand(-1, h, -1, -1)
tied = lambda weight: weight.unsqueeze(0).expand(h, -1, -1)
return multihead_attention_incremental(x, spread(prev_K), spread(prev_V), W_q, tied(W_k), tied(W_v), W_o)
"""
STACKED = """
keys = torch.cat([prev_K, torch.tensordot(x, W_k, dims=1).unsqueeze(-2)], dim=-2)
values = torch.cat([prev_V, torch.tensordot(x, W_v, dims=1).unsqueeze(-2)], dim=-2)
outputs = []
for W in W_q:
    query = x.mm(W)
    scores = (query.unsqueeze(1) * keys).sum(-1)
    weights = scores.exp() / scores.exp().sum(-1, keepdim=True)
    outputs.append((weights.unsqueeze(-1) * values).sum(1))
return torch.einsum("hbv,hvd->bd", torch.stack(outputs), W_o)
"""
SDPA = """
q = torch.einsum("bd,hdk->bhk", x, W_q)
k = torch.einsum("bd,dk->bk", x, W_k)
v = torch.einsum("bd,dv->bv", x, W_v)
new_K = torch.cat([prev_K, k.unsqueeze(1)], dim=1)
new_V = torch.cat([prev_V, v.unsqueeze(1)], dim=1)
o = F.scaled_dot_product_attention(q, new_K, new_V, scale=1.0)
return torch.einsum("bhv,hvd->bd", o, W_o)
"""
BATCH_LOOP = """
rows = []
for i in range(x.shape[0]):
    key, value = x[i] @ W_k, x[i] @ W_v
    keys = torch.vstack([prev_K[i], key])
    values = torch.vstack([prev_V[i], value])
    y = 0
    for j in range(W_q.shape[0]):
        query = x[i] @ W_q[j]
        weights = F.softmax(keys @ query, dim=0)
        y = y + (weights @ values) @ W_o[j]
    rows.append(y)
return torch.stack(rows)
"""
DOUBLE = """
dtype = x.dtype
x, prev_K, prev_V, W_q, W_k, W_v, W_o = (t.double() for t in (x, prev_K, prev_V, W_q, W_k, W_v, W_o))
q = torch.einsum("bd,hdq->bhq", x, W_q)
k = torch.einsum("bd,dk->bk", x, W_k)
v = torch.einsum("bd,dv->bv", x, W_v)
new_K = torch.cat([prev_K, k.unsqueeze(1)], dim=1)
new_V = torch.cat([prev_V, v.unsqueeze(1)], dim=1)
logits = torch.einsum("bhk,bnk->bhn", q, new_K)
weights = torch.softmax(logits, dim=-1)
o = torch.einsum("bhn,bnv->bhv", weights, new_V)
return torch.einsum("bhv,hvd->bd", o, W_o)
"""
HELPERS = """
EINSUM = torch.einsum


def project(x, W):
    return EINSUM("bd,dk->bk", x, W)


def append(cache, new):
    return torch.cat([cache, new.unsqueeze(1)], dim=1)
"""
WITH_HELPERS = """
q = EINSUM("bd,hdq->bhq", x, W_q)
k = project(x, W_k)
v = project(x, W_v)
new_K, new_V = append(prev_K, k), append(prev_V, v)
logits = EINSUM("bhk,bnk->bhn", q, new_K)
return EINSUM("bhn,bnv,hvd->bd", F.softmax(logits, -1), new_V, W_o)
"""
STABLE = """
q = (W_q.transpose(1, 2) @ x.T).permute(2, 0, 1)
k = F.linear(x, W_k.t())
v = F.linear(x, W_v.t())
new_K = torch.concat([prev_K, k.reshape(k.size(0), 1, -1)], axis=1)
new_V = torch.concat([prev_V, v.reshape(v.size(0), 1, -1)], axis=1)
logits = torch.bmm(q, new_K.mT)
logits = logits - logits.amax(dim=-1, keepdim=True)
weights = torch.exp(logits)
weights = weights / weights.sum(dim=-1, keepdim=True)
o = torch.bmm(weights, new_V)
y = torch.tensordot(o, W_o, dims=([1, 2], [0, 1]))
return y
"""
PREALLOCATED = """
b, n, k_dim = prev_K.shape
new_K = torch.empty(b, n + 1, k_dim)
new_V = torch.empty(b, n + 1, prev_V.shape[-1])
new_K[:, :n], new_K[:, n] = prev_K, x @ W_k
new_V[:, :n], new_V[:, n] = prev_V, x @ W_v
q = torch.einsum("bd,hdq->bhq", x, W_q)
logits = torch.einsum("bhk,bnk->bhn", q, new_K)
o = torch.einsum("bhn,bnv->bhv", logits.softmax(dim=2), new_V)
return torch.einsum("bhv,hvd->bd", o, W_o)
"""
PADDED = """
new_K = F.pad(prev_K, (0, 0, 0, 1))
new_V = F.pad(prev_V, (0, 0, 0, 1))
new_K[:, -1] = torch.einsum("bd,dk->bk", x, W_k)
new_V[:, -1] = torch.einsum("bd,dv->bv", x, W_v)
q = torch.einsum("bd,hdq->bhq", x, W_q)
logits = torch.einsum("bhk,bnk->bhn", q, new_K)
o = torch.einsum("bhn,bnv->bhv", logits.softmax(dim=2), new_V)
return torch.einsum("bhv,hvd->bd", o, W_o)
"""
TYPED = "def multiquery_attention_incremental(\n    x: torch.Tensor, prev_K: torch.Tensor, prev_V: torch.Tensor, W_q, W_k, W_v, W_o, *, dropout: float = 0.0\n) -> torch.Tensor:\n"
DECORATED = "@torch.no_grad()\n" + SIGNATURE
WRAPPED = """
import functools


def logged(function):
    @functools.wraps(function)
    def inner(*arguments, **keywords):
        return function(*arguments, **keywords)
    return inner
"""

RIGHT = [
    right("the template filled in", MODULE, FILLED, *ALL),
    right("a loop over heads", MODULE, step(LOOP), *ALL),
    right("matrix products only", MODULE, step(MATMUL), *ALL),
    right("multi-head attention with tied heads", MODULE, HEAD + step(TIED), *ALL),
    right("a list of heads, softmax by hand", MODULE, step(STACKED), *ALL),
    right("the library's attention with scale 1", MODULE, step(SDPA), *ALL),
    right("a loop over the batch", MODULE, step(BATCH_LOOP), *ALL),
    right("float64 inside, and returned", MODULE, step(DOUBLE), *ALL),
    right("helpers and constants at module level", MODULE, step(WITH_HELPERS, before=HELPERS), *ALL),
    right("a stable softmax by hand", MODULE, step(STABLE), *ALL),
    right("a cache filled in place", MODULE, step(PREALLOCATED), *ALL),
    right("a padded cache", MODULE, step(PADDED), *ALL),
    right("type hints and a further option", MODULE, step(LOOP, signature=TYPED), *ALL),
    right("without gradients", MODULE, step(LOOP, signature=DECORATED), *ALL),
    right("a decorator of one's own", MODULE, step(MATMUL, before=WRAPPED, signature="@logged\n" + SIGNATURE), *ALL),
    right(
        "other letters", MODULE, filled(q='torch.einsum("ij,kjl->ikl", x, W_q)', k="x @ W_k", v="x.matmul(W_v)"), *ALL
    ),
    right(
        "weights by another axis order",
        MODULE,
        spoiled(
            (
                'torch.einsum("bhk,bnk->bhn", q, new_K)  # (b, h, n+1)\n    weights = torch.nn.functional.softmax(logits, dim=-1)',
                'torch.einsum("bhk,bnk->bnh", q, new_K)\n    weights = torch.nn.functional.softmax(logits, dim=1).transpose(1, 2)',
            ),
        ),
        *ALL,
    ),
    right("the cache is changed afterwards", MODULE, spoiled(("return y", "prev_K = new_K\n    return y")), *ALL),
    right(
        "an explicit key length",
        MODULE,
        filled(
            q="torch.matmul(x.unsqueeze(0), W_q).permute(1, 0, 2)",
            k="(x.unsqueeze(1) @ W_k).squeeze(1)",
            v="torch.mm(x, W_v)",
        ),
        *ALL,
    ),
    right(
        "a lambda",
        MODULE,
        "import torch\n\nmultiquery_attention_incremental = lambda x, prev_K, prev_V, W_q, W_k, W_v, W_o: "
        "torch.einsum('bhn,bnv,hvd->bd', torch.softmax(torch.einsum('bd,hdk,bnk->bhn', x, W_q, "
        "torch.cat([prev_K, (x @ W_k)[:, None]], 1)), -1), torch.cat([prev_V, (x @ W_v)[:, None]], 1), W_o)\n",
        *ALL,
    ),
    right(
        "a class with a call",
        MODULE,
        step(
            LOOP,
            signature="class Step:\n    def __call__(self, x, prev_K, prev_V, W_q, W_k, W_v, W_o):\n        return run(x, prev_K, prev_V, W_q, W_k, W_v, W_o)\n\n\nmultiquery_attention_incremental = Step()\n\n\ndef run(x, prev_K, prev_V, W_q, W_k, W_v, W_o):\n",
        ),
        *ALL,
    ),
]
COMPLEXITY = '\ncomputation = "b d^2 + b n d"\nmemory_access = "{}"\n'


def counted(name: str, body: str, memory: str, told: str, points: float | None = None) -> Variant:
    """What is counted in the student's step is told beside the student's formulas."""
    text = (body if body.startswith('r"""') else step(body)) + COMPLEXITY.format(memory)
    works = (None, "multiply-adds grow like b^1.0, n^1.0, d^2.0, as your formula does")
    return Variant(f"counted: {name}", MODULE, text, {"4.f": works, "4.g": (points, told)})


RIGHT += [
    counted("the template filled in", FILLED, "d^2 + b d + b n k", "d^2.0, as your formula does"),
    counted("a loop over heads", LOOP, "d^2 + b d + b n k", "as your formula does"),
    counted("a loop over the batch", BATCH_LOOP, "d^2 + b d + b n k + b h n", "as your formula does"),
]
WRONG = [
    counted(
        "a formula that grows faster", FILLED, "d^2 + b d + b n^2 k", "n^1.0, d^2.0, your formula like b^1.0, n^2.0", 2
    ),
    counted("a formula that cannot be read", FILLED, "d^2 + (b", "has no partner", 0),
]
