"""The grammar of a condition, from the whole down to one statement.

condition   conjunctions joined by "or"
conjunction clauses joined by "and", "but", ",", "with"
clause      [for whom,] statement [for whom]
statement   a chain `0 < sim(q, k) < 1`, a subject with what is said of it, a function `sim: A → R^+`, not (...)
"""

from dataclasses import dataclass

from autograder.answers import conditions_words as words
from autograder.answers.conditions_arithmetic import term
from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_formula import (
    MIRRORED,
    NOTHING,
    AllOf,
    Formula,
    Not,
    Relation,
    conjunction,
    disjunction,
    same_in_other_words,
)
from autograder.answers.conditions_predicates import RELATIONS, against, predicate
from autograder.answers.conditions_quantifiers import Range, ranges, there_is
from autograder.answers.conditions_sets import member, skip_domain
from autograder.answers.conditions_subjects import SMALL, Size, Spoken, size
from autograder.answers.reading import CannotRead


@dataclass(frozen=True)
class Clause:
    """A clause without its quantifier, and the quantifier where one was written."""

    body: Formula
    reach: Range | None

    @property
    def formula(self) -> Formula:
        return self.body if self.reach is None else self.reach.over(self.body)


def condition(cursor: ConditionCursor) -> Formula:
    """A whole condition. "For all" after the last alternative reaches over those before it that have none."""
    cursor.deeper()
    first = _reach_of_whole(cursor)
    alternatives = [_conjunction(cursor)]
    while _takes_or(cursor):
        alternatives.append(_conjunction(cursor))
    cursor.depth -= 1
    formula = _alternatives(alternatives)
    return formula if first is None else first.over(formula)


def _reach_of_whole(cursor: ConditionCursor) -> Range | None:
    """What "for all i, j:" before a condition reaches over: all of it; "for some j" over the next statement only."""
    start = cursor.at
    found = _reach_before(cursor)
    if found is not None and found.some:
        cursor.at = start
        return None
    return found


def _reach_before(cursor: ConditionCursor) -> Range | None:
    found = ranges(cursor)
    if found is not None:
        cursor.takes(":", ",")
        cursor.takes(",")
    return found


def _alternatives(alternatives: list[Clause]) -> Formula:
    *before, last = alternatives
    if before and last.reach is not None and all(clause.reach is None for clause in before):
        return last.reach.over(disjunction(*(clause.body for clause in alternatives)))
    return disjunction(*(clause.formula for clause in alternatives))


def _takes_or(cursor: ConditionCursor) -> bool:
    start = cursor.at
    cursor.takes(",")
    if cursor.takes("or", "|"):
        return True
    cursor.at = start
    return False


def _conjunction(cursor: ConditionCursor) -> Clause:
    clauses = [_clause(cursor)]
    while True:
        start = cursor.at
        cursor.takes(",", ";")
        joined = cursor.takes("and", "but", "while", "with", "where", "also") or cursor.at != start
        if not joined or not _begins_clause(cursor):
            cursor.at = start
            break
        clauses.append(_clause(cursor))
    *others, last = clauses
    if last.reach is not None and not last.reach.some and all(clause.reach is None for clause in others):
        return Clause(conjunction(*(clause.body for clause in clauses)), last.reach)
    return Clause(conjunction(*(clause.formula for clause in clauses)), None)


def _begins_clause(cursor: ConditionCursor) -> bool:
    """Whether another statement follows, rather than the end or a reason."""
    asides = (*words.PURPOSES, *words.EXAMPLES)
    return cursor.next.kind != "end" and not any(cursor.sees_phrase(phrase) for phrase in asides)


def _clause(cursor: ConditionCursor) -> Clause:
    before = _reach_before(cursor)
    place = cursor.next
    denied = cursor.takes("not") or bool(cursor.phrase(("it is not the case that", "it must not be the case that")))
    body = _group(cursor) or there_is(cursor) or _statement(cursor)
    after = ranges_after(cursor)
    body = _with_apposition(cursor, body)
    after = after or ranges_after(cursor)
    if denied and after is not None:
        raise CannotRead("condition_negation", place.start, place.end, name="not")
    if after is not None and after.some and isinstance(body, AllOf) and body.parts:
        *others, last = body.parts  # "non-negative, and positive for at least one key"
        return Clause(conjunction(*others, after.over(last)), before)
    reach = after if before is None or (after is not None and after.some) else before
    return Clause(Not(body) if denied else body, reach)


def ranges_after(cursor: ConditionCursor) -> Range | None:
    start = cursor.at
    cursor.takes(",")
    bracket = cursor.takes("(", "[")
    found = ranges(cursor)
    if found is None or (bracket and not cursor.takes(")", "]")):
        cursor.at = start
        return None
    return found


def clause(cursor: ConditionCursor) -> Formula:
    """One clause with its quantifier."""
    return _clause(cursor).formula


def _group(cursor: ConditionCursor) -> Formula | None:
    """A condition in brackets."""
    if not cursor.sees("("):
        return None
    cursor.take()
    inner = condition(cursor)
    cursor.insist(")")
    return inner


def _with_apposition(cursor: ConditionCursor, body: Formula) -> Formula:
    """The same again in other words, "(strictly positive)", "i.e. never zero". What is not the same is refused."""
    start = cursor.at
    place = cursor.next
    cursor.takes(",")
    same = cursor.phrase(words.SAME_AGAIN)
    cursor.takes(",")
    bracket = same is None and cursor.at == start and cursor.takes("(")
    if bracket and any(cursor.sees_phrase(phrase) for phrase in words.EXAMPLES):
        cursor.at = start
        return body
    if bracket:
        cursor.phrase((*words.SAME_AGAIN, "or", "always"))
        cursor.takes(",")
    if not bracket and same is None:
        cursor.at = start
        return body
    again = condition(cursor)
    if bracket:
        cursor.insist(")")
    if not same_in_other_words(body, again):
        raise CannotRead("condition_two", place.start, cursor.tokens[cursor.at - 1].end)
    return body


def _statement(cursor: ConditionCursor) -> Formula:
    subject = term(cursor)
    if subject is None:
        return _without_subject(cursor)
    reach = ranges(cursor)
    if cursor.takes(":"):
        said: Formula | None = _signature(cursor, subject)
    elif cursor.takes("→"):
        said = member(cursor, subject)
    elif cursor.next.text in RELATIONS:
        said = _chain(cursor, subject)
    elif subject.shift or subject.squared:
        said = None
    else:
        said = predicate(cursor, subject)
    if said is None:
        raise cursor.unexpected()
    formula = subject.quantified(said)
    return formula if reach is None else reach.over(formula)


def _signature(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    """`sim: R^D × R^D → R^+`, or what is said after a colon."""
    if not cursor.sees("R"):
        return predicate(cursor, subject)
    skip_domain(cursor)
    return member(cursor, subject)


def _without_subject(cursor: ConditionCursor) -> Formula:
    """A chain that begins with a number, or "strictly positive", which is said of what was spoken of last."""
    start = cursor.at
    first = size(cursor)
    if first is not None and cursor.next.text in RELATIONS:
        return _chain(cursor, first)
    cursor.at = start
    said = predicate(cursor, Spoken("sum" if cursor.speaks_of_sum else "one"))
    if said is None:
        raise cursor.unexpected()
    return said


def _chain(cursor: ConditionCursor, first: Spoken | Size) -> Formula:
    """`0 < sim(q, k) < 1`, `sim ≥ ε > 0`: each neighbouring pair is compared."""
    parts: list[Formula] = []
    left = first
    while cursor.next.text in RELATIONS and cursor.next.kind == "sign":
        token = cursor.take()
        right = _operand(cursor, defines=token.text == "=")
        parts.append(_pair(cursor, left, RELATIONS[token.text], right, place=token.start))
        left = right
    if not parts:
        raise cursor.unexpected()
    asked = [part for part in parts if part != NOTHING]
    return conjunction(*asked) if asked else NOTHING


def _operand(cursor: ConditionCursor, *, defines: bool) -> Spoken | Size:
    token = cursor.next
    found = term(cursor) or size(cursor)
    if found is not None:
        return found
    if cursor.phrase(words.POSITIVE_CONSTANTS):
        return Size(SMALL, "ε")
    if defines and token.kind != "end":
        raise CannotRead("condition_definition", token.start, token.end, name=token.text)
    raise cursor.unexpected()


def _pair(
    cursor: ConditionCursor, left: Spoken | Size, relation: Relation, right: Spoken | Size, *, place: int
) -> Formula:
    if isinstance(left, Spoken) and isinstance(right, Size):
        return against(cursor, left, relation, right)
    if isinstance(left, Size) and isinstance(right, Spoken):
        return right.quantified(against(cursor, right, MIRRORED[relation], left))
    if isinstance(left, Size) and isinstance(right, Size) and _is_true(left, relation, right):
        return NOTHING
    raise CannotRead("condition_sign", place, place + 1, name=relation)


def _is_true(left: Size, relation: Relation, right: Size) -> bool:
    """A comparison of two numbers, such as ε > 0."""
    first, second = (number.value if number.value is not None else number.sign * 10**9 for number in (left, right))
    return {
        "<": first < second,
        "≤": first <= second,
        "=": first == second,
        "≠": first != second,
        "≥": first >= second,
        ">": first > second,
    }[relation]
