"""Single characters: which are letters, operators, spaces, raised or lowered, and which are refused, by name.

Superscripts and subscripts are looked up before any folding, for NFKC would turn `d²` into `d2`. Folding is one
character to one character, so that positions stay those of the student's text.
"""

import unicodedata
from fractions import Fraction
from functools import lru_cache

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
    "ρ": "rho", "ς": "sigma", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
GREEK_NAMES = frozenset(GREEK.values()) - {"lambda", "omicron"}
GREEK_SYMBOLS = {name: symbol for symbol, name in GREEK.items() if symbol != "ς"}

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵏᵈᵇʰᵛᵐᵖᵗᵀᴺᴰᴹᐟˣʲ", "0123456789+-()nikdbhvmptTNDM/xj", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙᵢⱼₖₗₘₚₛₜₓₕ", "0123456789+-()nijklmpstxh", strict=True))

OPERATORS = {
    **dict.fromkeys("+＋﹢➕", "+"),
    **dict.fromkeys("-−‐‑‒–—﹣－", "-"),
    **dict.fromkeys("*∗＊⁎", "*"),
    **dict.fromkeys("·⋅∙•‧・", "·"),
    **dict.fromkeys("×✕✖⨯", "×"),
    **dict.fromkeys("/÷∕⁄／", "/"),
    **dict.fromkeys("^ˆ＾↑", "^"),
    **dict.fromkeys("=＝≡≔", "="),
    **dict.fromkeys("'′’", "'"),
    **dict.fromkeys("⊙∘\u2062", "*"),  # the last is MathML's invisible times
    "!": "!", "@": "@", ",": ",", "，": ",", ";": ";", ":": ":", "：": ":", "_": "_", "＿": "_", "±": "±", "∓": "±",
}  # fmt: skip
RELATIONS = {symbol: symbol for symbol in "<>≤≥≠≈∼≅∝∈≲≳≪≫→⇒"} | dict.fromkeys("⟹⇔⟺∴", "⇒")
OPENING = {"(": "(", "[": "[", "{": "{", "（": "(", "［": "[", "｛": "{"} | dict.fromkeys("⟨\u2329\u3008", "<")
CLOSING = {")": ")", "]": "]", "}": "}", "）": ")", "］": "]", "｝": "}"} | dict.fromkeys("⟩\u232a\u3009", ">")
PARTNER = {"(": ")", "[": "]", "{": "}", "<": ">"}
BARS = {"|": "|", "∣": "|", "｜": "|", "‖": "‖", "∥": "‖", "║": "‖"}
ROOTS = {"√": 2, "∛": 3, "∜": 4}
SUM_SIGNS = frozenset("∑Σ")
TRANSPOSES = frozenset("⊤⊺⟙†")

_RESEMBLES = dict(
    zip(
        "аеорсухіјѕһԁԛԝвпгАВЕКМНОРСТУХІЈЅԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧονκρικυηαɑɡıοτ",
        "aeopcyxijshdqwbnrABEKMHOPCTYXIJSGABEZHIKMNOPTYXovkpikunaagiot",
        strict=True,
    )
)


@lru_cache(maxsize=1024)
def folded(character: str) -> str | None:
    """The plain Latin or Greek letter or digit that a fullwidth or mathematical letter stands for, else None."""
    if character.isascii():
        return character if character.isalnum() else None
    if character in GREEK:
        return character
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1 or not (plain in GREEK or (plain.isascii() and plain.isalnum())):
        return None
    tag = unicodedata.decomposition(character).split(" ")[0]
    if tag in ("<font>", "<wide>") or not tag.startswith("<") or (tag == "<compat>" and plain in GREEK):
        return plain
    return None


@lru_cache(maxsize=256)
def vulgar_fraction(character: str) -> Fraction | None:
    """The value of ½ and its like, else None."""
    if not unicodedata.decomposition(character).startswith("<fraction>") or character == "⅟":
        return None
    return Fraction(unicodedata.numeric(character)).limit_denominator(10)


def resembles(character: str) -> str | None:
    """The Latin letter that this letter of another alphabet is easily taken for, else None."""
    return _RESEMBLES.get(character)


def official_name(character: str) -> str:
    """What Unicode calls it, such as "CYRILLIC SMALL LETTER A"."""
    return unicodedata.name(character, f"U+{ord(character):04X}")


def is_space(character: str) -> bool:
    return character in " \t\n\r" or unicodedata.category(character) == "Zs"


def refusal_kind(character: str) -> str:
    """Which kind of refusal a character that nothing else accepts deserves."""
    category = unicodedata.category(character)
    if unicodedata.bidirectional(character) in {"RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}:
        return "bidi_control"
    if category == "Cc":
        return "control_character"
    if category in ("Cf", "Zl", "Zp") or character in "\u115f\u1160\u3164\uffa0":
        return "invisible_character"
    if category.startswith("M"):
        return "combining_mark"
    if category.startswith("L"):
        return "lookalike_letter" if resembles(character) else "foreign_letter"
    return "unknown_character"
