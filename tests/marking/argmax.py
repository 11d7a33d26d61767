"""Question 2: the output, argmax attention in code, and what the gradient reaches."""

from tests.marking.variants import Variant

MODULE = "q2_argmax"
CODE = "def argmax_attention(q, K, V):\n    return V[torch.argmax(K @ q)]\n"
REACHES = '{"queries": False, "keys": False, "values": True}'


def module(output: str = "[1, 4, 3]", code: str = CODE, reaches: str = REACHES) -> str:
    return f"import numpy as np\nimport torch\n\n{code}\n\noutput = {output}\ngradient_reaches = {reaches}\n"


def output(text: str, points: float | None = None, words: str = "") -> Variant:
    return Variant(f"output: {text}", MODULE, module(output=text), {"2.a": (points, words)})


def code(name: str, body: str, points: float | None = None, words: str = "") -> Variant:
    text = body if body.startswith(("def", "@", "argmax", "class")) else f"def argmax_attention(q, K, V):\n    {body}\n"
    return Variant(f"code: {name}", MODULE, module(code=text), {"2.a.code": (points, words)})


def reaches(text: str, points: float | None = None, words: str = "") -> Variant:
    return Variant(f"gradient: {text}", MODULE, module(reaches=text), {"2.b": (points, words)})


RIGHT = [
    *map(
        output,
        (
            "[1, 4, 3]",
            "(1, 4, 3)",
            "[1.0, 4.0, 3.0]",
            "np.array([1, 4, 3])",
            "np.array([1., 4., 3.])",
            "torch.tensor([1, 4, 3])",
            "torch.tensor([1., 4., 3.])",
            "torch.tensor([1, 4, 3], dtype=torch.float64)",
            "[np.float64(1), 4, 3.0]",
            "[torch.tensor(1.), torch.tensor(4.), torch.tensor(3.)]",
            "argmax_attention(torch.tensor([1., 1, 2]), torch.tensor([[1., 2, 0], [0, 3, 4], [5, 0, 0], [0, 0, 1]]), torch.tensor([[2., 0, 1], [1, 4, 3], [0, -1, 4], [1, 0, -1]]))",
        ),
    ),
    code("one hot", "scores = K @ q\n    w = torch.zeros_like(scores)\n    w[scores.argmax()] = 1\n    return w @ V"),
    code("F.one_hot", "w = torch.nn.functional.one_hot(torch.argmax(K @ q), K.shape[0]).to(V.dtype)\n    return w @ V"),
    code("index as int", "return V[int(torch.argmax(torch.matmul(K, q)))]"),
    code("max of a list", "scores = [float(k @ q) for k in K]\n    return V[scores.index(max(scores))]"),
    code(
        "a loop",
        "best, index = float('-inf'), 0\n    for i, k in enumerate(K):\n        s = torch.dot(k, q).item()\n        if s > best:\n            best, index = s, i\n    return V[index]",
    ),
    code("einsum", "return V[torch.einsum('nd,d->n', K, q).argmax(dim=0)]"),
    code("NumPy", "K, q, V = (np.asarray(t) for t in (K, q, V))\n    return V[np.argmax(K @ q)]"),
    code("NumPy, float64", "K, q, V = (np.asarray(t, dtype=float) for t in (K, q, V))\n    return V[np.argmax(K @ q)]"),
    code("topk", "return V[(K @ q).topk(1).indices[0]]"),
    code("max", "_, i = torch.max(K @ q, dim=0)\n    return V[i]"),
    code("index_select", "return V.index_select(0, torch.argmax(K @ q).unsqueeze(0)).squeeze(0)"),
    code("sort", "return V[torch.argsort(K @ q, descending=True)[0]]"),
    code("sum of products", "return V[(K * q).sum(dim=1).argmax()]"),
    code(
        "type hints and a default",
        "def argmax_attention(q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, dim: int = 0) -> torch.Tensor:\n    return V[torch.argmax(torch.mv(K, q), dim=dim)]\n",
    ),
    code("a lambda", "argmax_attention = lambda q, K, V: V[(K @ q).argmax()]"),
    code("a where", "scores = K @ q\n    return (scores == scores.max()).to(V.dtype) @ V"),
    reaches(REACHES),
    reaches("{'values': True, 'keys': False, 'queries': False}"),
    reaches("dict(queries=False, keys=False, values=True)"),
    reaches("{'queries': np.bool_(False), 'keys': 1 > 2, 'values': not False}"),
    reaches("{**dict.fromkeys(('queries', 'keys'), False), 'values': True, 'none': None}"),
]
WRONG = [
    output("[0, -1, 4]", 0),
    output("[2, 0, 1]", 0),
    output("[1, 0, -1]", 0),
    output("[0, 3, 4]", 0),
    output("[1, 4, 3, 0]", 0, "shape"),
    output("[[1, 4, 3]]", 0, "shape"),
    output("[0, 1, 0, 0]", 0, "shape"),
    output("1", 0),
    output("11", 0),
    output("[1, 3, 4]", 0),
    output("[4, 1, 3]", 0),
    output("[-1, -4, -3]", 0),
    output("'[1, 4, 3]'", 0),
    output("None", 0, "Not answered"),
    output("[1, 4]", 0, "shape"),
    output("[1.1, 4, 3]", 0),
    output("[True, 4, 3]", 0),
    output("{1, 4, 3}", 0),
    output("[1, 4, float('nan')]", 0, "NaN"),
    output("np.array([[1], [4], [3]])", 0, "shape"),
    output("[2, 8, 6]", 0),
    output("V", 0, ""),
    output("[1, '4', 3]", 0),
    code("argmin", "return V[(K @ q).argmin()]", 0, "least"),
    code("the key", "return K[(K @ q).argmax()]", 0, "key"),
    code("the index", "return torch.argmax(K @ q)", 0, "index"),
    code("the scores", "return K @ q", 0, "similarities"),
    code("softmax", "return torch.softmax(K @ q, dim=0) @ V", 0, "softmax"),
    code("softmax, scaled", "return torch.softmax(K @ q / K.shape[1] ** 0.5, dim=0) @ V", 0, ""),
    code("the longest key", "return V[K.norm(dim=1).argmax()]", 0, ""),
    code("the nearest key", "return V[(K - q).norm(dim=1).argmin()]", 0, "distance"),
    code("cosine", "return V[torch.nn.functional.cosine_similarity(K, q[None]).argmax()]", 0, "length"),
    code("the largest absolute product", "return V[(K @ q).abs().argmax()]", 0, "sign"),
    code("the last largest of V", "return V[(V @ torch.ones(V.shape[1])).argmax()]", 0, ""),
    code("q and K transposed", "return V[(K.T @ q).argmax()]", 0, "RuntimeError"),
    code("the maximum of each column", "return V.max(dim=0).values", 0, ""),
    code("the first value", "return V[0]", 0, ""),
    code("the mean", "return V.mean(0)", 0, ""),
    code("times its score", "s = K @ q\n    return s.max() * V[s.argmax()]", 0, ""),
    code("an axis too many", "return V[(K @ q).argmax()][None]", 0, "shape"),
    code("value and index", "i = (K @ q).argmax()\n    return V[i], i", 1, "Return that alone"),
    code("index and value", "i = (K @ q).argmax()\n    return i, V[i]", 0, ""),
    code("nothing", "V[(K @ q).argmax()]", 0, "None"),
    code("not written", "raise NotImplementedError", 0, "Not answered"),
    code("a list", "return V[(K @ q).argmax()].tolist()", 0, "list"),
    code("columns of V", "return V[:, (K @ q).argmax()]", 0, ""),
    code("arguments in another order", "def argmax_attention(K, q, V):\n    return V[(K @ q).argmax()]\n", 0, ""),
    reaches('{"queries": True, "keys": False, "values": True}', 2, "queries"),
    reaches('{"queries": True, "keys": True, "values": True}', 1, "keys"),
    reaches('{"queries": False, "keys": False, "values": False}', 2, "values"),
    reaches('{"queries": True, "keys": True, "values": False}', 0, ""),
    reaches("{}", 0, "Not answered"),
    reaches("None", 0, "Not answered"),
    reaches("False", 0, "dict"),
    reaches("[False, False, True]", 0, "dict"),
    reaches('{"queries": "no", "keys": False, "values": True}', 2, "bool"),
    reaches('{"queries": None, "keys": False, "values": True}', 2, "Not answered"),
    reaches('{"queries": 0, "keys": 0, "values": 1}', 0, "bool"),
]
