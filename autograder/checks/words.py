"""Completeness of what is answered in words, and of the hours. Whether the words are right is for a person to say."""

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from autograder.checks.outcomes import type_in_words
from autograder.checks.verdict import Fact, Status, Verdict, right

PERSON_MAY_READ = Fact("person_may_read")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’-][^\W_]+)*")  # in Chinese and Japanese each sign counts
PLACEHOLDERS = frozenset({"todo", "tbd", "fixme", "xxx", "placeholder", "your answer here", "answer here", "fill in"})
DASHES = frozenset("-–—/")
REPEATED_SHARE = 0.8  # of an answer's words, in the question's order: the question was copied
MOST_HOURS = 200.0
COUNTS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
COUNT_WORD = re.compile(rf"\b({'|'.join(COUNTS)})\b")
AMOUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\+?\s*(h(?:(?:ou)?rs?)?\b|h(?=\d)|m(?:in(?:ute)?s?)?\b)?")
RANGE = re.compile(r"\s*(?:[-–—~]|to|or|and)\s*")
WITH_MINUTES = re.compile(r"\s*(?::|and)?\s*")
CHARACTERS_COMPARED = 20_000


def judge_words(
    text: object,
    *,
    template_text: str = "",
    question_texts: Sequence[str] = (),
    least_words: int = 5,
    short_ok: bool = False,
) -> Verdict:
    """Provisional credit for an answer in words: 1 or 0, with the fact `person_may_read`.

    Not answered: empty, the template's text, a placeholder, the question repeated, fewer than `least_words` words,
    or the same few words over and over. With `short_ok` one word or number ("none") is enough.
    """
    if not isinstance(text, str):
        return _unanswered("not_text", type=type_in_words(text))
    words = words_of(text)
    if short_ok and text.strip() in DASHES:
        return right(PERSON_MAY_READ)
    if not words or _is_template(words, template_text):
        return _unanswered("not_answered")
    if any(_repeats(words, question) for question in question_texts):
        return _unanswered("question_repeated")
    if short_ok:
        return right(PERSON_MAY_READ)
    if len(words) < least_words:
        return _unanswered("too_few_words", words=len(words), least=least_words)
    if _is_noise(words):
        return _unanswered("no_sentence")
    return right(PERSON_MAY_READ)


def judge_hours(value: object) -> Verdict:
    """Whether a number of hours was given that a person can have worked: 0 to 200, as a number or as in "about 6-8"."""
    hours = read_hours(value)
    if hours is None:
        blank = value is None or (isinstance(value, str) and _is_template(words_of(value), ""))
        return _unanswered("not_answered") if blank else Verdict(Status.UNREADABLE, 0.0, (Fact("hours_unreadable"),))
    if not 0 <= hours <= MOST_HOURS:
        return Verdict(Status.WRONG, 0.0, (Fact("hours_implausible", {"most": MOST_HOURS}),))
    return right()


def read_hours(value: object) -> float | None:
    """The hours that were meant; the middle of a range. None if it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        return _hours_in(value)
    return float(value) if -1e6 < value < 1e6 else math.inf  # an int may be too long for a float


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in order, in lower case and in one Unicode form."""
    return WORD.findall(unicodedata.normalize("NFKC", text[:CHARACTERS_COMPARED]).casefold())


def _hours_in(text: str) -> float | None:
    plain = unicodedata.normalize("NFKC", text[:400]).strip().casefold()
    plain = COUNT_WORD.sub(lambda word: str(COUNTS.index(word[1])), plain)
    amounts = list(AMOUNT.finditer(plain))
    with_unit = [amount for amount in amounts if _is_hours(amount)]
    if len(amounts) == 1:
        return -_hours(amounts[0]) if plain.startswith("-") else _hours(amounts[0])
    if len(amounts) == 2:
        return _of_two(amounts[0], amounts[1], plain[amounts[0].end() : amounts[1].start()])
    return _hours(with_unit[0]) if len(with_unit) == 1 else None


def _of_two(first: re.Match[str], second: re.Match[str], between: str) -> float | None:
    """The hours of "6-8", of "6 h 30 min", of "5 h coding, 3 h theory", or of "3 of 4 questions, 6 hours"."""
    in_hours = [amount for amount in (first, second) if _is_hours(amount)]
    if RANGE.fullmatch(between) and not _is_minutes(second):
        return (_hours(first) + _hours(second)) / 2
    if WITH_MINUTES.fullmatch(between) and (between.strip() == ":" or (_is_hours(first) and not _is_hours(second))):
        return _number(first) + _number(second) / 60
    return sum(_hours(amount) for amount in in_hours) if in_hours else None


def _is_hours(amount: re.Match[str]) -> bool:
    return (amount[2] or "").startswith("h")


def _is_minutes(amount: re.Match[str]) -> bool:
    return (amount[2] or "").startswith("m")


def _number(amount: re.Match[str]) -> float:
    return float(amount[1].replace(",", "."))


def _hours(amount: re.Match[str]) -> float:
    return _number(amount) / 60 if _is_minutes(amount) else _number(amount)


def _unanswered(kind: str, **data: object) -> Verdict:
    return Verdict(Status.UNANSWERED, 0.0, (Fact(kind, data),))


def _is_template(words: list[str], template_text: str) -> bool:
    return not words or words == words_of(template_text) or " ".join(words) in PLACEHOLDERS


@lru_cache(maxsize=128)
def _runs(question: str) -> frozenset[tuple[str, ...]]:
    """Every three words of a question that follow each other."""
    words = words_of(question)
    return frozenset(tuple(words[i : i + 3]) for i in range(len(words) - 2))


def _repeats(words: list[str], question: str) -> bool:
    """Whether nearly all of an answer stands in runs of three words that the question has too."""
    if len(words) < 3:
        return False
    runs = _runs(question)
    copied = [False] * len(words)
    for i in range(len(words) - 2):
        if tuple(words[i : i + 3]) in runs:
            copied[i : i + 3] = [True] * 3
    return sum(copied) >= REPEATED_SHARE * len(words)


def _is_noise(words: list[str]) -> bool:
    """One or two words over and over, or not one word with a vowel in it that is longer than two letters."""
    few_kinds = len(set(words)) < max(3, len(words) // 25)
    return few_kinds or not any(_could_be_a_word(word) for word in words)


def _could_be_a_word(word: str) -> bool:
    """Whether a word is no keyboard noise in the plainest sense; every script without Latin letters passes."""
    if not word.isascii():
        return True
    return 2 < len(word) < 30 and any(vowel in word for vowel in "aeiouy")
