"""Question 5: responses in words, captured attention and claims about it."""

import io

import numpy as np

from tests.marking.variants import Variant

MODULE = "q5_visualizing"
KEYS = ("a.i", "a.ii", "b.i", "b.ii", "b.iii", "b.iv", "c.i", "c.ii", "d.i", "d.ii", "e")
SENTENCES = {key: f"In part {key} the heads look at other words than I had expected at first." for key in KEYS}
CLAIMS = {
    "gpt_is_causal": True,
    "bert_is_causal": False,
    "previous_token_head": (0, 1),
    "next_token_head": (1, 0),
    "separator_head": (1, 2),
}
T = 5


def softened(target: np.ndarray) -> np.ndarray:
    """Rows that look at `target` (T, T) with most of their mass, and a little everywhere."""
    return 0.8 * target / target.sum(-1, keepdims=True) + 0.2 / T


def captured(**changed: object) -> bytes:
    """A well-formed q5_attention.npz, with some arrays exchanged; None leaves one out."""
    even = np.full((2, 3, T, T), 1 / T)
    gpt = even * np.tril(np.ones((T, T)))
    bert = even.copy()
    bert[0, 1] = softened(np.eye(T, k=-1) + np.outer(np.arange(T) == 0, np.ones(T)))
    bert[1, 0] = softened(np.eye(T, k=1) + np.outer(np.arange(T) == T - 1, np.ones(T)))
    bert[1, 2] = softened(np.outer(np.ones(T), np.arange(T) == T - 1))
    arrays: dict[str, object] = {
        "gpt": gpt / gpt.sum(-1, keepdims=True),
        "bert": bert,
        "bert_random": even,
        "gpt_tokens": np.array(["the", "cat", "sat", "down", "."]),
        "bert_tokens": np.array(["[CLS]", "the", "cat", "sat", "[SEP]"]),
    }
    kept = {name: value for name, value in {**arrays, **changed}.items() if value is not None}
    file = io.BytesIO()
    np.savez(file, **kept)
    return file.getvalue()


def text(responses: object = SENTENCES, claims: object = CLAIMS) -> str:
    return f"import numpy as np\n\nresponses = {responses!r}\nclaims = {claims!r}\n"


def words(name: str, responses: object, points: float | None, told: str = "") -> Variant:
    return Variant(f"responses: {name}", MODULE, text(responses), {"5": (points, told)})


def claims(name: str, points: float | None, told: str = "", **changed: object) -> Variant:
    stated = {key: value for key, value in {**CLAIMS, **changed}.items() if value != "absent"}
    return Variant(
        f"claims: {name}", MODULE, text(claims=stated), {"5.evidence": (points, told)}, {"q5_attention.npz": captured()}
    )


def data(name: str, content: bytes, points: float | None, told: str = "", module: str = "") -> Variant:
    return Variant(
        f"data: {name}", MODULE, module or text(), {"5.evidence": (points, told)}, {"q5_attention.npz": content}
    )


EVEN = np.full((2, 3, T, T), 1 / T)
RIGHT = [
    words("one sentence each", SENTENCES, None),
    words("in French", dict.fromkeys(KEYS, "Les têtes regardent surtout le mot précédent ou le séparateur."), None),
    words("in Chinese", dict.fromkeys(KEYS, "注意力头主要关注前一个词和分隔符号。"), None),
    words(
        "several lines", dict.fromkeys(KEYS, "First, GPT is causal.\n\nSecond, BERT sees both sides of a word."), None
    ),
    words("further keys", {**SENTENCES, "f": "more"}, None),
    claims("as they are", None),
    claims("lists for pairs", None, separator_head=[1, 2]),
    data(
        "float32",
        captured(gpt=np.tril(np.ones((2, 3, T, T), np.float32)) / np.arange(1, T + 1, dtype=np.float32)[:, None]),
        None,
    ),
    data("rounded to half precision", captured(bert_random=EVEN.astype(np.float16)), None),
    data("another number of layers", captured(bert_random=np.full((12, 1, T, T), 1 / T)), None),
]
WRONG = [
    words("ten of eleven", {**SENTENCES, "e": ""}, 4 * 10 / 11, "e"),
    words("one of eleven", {"a.i": SENTENCES["a.i"]}, 4 / 11, "Not answered"),
    words("one word each", dict.fromkeys(KEYS, "yes"), 0, "too few"),
    words("nothing", {}, 0, "Not answered"),
    words("None", None, 0, "Not answered"),
    words("a list", list(SENTENCES.values()), 0, "dict"),
    words("numbers", dict.fromkeys(KEYS, 5), 0, ""),
    words("noise", dict.fromkeys(KEYS, "asdf asdf asdf asdf asdf asdf"), 0, "sentence"),
    words("placeholders", dict.fromkeys(KEYS, "TODO"), 0, "Not answered"),
    claims("GPT is said not to be causal", 3.5, "gpt_is_causal", gpt_is_causal=False),
    claims("BERT is said to be causal", 3.5, "bert_is_causal", bert_is_causal=True),
    claims("the wrong previous-token head", 4 - 2 / 3, "mass", previous_token_head=(0, 0)),
    claims("heads swapped", 4 - 4 / 3, "mass", previous_token_head=(1, 0), next_token_head=(0, 1)),
    claims(
        "counted from 1",
        4 - 2,
        "count from 0",
        previous_token_head=(1, 2),
        next_token_head=(2, 1),
        separator_head=(2, 3),
    ),
    claims("a number for a head", 4 - 2 / 3, "", separator_head=5),
    claims("negative", 4 - 2 / 3, "count from 0", separator_head=(-1, 2)),
    claims("three numbers", 4 - 2 / 3, "pair", separator_head=(1, 2, 0)),
    claims("words", 4 - 2 / 3, "", separator_head="layer 1 head 2"),
    claims("left out", 4 - 2 / 3, "Not answered", separator_head="absent"),
    claims("numbers for truth", 3.5, "bool", gpt_is_causal=1),
    data("no such file", b"", 0, "npz"),
    data("not a zip", b"attention", 0, "npz"),
    data("rows that do not sum to one", captured(gpt=EVEN * 2), 2.5, "gpt"),
    data(
        "scores in place of probabilities",
        captured(bert=np.random.default_rng(0).standard_normal((2, 3, T, T))),
        0.5,
        "bert",
    ),
    data("BERT is missing", captured(bert=None), 0.5, "bert"),
    data("the tokens are missing", captured(bert_tokens=None), 1, "bert_tokens"),
    data("too few tokens", captured(bert_tokens=np.array(["[CLS]", "[SEP]"])), 1, "bert_tokens"),
    data("the random model is missing", captured(bert_random=None), 3, "bert_random"),
    data("three axes", captured(bert_random=EVEN[0]), 3, "bert_random"),
    data("NaN", captured(bert_random=EVEN * np.nan), 3, "bert_random"),
    data("well formed without the module", captured(), 1, "", "raise ValueError\n"),
    data("well formed without claims", captured(), 1, "", "responses = {}\n"),
    data("GPT captured without its mask", captured(gpt=EVEN), 3.5, "gpt_is_causal"),
]
