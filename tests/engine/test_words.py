"""Completeness of answers in words, and of the hours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.verdict import Status
from autograder.checks.words import judge_hours, judge_words, read_hours

QUESTION = (
    "We used argmax in place of softmax. How does this affect how usefully models with attention can be trained? "
    "Explain in your own words, in a few sentences."
)
TEMPLATE = "Write here what you saw in the notebook, layer by layer."


def judge(text, **options):
    return judge_words(text, template_text=TEMPLATE, question_texts=[QUESTION], **options)


ANSWERED = [
    "The argmax is a step function, so no gradient reaches queries and keys.",
    "Gradients vanish almost everywhere; only values learn.",
    "We cannot train keys: d argmax / dq = 0 a.e.",
    "argmax 的导数几乎处处为零，因此查询和键无法学习。",
    "Аргмакс не дифференцируем, поэтому ключи не обучаются.",
    "How does this affect training? argmax is piecewise constant, so keys and queries never get a useful gradient.",
    "No. " * 3 + "The head looks at the previous token in layer 2, and at [SEP] later.",
]
UNANSWERED = [
    ("", "not_answered"),
    ("   \n\t ", "not_answered"),
    ("____", "not_answered"),
    ("...", "not_answered"),
    ("TODO", "not_answered"),
    ("your answer here", "not_answered"),
    (TEMPLATE, "not_answered"),
    (TEMPLATE.upper() + "  ", "not_answered"),
    (QUESTION, "question_repeated"),
    (QUESTION + " I think so.", "question_repeated"),
    ("How does this affect how usefully models with attention can be trained?", "question_repeated"),
    ("no gradient", "too_few_words"),
    ("good good good good good good good good", "no_sentence"),
    ("blah " * 200, "no_sentence"),
    ("sdf kjh wrt pqr zxc vbn", "no_sentence"),
    ("a b c d e f g h", "no_sentence"),
]


@pytest.mark.parametrize("text", ANSWERED)
def test_an_answer_in_words_has_provisional_credit_and_says_that_a_person_may_read_it(text):
    verdict = judge(text)
    assert (verdict.status, verdict.credit) == (Status.RIGHT, 1.0)
    assert [fact.kind for fact in verdict.facts] == ["person_may_read"]


@pytest.mark.parametrize(("text", "kind"), UNANSWERED)
def test_what_is_no_answer_earns_nothing_and_says_why(text, kind):
    verdict = judge(text)
    assert (verdict.status, verdict.credit) == (Status.UNANSWERED, 0.0)
    assert [fact.kind for fact in verdict.facts] == [kind]


@pytest.mark.parametrize("text", ["none", "None.", "N/A", "no one", "-", "Alice", "ChatGPT", "CS182 notes", "无"])
def test_a_short_answer_counts_where_short_answers_are_meant(text):
    assert judge(text, short_ok=True).credit == 1
    assert judge(text).credit == 0


@pytest.mark.parametrize("text", ["", "  ", "____", "TODO", TEMPLATE])
def test_even_a_short_answer_must_be_given(text):
    assert judge(text, short_ok=True).status is Status.UNANSWERED


@pytest.mark.parametrize("value", [None, 3, True, ("some", "words"), {"a": "b"}, b"bytes"])
def test_what_is_not_text_is_not_an_answer_in_words(value):
    assert [fact.kind for fact in judge(value).facts] == ["not_text"]


@given(st.text(max_size=300))
def test_any_text_gets_all_or_nothing(text):
    assert judge(text).credit in (0.0, 1.0)


def test_a_text_without_end_is_judged_quickly_enough_to_finish():
    assert judge("attention looks at the previous token " * 100_000).credit == 0


HOURS = [
    (6, 6),
    (6.5, 6.5),
    (0, 0),
    ("6", 6),
    ("about 6", 6),
    ("6 hours", 6),
    ("6-8", 7),
    ("6–8 h", 7),
    ("5 to 6 hours", 5.5),
    ("between 6 and 8 hours", 7),
    ("~10", 10),
    ("10+", 10),
    ("six", 6),
    ("6h30", 6.5),
    ("6:30", 6.5),
    ("6 hours and 30 minutes", 6.5),
    ("90 minutes", 1.5),
    ("6,5 h", 6.5),
    ("I spent about 6 hours on it.", 6),
    ("6 hrs over 3 days", 6),
    ("5hrs coding, 3 hours theory", 8),
]


@pytest.mark.parametrize(("value", "hours"), HOURS)
def test_hours_are_read_as_a_person_would(value, hours):
    assert read_hours(value) == pytest.approx(hours)
    assert judge_hours(value).credit == 1


@pytest.mark.parametrize("value", [-3, "-3", 201, "500 hours", 10**400, float("inf"), float("nan")])
def test_hours_that_nobody_can_have_worked_are_wrong(value):
    assert judge_hours(value).status is Status.WRONG


@pytest.mark.parametrize("value", [None, "", "____", "TODO", "?"])
def test_no_hours_are_no_answer(value):
    assert judge_hours(value).status is Status.UNANSWERED


@pytest.mark.parametrize("value", [True, "a lot", "1e9", (6,), "questions 1, 2, 3 and 4"])
def test_hours_that_cannot_be_read_are_unreadable(value):
    assert judge_hours(value).status is Status.UNREADABLE


@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.none()))
def test_anything_may_be_handed_in_as_hours(value):
    assert judge_hours(value).credit in (0.0, 1.0)
