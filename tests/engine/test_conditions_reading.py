"""Conditions in text, LaTeX and usual words are read as what they say; what does not fit is refused in its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers.conditions import read_condition
from autograder.answers.conditions_formula import Condition
from autograder.answers.reading import Refusal
from autograder.answers.refusals import KINDS
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.conditions import equivalent_conditions
from tests.engine.conditions_said import SAME

SIMILARITY = Vocabulary("condition", (Declared("q", "D"), Declared("k", "D")), functions={"sim": 2})

NUMBERS = [
    ("sim(q,k) > epsilon > 0", "sim(Q_i, K_j) > ε for all i, j"),
    ("sim(q,k) >= ε for some ε > 0", "sim(Q_i, K_j) ≥ ε for all i, j"),
    ("sim(q, k) >= c > 0", "sim(Q_i, K_j) ≥ c for all i, j"),
    ("sim(q, k) is bounded below by a positive constant", "sim(Q_i, K_j) ≥ ε for all i, j"),
    ("sim is bounded away from zero", "|sim(Q_i, K_j)| ≥ ε for all i, j"),
    ("0 <= sim <= 1", "(sim(Q_i, K_j) ≥ 0 and sim(Q_i, K_j) ≤ 1) for all i, j"),
    ("sim(q,k) ∈ (0,1]", "(sim(Q_i, K_j) > 0 and sim(Q_i, K_j) ≤ 1) for all i, j"),
    ("sim(q,k) > -1", "sim(Q_i, K_j) > -1 for all i, j"),
    ("sim(q, k) > 1e-6", "sim(Q_i, K_j) > 1/1000000 for all i, j"),
    ("sim = 1/2", "sim(Q_i, K_j) = 1/2 for all i, j"),
    ("sum_j sim(Q_i,K_j) = 1", "∑_j sim(Q_i, K_j) = 1"),
    ("-2 sim(q,k) + 1 < 0", "sim(Q_i, K_j) > 1/2 for all i, j"),
    ("3 < sim(q,k)/2 - 1", "sim(Q_i, K_j) > 8 for all i, j"),
    ("2 sim(q,k) > ε", "sim(Q_i, K_j) > ε/2 for all i, j"),
    ("sim(q,k)^2 < 4", "|sim(Q_i, K_j)| < 2 for all i, j"),
    ("sim(q,k)^2 > -3", "|sim(Q_i, K_j)| > -3 for all i, j"),
    (r"\max_j \mathrm{sim}(Q_i,K_j) > 0", "sim(Q_i, K_j) > 0 for at least one j"),
    ("min_j sim(Q_i,K_j) = 0", "(sim(Q_i, K_j) ≤ 0 for at least one j) and (sim(Q_i, K_j) ≥ 0 for all i, j)"),
]
REFUSED = [
    ("sim(q, k) >= c", "condition_word", "c"),
    ("sim is non-negative, i.e. sim(q,k) > 0", "condition_two", ", i.e. sim(q,k) > 0"),
    ("sim can be positive", "condition_possibility", "can"),
    ("sim(q, k) = exp(q^T k)", "condition_definition", "exp"),
    ("exp(q^T k)", "condition_word", "exp"),
    ("softmax", "condition_word", "softmax"),
    ("sim is positive definite", "condition_word", "definite"),
    ("I don't know", "condition_word", "I"),
    ("q^T k > 0", "condition_word", "q"),
    ("sim(q) > 0", "wrong_number_of_arguments", "(q)"),
    ("sim(q, q) > 0", "condition_same_arguments", "(q, q)"),
    ("sim(q, k) >", "unexpected_end", ""),
    ("sim(q, k", "unexpected_end", ""),
    ("> ", "unexpected_end", ""),
    ("sim(q,k) > x", "condition_word", "x"),
    ("sum_i sim(Q_i, K_j) != 0", "condition_sum_over", "!="),
    ("sim is not always zero", "condition_word", "always"),
    ("sim is not only positive", "condition_word", "only"),
    ("sim(q,k) > 0 unless q = k", "condition_word", "unless"),
    ("sim is positive except at zero", "condition_word", "except"),
    ("sim is hardly ever positive", "condition_word", "hardly"),
    ("sim is rarely zero", "condition_word", "rarely"),
    ("sim is not zero and positive", "condition_negation", "and"),
    ("sim(q,k) > 0 for some q", "condition_some_query", "q"),
    ("sim(q, k) > 0; the denominator is then always positive", "condition_word", "then"),
    ("sim does not have to be positive", "condition_word", "to"),
    ("sim need not be positive", "condition_word", "need"),
    ("sim should be positive, but it can be zero", "condition_possibility", "can"),
    ("sim may be zero", "condition_possibility", "may"),
    ("sim is positive if q = k", "condition_word", "if"),
    ("sim is positive only if q > 0", "condition_word", "only"),
    ("sim(q,k) > 0 or whatever", "condition_word", "whatever"),
    ("positive semidefinite", "condition_word", "semidefinite"),
    ("sim must be a valid positive definite kernel", "condition_word", "definite"),
    ("sim is almost always positive", "condition_word", "almost"),
    ("sim is usually positive", "condition_word", "usually"),
    ("sim is bad", "condition_word", "bad"),
    ("banana", "condition_word", "banana"),
    ("sim(q,k) > sim(k,q)", "condition_sign", ">"),
    ("sim(q,k) > q", "condition_word", "q"),
    (r"\frac{1}{sim(q,k)} > 0", "condition_sign", r"\frac"),
    ("1/sim(q,k) > 0", "condition_sign", "("),
    ("sim(q,k)^2 > 2", "condition_word", "sim"),
    ("sim(q,k)^3 > 0", "condition_sign", "^"),
    ("sim(q,k) - 0 > 0", "condition_word", "0"),
    ("0 sim(q,k) > -1", "condition_sign", "0"),
    ("sim(q,k) - sim(k,q) > 0", "condition_sign", "-"),
    ("sim(q,k) - 1 is positive", "condition_word", "is"),
    ("sum_j sim(Q_i,K_j) - 1 > -1", "condition_sign", "-"),
    ("sum_j sim(Q_i,K_j)^2 > 0", "condition_sign", "^"),
    ("max_{i,j} sim(Q_i,K_j) > 0", "condition_word", "max"),
    ("min_i sim(Q_i,K_j) > 0", "condition_sum_over", ">"),
    ("sum_{j=1}^M sim(Q_i,K_j) > 0", "condition_sum_over", "_{j=1}^M"),
    ("sim(q, v) > 0", "condition_word", "v"),
    ("-sim(q,k) < epsilon", "condition_word", "-"),
    ("sim > > 0", "condition_sign", ">"),
    ("sim(q,k) 0", "condition_sign", "0"),
    ("sim(q,k) positive definite", "condition_word", "definite"),
    ("sim > 0 ∀", "unexpected_end", ""),
    ("sim(q,k) > 0 for all", "unexpected_end", ""),
    ("((((((sim > 0", "unexpected_end", ""),
    ("sim(q, k) > 0 !", "condition_sign", "!"),
    ("sim(q,k) > 0 for all q≠0", "condition_sign", "≠"),
    ("sim > 0 is not required", "condition_word", "is"),
    ("sim need only be non-negative", "condition_word", "need"),
    ("never sim > 0", "condition_word", "sim"),
    ("sim > 0 for no q, k", "condition_word", "for"),
    ("for no i,j sim > 0", "condition_word", "for"),
    ("without sim > 0", "condition_word", "without"),
    ("sim > 0 fails", "condition_word", "fails"),
    ("sim ≯ 0", "condition_sign", "≯"),
    (r"sim \ngtr 0", "condition_sign", r"\ngtr"),
    ("sim > 0 but could be zero", "condition_possibility", "could"),
    ("sim >= 0, sum != 0 not needed", "condition_word", "not"),
    ("the denominator must be nonzero, so sim must be nonnegative", "condition_word", "sim"),
    ("sim should be nonzero or should it be positive?", "placeholder", "?"),
    ("sim > 0 isn't needed", "condition_word", "isn't"),
    ("opposite of sim > 0", "condition_word", "opposite"),
    ("sim must be positive for at least half of the keys", "condition_word", "for"),
    ("sim must be positive for most keys", "condition_word", "for"),
    ("most similarities must be positive", "condition_word", "most"),
    ("sim must be positive on average", "condition_word", "on"),
    ("the average similarity must be positive", "condition_word", "the"),
    ("sim(q,k) > 0 for random q, k", "condition_word", "for"),
    ("sim > 0 w.p. 1", "condition_word", "w"),
    ("sim > 0 with high probability", "condition_word", "high"),
    ("sim > 0 except when q = k", "condition_word", "except"),
    ("sim > 0 for q = k", "condition_word", "for"),
    ("sim > 0 and V > 0", "condition_word", "V"),
    ("V > 0", "condition_word", "V"),
    ("Q_i > 0", "condition_word", "Q"),
    ("sim sim > 0", "condition_word", "sim"),
    ("sim > 0 sim", "condition_word", "sim"),
    ("sum sum > 0", "condition_word", "sum"),
    ("sum_j sum_i sim(Q_i, K_j) > 0", "condition_word", "sum"),
    ("log sim > 0", "condition_word", "log"),
    ("exp(sim(q,k)) > 0", "condition_word", "exp"),
    ("sim(q,k) > log 1", "condition_word", "log"),
    ("sim > infinity", "unexpected_end", ""),
    ("sim must be infinite", "condition_word", "infinite"),
    ("sim(q,k) >= 1/0", "unexpected_end", ""),
    ("{sim > 0}", "condition_sign", "{"),
    ("sim must not be strictly negative and not be positive", "condition_word", "strictly"),
    ("no similarities that are zero or negative", "condition_word", "that"),
    ("sim(q,k) is not always positive", "condition_word", "always"),
    ("nobody knows", "condition_word", "nobody"),
    ("sim(q,k) must be positive, not really", "condition_word", "really"),
    ("sim(q,k) must be positive? no", "placeholder", "?"),
    ("O(n)", "condition_word", "O"),
    ("sim", "unexpected_end", ""),
    ("similarity function", "unexpected_end", ""),
    ("sum", "unexpected_end", ""),
    ("> > ", "condition_sign", ">"),
    ("0", "condition_sign", "0"),
    ("1", "condition_sign", "1"),
    ("for all i, j", "unexpected_end", ""),
    ("not", "unexpected_end", ""),
    ("and", "condition_word", "and"),
    ("sim(q,k) and > 0", "condition_word", "and"),
    ("sim(q,k) > 0 and", "condition_word", "and"),
    ("or sim > 0", "condition_word", "or"),
    ("every key must be positive", "condition_word", "every"),
    ("sim > 0 strictly", "condition_word", "strictly"),
    ("sim: R^D×R^D → R_+ ∪ {0}", "condition_sign", "∪"),
    ("sim(q,k) + 1", "unexpected_end", ""),
    ("sim(q,k) - 1", "unexpected_end", ""),
    ("sim > 0 ≫ 1", "condition_sign", "≫"),
    ("sim(q, k) > 0 for all і", "lookalike_letter", "і"),
    ("sim\u200b > 0", "invisible_character", "\u200b"),
    (r"sim \in \mathbb{R}^{7}", "condition_set", "^{7}"),
]
LIMITS = {
    "sim > 1 and sim > 2 and sim > 3 and sim > 4 and sim > 5": "condition_numbers",
    "(" * 150 + "sim > 0" + ")" * 150: "too_deep",
    "s>" * 900: "too_many_symbols",
    "sim > " + "9" * 300: "number_too_long",
    "sim > 0 " * 1000: "too_long",
}


def read(answer: object) -> Condition:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Condition), f"{answer!r}: {result}"
    return result


@pytest.mark.parametrize(("meaning", "answer"), [(meaning, answer) for meaning, row in SAME.items() for answer in row])
def test_a_condition_is_read_as_what_it_says(meaning: str, answer: str) -> None:
    assert equivalent_conditions(read(answer), read(meaning)), read(answer).read_as


def test_the_meanings_of_the_tables_are_different_ones() -> None:
    meanings = [read(meaning) for meaning in SAME]
    pairs = [(left, right) for place, left in enumerate(meanings) for right in meanings[:place]]
    assert not [pair for pair in pairs if equivalent_conditions(*pair)]


@pytest.mark.parametrize(("answer", "read_as"), NUMBERS)
def test_a_condition_with_numbers_is_read_to_the_letter(answer: str, read_as: str) -> None:
    assert read(answer).read_as == read_as


@pytest.mark.parametrize(("answer", "kind", "found"), REFUSED)
def test_what_does_not_fit_is_refused_where_it_stands(answer: str, kind: str, found: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Refusal)
    assert (result.kind, result.found[:40]) == (kind, found[:40])
    assert result.position is not None
    assert answer[result.position :].startswith(result.found)


@pytest.mark.parametrize(("answer", "kind"), LIMITS.items(), ids=lambda text: text[:12])
def test_what_is_too_much_is_refused(answer: str, kind: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Refusal)
    assert result.kind == kind


def test_every_kind_of_refusal_of_conditions_is_given() -> None:
    given = {kind for _, kind, _ in REFUSED} | set(LIMITS.values())
    assert {kind for kind in KINDS if kind.startswith("condition_")} <= given


@pytest.mark.parametrize(("answer", "kind"), [("", "empty"), ("  ", "empty"), (None, "empty"), (True, "not_text")])
def test_what_is_no_text_is_refused(answer: object, kind: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Refusal)
    assert result.kind == kind


def test_a_refusal_says_how_the_part_before_it_was_read() -> None:
    result = read_condition("sim(q, k) > 0 for all q, k unless q = k", SIMILARITY)
    assert isinstance(result, Refusal)
    assert result.understood == "sim(Q_i, K_j) > 0 for all i, j"


READABLE = [answer for row in SAME.values() for answer in row]
STRANGE = {"unless", "half", "rarely", "q", "√", r"\frac"}
WORDS = sorted({word for answer in READABLE for word in answer.split()} | STRANGE)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_row_of_words_is_read_or_refused_in_its_place(answer: str) -> None:
    result = read_condition(answer, SIMILARITY)
    if isinstance(result, Refusal):
        assert result.kind in KINDS
        assert result.position is None or 0 <= result.position <= len(answer)
    else:
        assert equivalent_conditions(result, read(result.read_as))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(answer: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Condition) or result.kind in KINDS


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(READABLE), st.sampled_from(READABLE))
def test_and_or_and_brackets_join_conditions(first: str, second: str) -> None:
    """Only statements that end where they end: no sentences, reasons or labels."""
    simple = [answer for answer in (first, second) if read_condition(f"({answer})", SIMILARITY) == read(answer)]
    for answer in simple:
        assert equivalent_conditions(read(f"({answer}) and ({answer})"), read(answer))
        assert equivalent_conditions(read(f"({answer}) or ({answer})"), read(answer))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(READABLE), st.sampled_from(["unless q = k", "most of the time", "probably", "is not so", "?"]))
def test_a_doubt_at_the_end_is_never_passed_over(answer: str, doubt: str) -> None:
    assert isinstance(read_condition(f"{answer} {doubt}", SIMILARITY), Refusal)
