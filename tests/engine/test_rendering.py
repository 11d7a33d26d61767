"""The one line in which an answer is shown: readable, unambiguous, and it reads back as the same tree."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import assume, given, settings

from autograder.answers.mathml import mathml
from autograder.answers.reader import read
from autograder.answers.reading import Reading, Refusal
from autograder.answers.render import plain
from autograder.answers.tree import Name, Node
from tests.engine.reader_vocabularies import DECODING, KERNEL, MOMENTS, SCALE, reading, trees

SIZE_KINDS = ("exponent_too_large", "number_too_long", "too_many_terms", "too_long", "too_deep", "division_by_zero")


@settings(max_examples=300, deadline=None)
@given(trees)
def test_what_is_shown_reads_back_as_the_same_tree(tree: Node) -> None:
    shown = plain(tree)
    again = read(shown, KERNEL)
    assume(not (isinstance(again, Refusal) and again.kind in SIZE_KINDS))
    assert isinstance(again, Reading), f"{shown}: {again}"
    assert again.tree == tree, f"{shown} reads as {again.read_as}"
    assert again.read_as == shown


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("b*d**2+b*n*d", "b·d² + b·n·d"),
        ("bnd/h k", "(b·n·d/h)·k"),
        ("O(b^2 d/n + sqrt d)", "O(b²·d/n + √d)"),
        ("Theta(n log_2 n)", "Θ(n·log_2(n))"),
        ("d^{-1}", "1/d"),
        ("n/(hk)", "n/(h·k)"),
        ("n/h^2", "n/h²"),
        ("n - d/2", "n − d/2"),
        ("-(n + d)", "−(n + d)"),
        ("n*(-2)", "n·(−2)"),
        ("n^1.5", "n^(3/2)"),
        ("0.001 n", "0.001·n"),
        ("|n|", "|n|"),
    ],
)
def test_a_growth_is_shown_as_a_person_would_write_it(answer: str, shown: str) -> None:
    assert reading(answer, DECODING).read_as == shown


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("||mu||_2^2", "‖μ‖²"),
        ("||mu||_1^2", "‖μ‖₁²"),
        ("mu^T mu", "μᵀμ"),
        ("mu mu^T", "μ·μᵀ"),
        ("2 mu^T mu", "2·μᵀμ"),
        ("sum_i mu_i^2", "Σ_{i=1}^d μ_i²"),
        ("||mu||^2 = mu^T mu", "‖μ‖² = μᵀμ"),
    ],
)
def test_vectors_are_shown_in_their_own_signs(answer: str, shown: str) -> None:
    assert reading(answer, MOMENTS).read_as == shown


def test_a_decimal_is_shown_as_a_decimal_where_a_fraction_would_be_clumsy() -> None:
    assert reading("1.414", SCALE).read_as == "1.414"
    assert reading("0.5", SCALE).read_as == "1/2"


@settings(max_examples=200, deadline=None)
@given(trees)
def test_mathml_is_well_formed_and_says_the_same(tree: Node) -> None:
    element = ET.fromstring(mathml(tree, "O"))
    assert element.get("alttext") == f"O({plain(tree)})"


def test_a_fraction_has_a_line_and_a_vector_is_bold() -> None:
    assert "<mfrac>" in mathml(reading("bnd/h", DECODING).tree)
    assert 'mathvariant="bold">μ' in mathml(reading("||mu||^2", MOMENTS).tree)


def test_names_in_mathml_are_escaped() -> None:
    assert "<script>" not in mathml(Name("<script>"))
