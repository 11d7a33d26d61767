"""Who would miss it: a student who is alarmed about a right answer, or who hears nothing of a wrong one.

The bank is held against the public checks, which know no reference: what is right is never complained about.
"""

import shutil
from collections.abc import Iterator, Mapping

import pytest

from tests.marking import linear, written_right, written_wrong
from tests.marking.bench import ROOT, Bench, open_bench
from tests.marking.decoding import spoiled
from tests.marking.test_code_bank import RIGHT, WRONG
from tests.marking.variants import Variant

LEAST_TOLD = 0.8  # of the parts that are wrong, and could be noticed
RING = """
def feature_map(x):
    r = 2 ** 0.5
    return torch.cat([x ** 2, r * x * torch.roll(x, 1, -1), r * x, torch.ones_like(x[..., :1])], dim=-1)
"""
THREE = """
def feature_map(x):
    a, b, c = x.unbind(-1)
    r = 2 ** 0.5
    products = [r * a * b, r * a * c, r * b * c]
    return torch.stack([a * a, b * b, c * c, *products, r * a, r * b, r * c, torch.ones_like(a)], dim=-1)
"""
ARGMAX = "def argmax_attention(q, K, V):\n    return V[(K @ q).argmax()].squeeze()\n"
LAST_KEY = ("    # Back to the width", "    last = prev_K[:, -1]\n    # Back to the width")
# Module, its text, the part that is complained about, words of the complaint: seen without a solution.
SMALL_SIZES = (
    ("q4_decoding", spoiled(("return y", "return y.squeeze()")), "4.code", "(case: b = 1)"),
    ("q4_decoding", spoiled(("return y", "return y.squeeze(0)")), "4.code", "(case: b = 1)"),
    ("q4_decoding", spoiled(LAST_KEY), "4.code", "(case: an empty cache)"),
    ("q2_argmax", f"import torch\n{ARGMAX}", "2.a.code", "m = 1"),
    ("q6_linear", linear.module(RING), "6.b.ii", "(D = 4)"),
    ("q6_linear", linear.module(THREE), "6.b.ii", "D = 4"),
)
EVERY = 7  # of the wrong cases, every seventh is tried


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The homework as students have it."""
    root = tmp_path_factory.mktemp("student")
    shutil.copytree(ROOT / "student_template", root / "student_template")
    shutil.copytree(ROOT / "tests" / "graded" / "public", root / "tests" / "graded" / "public")
    shutil.copy(ROOT / "tests" / "graded" / "homework.toml", root / "tests" / "graded")
    with open_bench(root) as bench:
        yield bench


@pytest.fixture(scope="module")
def own(public: Bench) -> dict[str, bytes]:
    return public.files("examples/different")


def told(bench: Bench, base: Mapping[str, bytes], variant: Variant) -> dict[str, str]:
    """What the checks complain about, of the parts that the case is about."""
    files = {**base, f"{variant.module}.py": variant.text.encode(), **variant.files}
    checked = bench.mark(files, tuple(variant.expected))
    return {part: row.message for part, row in checked.items() if part in variant.expected and row.status != "right"}


def written(base: Mapping[str, bytes], bench: Bench, part: str, answer: object) -> Variant:
    declared = bench.course.declarations.part(part)
    text = base[f"{declared.module}.py"].decode() + f"\n{declared.attribute} = {answer!r}\n"
    return Variant(repr(answer), declared.module, text, {part: (None, "")})


@pytest.mark.parametrize("variant", RIGHT, ids=lambda variant: variant.id)
def test_right_code_is_not_complained_about(public: Bench, own: dict[str, bytes], variant: Variant) -> None:
    assert told(public, own, variant) == {}


@pytest.mark.parametrize("part", written_right.RIGHT)
def test_right_answers_are_not_complained_about(public: Bench, own: dict[str, bytes], part: str) -> None:
    answers = [answer for answer in written_right.RIGHT[part] if isinstance(answer, str | list | tuple)]
    complaints = {repr(answer): told(public, own, written(own, public, part, answer)) for answer in answers}
    assert {answer: words for answer, words in complaints.items() if words} == {}


@pytest.mark.parametrize(("module", "text", "part", "words"), SMALL_SIZES)
def test_a_size_for_which_code_fails_is_told(
    public: Bench, own: dict[str, bytes], module: str, text: str, part: str, words: str
) -> None:
    assert words in told(public, own, Variant("", module, text, {part: (None, "")})).get(part, "")


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ("def feature_map(x):\n    return (x[..., None] * x[..., None, :]).flatten(-2)\n", "do not belong together"),
        (linear.RIGHT_MAPS["vectors only"], "fails for a table"),
        (linear.RIGHT_MAPS["vectors only"].replace("):\n", "):\n    assert x.dim() == 1\n"), "fails for a table"),
    ],
)
def test_what_may_be_right_and_is_odd_is_remarked_on(
    public: Bench, own: dict[str, bytes], features: str, words: str
) -> None:
    row = public.mark({**own, "q6_linear.py": linear.module(features).encode()}, ("6.b.ii",))["6.b.ii"]
    assert row.status == "right"
    assert words in row.message
    assert "Nothing wrong" not in row.message


def test_most_wrong_code_is_told_what_is_wrong(public: Bench, own: dict[str, bytes]) -> None:
    wrong: list[tuple[str, str]] = []
    silent: list[tuple[str, str]] = []
    for variant in WRONG[::EVERY]:
        parts = {part for part, (points, _) in variant.expected.items() if points is not None}
        heard = told(public, own, variant)
        wrong += [(variant.id, part) for part in parts]
        silent += [(variant.id, part) for part in parts - set(heard)]
    assert len(silent) <= (1 - LEAST_TOLD) * len(wrong), silent


def test_most_wrong_answers_are_told_what_is_wrong(public: Bench, own: dict[str, bytes]) -> None:
    wrong = [(part, answer) for part, cases in written_wrong.WRONG.items() for answer, points, _ in cases if not points]
    silent = [
        (part, answer) for part, answer in wrong[::EVERY] if not told(public, own, written(own, public, part, answer))
    ]
    assert len(silent) <= (1 - LEAST_TOLD) * len(wrong[::EVERY]), silent


def test_every_part_has_a_check(bench: Bench, public: Bench) -> None:
    assert [test.number for test in public.course.tests] == [test.number for test in bench.course.tests]


def test_a_wrong_answer_to_one_part_does_not_spoil_the_check_of_another(public: Bench, own: dict[str, bytes]) -> None:
    """2.a leans on the student's own code, 4.a too, 6.b.ii on (b)(i): never on what is itself in doubt."""
    spoiled = {
        "q2_argmax.py": b"\n\ndef argmax_attention(q, K, V):\n    return V[0]\n",
        "q4_decoding.py": b"\n\ndef multiquery_attention_incremental(x, K, V, W_q, W_k, W_v, W_o):\n    return x\n",
        "q6_linear.py": b"\nquadratic_kernel = 'q^T k'\n",
    }
    files = {**own, **{name: own[name] + text for name, text in spoiled.items()}}
    checked = public.mark(files, ("2", "4", "6"))
    assert {part for part, row in checked.items() if row.status != "right"} == {"2.a.code", "4.code", "6.b.i"}
