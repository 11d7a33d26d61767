"""Question 7, and the other parts in words."""

from tests.marking.variants import Variant

SENTENCE = "No gradient reaches the queries and keys, because the chosen index does not change under small changes."


def process(
    name: str, sources: object, collaborators: object, hours: object, points: float | None, told: str = ""
) -> Variant:
    text = f"sources = {sources!r}\ncollaborators = {collaborators!r}\nhours = {hours!r}\n"
    return Variant(f"process: {name}", "q7_process", text, {"7": (points, told)})


def why(
    module: str, attribute: str, part: str, name: str, value: object, points: float | None, told: str = ""
) -> Variant:
    return Variant(f"{attribute}: {name}", module, f"{attribute} = {value!r}\n", {part: (points, told)})


def effect(name: str, value: object, points: float | None, told: str = "") -> Variant:
    return why("q2_argmax", "training_effect", "2.b.why", name, value, points, told)


def changes(name: str, value: object, points: float | None, told: str = "") -> Variant:
    return why("q3_multihead", "modifications", "3.b.why", name, value, points, told)


RIGHT = [
    process("plain", "lecture notes and the PyTorch documentation", "Ada and Alan", 5, None),
    process("none", "none", "none", 3.5, None),
    process("hours as text", "the paper", "nobody", "about 6 hours", None),
    process("a range", "the paper", "N/A", "6-8", None),
    process("a language model", "Gemini 2.5 and ChatGPT", "I worked alone.", 10, None),
    process("hours and minutes", "none", "none", "4h 30min", None),
    effect("a sentence", SENTENCE, None, ""),
    effect("several lines", "The argmax is flat.\n- queries and keys get no gradient\n- values do get one", None),
    effect("with formulas", "d argmax/dq = 0 almost everywhere, so W_q and W_k are never updated.", None),
    changes("a sentence", "W_o needs 2 * d_model inputs, and split_heads must use the width of its input.", None),
    changes("code", "self.W_o = nn.Linear(2 * d_model, d_model); combine_heads gives 2 * d_model columns", None),
]
WRONG = [
    process("no hours", "the paper", "none", None, 1, "hours"),
    process("negative hours", "the paper", "none", -2, 1, "plausible"),
    process("too many hours", "the paper", "none", 10_000, 1, "plausible"),
    process("hours that cannot be read", "the paper", "none", "many", 1, "hours"),
    process("no sources", "", "none", 4, 1.5, "sources"),
    process("only hours", "", "", 4, 1, "Not answered"),
    process("a list of sources", ["a", "b"], "none", 4, 1.5, "text"),
    process("nothing", "", "", None, 0, "Not answered"),
    effect("empty", "", 0, "Not answered"),
    effect("two words", "it breaks", 0, "too few"),
    effect("a placeholder", "TODO", 0, "Not answered"),
    effect("a number", 7, 0, ""),
    effect("noise", "xx xx xx xx xx xx xx xx", 0, "Not answered"),
    changes("empty", "", 0, "Not answered"),
    changes(
        "the question again",
        "Which other changes, as few as possible, does the code need so that it runs?",
        0,
        "question",
    ),
    changes("None", None, 0, "Not answered"),
]
