"""Steps that many checks share before they judge: take the data out of an outcome, or say why there is none."""

from typing import Any

from autograder.checks.outcomes import type_in_words, without_value
from autograder.checks.verdict import Fact, Status, Verdict, failed
from autograder.sandbox.outcome import Outcome, Value

TUPLE_CREDIT = 0.5


def unanswered() -> Verdict:
    """Nothing was filled in."""
    return Verdict(Status.UNANSWERED, 0.0, (Fact("unanswered"),))


def wrong_type(data: object, *, expected: str) -> Verdict:
    """A value of another kind than the one asked for; `expected` names that in a few words."""
    return failed(Fact("wrong_type", {"actual": type_in_words(data), "expected": expected}))


def tuple_returned(items: tuple[Any, ...]) -> Verdict:
    """A right first item, in a tuple with others: (output, weights) where the output is asked for."""
    return Verdict(Status.PARTIAL, TUPLE_CREDIT, (Fact("tuple_returned", {"items": len(items)}),))


def data_or_failure(outcome: Outcome) -> Any:
    """The outcome's data, or a Verdict if it holds nothing to judge."""
    unusable = without_value(outcome)
    if unusable is not None or not isinstance(outcome, Value):
        return unusable or failed()
    return outcome.data
