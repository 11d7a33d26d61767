"""Shapes in every notation are one tuple of sizes; what is no list of sizes is refused."""

import pytest

from autograder.answers.reading import Refusal
from autograder.answers.render import plain
from autograder.answers.shapes import read_shape
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.sandbox.outcome import SymbolicObject

SIZES = Vocabulary("shape", tuple(Declared(name, positive=True, integer=True) for name in "bndhkvq"))


def symbol(name: str) -> SymbolicObject:
    return SymbolicObject("Symbol", (name,))


@pytest.mark.parametrize(
    "answer",
    [
        "[h, d, q]", "(h, d, q)", "(h,d,q)", "h, d, q", "{h, d, q}", " [ h , d , q ] ", "[h, d, q].", "`[h, d, q]`",
        "h x d x q", "hxdxq", "h × d × q", "h by d by q", "[h x d x q]", r"h \times d \times q",
        "torch.Size([h, d, q])",
        r"\mathbb{R}^{h \times d \times q}", r"\mathbb R^{h\times d\times q}", "ℝ^(h×d×q)", "R^{h×d×q}", "$[h, d, q]$",
        r"W_q \in \mathbb{R}^{h \times d \times q}", "A = [h, d, q]", "A: [h, d, q]", "shape [h, d, q]",
        "['h', 'd', 'q']",
        '["h", "d", "q"]', "The shape is (h, d, q).", "a tensor with shape [h, d, q]", r"(h,\,d,\,q)", "（h，d，q）",
        ["h", "d", "q"], ("h", "d", "q"), (symbol("h"), symbol("d"), symbol("q")), ["h", symbol("d"), "q"],
        SymbolicObject("Tuple", (symbol("h"), symbol("d"), symbol("q"))), "[𝑕, d, q]".replace("𝑕", "ｈ"),
    ],
    ids=str,
)  # fmt: skip
def test_a_shape_may_be_written_in_any_of_these_ways(answer: object) -> None:
    result = read_shape(answer, SIZES)
    assert not isinstance(result, Refusal), result
    assert [plain(size) for size in result] == ["h", "d", "q"]


@pytest.mark.parametrize(
    ("answer", "sizes"),
    [
        ("[h, d, d/h]", ["h", "d", "d/h"]),
        ("[d, k]", ["d", "k"]),
        ("[h, d, q+1]", ["h", "d", "q + 1"]),
        ("(h*d, q)", ["h·d", "q"]),
        ((8, 64, 8.0), ["8", "64", "8"]),
        ("[8, 64, 8]", ["8", "64", "8"]),
        ("d", ["d"]),
        ("(h,)", ["h"]),
    ],
)
def test_sizes_may_be_numbers_and_small_expressions(answer: object, sizes: list[str]) -> None:
    result = read_shape(answer, SIZES)
    assert not isinstance(result, Refusal), result
    assert [plain(size) for size in result] == sizes


@pytest.mark.parametrize(
    ("answer", "kind", "position"),
    [
        ("", "empty", None),
        (None, "empty", None),
        ([], "empty", None),
        (3, "not_text", None),
        ({"h": 1}, "not_text", None),
        ([["h", "d"]], "nested_shape", None),
        ("[[h, d]]", "nested_shape", 1),
        ("[]", "empty_brackets", 0),
        ("[h, d", "unbalanced", 0),
        ("[h, d)", "unbalanced", 0),
        ("[h,,d]", "not_a_shape", 1),
        ("h*d*q", "shape_product", 1),
        ("hdq", "shape_product", 0),
        ("[h d q]", "shape_product", 3),
        ("[H, D]", "undeclared_name", 1),
        ("[h, d, m]", "undeclared_name", 7),
        ("[h, d, q][0]", "unexpected", 9),
        ("[h, d, q] since they are shared", "prose", 10),
        ("h-d-q", "not_a_shape", 0),
        ("I don't know", "prose", 2),
        ("(" * 5_000, "too_long", 2_000),
        (["h"] * 5_000, "too_many_symbols", None),
        ([object()], "not_text", None),
        (["h", ""], "empty", None),
    ],
)
def test_what_is_no_shape_is_refused(answer: object, kind: str, position: int | None) -> None:
    result = read_shape(answer, SIZES)
    assert isinstance(result, Refusal)
    assert (result.kind, result.position) == (kind, position)
