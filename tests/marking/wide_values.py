"""Question 3(b): values twice as wide, right and wrong."""

from tests.marking.multihead import FILLED, IMPORTS, MODULE
from tests.marking.variants import Variant, block, right

WIDE = block("""
class WideValueMultiHeadAttention(MultiHeadAttention):
    def __init__(self, d_model, num_heads):
        super().__init__(d_model, num_heads)
        self.W_v = nn.Linear(in_features=d_model, out_features=2 * d_model)
        self.W_o = nn.Linear(2 * d_model, d_model)

    def split_heads(self, x):
        batch_size, seq_length, width = x.size()
        return x.view(batch_size, seq_length, self.num_heads, width // self.num_heads).transpose(1, 2)

    def combine_heads(self, x):
        batch_size, _, seq_length, d_v = x.size()
        return x.transpose(1, 2).contiguous().view(batch_size, seq_length, self.num_heads * d_v)
""")
COPIED = block("""
class WideValueMultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.d_model = d_model
        self.num_heads = num_heads
        self.d_k = d_model // num_heads
        self.d_v = 2 * d_model // num_heads
        self.W_q = nn.Linear(d_model, d_model)
        self.W_k = nn.Linear(d_model, d_model)
        self.W_v = nn.Linear(d_model, 2 * d_model)
        self.W_o = nn.Linear(2 * d_model, d_model)

    def forward(self, Q, K, V, mask=None):
        def split(x, size):
            return x.reshape(x.shape[0], x.shape[1], self.num_heads, size).permute(0, 2, 1, 3)
        q, k, v = split(self.W_q(Q), self.d_k), split(self.W_k(K), self.d_k), split(self.W_v(V), self.d_v)
        scores = q @ k.transpose(-2, -1) / self.d_k ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        out = torch.softmax(scores, dim=-1) @ v
        return self.W_o(out.transpose(1, 2).flatten(2))
""")
WIDE_LOOP = block("""
class WideValueMultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.d_model, self.num_heads, self.d_k = d_model, num_heads, d_model // num_heads
        self.W_q, self.W_k = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.W_v, self.W_o = nn.Linear(d_model, 2 * d_model), nn.Linear(2 * d_model, d_model)

    def forward(self, Q, K, V, mask=None):
        queries = self.W_q(Q).chunk(self.num_heads, dim=-1)
        keys = self.W_k(K).chunk(self.num_heads, dim=-1)
        values = self.W_v(V).chunk(self.num_heads, dim=-1)
        outputs = []
        for q, k, v in zip(queries, keys, values):
            weights = torch.softmax(torch.bmm(q, k.transpose(1, 2)) / math.sqrt(self.d_k), dim=-1)
            outputs.append(torch.bmm(weights, v))
        return self.W_o(torch.cat(outputs, dim=-1))
""")
WIDE_PARAMETER = WIDE.replace("def split_heads(self, x):", "def split_heads(self, x, extra=None):")


def wide(name: str, text: str, points: float, words: str) -> Variant:
    return Variant(f"3(b) {name}", MODULE, FILLED + "\n\n" + text, {"3.b": (points, words)})


RIGHT = [
    right("3(b) as a subclass", MODULE, FILLED + "\n\n" + WIDE, "3.b"),
    right("3(b) as a copy", MODULE, FILLED + "\n\n" + COPIED, "3.b"),
    right("3(b) in a loop over heads", MODULE, FILLED + "\n\n" + WIDE_LOOP, "3.b"),
    right("3(b) without a working 3(a)", MODULE, IMPORTS + COPIED, "3.b"),
    right(
        "3(b) with d_v as an attribute",
        MODULE,
        FILLED
        + "\n\n"
        + WIDE.replace("self.W_o = nn", "self.d_v = 2 * self.d_k\n        self.W_o = nn").replace(
            "self.num_heads * d_v", "self.num_heads * self.d_v"
        ),
        "3.b",
    ),
    right(
        "3(b) with combine_heads by flatten",
        MODULE,
        FILLED
        + "\n\n"
        + WIDE.replace(
            "x.transpose(1, 2).contiguous().view(batch_size, seq_length, self.num_heads * d_v)",
            "x.transpose(1, 2).flatten(-2)",
        ),
        "3.b",
    ),
    right(
        "3(b) with -1 in the views",
        MODULE,
        FILLED + "\n\n" + WIDE.replace("width // self.num_heads", "-1").replace("self.num_heads * d_v", "-1"),
        "3.b",
    ),
    right("3(b) with a further option", MODULE, FILLED + "\n\n" + WIDE_PARAMETER, "3.b"),
]
WRONG = [
    wide("only W_v is changed", WIDE[: WIDE.index("        self.W_o")], 0, "do not fit its W_o.weight"),
    wide("only W_v and W_o are changed", WIDE[: WIDE.index("    def split")], 0, ""),
    wide("split_heads is not changed", WIDE.replace("width // self.num_heads", "self.d_k"), 0, ""),
    wide("combine_heads is not changed", WIDE[: WIDE.index("    def combine")], 0, ""),
    wide("W_v as in 3(a)", WIDE.replace("2 * d_model", "d_model"), 0, "out_features"),
    wide("W_v is three times as wide", WIDE.replace("2 * d_model", "3 * d_model"), 0, "W_v.out_features"),
    wide(
        "the output is 2 d_model wide",
        WIDE.replace("nn.Linear(2 * d_model, d_model)", "nn.Linear(2 * d_model, 2 * d_model)"),
        0,
        "shape",
    ),
    wide(
        "values split into 2 h heads",
        WIDE.replace(
            "return x.view(batch_size, seq_length, self.num_heads, width // self.num_heads)",
            "if width == self.d_model:\n            return x.view(batch_size, seq_length, self.num_heads, self.d_k).transpose(1, 2)\n        return x.view(batch_size, seq_length, self.num_heads, 2, self.d_k).transpose(3, 4).reshape(batch_size, seq_length, self.num_heads, -1)",
        ),
        2,
        "",
    ),
    wide(
        "values interleaved",
        WIDE.replace(
            "self.num_heads, width // self.num_heads).transpose(1, 2)",
            "width // self.num_heads, self.num_heads).permute(0, 3, 1, 2)",
        ),
        2,
        "",
    ),
    wide(
        "half of the values dropped",
        WIDE.replace("self.W_o = nn.Linear(2 * d_model, d_model)\n", "").replace(
            "return x.transpose(1, 2)",
            "x = x[..., : self.d_k]\n        d_v = self.d_k\n        return x.transpose(1, 2)",
        ),
        2,
        "",
    ),
    wide("scaled by the values' width", COPIED.replace("self.d_k ** 0.5", "self.d_v ** 0.5"), 2, ""),
    wide("not scaled", COPIED.replace(" / self.d_k ** 0.5", ""), 2, ""),
    wide(
        "queries and keys wide too",
        WIDE.replace(
            "self.W_o = ",
            "self.W_q, self.W_k = nn.Linear(d_model, 2 * d_model), nn.Linear(d_model, 2 * d_model)\n        self.W_o = ",
        ),
        2,
        "",
    ),
    wide(
        "a tuple",
        COPIED.replace(
            "return self.W_o(out.transpose(1, 2).flatten(2))", "return self.W_o(out.transpose(1, 2).flatten(2)), scores"
        ),
        2.5,
        "Return that alone",
    ),
    wide(
        "an output layer of two",
        WIDE.replace("nn.Linear(2 * d_model, d_model)", "nn.Sequential(nn.Linear(2 * d_model, d_model))"),
        5,
        "",
    ),
    wide("none", "", 0, ""),
]
