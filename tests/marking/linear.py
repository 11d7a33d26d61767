"""Question 6 in code: feature maps and kernel attention, right and wrong, and what follows from an earlier answer."""

from tests.marking.variants import Variant, block

MODULE = "q6_linear"
KERNEL = '"(q^T k + 1)^2"'
IMPORTS = "import math\n\nimport numpy as np\nimport torch\nimport torch.nn.functional as F\n\n"
FEATURES = block("""
def feature_map(x):
    ones = torch.ones_like(x[..., :1])
    z = torch.cat([ones, x], dim=-1)
    return (z.unsqueeze(-1) * z.unsqueeze(-2)).flatten(-2)
""")
ATTENTION = block("""
def kernel_attention(Q, K, V, feature_map):
    phi_Q, phi_K = feature_map(Q), feature_map(K)
    return phi_Q @ (phi_K.T @ V) / (phi_Q @ phi_K.sum(dim=0)).unsqueeze(-1)
""")
CODE = ("6.b.iii", "6.d.code")


def module(features: str = FEATURES, attention: str = ATTENTION, kernel: str = KERNEL) -> str:
    return f"{IMPORTS}quadratic_kernel = {kernel}\n\n\n{block(features)}\n\n{block(attention)}"


def mapping(name: str, features: str, points: float | None = None, words: str = "", kernel: str = KERNEL) -> Variant:
    return Variant(f"φ: {name}", MODULE, module(features, kernel=kernel), {"6.b.ii": (points, words)})


def attention(
    name: str, text: str, same: float | None = None, cost: float | None = None, words: str = "", why: str = ""
) -> Variant:
    """`same`: points of 6.b.iii (None: 3), `cost`: of 6.d.code."""
    return Variant(
        f"attention: {name}", MODULE, module(attention=text), {"6.b.iii": (same, words), "6.d.code": (cost, why)}
    )


TRIU = """
def feature_map(x):
    i, j = torch.triu_indices(x.shape[-1], x.shape[-1], offset=1)
    return torch.cat([x ** 2, math.sqrt(2) * x[..., i] * x[..., j], math.sqrt(2) * x, torch.ones_like(x[..., :1])], dim=-1)
"""
LOOPS = """
def feature_map(x):
    d = x.shape[-1]
    features = [torch.ones(x.shape[:-1])]
    for i in range(d):
        features.append(2 ** 0.5 * x[..., i])
    for i in range(d):
        features.append(x[..., i] ** 2)
        for j in range(i + 1, d):
            features.append(2 ** 0.5 * x[..., i] * x[..., j])
    return torch.stack(features, dim=-1)
"""
RIGHT_MAPS = {
    "all ordered pairs": FEATURES,
    "each monomial once": TRIU,
    "loops": LOOPS,
    "signs": TRIU.replace("x ** 2,", "-x ** 2,").replace("torch.ones_like", "-torch.ones_like"),
    "flipped order": TRIU.replace("dim=-1)\n", "dim=-1).flip(-1)\n"),
    "float64": TRIU.replace("return torch.cat(", "return torch.cat(").replace("(x):\n", "(x):\n    x = x.double()\n"),
    "vectors only": "def feature_map(x):\n    return torch.cat([torch.outer(x, x).flatten(), math.sqrt(2) * x, torch.ones(1)])\n",
    "a table only": "def feature_map(x):\n    n, d = x.shape\n    return torch.cat([(x[:, :, None] * x[:, None, :]).reshape(n, d * d), 2 ** 0.5 * x, torch.ones(n, 1)], dim=1)\n",
    "the linear part twice": "def feature_map(x):\n    return torch.cat([torch.einsum('...i,...j->...ij', x, x).flatten(-2), x, x, torch.ones_like(x[..., :1])], dim=-1)\n",
    "NumPy": "def feature_map(x):\n    a = np.asarray(x)\n    z = np.concatenate([np.ones(a.shape[:-1] + (1,), a.dtype), a], -1)\n    return torch.from_numpy((z[..., :, None] * z[..., None, :]).reshape(*a.shape[:-1], -1))\n",
    "NumPy array returned": "def feature_map(x):\n    a = x.numpy()\n    z = np.concatenate([np.ones(a.shape[:-1] + (1,)), a], -1)\n    return (z[..., :, None] * z[..., None, :]).reshape(*a.shape[:-1], -1)\n",
    "a rotation of the features": "def feature_map(x):\n    phi = torch.cat([torch.ones_like(x[..., :1]), x], -1)\n    phi = (phi[..., None] * phi[..., None, :]).flatten(-2)\n    return torch.cat([0.6 * phi, 0.8 * phi], -1)\n",
    "zeros besides": FEATURES.replace("return (", "return F.pad((").replace(".flatten(-2)", ".flatten(-2), (0, 3))"),
    "cartesian products": "def feature_map(x):\n    if x.dim() == 1:\n        return one(x)\n    return torch.stack([one(row) for row in x])\n\n\ndef one(row):\n    z = torch.cat([torch.ones(1), row])\n    return torch.cartesian_prod(z, z).prod(dim=1)\n",
    "loops over a vector's length": "def feature_map(x):\n    d = x.shape[0]\n    r = 2 ** 0.5\n    f = [x[i] * x[i] for i in range(d)] + [r * x[i] * x[j] for i in range(d) for j in range(i + 1, d)]\n    return torch.stack([*f, *(r * x[i] for i in range(d)), torch.tensor(1.0)])\n",
    "kron": "def feature_map(x):\n    rows = x.reshape(-1, x.shape[-1])\n    out = torch.stack([torch.kron(torch.cat([torch.ones(1), r]), torch.cat([torch.ones(1), r])) for r in rows])\n    return out.reshape(*x.shape[:-1], -1)\n",
    "a module": "class Phi(torch.nn.Module):\n    def forward(self, x):\n        z = F.pad(x, (1, 0), value=1.0)\n        return (z[..., :, None] * z[..., None, :]).flatten(-2)\n\n\nfeature_map = Phi()\n",
    "an option": FEATURES.replace("(x):", "(x, degree=2):"),
}
STEP_ATTENTIONS = {
    "two sums": ATTENTION,
    "einsum": "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    kv = torch.einsum('pl,pm->lm', k, V)\n    z = 1 / torch.einsum('nl,l->n', q, k.sum(0))\n    return torch.einsum('nl,lm,n->nm', q, kv, z)\n",
    "element-wise": "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    kv = (k.unsqueeze(2) * V.unsqueeze(1)).sum(0)\n    return (q.unsqueeze(2) * kv).sum(1) / (q * k.sum(0)).sum(1, keepdim=True)\n",
    "a loop over the keys": "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    S = torch.zeros(k.shape[1], V.shape[1])\n    z = torch.zeros(k.shape[1])\n    for j in range(K.shape[0]):\n        S = S + torch.outer(k[j], V[j])\n        z = z + k[j]\n    return torch.stack([(q[i] @ S) / (q[i] @ z) for i in range(Q.shape[0])])\n",
    "ones beside the values": "def kernel_attention(Q, K, V, feature_map):\n    W = torch.cat([V, torch.ones(V.shape[0], 1)], dim=1)\n    out = feature_map(Q) @ (feature_map(K).transpose(0, 1) @ W)\n    return out[:, :-1] / out[:, -1:]\n",
    "a small epsilon": ATTENTION.replace("phi_K.sum(dim=0))", "phi_K.sum(dim=0) + 1e-8)"),
    "an epsilon of 1e-6": ATTENTION.replace(
        "phi_K.sum(dim=0)).unsqueeze(-1)", "phi_K.sum(dim=0)).unsqueeze(-1).add(1e-6)"
    ),
    "float64": "def kernel_attention(Q, K, V, feature_map):\n    q, k, v = feature_map(Q).double(), feature_map(K).double(), V.double()\n    return (q @ (k.T @ v)) / (q @ k.T.sum(1))[:, None]\n",
    "another name for the map": ATTENTION.replace("feature_map", "phi"),
    "row by row": "def kernel_attention(Q, K, V, feature_map):\n    k = torch.stack([feature_map(row) for row in K])\n    S, z = k.T @ V, k.sum(0)\n    return torch.stack([feature_map(row) @ S / (feature_map(row) @ z) for row in Q])\n",
    "helpers": "EPS = 0.0\n\n\ndef normalise(numerator, denominator):\n    return numerator / (denominator + EPS)\n\n\ndef kernel_attention(Q, K, V, feature_map):\n    a, b = feature_map(Q), feature_map(K)\n    return normalise(a @ (b.T @ V), a @ b.sum(0, keepdim=True).T)\n",
}
RIGHT = [
    *(mapping(name, text) for name, text in RIGHT_MAPS.items()),
    *(attention(name, text) for name, text in STEP_ATTENTIONS.items()),
    mapping(
        "of one's own homogeneous kernel",
        "def feature_map(x):\n    return torch.einsum('...i,...j->...ij', x, x).flatten(-2)\n",
        kernel='"(q^T k)^2"',
    ),
    mapping("of the asked kernel though 6.b.i has another", FEATURES, kernel='"(q^T k)^2"'),
    mapping("of the asked kernel though 6.b.i is wrong", FEATURES, kernel='"q^T k"'),
    mapping("of the asked kernel though 6.b.i is not answered", FEATURES, kernel="None"),
    mapping("of the asked kernel though 6.b.i cannot be read", FEATURES, kernel='"no idea"'),
]


def counted(name: str, attention: str, told: str, **lost: tuple[float, str]) -> Variant:
    text = module(attention=attention) + 'linear_time = "N D^3"\nlinear_space = "N D + D^3"\n'
    return Variant(
        f"counted: {name}",
        MODULE,
        text,
        {"6.d.time": (None, told), "6.d.space": (None, "memory for its results"), **lost},
    )


QUADRATIC = "def kernel_attention(Q, K, V, feature_map):\n    weights = feature_map(Q) @ feature_map(K).T\n    return weights @ V / weights.sum(dim=1, keepdim=True)\n"
RIGHT += [counted(name, text, "N^1.0, D^2.") for name, text in STEP_ATTENTIONS.items() if name != "float64"]
WRONG = [
    mapping("√2 forgotten everywhere", TRIU.replace("math.sqrt(2) * ", ""), 2, "weight"),
    mapping("√2 forgotten in the cross terms", TRIU.replace("math.sqrt(2) * x[..., i]", "x[..., i]"), 2, "weight"),
    mapping("√2 forgotten in the linear terms", TRIU.replace("math.sqrt(2) * x,", "x,"), 2, "weight"),
    mapping("2 in place of √2", TRIU.replace("math.sqrt(2)", "2"), 2, "weight"),
    mapping("√2 also on the squares", TRIU.replace("x ** 2", "math.sqrt(2) * x ** 2"), 2, "weight"),
    mapping("everything doubled", TRIU.replace("dim=-1)\n", "dim=-1) * 2\n"), 2, "weight"),
    mapping("each pair twice with √2", FEATURES.replace("return (z", "return (2 ** 0.5 * z"), 2, "weight"),
    mapping("no constant", TRIU.replace(", torch.ones_like(x[..., :1])", ""), 0, "lack something"),
    mapping("no linear terms", TRIU.replace(" math.sqrt(2) * x,", ""), 0, "degree one"),
    mapping(
        "no linear terms and no constant",
        "def feature_map(x):\n    return torch.einsum('...i,...j->...ij', x, x).flatten(-2)\n",
        0,
        "",
    ),
    mapping("no squares", TRIU.replace("x ** 2, ", ""), 0, "squares"),
    mapping("no cross terms", TRIU.replace(" math.sqrt(2) * x[..., i] * x[..., j],", ""), 0, "cross"),
    mapping("the identity", "def feature_map(x):\n    return x\n", 0, ""),
    mapping("squares alone", "def feature_map(x):\n    return x ** 2\n", 0, ""),
    mapping("elu + 1", "def feature_map(x):\n    return F.elu(x) + 1\n", 0, ""),
    mapping("exp", "def feature_map(x):\n    return torch.exp(x)\n", 0, ""),
    mapping("one and x", "def feature_map(x):\n    return torch.cat([torch.ones_like(x[..., :1]), x], -1)\n", 0, ""),
    mapping(
        "the kernel of x with itself",
        "def feature_map(x):\n    return ((x * x).sum(-1, keepdim=True) + 1) ** 2\n",
        0,
        "",
    ),
    mapping("x + 1 squared", "def feature_map(x):\n    return (x + 1) ** 2\n", 0, ""),
    mapping("cubes", FEATURES.replace("return (z", "return (z.unsqueeze(-1) * z"), 0, ""),
    mapping(
        "outer product, not flattened",
        "def feature_map(x):\n    z = F.pad(x, (1, 0), value=1.0)\n    return z.unsqueeze(-1) * z.unsqueeze(-2)\n",
        0,
        "shape",
    ),
    mapping(
        "the number of rows taken for D",
        TRIU.replace("triu_indices(x.shape[-1], x.shape[-1]", "triu_indices(x.shape[-2], x.shape[-1]"),
        2,
        "",
    ),
    mapping("a list", FEATURES.replace(".flatten(-2)", ".flatten(-2).tolist()"), 0, "list"),
    mapping("nothing", "def feature_map(x):\n    pass\n", 0, "None"),
    mapping("a string", "def feature_map(x):\n    return 'phi'\n", 0, ""),
    mapping("a crash", "def feature_map(x):\n    return x.foo\n", 0, "AttributeError"),
    mapping("not written", "def feature_map(x):\n    raise NotImplementedError\n", 0, "Not answered"),
    mapping("NaN", FEATURES.replace("return (", "return float('nan') * ("), 0, "NaN"),
    mapping(
        "D = 2 only",
        "def feature_map(x):\n    a, b = x[..., 0], x[..., 1]\n    r = 2 ** 0.5\n    return torch.stack([a * a, b * b, r * a * b, r * a, r * b, torch.ones_like(a)], dim=-1)\n",
        0,
        "",
    ),
    mapping("a tuple", FEATURES.replace(".flatten(-2)", ".flatten(-2), z"), 2, "Return that alone"),
    mapping("of one's own wrong linear kernel", "def feature_map(x):\n    return x\n", 0, "", kernel='"q^T k"'),
    mapping(
        "of one's own kernel that earned nothing",
        TRIU.replace("torch.ones_like(x[..., :1])", "2 * torch.ones_like(x[..., :1])").replace(
            "math.sqrt(2) * x,", "2 * x,"
        ),
        2,
        "weight",
        kernel='"(q^T k + 2)^2"',
    ),
    mapping(
        "a constant for one's own constant kernel",
        "def feature_map(x):\n    return torch.ones_like(x[..., :1])\n",
        0,
        "",
        kernel='"1"',
    ),
    mapping(
        "own homogeneous kernel, wrong weights",
        "def feature_map(x):\n    i, j = torch.triu_indices(x.shape[-1], x.shape[-1], offset=1)\n    return torch.cat([x ** 2, x[..., i] * x[..., j]], -1)\n",
        2,
        "weight",
        kernel='"(q^T k)^2"',
    ),
    counted("quadratic in N", QUADRATIC, "N^2.0, D^1.9, your formula like N^1.0, D^3.0", **{"6.d.code": (0, "N^1.9")}),
    attention("quadratic in N", QUADRATIC, None, 0, "", "N^"),
    attention(
        "the normaliser for every query anew",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    return torch.stack([(row @ (k.T @ V)) / (row @ k.sum(0)) for row in q])\n",
        None,
        0,
        "",
        "N^",
    ),
    attention(
        "a double loop",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    rows = []\n    for i in range(len(Q)):\n        num, den = 0, 0\n        for j in range(len(K)):\n            s = q[i] @ k[j]\n            num, den = num + s * V[j], den + s\n        rows.append(num / den)\n    return torch.stack(rows)\n",
        None,
        0,
        "",
        "N^",
    ),
    attention(
        "outer sums element-wise",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    s = (q[:, None] * k[None]).sum(-1)\n    return (s[..., None] * V).sum(1) / s.sum(1, keepdim=True)\n",
        None,
        0,
        "",
        "N^",
    ),
    attention(
        "in NumPy",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k, v = feature_map(Q).numpy(), feature_map(K).numpy(), V.numpy()\n    return torch.from_numpy((q @ (k.T @ v)) / (q @ k.sum(0))[:, None])\n",
        None,
        0,
        "",
        "torch",
    ),
    attention(
        "in lists",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k, v = feature_map(Q).tolist(), feature_map(K).tolist(), V.tolist()\n    out = []\n    for a in q:\n        s = [sum(x * y for x, y in zip(a, b)) for b in k]\n        out.append([sum(w * row[m] for w, row in zip(s, v)) / sum(s) for m in range(len(v[0]))])\n    return torch.tensor(out)\n",
        None,
        0,
        "",
        "torch",
    ),
    attention(
        "no normaliser",
        "def kernel_attention(Q, K, V, feature_map):\n    return feature_map(Q) @ (feature_map(K).T @ V)\n",
        0,
        0,
        "normalis",
        "",
    ),
    attention(
        "divided by N",
        "def kernel_attention(Q, K, V, feature_map):\n    return feature_map(Q) @ (feature_map(K).T @ V) / len(K)\n",
        0,
        0,
        "normalis",
        "",
    ),
    attention(
        "causal sums",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    S = torch.cumsum(k.unsqueeze(2) * V.unsqueeze(1), dim=0)\n    z = torch.cumsum(k, dim=0)\n    return torch.einsum('nl,nlm->nm', q, S) / (q * z).sum(-1, keepdim=True)\n",
        0,
        0,
        "causal",
        "",
    ),
    attention(
        "softmax of the scores",
        "def kernel_attention(Q, K, V, feature_map):\n    return torch.softmax(feature_map(Q) @ feature_map(K).T, dim=-1) @ V\n",
        0,
        0,
        "softmax",
        "",
    ),
    attention(
        "softmax attention without the map",
        "def kernel_attention(Q, K, V, feature_map):\n    return torch.softmax(Q @ K.T / math.sqrt(Q.shape[1]), dim=-1) @ V\n",
        0,
        0,
        "",
        "",
    ),
    attention("without the map", ATTENTION.replace("feature_map(Q), feature_map(K)", "Q, K"), 0, 0, "", ""),
    attention(
        "the map on the queries only",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), K.repeat(1, 2)\n    return q @ (k.T @ V) / (q @ k.sum(0))[:, None]\n",
        0,
        0,
        "",
        "",
    ),
    attention(
        "one normaliser for all",
        ATTENTION.replace("(phi_Q @ phi_K.sum(dim=0)).unsqueeze(-1)", "(phi_Q @ phi_K.sum(dim=0)).sum()"),
        0,
        0,
        "",
        "",
    ),
    attention(
        "normalised over the queries",
        "def kernel_attention(Q, K, V, feature_map):\n    w = feature_map(Q) @ feature_map(K).T\n    return (w / w.sum(dim=0, keepdim=True)) @ V\n",
        0,
        0,
        "",
        "",
    ),
    attention(
        "ones as long as the queries",
        "def kernel_attention(Q, K, V, feature_map):\n    q, k = feature_map(Q), feature_map(K)\n    z = k.T @ torch.ones(Q.shape[0], 1)\n    return (q @ (k.T @ V)) / (q @ z)\n",
        2,
        None,
        "more keys than queries",
        "",
    ),
    attention(
        "its own map",
        ATTENTION.replace("feature_map(Q), feature_map(K)", "MAP(Q), MAP(K)").replace(
            "def kernel", "MAP = lambda x: torch.cat([torch.ones_like(x[..., :1]), x], -1) ** 2\n\n\ndef kernel"
        ),
        0,
        0,
        "",
        "",
    ),
    attention("an epsilon of 1", ATTENTION.replace(".unsqueeze(-1)", ".unsqueeze(-1).add(1)"), 0, 0, "", ""),
    attention(
        "a tuple",
        ATTENTION.replace("return phi_Q", "return (phi_Q").replace("unsqueeze(-1)", "unsqueeze(-1), phi_K)"),
        1.5,
        0.5,
        "Return that alone",
        "",
    ),
    attention(
        "transposed output",
        ATTENTION.replace("return ", "return (").replace("unsqueeze(-1)", "unsqueeze(-1)).T"),
        0,
        0,
        "shape",
        "",
    ),
    attention("nothing", "def kernel_attention(Q, K, V, feature_map):\n    pass\n", 0, 0, "None", "None"),
    attention(
        "not written",
        "def kernel_attention(Q, K, V, feature_map):\n    raise NotImplementedError\n",
        0,
        0,
        "Not answered",
        "Not answered",
    ),
    attention(
        "a mistake for one token",
        ATTENTION.replace("return phi", "if len(Q) == 1:\n        return V * 0\n    return phi"),
        0,
        0,
        "one ",
        "",
    ),
    attention("three parameters", ATTENTION.replace("Q, K, V, feature_map):", "Q, K, V):"), 0, 0, "TypeError", ""),
]
