"""What a LaTeX command stands for. A command that is not listed here is refused by its name, never skipped."""

from autograder.answers.characters import GREEK_NAMES

SPACES = frozenset(
    {",", ";", ":", "!", " ", ">", "\n", "quad", "qquad", "thinspace", "enspace", "medspace", "thickspace"}
)
IGNORED = frozenset(
    {
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "boxed",
        "mathstrut",
        "nonumber",
        "notag",
        "relax",
    }
    | {"underline", "strut", "centering", "noindent"}
    | {size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
)
FONTS = frozenset(
    {"mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathscr", "mathbb", "mathfrak", "mathnormal"}
    | {"boldsymbol", "bm", "pmb", "symbf", "vec", "text", "textrm", "textbf", "textit", "textsf", "textnormal"}
    | {"operatorname", "operatorname*", "mathop", "mbox", "rm", "bf", "it", "bold"}
    | {"cal", "scr", "frak", "sf", "tt"}
)
TEXTS = frozenset(
    {"text", "textrm", "textbf", "textit", "textsf", "textnormal", "mbox"}
)  # words and spaces, as they are
STRUCTURES = frozenset(
    {"left", "right", "begin", "end", "underbrace", "overbrace"}
    | {"label", "tag", "color", "textcolor", "hspace", "vspace", "phantom", "hphantom", "vphantom"}
)
ENVIRONMENTS = frozenset(
    {"aligned", "align", "alignat", "alignedat", "equation", "gather", "gathered", "split", "multline", "eqnarray"}
    | {"displaymath", "math", "flalign", "array"}
)
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})
FUNCTIONS = {
    **{name: name for name in ("sqrt", "log", "ln", "lg", "exp", "max", "min", "sum")},
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "tr": "trace", "Tr": "trace", "trace": "trace", "norm": "norm", "abs": "abs",
}  # fmt: skip
OPERATORS = {
    "cdot": "·", "bullet": "·", "times": "×", "ast": "*", "star": "*", "circ": "*", "odot": "*", "div": "/",
    "colon": ":", "prime": "'", "coloneqq": "=", "equiv": "=", "pm": "±", "mp": "±", "_": "_", "lnot": "!",
    "over": "over",
}  # fmt: skip
RELATIONS = {
    "neq": "≠", "ne": "≠", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥",
    "lt": "<", "gt": ">", "ll": "≪", "gg": "≫", "approx": "≈", "sim": "∼", "simeq": "≅", "cong": "≅",
    "propto": "∝", "in": "∈", "lesssim": "≲", "gtrsim": "≳", "to": "→", "rightarrow": "→", "implies": "⇒",
    "Rightarrow": "⇒", "therefore": "⇒", "Longrightarrow": "⇒", "longrightarrow": "→", "iff": "⇒",
    "Leftrightarrow": "⇒", "Longleftrightarrow": "⇒",
}  # fmt: skip
OPENING = {"{": "{", "langle": "<", "lbrace": "{", "lbrack": "[", "lparen": "("}
CLOSING = {"}": "}", "rangle": ">", "rbrace": "}", "rbrack": "]", "rparen": ")"}
BARS = {"|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "vert": "|", "lvert": "|", "rvert": "|", "mid": "|",
        "parallel": "‖"}  # fmt: skip
ROUNDED = {"lceil": "ceil", "lfloor": "floor"}
ROUNDED_ENDS = frozenset({"rceil", "rfloor"})
TRANSPOSES = frozenset({"top", "intercal", "transpose", "dagger"})
DOTS = frozenset({"dots", "ldots", "cdots", "dotsc", "dotsb", "dotsm"})
DELIMITERS = frozenset({"(", ")", "[", "]"})
GREEK = {
    **{name: name for name in GREEK_NAMES | {"lambda"}},
    "varphi": "phi", "varepsilon": "epsilon", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma",
}  # fmt: skip
