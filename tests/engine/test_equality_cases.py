"""Right answers are equal to the expected one in whatever form, and wrong ones are not, however near they come."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.answers.reader import read
from autograder.answers.reading import Reading
from autograder.answers.tree import Mul, Node, Vector
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.symbolic.comparison import compare_expressions
from autograder.checks.symbolic.substitution import specialise
from tests.engine.equality_vocabularies import KERNEL, MOMENTS, REALS, SCALE, number, tree

NORM_SQUARED = [
    "mu^T mu", "<mu, mu>", r"\langle \mu, \mu \rangle", "mu_1^2 + ... + mu_d^2",
    r"\mu_1^2 + \mu_2^2 + \dots + \mu_d^2", "sum_{i=0}^{d-1} mu_i^2", r"\sum_{k=1}^{d} \mu_k^2",
    r"\sum_{i=2}^{d} \mu_i^2 + \mu_1^2", r"\sum_{i=1}^{d-1} \mu_i^2 + \mu_d^2", "sum(mu**2)", "np.sum(mu**2)",
    "(mu^T mu)^1", "sqrt(mu^T mu)^2", "||mu||^4/||mu||^2", "||2 mu||^2/4", "(1/2)(||mu||^2 + mu^T mu)",
    "d * (1/d) sum_i mu_i^2", "||mu + mu||^2 / 4", r"\mu \cdot \mu + \sigma - \sigma", "||-mu||^2", "|mu . mu|",
    r"\sum_i |\mu_i|^2", r"\mathrm{tr}(\mu \mu^T)", "max(||mu||^2, 0)", "exp(2 log ||mu||)", "exp(log(mu^T mu))",
]  # fmt: skip
NOT_NORM_SQUARED = [
    "||mu||^2 + d sigma^2", "||mu||^2 + sigma^2", "d ||mu||^2", "||mu||_4^2", r"\|\mu\|_\infty^2", "sum_i mu_i",
    "mu^T mu + 10^-30", "mu_1^2", "mu_1^2 + mu_2^2", "sum_{i=1}^{d+1} mu_i^2", "sum_{i=0}^{d} mu_i^2", "mu",
    "mu_i^2", r"\mu_i \mu_i", "d", "sigma^2 d", "2 mu^T mu", "||mu||^2/d", "sum_i i mu_i^2", "(sum_i |mu_i|)^2",
    "||mu||^3", r"\sum_i \mu_i^3", "sqrt(||mu||)", "max(||mu||^2, 1)",
]  # fmt: skip
VARIANCE = [
    "d", "d sigma^4", "d sigma^4 + 2 sigma^2 ||mu||^2", "2 sigma^2 mu^T mu + d sigma^4", r"\sum_{i=1}^d 1",
    "sum_{i=1}^d sigma^4", "d*1", "d^2/d", "sqrt(d^2)", "d(sigma^2)^2", "d (sigma^2 + mu^T mu)^2",
]  # fmt: skip
NOT_VARIANCE = [
    "d^2", "1", "sqrt d", "2d", "d + 1", "d - 1", "sigma^2", "d + 1e-15",
]  # fmt: skip
ROOT = [
    "d^0.5", "√d", "exp(log(d)/2)", r"e^{\frac{1}{2} \ln d}", r"2^{\log_2(d)/2}", "d^{3/2}/d", "sqrt(4d)/2",
    "sqrt(d/4)*2", "(d^2)^{1/4}", "sqrt(sum_{i=1}^d 1)", "(d^(1/4))^2", "d^(1/3) d^(1/6)", r"\sqrt[4]{d^2}",
    "sqrt(d)*sqrt(d)/sqrt(d)", "|sqrt(d)|", "sqrt(d + 1 - 1)", "(sqrt(d)+1)^2 - d - 1 - sqrt(d)",
    "(d-1)/(sqrt(d)+1) + 1", "max(sqrt(d), 0)", "sqrt(d) + sin(0)", "sqrt(d) cosh(0)",
]  # fmt: skip
NOT_ROOT = [
    "(d-1)/(sqrt(d)+1)", "sqrt(d) + 10^-20", "sqrt(d)(1+1e-12)", "sqrt(d+1)", "sqrt(d-1)", "d", "1", "d^1/2",
    "d^(0.4999999)", "d^{0.50000001}", "sqrt(d)/d", "log(d)", "2 sqrt(d)", "sin(d)", "tanh(d)", "floor(sqrt(d))",
    "max(sqrt(d), 2)", "d^d", "2^d", "sqrt(-d)",
]  # fmt: skip
QUADRATIC = [
    "(q . k)^2 + 2 q . k + 1", "(1 + q^T k)(1 + k^T q)", r"(\sum_{i=1}^D q_i k_i + 1)^2",
    r"(\sum_{i=1}^D q_i k_i)^2 + 2 \sum_{i=1}^D q_i k_i + 1",
    r"\sum_{i=1}^D \sum_{j=1}^D q_i q_j k_i k_j + 2 \sum_i q_i k_i + 1",
    r"\sum_{i=1}^D q_i^2 k_i^2 + 2\sum_{i=1}^{D}\sum_{j=i+1}^{D} q_i q_j k_i k_j + 2 \sum_{i=1}^D q_i k_i + 1",
    r"\sum_{i=1}^D q_i^2 k_i^2 + \sum_{i=2}^{D}\sum_{j=1}^{i-1} (\sqrt{2} q_i q_j)(\sqrt{2} k_i k_j)"
    r" + \sum_{i=1}^D (\sqrt{2} q_i)(\sqrt{2} k_i) + 1",
    "(-q^T k - 1)^2", "|q^T k + 1|^2", "sqrt((q^T k + 1)^4)", "(q^T k + 1)^3/(q^T k + 1)", "(2 q^T k + 2)^2/4",
    "((||q+k||^2 - ||q-k||^2)/4 + 1)^2", "((||q+k||^2 - ||q||^2 - ||k||^2)/2 + 1)^2", "(q^T k + 1^1)^{2}",
    "q^T k k^T q + 2 q^T k + 1",
]  # fmt: skip
NOT_QUADRATIC = [
    "(q^T k)^2", "(q^T k + 1)", "(q^T k + 2)^2", "q^T k + 1", "||q||^2 ||k||^2 + 2 q^T k + 1", "(q^T q + 1)^2",
    "(||q|| ||k|| + 1)^2", r"\sum_i (q_i k_i + 1)^2", "exp(q^T k)", "(q^T k/sqrt(D) + 1)^2",
    r"\sum_{i=1}^D q_i^2 k_i^2 + 2\sum_{i=1}^{D}\sum_{j=1}^{D} q_i q_j k_i k_j + 2 \sum_{i=1}^D q_i k_i + 1",
    r"\sum_{i=1}^D q_i^2 k_i^2 + \sum_{i=1}^{D}\sum_{j=i+1}^{D} q_i q_j k_i k_j + 2 \sum_{i=1}^D q_i k_i + 1",
    "(q^T k + 1)^2 + 1e-12", "||q - k||^2", "(q^T k + 1)^2.0001", "(q + k)^T (q + k)", "q k^T", "(q^T k + 1)^100",
]  # fmt: skip
PARTS = {"1.a": (MOMENTS, "||mu||^2"), "1.c": (SCALE, "sqrt(d)"), "6.b.i": (KERNEL, "(q^T k + 1)^2")}
CASES = Path(__file__).resolve().parents[1] / "cases" / "answers.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
LABELLED = [row for row in ROWS if row["part"] in PARTS]


def relation(expected: str, actual: str, vocabulary: Vocabulary) -> str:
    return compare_expressions(tree(expected, vocabulary), tree(actual, vocabulary), vocabulary).relation


def standardised(text: str) -> Node:
    return specialise(tree(text, MOMENTS), {"mu": number(0), "sigma": number(1)})


@pytest.mark.parametrize("row", LABELLED, ids=lambda row: f"{row['part']} {row['verdict']} {row.get('note', '')}")
def test_a_labelled_answer_is_judged_as_labelled(row: dict[str, Any]) -> None:
    vocabulary, expected = PARTS[row["part"]]
    reading = read(row["answer"], vocabulary)
    if isinstance(reading, Reading):
        verdict = compare_expressions(tree(expected, vocabulary), reading.tree, vocabulary).relation
    else:
        verdict = "unreadable"
    assert verdict == row["verdict"]


@pytest.mark.parametrize("answer", NORM_SQUARED)
def test_the_squared_norm_is_equal_in_every_form(answer: str) -> None:
    assert relation("||mu||^2", answer, MOMENTS) == "equal"
    assert relation(answer, "||mu||^2", MOMENTS) == "equal"


@pytest.mark.parametrize("answer", NOT_NORM_SQUARED)
def test_what_is_not_the_squared_norm_is_not_equal(answer: str) -> None:
    assert relation("||mu||^2", answer, MOMENTS) == "not_equal"


@pytest.mark.parametrize("answer", VARIANCE)
def test_the_variance_at_mu_zero_and_sigma_one_is_equal(answer: str) -> None:
    assert compare_expressions(standardised("d"), standardised(answer), MOMENTS).relation == "equal"


@pytest.mark.parametrize("answer", NOT_VARIANCE)
def test_another_variance_is_not_equal(answer: str) -> None:
    assert compare_expressions(standardised("d"), standardised(answer), MOMENTS).relation == "not_equal"


@pytest.mark.parametrize("answer", ROOT)
def test_the_root_is_equal_in_every_form(answer: str) -> None:
    assert relation("sqrt(d)", answer, SCALE) == "equal"
    assert relation(answer, "sqrt(d)", SCALE) == "equal"


@pytest.mark.parametrize("answer", NOT_ROOT)
def test_what_is_not_the_root_is_not_equal(answer: str) -> None:
    assert relation("sqrt(d)", answer, SCALE) == "not_equal"


@pytest.mark.parametrize("answer", QUADRATIC)
def test_the_quadratic_kernel_is_equal_in_every_form(answer: str) -> None:
    assert relation("(q^T k + 1)^2", answer, KERNEL) == "equal"
    assert relation(answer, "(q^T k + 1)^2", KERNEL) == "equal"


@pytest.mark.parametrize("answer", NOT_QUADRATIC)
def test_another_kernel_is_not_equal(answer: str) -> None:
    assert relation("(q^T k + 1)^2", answer, KERNEL) == "not_equal"


@pytest.mark.parametrize("exponent", [9, 12, 30, 60, 120])
@pytest.mark.parametrize("form", ["sqrt(d) + {tiny}", "sqrt(d) * (1 + {tiny})", "sqrt(d + {tiny})", "d^(1/2) - {tiny}"])
def test_a_tiny_offset_is_not_equal(form: str, exponent: int) -> None:
    tiny = "*".join(["10^-30"] * (exponent // 30) + [f"10^-{exponent % 30}"])
    answer = tree(form.format(tiny=tiny), SCALE)
    verdict = compare_expressions(tree("sqrt(d)", SCALE), answer, SCALE, prover=None).relation
    assert verdict == "not_equal" or (verdict == "undecided" and exponent > 30 and "sqrt(d +" in form)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("sqrt(x^2)", "|x|", "equal"), ("sqrt(x^2)", "x", "not_equal"), ("sqrt(p^2)", "p", "equal"),
        ("|p|", "p", "equal"), ("|x|", "x", "not_equal"), ("|x y|", "|x| |y|", "equal"), ("|x|^2", "x^2", "equal"),
        ("|x|^3", "x^3", "not_equal"), ("(x^2)^(3/2)", "|x|^3", "equal"), ("log(p^2)", "2 log(p)", "equal"),
        ("log(p/2)", "log(p) - log(2)", "equal"), ("log(8)/log(2)", "3", "equal"),
        ("log(6)", "log 2 + log 3", "equal"), ("exp(x) exp(y)", "exp(x + y)", "equal"),
        ("exp(x)^2", "exp(2x)", "equal"), ("exp(2 log p)", "p^2", "equal"),
        ("1/(4 cosh(x/2)^2)", "exp(-x)/(1 + exp(-x))^2", "equal"), ("tanh(x)", "sinh(x)/cosh(x)", "equal"),
        ("tanh(x)", "(exp(2x) - 1)/(exp(2x) + 1)", "equal"), ("cosh(x)^2 - sinh(x)^2", "1", "equal"),
        ("sqrt(8)", "2 sqrt 2", "equal"), ("1/(1 + sqrt 2)", "sqrt 2 - 1", "equal"),
        ("sqrt(2) sqrt(3)", "sqrt(6)", "equal"), ("sqrt(2) + sqrt(3)", "sqrt(5)", "not_equal"),
        ("6^(1/2) / 3^(1/2)", "2^(1/2)", "equal"), ("(x^2 - y^2)/(x - y)", "x + y", "equal"),
        ("1/x + 1/y", "(x + y)/(x y)", "equal"), ("1/(1 + 1/(1 + p))", "(1 + p)/(2 + p)", "equal"),
        ("x/(x + y) + y/(x + y)", "1", "equal"), ("(x + y)^3", "x^3 + 3 x^2 y + 3 x y^2 + y^3", "equal"),
        ("(x + y)^3", "x^3 + y^3", "not_equal"), ("p^(1/3) p^(1/6)", "sqrt(p)", "equal"),
        ("sqrt(p + 2 sqrt(p) + 1)", "1 + sqrt p", "equal"), ("sqrt(4p^2 + 4p)", "2 sqrt(p) sqrt(p + 1)", "equal"),
        ("max(x, y)", "max(y, x)", "equal"), ("max(x, x + p)", "x + p", "equal"), ("max(x, y)", "x", "not_equal"),
        ("floor(p)", "p", "not_equal"), ("2^x * 2^y", "2^(x + y)", "equal"), ("4^x", "2^(2x)", "equal"),
        ("sin(x)", "x", "not_equal"), ("p^x p", "p^(x + 1)", "equal"),
    ],
)  # fmt: skip
def test_identities_of_real_numbers_hold_and_no_others(left: str, right: str, expected: str) -> None:
    trees = (tree(side, REALS) for side in (left, right))
    assert compare_expressions(*trees, REALS, prover=None).relation == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("sum_{i=1}^d i", "d (d + 1)/2", "equal"), ("sum_{i=1}^d i^2", "d (d + 1)(2d + 1)/6", "equal"),
        ("sum_{i=1}^d i^3", "(sum_{i=1}^d i)^2", "equal"), ("sum_{i=1}^{d-1} i", "d (d - 1)/2", "equal"),
        ("sum_{i=1}^d sum_{j=1}^d mu_i mu_j", "(sum_i mu_i)^2", "equal"),
        ("sum_{i=1}^d sum_{j=1}^d mu_i mu_j", "sum_i mu_i^2", "not_equal"),
        ("sum_{i=1}^d (mu_i + sigma)", "sum_{i=1}^d mu_i + d sigma", "equal"),
        ("sum_{i=1}^d (mu_i - mu_i)", "0", "equal"), ("sum_{i=3}^d mu_i + mu_1 + mu_2", "sum_i mu_i", "equal"),
        ("sum_{i=1}^d sum_{j=1}^{i-1} mu_i mu_j", "((sum_i mu_i)^2 - sum_i mu_i^2)/2", "equal"),
        ("sum_{i=1}^d sum_{j=1}^{i} mu_i mu_j", "((sum_i mu_i)^2 + sum_i mu_i^2)/2", "equal"),
        ("sum_{i=1}^d sum_{j=i}^{d} mu_i mu_j", "sum_{i=1}^d sum_{j=1}^{i} mu_i mu_j", "equal"),
        ("sum_{i=1}^d sum_{j=1}^{i} mu_i", "sum_{i=1}^d i mu_i", "equal"),
        ("sum_{i=1}^d sum_{j=1}^{i} mu_j", "sum_{i=1}^d (d + 1 - i) mu_i", "equal"),
        ("sum_{i=1}^d sum_{j=1}^{i} mu_j", "sum_{i=1}^d i mu_i", "not_equal"),
        (
            "sum_{i=1}^d sum_{j=1}^{i-1} mu_i mu_j^2 + sum_{i=1}^d sum_{j=1}^{i-1} mu_i^2 mu_j",
            "sum_i mu_i sum_j mu_j^2 - sum_i mu_i^3",
            "equal",
        ),
        ("sum_{i=1}^d |mu_i|", "||mu||_1", "equal"), ("sum_{i=1}^d mu_i^4", "||mu||_4^4", "equal"),
        ("sum_i exp(mu_i)", "sum_j exp(mu_j)", "equal"),
        ("sum_i mu_i/(1 + mu_i^2)", "sum_j mu_j/(mu_j^2 + 1)", "equal"), ("||2 mu||", "2 ||mu||", "equal"),
        ("||mu||_1", "||mu||_2", "not_equal"), ("||mu||_4", "||mu||", "not_equal"), ("|mu|", "||mu||_2", "equal"),
        (r"\|\mu\|_\infty", "||mu||", "not_equal"), (r"\|2 \mu\|_\infty", r"\|\mu + \mu\|_\infty", "equal"),
        ("mu_d", "mu_1", "not_equal"), ("mu_1", "mu_1", "equal"),
    ],
)  # fmt: skip
def test_sums_over_vectors_of_any_length(left: str, right: str, expected: str) -> None:
    assert relation(left, right, MOMENTS) == expected
    assert relation(right, left, MOMENTS) == expected


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("-||mu||^2", {"witness": "sign"}), ("2 mu^T mu", {"witness": "factor"}),
        ("||mu||^2 / 7", {"witness": "factor"}), ("mu mu^T", {"witness": "kind", "kind": "matrix"}),
        ("mu", {"witness": "kind", "kind": "vector"}), ("mu_i mu_i", {"witness": "free_index", "index": "i"}),
        ("sum_i mu_i", {"witness": "value"}), ("sqrt(-||mu||^2)", {"witness": "undefined"}),
        ("||mu||^2 + d sigma^2", {"witness": "value"}), ("0", {"witness": "value"}),
    ],
)  # fmt: skip
def test_a_difference_is_named_in_kind_without_the_expected_answer(answer: str, fact: dict[str, str]) -> None:
    comparison = compare_expressions(tree("||mu||^2", MOMENTS), tree(answer, MOMENTS), MOMENTS)
    assert [(found.kind, dict(found.data)) for found in comparison.facts] == [("expression_differs", fact)]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("q + k", "k + q", "equal"), ("2q", "q + q", "equal"), ("q - k", "k - q", "not_equal"), ("q", "0*q", "not_equal"),
     ("q k^T", "q k^T", "equal"), ("q k^T", "k q^T", "not_equal"), ("(q + k) q^T", "q q^T + k q^T", "equal")],
)  # fmt: skip
def test_vectors_and_matrices_are_compared_by_component(left: str, right: str, expected: str) -> None:
    assert relation(left, right, KERNEL) == expected


def test_a_vector_can_only_be_set_to_zero() -> None:
    assert specialise(tree("mu", MOMENTS), {"mu": number(0)}) == Mul((number(0), Vector("mu", tree("d", MOMENTS))))
    with pytest.raises(ValueError, match="mu"):
        specialise(tree("mu", MOMENTS), {"mu": number(1)})
