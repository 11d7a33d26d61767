"""What is judged of an outcome before its value is looked at. Every check of student code begins here."""

from typing import Any

from autograder.checks.verdict import Fact, Status, Verdict, failed
from autograder.sandbox.outcome import Crashed, Missing, Opaque, Outcome, TimedOut, Unfilled, Value


def without_value(outcome: Outcome) -> Verdict | None:
    """The verdict on an outcome that holds nothing to judge; None if it holds something.

    Facts: unanswered(module, line), missing(name), crashed(exception, module, line, reason),
    timed_out(module, seconds, during), returned_none, returned_opaque(type, detail).
    """
    match outcome:
        case Missing(name):
            return failed(Fact("missing", {"name": name}))
        case Crashed(exception, module, line, reason, lacks):
            data = {"exception": exception, "module": module, "line": line, "reason": reason}
            return failed(Fact("crashed", {**data, "lacks": lacks} if lacks else data))
        case TimedOut(module, seconds, during):
            return failed(Fact("timed_out", {"module": module, "seconds": seconds, "during": during}))
        case Unfilled(module, line):
            return Verdict(Status.UNANSWERED, 0.0, (Fact("unanswered", {"module": module, "line": line}),))
        case Value(None):
            return failed(Fact("returned_none"))
        case Value(Opaque(type_name, detail)):
            return failed(Fact("returned_opaque", {"type": type_name, "detail": detail}))
    return None


def type_in_words(value: Any) -> str:
    """The name of a plain value's type, as a student would call it."""
    name = type(value).__name__
    return {"ndarray": "array", "SymbolicObject": "SymPy object", "tuple": "list or tuple"}.get(name, name)
