"""READ THIS FIRST of conditions_*. What a student writes of a similarity function, to a formula or a refusal.

    conditions_tokens                             words and signs, in plain text, LaTeX or Unicode
    conditions_clauses                            how they hang together
    conditions_subjects, _predicates,             what is spoken of, what is said of it,
    conditions_sets, _quantifiers                 where it lies, for whom it holds
    conditions_arithmetic, _indices               multiples and extremes of it; what a sum runs over
    conditions_formula                            what it comes to

It is a grammar over a small vocabulary (conditions_words): every word has to have its place in it, for the smallest,
"not", can turn the whole around. What does not fit is refused where it stands. Reasons at the end ("so that the
denominator is never zero") are the one thing that is passed over, and only in words that can change nothing.
"""

from autograder.answers import conditions_words as words
from autograder.answers.conditions_clauses import clause, condition
from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_formula import (
    NOTHING,
    Condition,
    Formula,
    bounds_in,
    closed,
    conjunction,
    denies_nothing,
    is_on_similarities,
    written,
)
from autograder.answers.conditions_tokens import ConditionTokenizer, Token
from autograder.answers.reader import check_text, refusal
from autograder.answers.reading import CannotRead, Refusal
from autograder.answers.vocabulary import Vocabulary

MOST_NUMBERS = 4


def read_condition(answer: object, vocabulary: Vocabulary) -> Condition | Refusal:
    """A condition on the one function that the vocabulary declares. Never raises; bounded in time and memory."""
    ((function, arguments),) = vocabulary.functions.items()
    if not isinstance(answer, str):
        kind = "empty" if answer is None else "not_text"
        return Refusal(kind, data={"type_name": type(answer).__name__})
    try:
        check_text(answer)
        formula = closed(_whole(answer, function, arguments))
    except CannotRead as stop:
        return refusal(answer, stop, _understood(answer, stop.position, function, arguments))
    return Condition(formula, written(formula, function))


def _understood(text: str, position: int | None, function: str, arguments: int) -> str:
    """How the part before `position` reads by itself, without up to three words at its end; "" if it does not."""
    before = text[: position or 0]
    for _ in range(3):
        before = before.rstrip(" ,;.([")
        try:
            return written(closed(_whole(before, function, arguments)), function) if before else ""
        except CannotRead:
            before = before[: max(before.rfind(" "), 0)]
    return ""


def _whole(text: str, function: str, arguments: int) -> Formula:
    tokens = ConditionTokenizer(text).run()
    cursor = ConditionCursor(_without_stars(tokens), function, arguments, whole=condition, part=clause)
    _drop_reason_before(cursor)
    _drop_labels(cursor)
    if _asks_nothing(cursor):
        return NOTHING
    sentences = [condition(cursor)]
    while _next_sentence(cursor):
        sentences.append(condition(cursor))
    formula = conjunction(*sentences)
    if len(bounds_in(formula)) > MOST_NUMBERS:
        raise CannotRead("condition_numbers", limit=MOST_NUMBERS)
    if denies_nothing(formula):
        raise CannotRead("condition_negation", tokens[0].start, tokens[-1].start, name="not")
    return formula


def _without_stars(tokens: list[Token]) -> list[Token]:
    """Without the stars that make words **bold**."""
    start, stop = 0, len(tokens) - 1
    while start < stop and tokens[start].text == "*":
        start += 1
    while start < stop and tokens[stop - 1].text == "*":
        stop -= 1
    return [*tokens[start:stop], tokens[-1]]


def _drop_labels(cursor: ConditionCursor) -> None:
    """Takes "Answer:", "we need", "the condition is that"."""
    while cursor.phrase(words.LABELS):
        cursor.takes("that")
        cursor.takes(":")


def _asks_nothing(cursor: ConditionCursor) -> bool:
    start = cursor.at
    if cursor.phrase(words.NO_CONDITION):
        cursor.takes(".")
        if cursor.next.kind == "end":
            return True
    cursor.at = start
    return False


def _next_sentence(cursor: ConditionCursor) -> bool:
    """Whether a further statement follows; reasons and full stops are behind us."""
    while True:
        stopped = cursor.takes(".", ";")
        if cursor.next.kind == "end":
            return False
        if not (_drop_example(cursor) or _drop_reason(cursor)):
            if stopped:
                return True
            raise cursor.unexpected()


def _drop_reason(cursor: ConditionCursor) -> bool:
    """Passes over "so that the denominator is never zero", made of harmless words only."""
    start = cursor.at
    cursor.takes(",")
    cursor.takes("and")
    if cursor.phrase(words.PURPOSES) is None:
        cursor.at = start
        return False
    said = cursor.at
    _pass_harmless(cursor)
    if cursor.next.kind != "end":
        cursor.at = said
        _pass_statement(cursor)
    return True


def _pass_harmless(cursor: ConditionCursor) -> None:
    while True:
        if cursor.phrase(words.HARMLESS_PHRASES):
            continue
        if not _is_harmless(cursor):
            return
        cursor.take()


def _pass_statement(cursor: ConditionCursor) -> None:
    """A reason that is a statement on the sum, "the denominator is never zero", to the end of the answer.

    One on the similarities would be a second condition.
    """
    cursor.takes("that")
    place = cursor.next
    reason = condition(cursor)
    if is_on_similarities(reason):
        raise CannotRead("condition_word", place.start, place.end, name=place.text)
    cursor.takes(".")
    if cursor.next.kind != "end":
        raise cursor.unexpected()


def _drop_example(cursor: ConditionCursor) -> bool:
    """Passes over "e.g. exp(q^T k)", unless a word in it could take back what was said."""
    start = cursor.at
    cursor.takes(",", "(")
    if cursor.phrase(words.EXAMPLES) is None:
        cursor.at = start
        return False
    while cursor.next.kind != "end":
        if cursor.sees_any(words.TAKING_BACK):
            raise cursor.unexpected()
        cursor.take()
    return True


def _drop_reason_before(cursor: ConditionCursor) -> None:
    """Passes over "To keep the output finite,"."""
    start = cursor.at
    if cursor.phrase(words.PURPOSES_BEFORE) is None:
        return
    while (_is_harmless(cursor) or cursor.sees("never", "not")) and not cursor.sees(",", ":"):
        cursor.take()
    if not cursor.takes(",", ":"):
        cursor.at = start


def _is_harmless(cursor: ConditionCursor) -> bool:
    token = cursor.next
    known = words.PURPOSE_SIGNS if token.kind == "sign" else words.PURPOSE_WORDS
    return token.kind == "number" or token.text in known
