"""SymPy objects, as the sandbox hands them over, are read like their spelling on paper; anything unusual is refused."""

from typing import Any

import pytest
import sympy
from sympy.matrices.expressions.dotproduct import DotProduct

from autograder.answers.reading import Reading
from autograder.answers.vocabulary import Vocabulary
from autograder.sandbox.outcome import Opaque, SymbolicObject
from autograder.sandbox.worker.symbolic import tree as as_data
from tests.engine.reader_vocabularies import DECODING, KERNEL, MOMENTS, SCALE, reading, refusal, tree

b, d, h, n, i, j, s = sympy.symbols("b d h n i j s")
mu_symbol = sympy.Symbol("mu")
mu, q, k = (sympy.MatrixSymbol(name, d, 1) for name in ("mu", "q", "k"))
entries = sympy.IndexedBase("mu")
O, norm = sympy.Function("O"), sympy.Function("norm")  # noqa: E741 - the letter is meant
index = sympy.Idx("i", d)


def data(value: Any) -> SymbolicObject:
    result = as_data(value)
    assert not isinstance(result, Opaque)
    return result


@pytest.mark.parametrize(
    ("value", "vocabulary", "same_as"),
    [
        (sympy.sqrt(d), SCALE, "sqrt(d)"),
        (sympy.sqrt(d) / 2, SCALE, "(1/2) sqrt(d)"),
        (sympy.Float("0.1") * d, SCALE, "(1/10) d"),
        (d**-1, SCALE, "1/d"),
        (sympy.sqrt(d) + sympy.Rational(1, 3), SCALE, "sqrt(d) + 1/3"),
        (sympy.Eq(s, sympy.sqrt(d)), SCALE, "sqrt(d)"),
        (sympy.Matrix([sympy.sqrt(d)]), SCALE, "sqrt(d)"),
        (sympy.exp(sympy.log(d) / 2), SCALE, "sqrt(d)"),
        (sympy.exp(d), SCALE, "exp(d)"),
        (sympy.Abs(d), SCALE, "|d|"),
        (sympy.pi * d, SCALE, "pi d"),
        (O(b * d**2 + b * d * n), DECODING, "b d^2 + bdn"),
        (b * d * n / h, DECODING, "bdn/h"),
        (sympy.Max(n, d) * b, DECODING, "b max(d, n)"),
        (n * sympy.log(n), DECODING, "n log(n)"),
        (sympy.O(n**2, (n, sympy.oo)), DECODING, "n^2"),
        (sympy.factorial(n), DECODING, "n!"),
        (mu.T * mu, MOMENTS, "mu^T mu"),
        ((mu.T * mu)[0, 0], MOMENTS, "sum_i mu_i^2"),
        (sympy.Sum(entries[i] ** 2, (i, 1, d)), MOMENTS, "sum_i mu_i^2"),
        (sympy.Sum(entries[i] ** 2, (i, 0, d - 1)), MOMENTS, "sum_i mu_i^2"),
        (sympy.Sum(entries[index] ** 2, (index, 0, d - 1)), MOMENTS, "sum_i mu_i^2"),
        (sympy.Sum(entries[i] * entries[j], (i, 1, d), (j, 1, d)), MOMENTS, "sum_j sum_i mu_i mu_j"),
        (sympy.Trace(mu * mu.T), MOMENTS, "mu^T mu"),
        (DotProduct(mu, mu), MOMENTS, "mu^T mu"),
        (norm(mu_symbol) ** 2, MOMENTS, "||mu||^2"),
        (sympy.Sum(sympy.Symbol("mu_i") ** 2, (i, 1, d)), MOMENTS, "sum_i mu_i^2"),
        (mu * mu.T, MOMENTS, "mu mu^T"),
        ((q.T * k + sympy.Identity(1)) ** 2, KERNEL, "(q^T k + 1)^2"),
    ],
)
def test_an_object_reads_like_its_spelling(value: Any, vocabulary: Vocabulary, same_as: str) -> None:
    assert tree(data(value), vocabulary) == tree(same_as, vocabulary)


def test_entries_of_a_matrix_are_counted_from_one() -> None:
    assert tree(data(mu[0, 0] + mu[2, 0]), MOMENTS) == tree("mu_1 + mu_3", MOMENTS)
    shifted = sympy.Sum(mu[i, 0] ** 2, (i, 1, d - 1))
    assert tree(data(shifted), MOMENTS) == tree("sum_{i=1}^{d-1} mu_{i+1}^2", MOMENTS)


def test_a_function_named_o_is_the_letter_around_a_growth() -> None:
    result = reading(data(O(n)), DECODING)
    assert (result.wrapper, result.read_as) == ("O", "O(n)")


@pytest.mark.parametrize(
    ("value", "vocabulary", "kind"),
    [
        (sympy.O(n**2), DECODING, "sympy_order"),
        (sympy.O(n**2 + d, n, d), DECODING, "sympy_order"),
        (sympy.Symbol("x") * d, DECODING, "undeclared_name"),
        (sympy.Symbol("__import__('os')"), DECODING, "undeclared_name"),
        (sympy.Function("eval")(d), DECODING, "sympy_node"),
        (sympy.Piecewise((d, d > 1), (1, True)), DECODING, "sympy_node"),
        (sympy.Integral(d, d), DECODING, "sympy_node"),
        (sympy.I * d, DECODING, "sympy_node"),
        (sympy.true, DECODING, "sympy_node"),
        (sympy.oo, DECODING, "infinity"),
        (sympy.nan, DECODING, "sympy_node"),
        (d ** sympy.Integer(10) ** 9, DECODING, "exponent_too_large"),
        (sympy.Integer(10) ** 100, DECODING, "number_too_long"),
        (sympy.Matrix([d, d]), DECODING, "not_a_scalar"),
        (sympy.Eq(d**2, 4), SCALE, "equation"),
        (d * mu_symbol**2, MOMENTS, "power_of_vector"),
        (sympy.MatrixSymbol("mu", 3, 1), MOMENTS, "lengths_differ"),
        (O(d), SCALE, "wrapper_not_expected"),
    ],
)
def test_what_has_no_meaning_here_is_refused(value: Any, vocabulary: Vocabulary, kind: str) -> None:
    result = refusal(data(value), vocabulary)
    assert (result.kind, result.position) == (kind, None)


@pytest.mark.parametrize(
    "forged",
    [
        SymbolicObject("Symbol", ()),
        SymbolicObject("Symbol", (1,)),
        SymbolicObject("Integer", ("9" * 9,)),
        SymbolicObject("Integer", ()),
        SymbolicObject("Rational", (1, 0)),
        SymbolicObject("Rational", (1,)),
        SymbolicObject("Float", ("1e999999999",)),
        SymbolicObject("Float", ("nan",)),
        SymbolicObject("Pow", (SymbolicObject("Symbol", ("d",)),)),
        SymbolicObject("Sum", (SymbolicObject("Symbol", ("d",)), SymbolicObject("Tuple", ()))),
        SymbolicObject("Sum", (SymbolicObject("Symbol", ("d",)), "i")),
        SymbolicObject("Add", ()),
        SymbolicObject("Mul", ()),
        SymbolicObject("Max", ()),
        SymbolicObject("MatrixSymbol", ("mu",)),
        SymbolicObject("MatrixElement", (SymbolicObject("Symbol", ("d",)),)),
        SymbolicObject("Order", ()),
        SymbolicObject("IndexedBase", ()),
        SymbolicObject("__class__", (SymbolicObject("Symbol", ("d",)),)),
        SymbolicObject("Symbol", ("d" * 10_000,)),
        SymbolicObject("Add", ("d", 1)),
    ],
)
def test_an_object_that_sympy_would_never_make_is_refused(forged: SymbolicObject) -> None:
    refusal(forged, MOMENTS)


def test_a_deep_or_wide_object_is_refused() -> None:
    deep: SymbolicObject = SymbolicObject("Symbol", ("d",))
    for _ in range(5_000):
        deep = SymbolicObject("Abs", (deep,))
    assert refusal(deep, SCALE).kind == "too_deep"
    wide = SymbolicObject("Add", (SymbolicObject("Symbol", ("d",)),) * 5_000)
    assert refusal(wide, SCALE).kind == "too_many_symbols"


def test_a_reading_of_an_object_reads_back_as_text() -> None:
    for value in (sympy.sqrt(d) / 2, (d + 1) ** 3 / sympy.sqrt(d), sympy.log(d, 2)):
        first = reading(data(value), SCALE)
        assert isinstance(first, Reading)
        assert tree(first.read_as, SCALE) == first.tree
