"""What a condition speaks of: one similarity, several of them, or a query's sum, and the numbers these are held to."""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Literal

from autograder.answers import conditions_words as words
from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_formula import (
    MIRRORED,
    Compared,
    Every,
    Extreme,
    Formula,
    Not,
    Relation,
    Some,
    Subject,
    has_some,
    of_extreme,
)
from autograder.answers.conditions_indices import check_index, group, limits
from autograder.answers.conditions_tokens import Token
from autograder.answers.reading import CannotRead

SMALL = Fraction(1, 1000)  # what epsilon stands for: any positive number would do
Amount = Literal["each", "every", "some", "none", "not every"]
INDEXED_LETTERS = frozenset(letter + index for letter in "qkx" for index in "ijnm")  # as they are copied out of a page
QUERIES_AND_KEYS = ("q", "Q", "k", "K")
ARGUMENT_SIGNS = frozenset({"_", "^", "{", "}", "[", "]", ":", "·", ".", "'", "T"})


@dataclass(frozen=True)
class Spoken:
    """The subject of a statement; `amount` says of how many similarities it is true.

    What is compared is scale · subject + shift, or scale · subject² + shift where it is `squared`. With an `extreme`
    it is the least or greatest similarity of a query, or of all queries where it is `of_all_pairs`.
    """

    subject: Subject
    absolute: bool = False
    amount: Amount = "each"
    scale: Fraction = Fraction(1)
    shift: Fraction = Fraction(0)
    squared: bool = False
    extreme: Extreme | None = None
    of_all_pairs: bool = False
    place: Token | None = None

    def compared(self, relation: Relation, bound: Fraction, name: str = "") -> Formula:
        """The comparison with a number, solved for the subject."""
        value = (bound - self.shift) / self.scale
        if self.squared:
            value = self._root(value)
        relation = MIRRORED[relation] if self.scale < 0 else relation
        if name and value != bound:
            if self.scale < 0 or self.shift or self.squared:
                raise self._refused(name)
            name = f"{name}/{self.scale}"
        return Compared(self.subject, relation, value, self.absolute or self.squared, name)

    def _root(self, value: Fraction) -> Fraction:
        """What an absolute value is held to where its square is held to `value`; negative numbers stay as they are."""
        if value <= 0:
            return value
        above, below = isqrt(value.numerator), isqrt(value.denominator)
        if (above**2, below**2) != (value.numerator, value.denominator):
            raise self._refused("^2")
        return Fraction(above, below)

    def _refused(self, name: str) -> CannotRead:
        start, end = (None, None) if self.place is None else (self.place.start, self.place.end)
        return CannotRead("condition_word", start, end, name=name)

    def quantified(self, formula: Formula) -> Formula:
        if self.extreme is not None:
            formula = of_extreme(formula, self.extreme)
            if self.of_all_pairs and has_some(formula):
                raise self._refused(self.extreme)
        match self.amount:
            case "every":
                return Every(formula)
            case "some":
                return Some(formula)
            case "none":
                return Every(Not(formula))
            case "not every":
                return Not(Every(formula))
            case _:
                return formula


@dataclass(frozen=True)
class Size:
    """A number that something is held to; `value` None is infinity, then `sign` says which."""

    value: Fraction | None
    name: str = ""
    sign: int = 1


def spoken(cursor: ConditionCursor) -> Spoken | None:
    """The subject that stands next, or None with nothing taken."""
    start = cursor.at
    amount = _amount(cursor)
    cursor.takes_any(words.ARTICLES)
    found = _absolute(cursor) or _sum(cursor) or _one(cursor) or _key(cursor)
    if found is None and amount not in (None, "each") and _is_elliptical(cursor):
        found = Spoken("one")
    if found is None:
        cursor.at = start
        return None
    if amount is not None and found.subject == "sum" and amount not in ("every", "each"):
        raise CannotRead(
            "condition_word", cursor.tokens[start].start, cursor.tokens[start].end, name=cursor.tokens[start].text
        )
    cursor.speaks_of_sum = found.subject == "sum"
    return Spoken(found.subject, found.absolute, amount or "each")


def _amount(cursor: ConditionCursor) -> Amount | None:
    table: tuple[tuple[Amount, tuple[str, ...]], ...] = (
        ("not every", ("not all", "not every")),
        ("some", ("at least one", "some", "one of")),
        ("none", ("no", "none of", "none")),
        ("every", ("all", "every", "each", "any")),
    )
    for amount, phrases in table:
        if cursor.phrase(phrases):
            cursor.takes("of")
            return amount
    return None


def _is_elliptical(cursor: ConditionCursor) -> bool:
    """Whether "all", "none" or "at least one" stands by itself: "not all are zero"."""
    modal = cursor.next.text in words.COPULAS or any(cursor.sees_phrase(phrase) for phrase in words.MODALS)
    return modal or cursor.next.text in words.SIGN_WORDS or cursor.sees("strictly", "<", "≤", "=", "≠", "≥", ">")


def _absolute(cursor: ConditionCursor) -> Spoken | None:
    if cursor.takes("|"):
        inner = spoken(cursor)
        if inner is None:
            raise cursor.unexpected()
        cursor.insist("|")
        return Spoken(inner.subject, absolute=True)
    start = cursor.at
    if cursor.phrase(("absolute value of", "magnitude of")) and (inner := spoken(cursor)):
        return Spoken(inner.subject, absolute=True)
    cursor.at = start
    return None


def _sum(cursor: ConditionCursor) -> Spoken | None:
    if cursor.takes_any(words.DENOMINATORS) or cursor.phrase(("normalization constant", "normalization factor")):
        if cursor.sees("sum") and cursor.ahead(1).text not in ("_", "(", "to"):
            cursor.take()  # "the denominator sum"
        _where_it_stands(cursor)
        _formula_of_it(cursor)
        return Spoken("sum")
    if _sum_sign(cursor):
        return Spoken("sum")
    if cursor.takes_any(words.SUM_NOUNS):
        if not cursor.phrase(("in the denominator", "of the denominator")) and not _sum_sign(cursor):
            _described_sum(cursor)
        return Spoken("sum")
    return None


def _sum_sign(cursor: ConditionCursor) -> bool:
    """`∑_j sim(Q_i, K_j)`, `sum_{j=1}^N sim(Q_i, K_j)`, `sum(sim)`."""
    if not (cursor.takes("∑") or (cursor.sees("sum") and cursor.ahead(1).text in ("_", "(") and cursor.takes("sum"))):
        return False
    index = limits(cursor)
    bracket = cursor.takes("(")
    arguments = function(cursor)
    if arguments is None:
        raise cursor.unexpected()
    check_index(cursor, index, arguments)
    if bracket:
        cursor.insist(")")
    return True


def _formula_of_it(cursor: ConditionCursor) -> None:
    """The denominator "∑_j sim(Q_i, K_j)", or ", ∑_j sim(Q_i, K_j),"."""
    comma = cursor.sees(",") and (cursor.ahead(1).text == "∑" or cursor.ahead(2).text in ("_", "("))
    if comma:
        cursor.take()
    if _sum_sign(cursor) and comma:
        cursor.takes(",")


def _where_it_stands(cursor: ConditionCursor) -> None:
    """The denominator "of V_i" or "in equation (3)"."""
    while cursor.takes("of", "in"):
        cursor.takes_any(words.ARTICLES)
        if not cursor.takes("equation", "eq", "eqn", "formula", "fraction", "V", "v", "attention", "output", "softmax"):
            raise cursor.unexpected()
        while cursor.takes(".", "(", ")", "'", "_", "^", "{", "}", "i", "j") or cursor.next.kind == "number":
            if cursor.next.kind == "number":
                cursor.take()


def _described_sum(cursor: ConditionCursor) -> None:
    """The sum "over j of sim(Q_i, K_j)", "of all similarities over the keys"."""
    index = _summed_over(cursor)
    if cursor.takes("of"):
        cursor.takes("all", "every", "each")
        cursor.takes_any(words.ARTICLES)
        arguments = function(cursor)
        if arguments is None and not cursor.takes_any(words.TERMS):
            raise cursor.unexpected()
        index = _summed_over(cursor) or index
        check_index(cursor, index, arguments or [])


def _summed_over(cursor: ConditionCursor) -> str:
    if not cursor.takes("over", "across"):
        return ""
    cursor.takes("all", "every", "each", "the")
    cursor.takes_any(words.ARTICLES)
    if not cursor.sees_any(words.KEY_WORDS | words.QUERY_WORDS):
        raise cursor.unexpected()
    letter = cursor.take().text
    if cursor.takes("_"):
        group(cursor)
    return letter


def _one(cursor: ConditionCursor) -> Spoken | None:
    start = cursor.at
    if cursor.takes_any(words.PRONOUNS):
        return Spoken("sum" if cursor.speaks_of_sum else "one")
    if cursor.takes_any(words.PARTS_OF_FUNCTION) and cursor.takes("of", "for"):
        cursor.takes("all", "every", "each")
        cursor.takes_any(words.ARTICLES)
    if function(cursor) is not None:
        return Spoken("one")
    cursor.at = start
    if cursor.takes_any(words.TERMS):
        if cursor.takes("in", "of"):
            cursor.takes_any(words.ARTICLES)
            cursor.insist(*words.DENOMINATORS, *words.SUM_NOUNS)
        return Spoken("one")
    return None


def _key(cursor: ConditionCursor) -> Spoken | None:
    """A key or a pair that "must have a positive similarity"."""
    has = any(cursor.ahead(step).text in ("have", "has") for step in (1, 2, 3))
    return Spoken("one") if has and cursor.takes("key", "keys", "pair", "pairs", "query-key") else None


def function(cursor: ConditionCursor) -> list[list[str]] | None:
    """The similarity by its name or in words: its arguments, [] without any, None with nothing taken."""
    described = not cursor.sees_function()
    if described and not _description(cursor):
        return None
    if cursor.sees_function():  # by itself, or as in "the similarity function sim"
        cursor.take()
    if cursor.takes("_"):
        group(cursor)
    while cursor.takes_any(words.AFTER_FUNCTION):
        continue
    arguments = _arguments(cursor) if cursor.sees("(") else []
    while cursor.takes_any(words.AFTER_FUNCTION):
        continue
    _between(cursor)
    return arguments


def _description(cursor: ConditionCursor) -> bool:
    """Takes "similarity score", "kernel function", "the function"."""
    start = cursor.at
    if cursor.takes_any(words.FUNCTION_NOUNS):
        while cursor.takes_any(words.AFTER_FUNCTION):
            continue
        return True
    if cursor.takes("kernel") and cursor.takes("function"):
        return True
    cursor.at = start
    return bool(start) and cursor.tokens[start - 1].text == "the" and cursor.takes("function")


def _arguments(cursor: ConditionCursor) -> list[list[str]]:
    opened = cursor.take()
    found: list[list[str]] = [[]]
    while not cursor.sees(")"):
        token = cursor.next
        if cursor.takes(","):
            found.append([])
        elif token.kind == "number":
            raise CannotRead("condition_some_query", token.start, token.end, name=token.text)
        elif token.text == "V" or (token.text == "v" and found[0][0] in QUERIES_AND_KEYS):  # a value
            raise CannotRead("condition_word", token.start, token.end, name=token.text)
        elif token.text in ARGUMENT_SIGNS or (token.kind == "word" and len(token.text) == 1):
            found[-1].append(cursor.take().text)
        elif token.kind == "word" and token.text in INDEXED_LETTERS:
            found[-1] += [token.text[0], "_", cursor.take().text[1]]
        else:
            raise cursor.unexpected()
    closed = cursor.take()
    cursor.letters |= {texts[0] for texts in found if texts}
    if len(found) != cursor.arguments or not all(found):
        raise CannotRead(
            "wrong_number_of_arguments",
            opened.start,
            closed.end,
            name=cursor.function,
            least=cursor.arguments,
            most=cursor.arguments,
        )
    if len(found) > 1 and _are_alike(found[0], found[1]):
        raise CannotRead("condition_same_arguments", opened.start, closed.end)
    return found


def _are_alike(first: list[str], second: list[str]) -> bool:
    """The same argument twice, or two queries, or two keys."""
    if first == second:
        return first not in (["·"], ["."])
    return first[0] == second[0] and first[0] in QUERIES_AND_KEYS


def _between(cursor: ConditionCursor) -> None:
    """The similarity "between any query and key", "of each query-key pair"."""
    starts = ("between", "of any", "of all", "of each", "of every", "of a")
    if cursor.phrase(starts) is None:
        return
    if not (cursor.sees_any(words.RANGED) or cursor.sees_any(words.ARTICLES)):
        raise cursor.unexpected()
    while cursor.sees_any(words.RANGED) or cursor.sees("_", "a", "and"):
        cursor.take()


def size(cursor: ConditionCursor) -> Size | None:
    """A number, epsilon, zero in words, or infinity; None with nothing taken."""
    start = cursor.at
    sign = -1 if cursor.takes("-") else 1
    cursor.takes("+")
    if cursor.takes("∞", "infinity", "inf", "infty"):
        return Size(None, sign=sign)
    if sign == 1 and cursor.takes("zero"):
        return Size(Fraction(0))
    if cursor.next.kind == "number":
        value = cursor.take().value or Fraction(0)
        if cursor.takes("/"):
            below = cursor.take().value
            if not below:
                raise cursor.unexpected()
            value /= below
        return Size(sign * value)
    if sign == 1 and cursor.next.text in words.CONSTANTS | words.CONSTANT_LETTERS and _is_positive_constant(cursor):
        name = cursor.take().text
        return Size(SMALL, "ε" if name in words.CONSTANTS else name)
    cursor.at = start
    return None


def _is_positive_constant(cursor: ConditionCursor) -> bool:
    """Epsilon is small and positive by custom; any other letter only where the text says that it is positive."""
    name = cursor.next.text
    if name in words.CONSTANTS:
        return True
    texts = [token.text for token in cursor.tokens]
    sequences = ([name, ">", "0"], ["0", "<", name], ["positive", "constant", name], ["positive", "number", name])
    return any(texts[at : at + 3] == sequence for at in range(len(texts)) for sequence in sequences)
