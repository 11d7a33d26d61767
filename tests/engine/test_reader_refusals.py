"""What cannot be read is refused, by its kind and at its place in the student's own text; never guessed."""

import pytest

from autograder.answers.refusals import KINDS, NOTES
from autograder.answers.shapes import read_shape
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.sandbox.outcome import SymbolicObject
from tests.engine.reader_vocabularies import ATTENTION, DECODING, KERNEL, MOMENTS, SCALE, reading, refusal, scalars

# answer, vocabulary, kind, what stands at the place
WORDS = [
    ("", DECODING, "empty", ""),
    ("   ", DECODING, "empty", ""),
    ("\n", DECODING, "empty", ""),
    ("?", DECODING, "placeholder", "?"),
    ("O(?)", DECODING, "placeholder", "?"),
    ("TODO", DECODING, "placeholder", "TODO"),
    ("...", DECODING, "placeholder", "..."),
    ("I don't know", MOMENTS, "prose", "don"),
    ("same as part a", DECODING, "prose", "same"),
    ("see attached photo", DECODING, "prose", "see"),
    ("O(bd^2 + bnd) where k = d", DECODING, "prose", "where"),
    ("O(bd^2 + bnd) if n is small", DECODING, "prose", "if"),
    ("not O(n)", DECODING, "prose", "not"),
    ("lambda x: x", DECODING, "prose", "lambda"),
    ("banana", DECODING, "unknown_word", "banana"),
    ("wrong answer: O(n)", DECODING, "prose", "wrong"),
    ("anything but: O(n)", DECODING, "prose", "anything"),
    ("Not: O(n)", DECODING, "undeclared_name", ""),
    ("upper bound = O(n)", DECODING, "prose", "upper"),
    ("AnsweO(r: n", DECODING, "unknown_word", ""),
    ("[x for x in (1,2)]", DECODING, "prose", ""),
]
CODE = [
    ("().__class__.__bases__[0].__subclasses__()", DECODING, "attribute", ".__class__"),
    ("d.__class__", DECODING, "attribute", ".__class__"),
    ("__import__('os').system('x')", DECODING, "attribute", ".system"),
    ("np.load(d)", DECODING, "unknown_function", "np.load"),
    ("np.einsum(d, d)", DECODING, "unknown_function", "np.einsum"),
    ("@property", DECODING, "missing_operand", "@"),
    ("eval('1+1')", DECODING, "undeclared_name", ""),
    ("${jndi:ldap://x}", DECODING, "math_delimiters", "$"),
    (r"\def\x{\x\x}\x", DECODING, "unknown_command", r"\def"),
    (r"\href{javascript:alert(1)}{d}", DECODING, "unknown_command", r"\href"),
    (r"\write18{rm -rf /}", DECODING, "unknown_command", r"\write"),
    (r"\input{x}", DECODING, "unknown_command", r"\input"),
    (r"\hat{d}", DECODING, "unknown_command", r"\hat"),
    ("d\\", DECODING, "stray_backslash", "\\"),
    ("norm(mu, foo=2)", MOMENTS, "unknown_option", ""),
]
NAMES = [
    ("O(x^2 y)", DECODING, "undeclared_name", "x"),
    ("O(N^2)", DECODING, "undeclared_name", "N"),
    ("O(bdx)", DECODING, "undeclared_name", "x"),
    ("sqrt(d_k)", SCALE, "undeclared_name", "d_k"),
    ("d_{model}", SCALE, "unknown_word", "model"),
    ("a", SCALE, "undeclared_name", "a"),
    (r"\sigma", SCALE, "undeclared_name", r"\sigma"),
    ("(n+d)_1", DECODING, "index_of_scalar", "(n+d)_1"),
    ("f(n)", DECODING, "undeclared_name", "f"),
]
LETTERS = [
    ("Ο(bd^2)", DECODING, "lookalike_letter", "Ο"),  # Greek
    ("О(bd^2)", DECODING, "lookalike_letter", "О"),  # Cyrillic
    ("bd² + bпd", DECODING, "lookalike_letter", "п"),
    ("ν d", DECODING, "lookalike_letter", "ν"),
    ("κ", DECODING, "lookalike_letter", "κ"),
    ("א", DECODING, "foreign_letter", "א"),
    ("数", DECODING, "foreign_letter", "数"),
    ("d\u200b^2 b", DECODING, "invisible_character", "\u200b"),
    ("\ufeffd", DECODING, "invisible_character", "\ufeff"),
    ("d\u2063b", DECODING, "invisible_character", "\u2063"),
    ("b\u202ed^2", DECODING, "bidi_control", "\u202e"),
    ("b\u2067d^2", DECODING, "bidi_control", "\u2067"),
    ("d\x00+1", DECODING, "control_character", "\x00"),
    ("d\x1b[31m", DECODING, "control_character", "\x1b"),
    ("d\u0302", DECODING, "combining_mark", "\u0302"),
    ("d #", DECODING, "unknown_character", "#"),
    ("d²②", DECODING, "unknown_character", "②"),
    ("Ⅾ²", DECODING, "unknown_character", "Ⅾ"),  # the Roman numeral 500
    ("d٣", DECODING, "unknown_character", "٣"),
    ("d 🙂", DECODING, "unknown_character", "🙂"),
]
FORM = [
    ("O(", DECODING, "unexpected_end", ""),
    ("O(bd^2 + bnd", DECODING, "unbalanced", "("),
    ("O(bd^2 +", DECODING, "unexpected_end", ""),
    ("bd)", DECODING, "unbalanced", ")"),
    ("(b]", DECODING, "unbalanced", "("),
    (r"\|\mu", MOMENTS, "unbalanced", r"\|"),
    ("|d", SCALE, "unbalanced", "|"),
    (r"\frac{b}{", DECODING, "unexpected_end", ""),
    ("O()", DECODING, "empty_brackets", "()"),
    ("O(bd^^2)", DECODING, "double_operator", "^"),
    ("n +* d", DECODING, "double_operator", "*"),
    ("* d", DECODING, "missing_operand", "*"),
    ("bd^ + bnd", DECODING, "double_operator", "+"),
    ("bd/ + bnd", DECODING, "double_operator", "+"),
    ("bd^2 + + nd", DECODING, "double_operator", "+"),
    ("d^2³", SCALE, "double_operator", ""),
    ("d^{2}^3", SCALE, "double_operator", "^3"),
    ("K(q,] = n", DECODING, "two_answers", ","),
    ("n +-d", DECODING, "double_operator", "-"),
    ("---n", DECODING, "double_operator", "-"),
    (r"bnd \right^2", DECODING, "unbalanced", ""),
    (r"\leftd", DECODING, "unknown_command", r"\leftd"),
    ("(n+d)' ", DECODING, "transpose_of_scalar", "(n+d)'"),
    ("d //2", SCALE, "double_operator", "/"),
    ("d. n", DECODING, "stray_full_stop", "."),
    ("$d", DECODING, "math_delimiters", "$"),
    ("$d$$n$", DECODING, "math_delimiters", "$"),
    ("2 3", DECODING, "numbers_side_by_side", "3"),
    ("2½", DECODING, "numbers_side_by_side", "½"),
    ("O(bd2 + bnd)", DECODING, "number_after_name", "2"),
    ("(n+d)2", DECODING, "number_after_name", "2"),
    ("√2d", SCALE, "ambiguous_argument", "2d"),
    ("sqrt nd", DECODING, "ambiguous_argument", "nd"),
    ("log n d", DECODING, "ambiguous_argument", "n d"),
    (r"\sqrt12", SCALE, "ambiguous_argument", "12"),
    ("sum (mu_i)^2", MOMENTS, "ambiguous_argument", "sum (mu_i)^"),
    ("max n", DECODING, "function_without_brackets", "max"),
    ("dot(mu)", MOMENTS, "wrong_number_of_arguments", "dot(mu)"),
    (r"\sqrt[0]{d}", SCALE, "root_index", "[0]"),
    ("O(∞)", DECODING, "infinity", "∞"),
    ("d: 2", SCALE, "unexpected", ":"),
]
ANSWERS = [
    ("O(bd^2, bnd)", DECODING, "two_answers", ","),
    ("O(bd^2), O(bnd)", DECODING, "two_answers", ","),
    ("O(bd^2); O(bnd)", DECODING, "two_answers", ";"),
    ("O(bd^2) or O(bnd)", DECODING, "two_answers", "or"),
    ("O(bd^2)\nO(bnd)", DECODING, "two_answers", "O(bnd)"),
    ("O(bd^2) O(bnd)", DECODING, "two_answers", "O(bnd)"),
    ("d ± √d", SCALE, "two_answers", "±"),
    ("±√d + 1", SCALE, "two_answers", "±"),
    ("sqrt(d)\nd", SCALE, "two_answers", "d"),
    ("s^2 = d", SCALE, "equation", "s^2"),
    ("n <= d", DECODING, "relation", "<="),
    ("O(n) ≈ O(d)", DECODING, "relation", "≈"),
    ("E[q]^T E[k]", MOMENTS, "not_worked_out", "E"),
    (r"\mathrm{Var}(q)", MOMENTS, "not_worked_out", "Var"),
    (r"\mathbb{E}[q^T k]", MOMENTS, "not_worked_out", "E"),
]
GROWTH = [
    ("O(d)", SCALE, "wrapper_not_expected", "O(d)"),
    ("O n", DECODING, "wrapper_without_brackets", "O"),
    ("O(n)/O(d)", DECODING, "wrapper_inside", "O(d)"),
    ("2^{O(n)}", DECODING, "wrapper_inside", "O(n)"),
    ("Ω(n) + O(d)", DECODING, "mixed_wrappers", "O(d)"),
    ("o(n)", DECODING, "little_o", "o"),
    ("0(bd^2)", DECODING, "zero_for_o", "0"),
]
VECTORS = [
    ("mu mu mu", MOMENTS, "vector_product", "mu"),
    ("mu mu", MOMENTS, "vector_product", "mu"),
    ("mu * mu", MOMENTS, "vector_product", "mu"),
    ("(qk + 1)^2", KERNEL, "vector_product", "k"),
    (r"\mu\times\mu", MOMENTS, "cross_product", r"\mu"),
    ("mu^2", MOMENTS, "power_of_vector", "mu^2"),
    ("d mu^2", MOMENTS, "power_of_vector", "mu^2"),
    ("d/mu", MOMENTS, "division_by_vector", "mu"),
    ("d/0", MOMENTS, "division_by_zero", "0"),
    ("0^{-1}", MOMENTS, "division_by_zero", "0^{-1}"),
    ("mu + 1", MOMENTS, "kinds_differ", "1"),
    ("q + k^T", KERNEL, "kinds_differ", "k^T"),
    ("(mu mu^T + 1) mu", MOMENTS, "matrix_product", "mu"),
    ("sqrt(mu)", MOMENTS, "not_a_scalar", "(mu)"),
    ("d^mu", MOMENTS, "not_a_scalar", "mu"),
    ("<d, mu>", MOMENTS, "not_a_vector", "<d, mu>"),
    ("tr(mu)", MOMENTS, "not_a_matrix", "tr(mu)"),
    ("||mu mu^T||", MOMENTS, "norm_of_matrix", "||mu mu^T||"),
    ("||d||_2", MOMENTS, "norm_of_scalar", "||d||_2"),
    ("||mu||_p", MOMENTS, "norm_order", "p"),
    ("||mu||_0", MOMENTS, "norm_order", "0"),
    ("d'", MOMENTS, "transpose_of_scalar", "d'"),
    ("q_k", KERNEL, "vector_as_index", "k"),
    ("mu_0", MOMENTS, "index_from_one", "0"),
    ("mu_{1.5}", MOMENTS, "index_from_one", "{1.5}"),
]
SUMS = [
    ("sum_2 mu_i", MOMENTS, "sum_index", "2"),
    ("sum_i 1", MOMENTS, "sum_range_unknown", "sum_i 1"),
    ("sum mu_i mu_j", MOMENTS, "which_index", "sum mu_i mu_j"),
    ("mu_1 + ... + d", MOMENTS, "unclear_dots", "..."),
    ("mu_1 + ...", MOMENTS, "unclear_dots", "..."),
    ("mu_1^2 + ... + mu_d", MOMENTS, "unclear_dots", "..."),
    ("mu_1 + mu_3 - ... + mu_d", MOMENTS, "unclear_dots", "..."),
    (r"\sum_{i=1}^{100000} i", DECODING, "sum_limit", "{100000}"),
]
SIZES = [
    ("(b+n+d)^99999", DECODING, "exponent_too_large", "99999"),
    ("10**10**8", DECODING, "exponent_too_large", "10**8"),
    ("d^{10^9}", DECODING, "exponent_too_large", "{10^9}"),
    ("9**9**9**9", DECODING, "exponent_too_large", ""),
    ("((d^90)^90)^90", DECODING, "exponent_too_large", ""),
    ("24! \\times 24!", DECODING, "factorial_too_large", "24!"),
    (r"\binom{d+2}{d}", DECODING, "binomial_lower", r"\binom{d+2}{d}"),
    (r"\binom{d}{99}", DECODING, "binomial_lower", r"\binom{d}{99}"),
    ("(((9^90)^90)^90)", DECODING, "number_too_long", ""),
    ("(b+n+d+h+k)^40", DECODING, "too_many_terms", "40"),
    ("9" * 1000, DECODING, "number_too_long", "9" * 60),
    ("1e999999", DECODING, "number_too_long", "1e999999"),
    ("(" * 100 + "d" + ")" * 100, DECODING, "too_deep", "("),
    ("+".join("d" * 700), DECODING, "too_many_symbols", ""),
    ("d" * 3000, DECODING, "too_long", "d"),
]
TABLES = [WORDS, CODE, NAMES, LETTERS, FORM, ANSWERS, GROWTH, VECTORS, SUMS, SIZES]
ROWS = [row for table in TABLES for row in table]


@pytest.mark.parametrize(("answer", "vocabulary", "kind", "found"), ROWS)
def test_a_refusal_says_what_and_where(answer: str, vocabulary: Vocabulary, kind: str, found: str) -> None:
    result = refusal(answer, vocabulary)
    assert result.kind == kind
    if found:
        assert result.found == found
    if result.position is not None:
        assert 0 <= result.position <= len(answer)
        assert answer[result.position :].startswith(result.found)


OBJECTS = {
    "not_text": [1, 2],
    "sympy_node": SymbolicObject("Piecewise", ()),
    "sympy_order": SymbolicObject(
        "Order",
        (
            SymbolicObject("Symbol", ("n",)),
            SymbolicObject("Tuple", (SymbolicObject("Symbol", ("n",)), SymbolicObject("Integer", (0,)))),
        ),
    ),
}
SHAPES = {"not_a_shape": "[h,,d]", "shape_product": "h*d*q", "nested_shape": "[[h, d]]"}
TWO_LENGTHS = Vocabulary("expression", (Declared("q", "d"), Declared("k", "D"), *scalars("dD")))


def test_every_kind_of_refusal_is_given_by_some_answer() -> None:
    given = {row[2] for row in ROWS}
    for kind, answer in OBJECTS.items():
        assert refusal(answer, DECODING).kind == kind
    for kind, shape in SHAPES.items():
        assert getattr(read_shape(shape, DECODING), "kind", None) == kind
    of_conditions = {kind for kind in KINDS if kind.startswith("condition_")}  # test_conditions_reading.py
    missing = set(KINDS) - of_conditions - given - OBJECTS.keys() - SHAPES.keys() - {"lengths_differ"}
    assert missing == set()
    assert given <= KINDS.keys()


def test_vectors_of_different_lengths_do_not_meet() -> None:
    for answer in ("q^T k", "q + k", "sum_i q_i k_i", "sum(q * k)"):
        assert refusal(answer, TWO_LENGTHS).kind == "lengths_differ", answer


def test_a_letter_in_the_wrong_case_is_named() -> None:
    data = refusal("O(n^2 D)", ATTENTION).data
    assert (data["name"], data["declared"], data["meant"]) == ("n", ("N", "D", "M"), "N")


def test_a_lookalike_is_named_as_such() -> None:
    data = refusal("О(n)", DECODING).data
    assert (data["name"], data["resembles"]) == ("CYRILLIC CAPITAL LETTER O", "O")


@pytest.mark.parametrize(
    ("answer", "understood"),
    [
        ("O(bd^^2)", "b·d"),
        ("O(bd^2, bnd)", "b·d²"),
        ("bd^2 + bn(d + x)", "b·d² + b·n·d"),
        ("O(bd^2 + bnd", "b·d² + b·n·d"),
        ("x + d", ""),
        ("@", ""),
    ],
)
def test_what_was_understood_up_to_there_is_told(answer: str, understood: str) -> None:
    assert refusal(answer, DECODING).understood == understood


def test_every_note_is_listed() -> None:
    scales = ("d^1/2", "1/2d", "lg d", "s = d", "s^2 = d => s = d")
    answers = dict.fromkeys(scales, SCALE) | {"sum mu_i": MOMENTS}
    kinds = {note.kind for answer, vocabulary in answers.items() for note in reading(answer, vocabulary).notes}
    kinds |= {note.kind for note in reading("sum_{i=0}^{d-1} mu_i", MOMENTS).notes}
    assert kinds == NOTES.keys()
