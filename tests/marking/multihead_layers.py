"""Question 3: layers and calls of other kinds than the template's, right all the same; and what is put around them."""

from tests.marking.multihead import ALL, FILLED, FINAL, MODULE, VIEW, WHOLES, methods, whole
from tests.marking.multihead_styles import CALLS_FUNCTION, COMBINE, FORWARD, SPLIT
from tests.marking.variants import Variant, block, edited, right
from tests.marking.wide_values import COPIED, WIDE

LINEAR = "nn.Linear(d_model, d_model)"
NO_BIAS = FILLED.replace(LINEAR, "nn.Linear(d_model, d_model, bias=False)")
MATRICES = edited(
    FILLED.replace(LINEAR, "nn.Parameter(torch.randn(d_model, d_model))"),
    ("self.W_q(Q)", "Q @ self.W_q"),
    ("self.W_k(K)", "K @ self.W_k"),
    ("self.W_v(V)", "V @ self.W_v"),
    ("self.W_o(self.combine_heads(attn_output))", "self.combine_heads(attn_output) @ self.W_o"),
)
TURNED = edited(
    MATRICES,
    ("Q @ self.W_q", "nn.functional.linear(Q, self.W_q)"),
    ("K @ self.W_k", "nn.functional.linear(K, self.W_k)"),
    ("V @ self.W_v", "nn.functional.linear(V, self.W_v)"),
    ("self.combine_heads(attn_output) @ self.W_o", "nn.functional.linear(self.combine_heads(attn_output), self.W_o)"),
)
SCRIPTED = """
@torch.jit.script
def attend(q, k, v, mask: torch.Tensor | None):
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    return torch.softmax(scores, -1) @ v
"""
OWN_MODULE = block("""
import math
import torch


def softmax_attention(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    return torch.softmax(scores if mask is None else scores.masked_fill(mask == 0, -1e9), -1) @ v
""")
FROM_OWN_MODULE = "from my_attention import softmax_attention as attend\n" + methods(
    CALLS_FUNCTION, SPLIT, COMBINE, FORWARD
)
PROJECTIONS = ("3.a.d", "3.a.e", "3.a.f", "3.a.h")
ZERO = (0, "")


def around(name: str, line: str) -> Variant:
    """Something is put around the last layer: the whole is wrong, and the blank in it is not."""
    text = edited(
        FILLED,
        (FINAL, f"{line}\n        return output"),
        ("self.W_o =", "self.norm = nn.LayerNorm(d_model)\n        self.W_o ="),
    )
    return whole(name, text, "a", "b", "d", "e", "f", "h", "attention", "heads", forward=ZERO, mask=ZERO)


RIGHT = [
    right("layers in a list, and by name", MODULE, edited(FILLED, ("        self.W_q = nn.Linear(d_model, d_model)\n", "        self.layers = nn.ModuleList(nn.Linear(d_model, d_model) for _ in range(4))\n"), ("self.W_k = nn.Linear(d_model, d_model)", "self.W_q, self.W_k = self.layers[:2]"), ("self.W_v = nn.Linear(d_model, d_model)", "self.W_v, self.W_o = self.layers[2:]"), ("        self.W_o = nn.Linear(d_model, d_model)", "")), *WHOLES),
    right("layers without biases", MODULE, NO_BIAS, *ALL),
    right("a bias in the last layer only", MODULE, edited(NO_BIAS, ("W_o = nn.Linear(d_model, d_model, bias=False)", f"W_o = {LINEAR}")), *ALL),
    right("layers of a size that is found out", MODULE, FILLED.replace(LINEAR, "nn.LazyLinear(d_model)"), *ALL),
    right("the same without biases", MODULE, FILLED.replace(LINEAR, "nn.LazyLinear(d_model, bias=False)"), *ALL),
    right("layers in a sequence", MODULE, FILLED.replace(LINEAR, f"nn.Sequential({LINEAR}, nn.Dropout(0.1))"), *WHOLES, *PROJECTIONS),
    right("matrices in place of layers", MODULE, MATRICES, *WHOLES),
    right("matrices the other way round", MODULE, TURNED, *WHOLES),
    right("a compiled method", MODULE, edited(FILLED, ("    def forward", "    @torch.compile(fullgraph=True)\n    def forward")), *ALL),
    right("a method that is compiled afterwards", MODULE, FILLED + "\nMultiHeadAttention.forward = torch.compile(MultiHeadAttention.forward)\n", *ALL),
    right("a scripted function", MODULE, methods(CALLS_FUNCTION, SPLIT, COMBINE, FORWARD, before=SCRIPTED), *ALL),
    right("a mask by keyword only", MODULE, FILLED.replace("V: torch.Tensor, mask:", "V: torch.Tensor, *, mask:").replace("Q, K, V, mask)", "Q, K, V, mask=mask)"), *ALL),
    right("a mask without default", MODULE, FILLED.replace("mask: torch.Tensor | None = None", "mask: torch.Tensor | None"), *ALL),
    right("float64 by default", MODULE, edited(FILLED, ("import torch\n", "import torch\ntorch.set_default_dtype(torch.float64)\n")), *ALL),
    right("libraries that nothing needs", MODULE, "import matplotlib.pyplot as plt, pandas as pd\nfrom tqdm import tqdm\n" + FILLED, *ALL),
    Variant("a module of one's own", MODULE, FROM_OWN_MODULE, dict.fromkeys(ALL, (None, "")), {"my_attention.py": OWN_MODULE.encode()}),
    right("3(b) without biases", MODULE, FILLED + "\n\n" + COPIED.replace("d_model)\n", "d_model, bias=False)\n", 4), "3.b"),
    right("3(b) of a size that is found out", MODULE, FILLED + "\n\n" + WIDE.replace("nn.Linear(2 * d_model, d_model)", "nn.LazyLinear(d_model)"), "3.b"),
]  # fmt: skip
WRONG = [
    around("a normalisation after W_o", "output = self.norm(self.W_o(self.combine_heads(attn_output)))"),
    around("dropout and a residual", "output = Q.transpose(1, 2).flatten(2) + nn.Dropout(0.0)(self.W_o(self.combine_heads(attn_output)))"),
    whole("without biases and without W_o", edited(NO_BIAS, (FINAL, "return self.combine_heads(attn_output)")), "attention", "heads", h=ZERO, forward=(0, "W_o"), mask=(0, "W_o")),
    whole("a learned scale", edited(FILLED, ("self.d_k = ", "self.temperature = nn.Parameter(torch.ones(1))\n        self.d_k = "), ("math.sqrt(self.d_k)", "self.temperature")), "heads", attention=(0, "not scaled"), forward=(0, "not scaled"), mask=ZERO),
    whole("a library that is not there", "from einops import rearrange\n" + edited(FILLED, (VIEW, "rearrange(x, 'b s (h d) -> b h s d', h=self.num_heads)")), *"abdefh", "attention", heads=(1, "the module einops, which is not there when your code is graded"), forward=(0, "ModuleNotFoundError"), mask=ZERO),
    whole("layers of other names", FILLED.replace("W_q", "query").replace("W_k", "key"), "attention", "heads", forward=(0, "W_q.weight was not found"), mask=ZERO),
]  # fmt: skip
