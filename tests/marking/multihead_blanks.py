"""Question 3(a): wrong blanks, each of which costs no other."""

from tests.marking.multihead import ALL, BLANK_PARTS, BLANKS, CLASS, MODULE, TEMPLATE, edited, filled, spoiled
from tests.marking.variants import Variant


def blank(letter: str, text: str, words: str = "", *, name: str = "") -> Variant:
    """One wrong blank of the template; the other blanks are right and cost nothing."""
    expected: dict[str, tuple[float | None, str]] = dict.fromkeys(BLANK_PARTS, (None, ""))
    expected[f"3.a.{letter}"] = (0, words)
    return Variant(name or f"({letter}) {text}", MODULE, filled(**{letter: text}), expected)


RIGHT = []
WRONG = [
    blank("a", "num_heads"),
    blank("a", "self.d_k"),
    blank("a", "2 * d_model"),
    blank("a", "d_model // num_heads"),
    blank("a", "self.num_heads"),
    blank("b", "num_heads"),
    blank("b", "self.d_k"),
    blank("b", "2 * d_model"),
    blank("b", "1"),
    blank("d", "K"),
    blank("d", "V"),
    blank("d", "Q.transpose(-2, -1)"),
    blank("d", "self.W_q"),
    blank("d", "2 * Q"),
    blank("d", "Q / math.sqrt(self.d_k)"),
    blank("e", "sigmoid"),
    blank("e", "relu"),
    blank("e", "log_softmax"),
    blank("e", "argmax"),
    blank("e", "sum"),
    blank("e", "exp"),
    blank("e", "soft_max"),
    blank("e", "mean"),
    blank("f", "Q"),
    blank("f", "K"),
    blank("f", "attn_scores"),
    blank("f", "V.transpose(-2, -1)"),
    blank("f", "K.transpose(-2, -1)"),
    blank("h", "W_q"),
    blank("h", "W_k"),
    blank("h", "W_v"),
    blank("h", "split_heads"),
    blank("h", "combine_heads"),
    blank("h", "W_out"),
    Variant(
        "one right blank among empty ones",
        MODULE,
        edited(CLASS, BLANKS["e"]),
        {
            "3.a.e": (None, ""),
            **{f"3.a.{key}": (0, "Not answered") for key in "abdfh"},
            "3.a.heads": (0, ""),
            "3.a.forward": (0, "Not answered"),
        },
    ),
    Variant("the template", MODULE, TEMPLATE, dict.fromkeys((*ALL, "3.b", "3.b.why"), (0, "Not answered"))),
    Variant(
        "right blanks in a class that cannot be made",
        MODULE,
        spoiled(("super().__init__()\n", "super().__init__(1, 2, 3)\n")),
        {**dict.fromkeys(BLANK_PARTS, (None, "")), "3.a.forward": (0, ""), "3.a.heads": (0, "")},
    ),
]
