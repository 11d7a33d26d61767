"""Question 3 in code: ways to write multi-head attention and its variant with wide values, right and wrong."""

from tests.marking.multihead_styles import INIT
from tests.marking.variants import TEMPLATES, Variant, block, edited

MODULE = "q3_multihead"
TEMPLATE = TEMPLATES[MODULE]
BLANKS = {
    "a": ("nn.Linear(d_model, ____)", "nn.Linear(d_model, d_model)"),
    "b": ("nn.Linear(____, d_model)", "nn.Linear(d_model, d_model)"),
    "d": ("torch.matmul(____, K.transpose(-2, -1))", "torch.matmul(Q, K.transpose(-2, -1))"),
    "e": ("torch.____(attn_scores, dim=-1)", "torch.softmax(attn_scores, dim=-1)"),
    "f": ("torch.matmul(attn_probs, ____)", "torch.matmul(attn_probs, V)"),
    "h": ("self.____(self.combine_heads(attn_output))", "self.W_o(self.combine_heads(attn_output))"),
}
BLANK_PARTS = tuple(f"3.a.{letter}" for letter in BLANKS)
WHOLES = ("3.a.attention", "3.a.heads", "3.a.forward", "3.a.mask")
ALL = (*BLANK_PARTS, *WHOLES)
CLASS, _, _ = TEMPLATE.partition("class WideValueMultiHeadAttention")
FILLED = edited(CLASS, *BLANKS.values())
IMPORTS = "import math\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"


def filled(**blanks: str) -> str:
    """3(a) of the template with other things in its blanks: `d="K"`, or with `_line` the whole statement."""
    edits = [(old, old.replace("____", blanks[key]) if key in blanks else new) for key, (old, new) in BLANKS.items()]
    return edited(CLASS, *edits)


def spoiled(*edits: tuple[str, str]) -> str:
    return edited(FILLED, *edits)


def methods(attention: str, split: str, combine: str, forward: str, init: str = "", before: str = "") -> str:
    """A class written from scratch."""
    parts = [init or INIT, attention, split, combine, forward]
    body = "\n".join("".join(f"    {line}\n" if line else "\n" for line in block(part).splitlines()) for part in parts)
    return IMPORTS + (block(before) + "\n\n" if before else "") + f"class MultiHeadAttention(nn.Module):\n{body}"


def whole(name: str, text: str, *spared: str, **lost: tuple[float, str]) -> Variant:
    """A wrong class: `lost` says what its wholes earn, `attention=(0, "softmax")`; the parts in `spared` are full."""
    expected: dict[str, tuple[float | None, str]] = {f"3.a.{key}": value for key, value in lost.items()}
    expected |= {f"3.a.{key}": (None, "") for key in spared}
    return Variant(name, MODULE, text, expected)


F_0 = (0, "")
PROJECT_Q = "Q = self.split_heads(self.W_q(Q))"
PROJECT_K = "K = self.split_heads(self.W_k(K))"
PROJECT_V = "V = self.split_heads(self.W_v(V))"
SCALE = "attn_scores / math.sqrt(self.d_k)"
SOFTMAX = "torch.softmax(attn_scores, dim=-1)"
VIEW = "x.view(batch_size, seq_length, self.num_heads, self.d_k).transpose(1, 2)"
JOIN = "x.transpose(1, 2).contiguous().view(batch_size, seq_length, self.d_model)"
FINAL = "output = self.W_o(self.combine_heads(attn_output))  # blank (h)\n        return output"
