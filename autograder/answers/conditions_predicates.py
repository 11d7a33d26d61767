"""What is said of a subject: "must be strictly positive", "never returns zero", "is not negative and not all zero".

A statement is a row of modifiers (not, never, always, all), which apply from left to right, and complements joined by
"and", "or" and "but".
"""

from fractions import Fraction

from autograder.answers import conditions_words as words
from autograder.answers.conditions_cursor import ConditionCursor
from autograder.answers.conditions_formula import (
    NOTHING,
    Compared,
    Every,
    Formula,
    Not,
    Relation,
    conjunction,
    disjunction,
)
from autograder.answers.conditions_sets import member, sees_set
from autograder.answers.conditions_subjects import SMALL, Size, Spoken, size
from autograder.answers.conditions_tokens import Token
from autograder.answers.reading import CannotRead

RELATIONS: dict[str, Relation] = {"<": "<", "≤": "≤", "=": "=", "≠": "≠", "≥": "≥", ">": ">"}
SIGN_RELATIONS: dict[str, Relation] = {word: RELATIONS[sign] for word, sign in words.SIGN_WORDS.items()}
DENIED: dict[Relation, Relation] = {"<": "≥", ">": "≤", "=": "≠"}
COMPARING: dict[str, Relation] = {phrase: RELATIONS[sign] for phrase, sign in words.COMPARING.items()}


def predicate(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    """A statement on the subject, None with nothing taken. The subject's own amount is not applied yet."""
    start = cursor.at
    modifiers = _modifiers(cursor, permission=subject.amount == "none")
    if cursor.at == start and (cursor.next.kind == "number" or cursor.sees("+", "-", "∞")):
        return None
    if cursor.phrase(words.SUMMING):
        subject = Spoken("sum", subject.absolute)
    elif cursor.phrase(words.GIVING) is not None:
        modifiers += _modifiers(cursor, permission=subject.amount == "none")
    if cursor.takes("vanish", "vanishes"):
        return _modified(subject.compared("=", Fraction(0)), modifiers)
    listed = _complements(cursor, subject, modifiers)
    if listed is None:
        if cursor.at != start:
            raise cursor.unexpected()
        return None
    return listed


def _modifiers(cursor: ConditionCursor, *, permission: bool = False) -> list[str]:
    """Modifiers in order, as "not" and "every"; "never" is both. Modals, copulas and fillers are passed over.

    With `permission` a "may" is one more of these: "none may be zero".
    """
    found: list[str] = []
    while True:
        if cursor.takes_any(words.NEGATIONS):
            found.append("not")
        elif cursor.takes("never", "nowhere"):
            found += ["every", "not"]
        elif cursor.takes("always", "everywhere") or (not found and cursor.takes("at all")):
            _refuse_not_always(cursor, found)
            found.append("every")
        elif cursor.sees_any(words.ALWAYS) and not cursor.sees_phrase("all of"):
            cursor.take()
            found.append("every")
        elif cursor.sees_any(words.POSSIBILITIES):
            _possibility(cursor, permission)
        elif cursor.takes_any(words.FILLERS) or cursor.phrase(words.MODALS) or cursor.takes_any(words.COPULAS):
            _refuse_if_denied(cursor, found)
        else:
            return found


def _refuse_not_always(cursor: ConditionCursor, found: list[str]) -> None:
    """Refuses "not always zero": for some input? for some key of every query? It does not say."""
    if "not" in found:
        token = cursor.tokens[cursor.at - 1]
        raise CannotRead("condition_word", token.start, token.end, name=token.text)


def _refuse_if_denied(cursor: ConditionCursor, found: list[str]) -> None:
    """Refuses "not only", "not strictly", "does not have to": the denial is not of what follows."""
    token = cursor.tokens[cursor.at - 1]
    if "not" in found and token.text in ("only", "just", "simply", "strictly", "exactly", "both", "to"):
        raise CannotRead("condition_word", token.start, token.end, name=token.text)


def _possibility(cursor: ConditionCursor, permission: bool) -> None:
    """Tells "can be positive", which asks for nothing, from "can never be zero" and "can only be positive"."""
    token = cursor.take()
    if not (permission or cursor.sees_any(words.NEGATIONS) or cursor.sees("never", "only")):
        raise CannotRead("condition_possibility", token.start, token.end, name=token.text)


def _modified(formula: Formula, modifiers: list[str]) -> Formula:
    for modifier in reversed(modifiers):
        formula = Not(formula) if modifier == "not" else Every(formula)
    return formula


def _complements(cursor: ConditionCursor, subject: Spoken, modifiers: list[str]) -> Formula | None:
    """Complements and what joins them. "Not zero or negative" denies both; "not zero and positive" is refused."""
    if cursor.takes("neither"):
        return _neither(cursor, subject, modifiers)
    own = _modifiers(cursor) if cursor.takes("either") else []
    first = _complement(cursor, subject)
    if first is None:
        return None
    first = _modified(first, own)
    parts: list[Formula] = [first]
    joints: list[str] = []
    while (step := _joined(cursor, subject)) is not None:
        joint, part, denied, place = step
        if "not" in modifiers and joint != "but" and not denied and "or" not in (joint, *joints):
            raise CannotRead("condition_negation", place.start, place.end, name=joint)
        joints.append(joint)
        parts.append(part)
    if "not" in modifiers and len(set(joints)) > 1:
        raise CannotRead("condition_negation", cursor.next.start, cursor.next.end, name="and, or")
    if "not" in modifiers and "or" not in joints:
        return conjunction(_modified(parts[0], modifiers), *parts[1:])
    return _modified(_grouped(parts, joints), modifiers)


def _grouped(parts: list[Formula], joints: list[str]) -> Formula:
    """Joins by "and", which binds closer than "or"."""
    groups: list[list[Formula]] = [[parts[0]]]
    for joint, part in zip(joints, parts[1:], strict=True):
        if joint == "or":
            groups.append([part])
        else:
            groups[-1].append(part)
    return disjunction(*(conjunction(*group) for group in groups))


def _joined(cursor: ConditionCursor, subject: Spoken) -> tuple[str, Formula, bool, Token] | None:
    """The next complement: how it is joined, what it says, whether it has a denial of its own, and where it stands."""
    start = cursor.at
    place = cursor.next
    comma = cursor.takes(",")
    joint = cursor.take().text if cursor.sees("and", "or", "but", "yet") else "and" if comma else ""
    if joint:
        modifiers = _modifiers(cursor)
        part = _complement(cursor, subject)
        if part is not None:
            joint = "but" if joint == "yet" else joint
            return joint, _modified(part, modifiers), "not" in modifiers, place
    cursor.at = start
    return None


def _neither(cursor: ConditionCursor, subject: Spoken, modifiers: list[str]) -> Formula:
    parts = []
    while True:
        part = _complement(cursor, subject)
        if part is None:
            raise cursor.unexpected()
        parts.append(Not(part))
        if not cursor.takes("nor"):
            return _modified(conjunction(*parts), modifiers)


def _complement(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    """One thing that is said of the subject; None with nothing taken."""
    for read in (_related, _compared, _away_from_zero, _same_sign, _described):
        start = cursor.at
        found = read(cursor, subject)
        if found is not None:
            return found
        cursor.at = start
    return cursor.whole(cursor) if cursor.phrase(words.MEETING) else None


def _related(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    """`> 0` after a verb, or a set."""
    if cursor.next.text in RELATIONS and cursor.next.kind == "sign":
        return held(cursor, subject, RELATIONS[cursor.take().text])
    if cursor.sees("R"):
        return member(cursor, subject)
    cursor.phrase(("values in", "a value in"))
    if not (cursor.tokens[cursor.at - 1].text == "in" or cursor.takes("∈", "in")):
        return None
    cursor.phrase(("the set of all", "the set of", "the interval", "the range"))
    return member(cursor, subject) if sees_set(cursor) else _described(cursor, subject)


def held(cursor: ConditionCursor, subject: Spoken, relation: Relation) -> Formula:
    """The subject against the size that stands next."""
    cursor.phrase(words.BEFORE_CONSTANTS)
    bound = size(cursor)
    if bound is None and cursor.phrase(words.POSITIVE_CONSTANTS):
        bound = size(cursor) or Size(SMALL, "ε")
    if bound is None:
        raise cursor.unexpected()
    if bound.name and cursor.takes(">"):
        cursor.insist("0")
    return against(cursor, subject, relation, bound)


def against(cursor: ConditionCursor, subject: Spoken, relation: Relation, bound: Size) -> Formula:
    """The comparison; to be below infinity, or above minus infinity, asks for nothing."""
    if bound.value is None:
        if relation == "≠" or (relation in ("<", "≤")) == (bound.sign > 0):
            return NOTHING
        raise cursor.unexpected()
    return subject.compared(relation, bound.value, bound.name)


def _compared(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    phrase = cursor.phrase(COMPARING)
    if phrase is None or cursor.sees("one"):  # "at least one" counts
        return None
    return held(cursor, subject, COMPARING[phrase])


def _away_from_zero(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    if cursor.phrase(("bounded away from", "away from")) is None:
        return None
    if not cursor.takes("zero", "0"):
        raise cursor.unexpected()
    return Compared(subject.subject, "≥", SMALL, True, "ε")


def _same_sign(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    if cursor.phrase(("the same sign", "of the same sign", "same sign", "one sign")) is None:
        return None
    signs = (Every(Compared(subject.subject, "≥", Fraction(0))), Every(Compared(subject.subject, "≤", Fraction(0))))
    return disjunction(*signs)


def _described(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    """Adjectives and perhaps a noun, "a strictly positive real number"; or a number by itself."""
    cursor.takes_any(words.ARTICLES)
    if cursor.takes_any(words.MAPS):
        return _of_a_map(cursor, subject)
    found: list[Formula] = []
    while True:
        cursor.takes("strictly")
        relation = _sign_word(cursor)
        if relation is not None:
            found.append(subject.compared(relation, Fraction(0)))
        elif cursor.takes_any(words.NEUTRAL):
            found.append(NOTHING)
        else:
            break
    if not found:
        bound = size(cursor)
        return None if bound is None else against(cursor, subject, "=", bound)
    while cursor.takes_any(words.NOUNS):
        continue
    return conjunction(*found)


def _of_a_map(cursor: ConditionCursor, subject: Spoken) -> Formula | None:
    """A function "that is always positive", "with positive outputs", "to the positive reals"."""
    if not cursor.phrase(("that is", "that", "which is", "which", "with", "to", "into")):
        return None
    modifiers = _modifiers(cursor)
    cursor.phrase(words.GIVING)
    found = _complement(cursor, subject)
    return None if found is None else _modified(found, modifiers)


def _sign_word(cursor: ConditionCursor) -> Relation | None:
    start = cursor.at
    negated = cursor.takes("non")
    if negated:
        cursor.takes("-")
    if not cursor.sees_any(SIGN_RELATIONS):
        cursor.at = start
        return None
    word = cursor.take()
    if cursor.sees_any(words.DEFINITE):
        raise cursor.unexpected()
    if not negated:
        return SIGN_RELATIONS[word.text]
    return DENIED.get(SIGN_RELATIONS[word.text])
