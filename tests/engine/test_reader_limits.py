"""However long, deep or large an answer is, it is refused before it costs anything."""

import pytest

from autograder.answers.bounds import BOUNDS
from autograder.answers.reader import read
from autograder.answers.reading import Refusal
from autograder.answers.shapes import read_shape
from autograder.answers.vocabulary import Declared, Vocabulary
from tests.engine.reader_vocabularies import DECODING, MOMENTS, SCALE, reading, refusal

MILLION = 1_000_000


@pytest.mark.parametrize(
    "answer",
    [
        "d" * MILLION,
        " " * MILLION,
        "9" * MILLION,
        "(" * 10_000 + "d" + ")" * 10_000,
        "d" + "^2" * 5_000,
        "-" * MILLION + "d",
        r"\frac{1}{" * 10_000,
        "\u200b" * MILLION,
        "|" * 10_001,
        "1/" * 10_000 + "2",
        "sqrt " * 10_000 + "d",
    ],
    ids=lambda answer: answer[:4].strip() or "spaces",
)
def test_what_is_too_long_is_refused_unread(answer: str) -> None:
    result = refusal(answer, SCALE)
    assert result.kind == "too_long"
    assert len(result.found) <= 60


@pytest.mark.parametrize(
    "unit",
    ["(", "[", "{", "|", "||", "‖", "√", "-", "^", "_", "d^", "2^", r"\frac", r"\sqrt", "(d+", "d!", "d_", "E[", "O(",
     "Σ_i ", "sum(", "max(", "<", "$", "`", "d'", "d.T", "...", "d=", ",", ":", "log ", "½", "²", "₁", "d ", "mu_i+",
     "{mu_1+...+", "(mu**2).sum()", r"\sum μ", "2**", "1e9", "a", "x=", "\\", "0", "d,", "^T", "..", "mu @ ",
     "((mu)", "1/", "\n", "∞", "𝒪("],
)  # fmt: skip
def test_a_long_run_of_anything_is_read_or_refused(unit: str) -> None:
    for count in (10, 60, BOUNDS.characters // len(unit)):
        for vocabulary in (SCALE, MOMENTS, DECODING):
            read(unit * count, vocabulary)
            read(unit * count + "d" + ")" * count, vocabulary)
            read("d" + unit * count, vocabulary)
            read_shape(unit * count, vocabulary)


@pytest.mark.parametrize("unit", ["!", "'", "^T", ".T", "!'", "[0]", "_1"])
def test_what_follows_a_thing_piles_up_only_so_high(unit: str) -> None:
    assert refusal("mu" + unit * 500, MOMENTS).kind in ("too_deep", "too_many_symbols", "transpose_of_scalar")
    nested = "(" * 58 + "d" + (")" + unit * 4) * 58
    assert isinstance(read(nested, MOMENTS), Refusal)


def test_brackets_nest_only_so_deep() -> None:
    depth = BOUNDS.depth // 2 - 1
    assert reading("(" * depth + "d" + ")" * depth, SCALE).read_as == "d"
    assert refusal("(" * 150 + "d" + ")" * 150, SCALE).kind == "too_deep"
    for opening, closing in (("sqrt(", ")"), ("{", "}"), ("|", "|"), ("log(", ")"), ("2^{", "}"), ("√", "")):
        assert refusal(opening * 100 + "d" + closing * 100, SCALE).kind == "too_deep"


@pytest.mark.parametrize("answer", ["d^100", "(b + n)^20", "10^30 d", "((n^2)^2)^2", "(b+n+d)^(1/2)", "20!", "n^(1/3)"])
def test_what_a_person_might_mean_is_not_refused_for_its_size(answer: str) -> None:
    reading(answer, DECODING)


def test_a_sum_of_sixty_terms_is_read() -> None:
    reading(" + ".join(f"{i} d^{i}" for i in range(1, 60)), SCALE)


def test_numbers_from_python_are_bounded_too() -> None:
    assert refusal(10**100, SCALE).kind == "number_too_long"
    assert refusal(10**100_000, SCALE).kind == "number_too_long"
    assert refusal(float("inf"), SCALE).kind == "infinity"
    assert refusal(float("nan"), SCALE).kind == "infinity"
    assert reading(0.1, SCALE).read_as == "1/10"
    assert reading(3, SCALE).read_as == "3"


@pytest.mark.parametrize("answer", [None, True, b"d", [], {}, object(), 1j, ("d",), {"d"}])
def test_what_is_neither_text_nor_number_is_refused(answer: object) -> None:
    result = read(answer, SCALE)
    assert isinstance(result, Refusal)
    assert result.kind == ("empty" if answer is None else "not_text")


def test_names_with_underscores_and_many_letters_are_matched_whole() -> None:
    vocabulary = Vocabulary(
        "expression", (Declared("d_k"), Declared("d"), Declared("model"), Declared("bn"), Declared("n"))
    )
    assert reading("sqrt(d_k)", vocabulary).read_as == "√d_k"
    assert reading("model d", vocabulary).read_as == "model·d"
    assert reading("bnd", vocabulary).read_as == "bn·d"
