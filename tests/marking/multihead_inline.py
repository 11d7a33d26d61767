"""Question 3(a): compact code with one mistake in it; the blanks that the mistake is not in are right."""

from tests.marking.multihead import MODULE, methods
from tests.marking.multihead_styles import COMBINE, FORWARD, LOOPED, SPLIT, TERSE
from tests.marking.variants import Variant, block

SCORES = "Q @ K.transpose(-2, -1)"
ZERO = (0, "")


def indented(signature: str, body: str) -> str:
    lines = block(body).splitlines()
    return f"def {signature}:\n" + "".join(f"    {line}\n" for line in lines)


def compact(name: str, body: str, right: str, **lost: tuple[float, str]) -> Variant:
    """A method with another body; `right` are the letters of the blanks that are."""
    attention = indented("scaled_dot_product_attention(self, Q, K, V, mask=None)", body)
    return _with(name, methods(attention, SPLIT, COMBINE, FORWARD), right, lost)


def forward(name: str, body: str, right: str, **lost: tuple[float, str]) -> Variant:
    method = indented("forward(self, Q, K, V, mask=None)", body)
    return _with(name, methods(TERSE, SPLIT, COMBINE, method), right, lost)


def _with(name: str, text: str, right: str, lost: dict[str, tuple[float, str]]) -> Variant:
    expected: dict[str, tuple[float | None, str]] = {f"3.a.{letter}": (None, "") for letter in right}
    return Variant(
        f"compact: {name}", MODULE, text, {**expected, **{f"3.a.{key}": value for key, value in lost.items()}}
    )


HEADS = "self.scaled_dot_product_attention(*map(self.split_heads, (self.W_q(Q), self.W_k(K), self.W_v(V))), mask)"
FUSED = """
q, k, v = self.W_qkv(Q).chunk(3, -1)
return self.W_o(self.combine_heads(self.scaled_dot_product_attention(self.split_heads(q), self.split_heads(k), self.split_heads(v), mask)))
"""
QUERIES_TWICE = """
sim = torch.einsum("bhid,bhjd->bhij", Q, Q) * self.d_k ** -0.5
return torch.einsum("bhij,bhjd->bhid", sim.softmax(dim=-1), V)
"""

RIGHT = []
WRONG = [
    compact("wrong scale", f"return F.softmax({SCORES} / math.sqrt(self.d_model), dim=-1) @ V", "abdefh", attention=(0, "scaled")),
    compact("not scaled", f"return torch.matmul(torch.softmax({SCORES}, -1), V)", "abdefh", attention=(0, "not scaled")),
    compact("not scaled, a method", f"s = {SCORES}\nreturn s.softmax(-1) @ V", "abdefh", attention=(0, "not scaled")),
    compact("queries with queries", QUERIES_TWICE, "abefh", d=ZERO, attention=ZERO),
    compact("another axis", f"return F.softmax({SCORES} / math.sqrt(self.d_k), dim=-2) @ V", "abdfh", attention=(0, "over the queries")),
    compact("sigmoid", f"return torch.sigmoid({SCORES} / math.sqrt(self.d_k)) @ V", "abdfh", e=ZERO, attention=ZERO),
    compact("keys averaged", f"return F.softmax({SCORES} / math.sqrt(self.d_k), dim=-1) @ K", "abdeh", f=ZERO, attention=ZERO),
    compact("keys with queries", "return F.softmax(K @ Q.transpose(-2, -1) / math.sqrt(self.d_k), dim=-1) @ V", "abefh", d=ZERO, attention=ZERO),
    compact("no softmax", f"return ({SCORES} / math.sqrt(self.d_k)) @ V", "abdfh", e=ZERO, attention=(0, "without a softmax")),
    _with("a loop, not scaled", methods(LOOPED.replace(" / math.sqrt(Q.shape[-1])", ""), SPLIT, COMBINE, FORWARD), "abh", {"attention": (0, "not scaled"), "forward": (0, "not scaled")}),
    forward("a layer that is not there", FUSED, "defh", forward=(0, "AttributeError")),
    forward("no last layer", f"return self.combine_heads({HEADS})", "abdef", h=ZERO, forward=(0, "W_o")),
    forward("another last layer", f"return self.W_v(self.combine_heads({HEADS}))", "abdef", h=ZERO, forward=(0, "another layer")),
]  # fmt: skip
