"""What a condition on a similarity function says, as a formula about one query and its similarities s_1, ..., s_n.

A formula is read for every query. Where it speaks of one similarity without saying which, it holds for each.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Union

Subject = Literal["one", "sum"]
Extreme = Literal["min", "max"]
Relation = Literal["<", "≤", "=", "≠", "≥", ">"]
MIRRORED: dict[Relation, Relation] = {"<": ">", "≤": "≥", "=": "=", "≠": "≠", "≥": "≤", ">": "<"}
OPPOSITES: dict[Relation, Relation] = {"<": "≥", "≤": ">", "=": "≠", "≠": "=", "≥": "<", ">": "≤"}

ALLOWED_SIGNS: dict[Relation, frozenset[int]] = {
    "<": frozenset({-1}), "≤": frozenset({-1, 0}), "=": frozenset({0}), "≠": frozenset({-1, 1}),
    "≥": frozenset({0, 1}), ">": frozenset({1}),
}  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One similarity, or the sum of a query's similarities, or the absolute value of either, against a number.

    `bound_name` is how the number was written where it was a letter, such as ε.
    """

    subject: Subject
    relation: Relation
    bound: Fraction
    absolute: bool = False
    bound_name: str = ""


@dataclass(frozen=True)
class Every:
    """Holds for each similarity."""

    body: "Formula"


@dataclass(frozen=True)
class Some:
    """Holds for at least one similarity."""

    body: "Formula"


@dataclass(frozen=True)
class Not:
    """Does not hold."""

    body: "Formula"


@dataclass(frozen=True)
class AllOf:
    """All parts hold; without parts, nothing is asked."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Formula", ...]


Formula = Union[Compared, Every, Some, Not, AllOf, AnyOf]
NOTHING = AllOf(())


@dataclass(frozen=True)
class Condition:
    """A condition that was read. `formula` is closed: it speaks of no single similarity without a quantifier."""

    formula: Formula
    read_as: str


def conjunction(*parts: Formula) -> Formula:
    return parts[0] if len(parts) == 1 else AllOf(parts)


def disjunction(*parts: Formula) -> Formula:
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def is_open(formula: Formula) -> bool:
    """Whether it speaks of one similarity without a quantifier."""
    return is_on_similarities(formula, quantified=False)


def is_on_similarities(formula: Formula, *, quantified: bool = True) -> bool:
    """Whether it speaks of single similarities, and not of their sum alone."""
    match formula:
        case Compared(subject=subject):
            return subject == "one"
        case Every(body=body) | Some(body=body):
            return quantified and is_on_similarities(body)
        case Not(body=body):
            return is_on_similarities(body, quantified=quantified)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(is_on_similarities(part, quantified=quantified) for part in parts)


def of_extreme(formula: Formula, extreme: Extreme) -> Formula:
    """What is said of one similarity, said of a query's least or greatest one."""
    match formula:
        case Compared(subject="one"):
            return _of_extreme(formula, extreme)
        case Every(body=body) | Some(body=body) | Not(body=body):
            return replace(formula, body=of_extreme(body, extreme))
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return replace(formula, parts=tuple(of_extreme(part, extreme) for part in parts))
        case _:
            return formula


def _of_extreme(compared: Compared, extreme: Extreme) -> Formula:
    """The least is above a bound if each one is, and below it if one is; the greatest the other way round."""
    if compared.relation in ("=", "≠"):
        sides = tuple(_of_extreme(replace(compared, relation=side), extreme) for side in ("≤", "≥"))
        return AllOf(sides) if compared.relation == "=" else Not(AllOf(sides))
    every = (compared.relation in (">", "≥")) == (extreme == "min")
    return Every(compared) if every else Some(compared)


def has_some(formula: Formula) -> bool:
    """Whether it speaks of at least one similarity, or denies that something holds for each."""
    match formula:
        case Some() | Not():
            return True
        case Every(body=body):
            return has_some(body)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(has_some(part) for part in parts)
        case _:
            return False


def denies_nothing(formula: Formula) -> bool:
    """Whether something is denied that asks for nothing, as in "never finite"."""
    match formula:
        case Not(body=AllOf(parts=())):
            return True
        case Every(body=body) | Some(body=body) | Not(body=body):
            return denies_nothing(body)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(denies_nothing(part) for part in parts)
        case _:
            return False


def closed(formula: Formula) -> Formula:
    return Every(formula) if is_open(formula) else formula


def written(formula: Formula, function: str) -> str:
    """The formula in one line of mathematics, with as few denials as can be."""
    return _written(_displayed(formula), function)


def _displayed(formula: Formula) -> Formula:
    match formula:
        case Not(body=body):
            return _denied(body)
        case Every(body=body) if not is_open(body):
            return _displayed(body)
        case Every(body=body) | Some(body=body):
            return replace(formula, body=_displayed(body))
        case AllOf(parts=parts) | AnyOf(parts=parts):
            asked = [part for part in parts if part != NOTHING or isinstance(formula, AnyOf)]
            shown = tuple(_displayed(part) for part in asked)
            return shown[0] if len(shown) == 1 else replace(formula, parts=shown)
        case _:
            return formula


def _denied(formula: Formula) -> Formula:
    match formula:
        case Compared(relation=relation):
            return replace(formula, relation=OPPOSITES[relation])
        case Not(body=body):
            return _displayed(body)
        case AllOf(parts=parts) if parts:
            return AnyOf(tuple(_denied(part) for part in parts))
        case AnyOf(parts=parts) if parts:
            return AllOf(tuple(_denied(part) for part in parts))
        case _:
            return Not(_displayed(formula))


def _written(formula: Formula, function: str) -> str:
    match formula:
        case AllOf(parts=()):
            return "no condition"
        case Compared():
            return _comparison(formula, function)
        case Every(body=body):
            return f"{_bracketed(body, function)} for all i, j"
        case Some(body=body):
            return f"{_bracketed(body, function)} for at least one j"
        case Not(body=body):
            return f"not ({_written(body, function)})"
        case AllOf(parts=parts):
            return " and ".join(_part(part, function) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_part(part, function) for part in parts)


def _comparison(formula: Compared, function: str) -> str:
    one = f"{function}(Q_i, K_j)"
    left = one if formula.subject == "one" else f"∑_j {one}"
    left = f"|{left}|" if formula.absolute else left
    return f"{left} {formula.relation} {formula.bound_name or formula.bound}"


def _bracketed(formula: Formula, function: str) -> str:
    text = _written(formula, function)
    return f"({text})" if isinstance(formula, AllOf | AnyOf) and len(formula.parts) > 1 else text


def _part(formula: Formula, function: str) -> str:
    """One of several statements: one with a quantifier of its own is bracketed."""
    text = _bracketed(formula, function)
    return f"({text})" if isinstance(formula, Every | Some) else text


def bounds_in(formula: Formula) -> frozenset[Fraction]:
    """The numbers that it mentions."""
    match formula:
        case Compared(bound=bound):
            return frozenset((bound,))
        case Every(body=body) | Some(body=body) | Not(body=body):
            return bounds_in(body)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return frozenset[Fraction]().union(*(bounds_in(part) for part in parts))


def same_in_other_words(left: Formula, right: Formula) -> bool:
    """Whether it is plain that two formulas agree: they are the same, or allow the same signs of the same thing."""
    first, second = _signs(_without_every(left)), _signs(_without_every(right))
    return _without_every(left) == _without_every(right) or (first is not None and first == second)


def _without_every(formula: Formula) -> Formula:
    return formula.body if isinstance(formula, Every) else formula


def _signs(formula: Formula) -> tuple[Subject, frozenset[int]] | None:
    """What is spoken of and the signs that it may have, None where more than one sign is at stake."""
    match formula:
        case Compared(subject=subject, relation=relation, bound=bound, absolute=False) if not bound:
            return subject, ALLOWED_SIGNS[relation]
        case Not(body=body):
            inner = _signs(body)
            return None if inner is None else (inner[0], frozenset({-1, 0, 1}) - inner[1])
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return _joined_signs([_signs(part) for part in parts], every=isinstance(formula, AllOf))
        case _:
            return None


def _joined_signs(
    found: list[tuple[Subject, frozenset[int]] | None], *, every: bool
) -> tuple[Subject, frozenset[int]] | None:
    known = [signs for signs in found if signs is not None]
    if not known or len(known) < len(found) or len({subject for subject, _ in known}) > 1:
        return None
    sets = [signs for _, signs in known]
    return known[0][0], frozenset.intersection(*sets) if every else frozenset.union(*sets)
