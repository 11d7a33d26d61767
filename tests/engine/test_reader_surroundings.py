"""What stands around an answer changes nothing, and what could change it is never passed over."""

import pytest

from autograder.answers.vocabulary import Vocabulary
from tests.engine.reader_vocabularies import DECODING, KERNEL, MOMENTS, SCALE, reading, refusal

ANSWERS = [
    ("\\sqrt{d}/3", SCALE),
    ("\\|\\mu\\|_2^2 + \\sigma^2", MOMENTS),
    ("(q^\\top k)^3 - 2", KERNEL),
    ("n^2 h + \\frac{d}{h}", DECODING),
]
SURROUNDINGS = [
    "Answer: {}", "The answer is {}.", "Therefore, {}", "Thus, we get ${}$.", "**Answer:** ${}$", "x = {}", "x is {}",
    "x should be {}", "x^2 = y => x = {}", "x^2 = y, so x = {}", "x^2 = y, x = {}", "{}, because E[x] = 0",
    "{} since x is independent of y", "Since x and y are independent, x = {}", "{} (by independence)", "{}, as before",
    "{} for the attention", "{} so that the variance is 1", "{}, where d is the dimension of the vectors",
    r"\begin{{aligned}} x &= {} \end{{aligned}}", r"\begin{{align*}} x^2 &= y \\ x &= {} \end{{align*}}",
    r"\[ x = {} \]", r"x = {} \text{{ (by definition)}}", r"\boxed{{x = {}}}", "x = {}. This follows by linearity.",
    r"\underbrace{{{}}}_{{\text{{attention}}}}", r"x^2 = y \implies x = {}", "$x =$ ${}$", "```\n{}\n```", "*{}*",
]  # fmt: skip
CHANGES = [
    "{} or 2", "{} times 2", "{}, or 2", "half of {}", "{} if d > 1", "{} unless d = 1", "not {}", "about {}",
    "{} divided by 2", "{} squared", "{} (squared)", "{} per head", "{} plus 1", "{}? no, 2", "{}, 2", "{} = ",
    "{}. Actually 2", "{} - no, 2", "{}, since d = 1", "{}, where d = 1", "{} for d = 1", "2 \n {}",
    "x = 2, x = {}, y = 3",
]  # fmt: skip


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize(("answer", "vocabulary"), ANSWERS)
def test_words_and_steps_around_an_answer_change_nothing(
    surroundings: str, answer: str, vocabulary: Vocabulary
) -> None:
    read = reading(surroundings.format(answer), vocabulary)
    assert (read.tree, read.others) == (reading(answer, vocabulary).tree, ())


@pytest.mark.parametrize("changed", CHANGES)
@pytest.mark.parametrize(("answer", "vocabulary"), ANSWERS)
def test_words_that_could_change_an_answer_are_refused(changed: str, answer: str, vocabulary: Vocabulary) -> None:
    refusal(changed.format(answer), vocabulary)


@pytest.mark.parametrize(
    ("answer", "vocabulary", "same"),
    [
        ("(q^T k + c)^2, c = 3", KERNEL, "(q^T k + 3)^2"),
        ("(a q^T k + c)^2 where a = 2 and c = 3", KERNEL, "(2 q^T k + 3)^2"),
        ("O(bnm) with m = d/h", DECODING, "O(bnd/h)"),
        ("O(bn d_k), where d_k = d/h", DECODING, "O(bnd/h)"),
        ("O(n d) where k = d/h", DECODING, "O(n d)"),
    ],
)
def test_a_letter_that_the_answer_explains_is_put_in(answer: str, vocabulary: Vocabulary, same: str) -> None:
    assert reading(answer, vocabulary).tree == pytest.approx(reading(same, vocabulary).tree)


@pytest.mark.parametrize("answer", ["O(bnm)", "O(n k) where k = d", "O(n m) where m is small", "O(n m), m = x"])
def test_a_letter_without_a_value_is_refused(answer: str) -> None:
    refusal(answer, DECODING)
