"""Question 4 in code: mistakes in the step and in its blanks."""

from tests.marking.decoding import ALL, FILLED, MODULE, SDPA, STEP, TEMPLATE, filled, spoiled, step
from tests.marking.variants import Variant


def code_wrong(name: str, text: str, words: str, points: float = 0, **blanks: float) -> Variant:
    """A wrong step whose blanks are right unless something else is said: c=0."""
    expected: dict[str, tuple[float | None, str]] = {"4.code": (points, words)}
    expected |= {f"4.{part}": (blanks.get(part), "") for part in "cde"}
    return Variant(name, MODULE, text, expected)


def blank_wrong(name: str, target: str, text: str, words: str = "") -> Variant:
    part = {"q": "4.c", "k": "4.d", "v": "4.e"}[target]
    others: dict[str, tuple[float | None, str]] = {f"4.{letter}": (None, "") for letter in "cde"}
    return Variant(name, MODULE, filled(**{target: text}), {**others, part: (0, words), "4.code": (0, "")})


SCORES = '"bhk,bnk->bhn", q, new_K)'
RIGHT = []
WRONG = [
    code_wrong("scores scaled by sqrt(k)", spoiled((SCORES, SCORES + " / new_K.shape[-1] ** 0.5")), "scal"),
    code_wrong("scores scaled by sqrt(d)", spoiled((SCORES, SCORES + " / x.shape[-1] ** 0.5")), "scal"),
    code_wrong("scores scaled by k", spoiled((SCORES, SCORES + " / new_K.shape[-1]")), "scal"),
    code_wrong(
        "the new key is not appended",
        spoiled(
            ("torch.cat([prev_K, k.unsqueeze(1)], dim=1)", "prev_K"),
            ("torch.cat([prev_V, v.unsqueeze(1)], dim=1)", "prev_V"),
        ),
        "new",
    ),
    code_wrong(
        "the new key in front, the new value behind",
        spoiled(("[prev_K, k.unsqueeze(1)]", "[k.unsqueeze(1), prev_K]")),
        "front",
    ),
    code_wrong(
        "the new value in front, the new key behind",
        spoiled(("[prev_V, v.unsqueeze(1)]", "[v.unsqueeze(1), prev_V]")),
        "front",
    ),
    code_wrong("softmax over the heads", spoiled(("softmax(logits, dim=-1)", "softmax(logits, dim=1)")), "softmax"),
    code_wrong("softmax over the batch", spoiled(("softmax(logits, dim=-1)", "softmax(logits, dim=0)")), "softmax"),
    code_wrong("no softmax", spoiled(("torch.nn.functional.softmax(logits, dim=-1)", "logits")), "softmax"),
    code_wrong("log_softmax", spoiled(("functional.softmax", "functional.log_softmax")), ""),
    code_wrong("sigmoid", spoiled(("torch.nn.functional.softmax(logits, dim=-1)", "torch.sigmoid(logits)")), ""),
    code_wrong("the printed einsum", spoiled(('"bhk,bnk->bhn"', '"bkh,bnk->bhn"')), ""),
    code_wrong("the heads' outputs are averaged", spoiled(("return y", "return y / W_q.shape[0]")), "factor"),
    code_wrong("W_o of the first head for all", spoiled(('"bhv,hvd->bd", o, W_o)', '"bhv,vd->bd", o, W_o[0])')), ""),
    code_wrong("W_o is left out", spoiled(('y = torch.einsum("bhv,hvd->bd", o, W_o)', "y = o.flatten(1)")), ""),
    code_wrong("all heads are returned", spoiled(('"bhv,hvd->bd", o', '"bhv,hvd->bhd", o')), "shape"),
    code_wrong(
        "the cache of values is weighted by keys",
        spoiled(('"bhn,bnv->bhv", weights, new_V', '"bhn,bnv->bhv", weights, new_K')),
        "",
    ),
    code_wrong("returns nothing", spoiled(("    return y", "    pass")), "None"),
    code_wrong("returns NaN", spoiled(("return y", "return y * float('nan')")), "NaN"),
    code_wrong("a residual connection", spoiled(("return y", "return x + y")), ""),
    code_wrong("output and cache", spoiled(("return y", "return y, new_K, new_V")), "Return that alone", 2),
    code_wrong("output and weights in a list", spoiled(("return y", "return [y, weights]")), "Return that alone", 2),
    code_wrong("weights before the output", spoiled(("return y", "return weights, y")), ""),
    code_wrong("works for one sequence only", spoiled(("return y", "return y[:1]")), "shape"),
    code_wrong("the mean over the batch", spoiled(("return y", "return y.mean(0, keepdim=True).expand_as(y)")), ""),
    code_wrong("fails on an empty cache", spoiled(("new_K = torch", "prev_K[:, 0]\n    new_K = torch")), "empty cache"),
    code_wrong(
        "attends only to the cache when there is one",
        spoiled(("return y", "return y if prev_K.shape[1] == 0 else y * 0.999")),
        "",
    ),
    code_wrong("a small error", spoiled(("return y", "return y + 1e-2")), "same amount"),
    code_wrong("the sign", spoiled(("return y", "return -y")), "sign"),
    code_wrong("raises", spoiled(("return y", "raise ValueError('no')")), "ValueError"),
    code_wrong("ends the process", spoiled(("return y", "exit()")), "ended the process"),
    code_wrong("a string", spoiled(("return y", "return 'y'")), ""),
    code_wrong("integers", spoiled(("return y", "return y.long()")), "dtype"),
    code_wrong("half precision", spoiled(("return y", "return y.half()")), "dtype"),
    code_wrong(
        "the MHA function's cache axis",
        spoiled(
            ("dim=1) # ", "dim=2) # ") if "dim=1) # " in STEP else ("k.unsqueeze(1)], dim=1", "k.unsqueeze(1)], dim=2")
        ),
        "",
    ),
    code_wrong(
        "queries of one head for all",
        spoiled(
            ('"bhk,bnk->bhn", q, new_K', '"bk,bnk->bn", q[:, 0], new_K'),
            (
                "weights = torch.nn.functional.softmax(logits, dim=-1)",
                "weights = torch.softmax(logits, -1)[:, None].expand(-1, W_q.shape[0], -1)",
            ),
        ),
        "",
    ),
    code_wrong("scaled inside the library's attention", step(SDPA.replace(", scale=1.0", "")), "scal"),
    code_wrong(
        "keys normalised",
        spoiled(("[prev_K, k.unsqueeze(1)]", "[prev_K, torch.nn.functional.normalize(k, dim=-1).unsqueeze(1)]")),
        "",
    ),
    code_wrong(
        "a new key that is given twice",
        spoiled(
            ("[prev_K, k.unsqueeze(1)]", "[prev_K, k.unsqueeze(1), k.unsqueeze(1)]"),
            ("[prev_V, v.unsqueeze(1)]", "[prev_V, v.unsqueeze(1), v.unsqueeze(1)]"),
        ),
        "",
    ),
    code_wrong(
        "the oldest token is dropped",
        spoiled(
            ("[prev_K, k.unsqueeze(1)]", "[prev_K[:, 1:], k.unsqueeze(1)]"),
            ("[prev_V, v.unsqueeze(1)]", "[prev_V[:, 1:], v.unsqueeze(1)]"),
        ),
        "",
    ),
    blank_wrong("C: one query for all heads", "q", 'torch.einsum("bd,dq->bhq", x, W_q)'),
    blank_wrong("C: x with heads", "q", 'torch.einsum("bhd,dq->bhq", x, W_q)'),
    blank_wrong("C: heads first", "q", 'torch.einsum("bd,hdq->hbq", x, W_q)', "shape"),
    blank_wrong("C: transposed", "q", 'torch.einsum("bd,hdq->bqh", x, W_q)', "shape"),
    blank_wrong("C: product without transpose", "q", "x @ W_q", "shape"),
    blank_wrong("C: the keys' weights", "q", "x @ W_k"),
    blank_wrong("C: summed over heads", "q", 'torch.einsum("bd,hdq->bq", x, W_q)', "shape"),
    blank_wrong("C: scaled", "q", 'torch.einsum("bd,hdq->bhq", x, W_q) / W_q.shape[-1] ** 0.5', "factor"),
    blank_wrong("C: a view in place of a transpose", "q", "(x @ W_q).reshape(x.shape[0], W_q.shape[0], -1)"),
    blank_wrong("C: only x", "q", "x"),
    blank_wrong("D: keys of all heads", "k", 'torch.einsum("bd,hdk->bhk", x, W_k)'),
    blank_wrong("D: keys repeated over heads", "k", 'torch.einsum("bd,dk->bhk", x, W_k)'),
    blank_wrong("D: values' weights", "k", 'torch.einsum("bd,dk->bk", x, W_v)'),
    blank_wrong("D: queries' weights of the first head", "k", "x @ W_q[0]"),
    blank_wrong("D: transposed", "k", 'torch.einsum("bd,dk->kb", x, W_k)', "shape"),
    blank_wrong("D: summed over the batch", "k", 'torch.einsum("bd,dk->k", x, W_k)', "shape"),
    blank_wrong("D: with an axis for the token", "k", "(x @ W_k).unsqueeze(1)", "shape"),
    blank_wrong("D: the cache", "k", "prev_K[:, -1]"),
    blank_wrong("D: only the weights", "k", "W_k"),
    blank_wrong("E: values of all heads", "v", 'torch.einsum("bd,hdv->bhv", x, W_v)'),
    blank_wrong("E: values repeated over heads", "v", 'torch.einsum("bd,dv->bhv", x, W_v)'),
    blank_wrong("E: keys' weights", "v", 'torch.einsum("bd,dv->bv", x, W_k)'),
    blank_wrong("E: the key again", "v", "k"),
    blank_wrong("E: doubled", "v", "2 * (x @ W_v)", "factor"),
    blank_wrong("E: transposed", "v", "(x @ W_v).T", "shape"),
    blank_wrong("E: softmax of it", "v", "torch.softmax(x @ W_v, -1)"),
    Variant(
        "D is right where the rest is empty",
        MODULE,
        TEMPLATE.replace("k = ____", "k = x @ W_k"),
        {"4.c": (0, "Not answered"), "4.d": (None, ""), "4.e": (0, "Not answered"), "4.code": (0, "Not answered")},
    ),
    Variant("the template", MODULE, TEMPLATE, dict.fromkeys(ALL, (0, "Not answered"))),
    Variant("blanks in comments only", MODULE, TEMPLATE.replace("q = ____", "q = None"), {"4.c": (0, "Not answered")}),
    Variant(
        "right blanks in a broken step",
        MODULE,
        spoiled(("return y", "return undefined_name")),
        {"4.c": (None, ""), "4.d": (None, ""), "4.e": (None, ""), "4.code": (0, "NameError")},
    ),
    Variant("a syntax error", MODULE, FILLED + "\n)", dict.fromkeys(ALL, (0, "syntax error"))),
    Variant("no such function", MODULE, "import torch\n", dict.fromkeys(ALL, (0, "not found"))),
]
