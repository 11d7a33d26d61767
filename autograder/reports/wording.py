"""Turns facts into sentences for a student. One place; a fact without a sentence here is found by a test.

No sentence shows an expected answer or a hidden input: facts do not hold them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograder.checks.verdict import Fact, Status, Verdict
from autograder.reports.numbers import number
from autograder.reports.refusals import NOTES, printable, refusal_sentence
from autograder.reports.sentences import ARRAYS, PROBLEMS, SENTENCES

if TYPE_CHECKING:  # a tried answer is worded without a sheet
    from autograder.scoring.sheet import Row, ScoreSheet
    from autograder.submission.model import IntakeProblem

STATUS_WORDS = {
    Status.RIGHT: "Right.",
    Status.PARTIAL: "Partly right.",
    Status.WRONG: "Not right.",
    Status.UNANSWERED: "Not answered.",
    Status.UNREADABLE: "Could not be read.",
    Status.FAILED: "Could not be judged.",
    Status.UNDECIDED: "Undecided: the grader could not judge this part. A person will; this is not your mistake.",
}
JUDGED = frozenset({"wrong_shape", "wrong_dtype", "wrong_type", "returned_none", "returned_opaque"})
DID_NOT_WORK = frozenset({"crashed", "timed_out"})
LARGE_SIZE = 200
CHECK_WORDS = {**STATUS_WORDS, Status.RIGHT: "Nothing wrong was found."}
REMARK = "Have another look at this."


def check_words(status: Status) -> str:
    """A check's status in a few words."""
    return (
        "nothing wrong found" if status is Status.RIGHT else STATUS_WORDS[status].partition(":")[0].rstrip(".").lower()
    )


def feedback(row: "Row") -> str:
    """What the student reads about a part: a line for each criterion, then what was found."""
    words = CHECK_WORDS if row.points is None else STATUS_WORDS
    bodies = [_verdict(verdict, words) for verdict in row.verdicts.values()]
    if len(set(bodies)) == 1:
        return bodies[0]
    return "\n".join(f"{name.replace('_', ' ')}: {body}" for name, body in zip(row.verdicts, bodies, strict=True))


def _verdict(verdict: Verdict, words: Mapping[Status, str]) -> str:
    read_as = [f"Read as {verdict.read_as}."] if verdict.read_as else []
    found = [sentence(fact) for fact in verdict.facts if _is_worth_saying(fact, verdict)]
    return " ".join([*_opening(verdict, words), *read_as, *found])


def _is_worth_saying(fact: Fact, verdict: Verdict) -> bool:
    """How a right answer's left-hand side was read interests nobody."""
    return not (fact.kind == "note_left_side_dropped" and verdict.status is Status.RIGHT)


def _opening(verdict: Verdict, words: Mapping[Status, str]) -> list[str]:
    """The status in words, unless a fact says it already. A result that cannot be compared is judged: it is wrong."""
    if verdict.status is Status.UNANSWERED and verdict.facts:
        return []
    if verdict.status is Status.FAILED and any(fact.kind in JUDGED for fact in verdict.facts):
        return [words[Status.WRONG]]
    if verdict.status is Status.FAILED and any(fact.kind in DID_NOT_WORK for fact in verdict.facts):
        return ["Did not work."]
    if (
        words is CHECK_WORDS
        and verdict.status is Status.RIGHT
        and any(fact.kind == "feedback" for fact in verdict.facts)
    ):
        return [REMARK]
    return [words[verdict.status]]


def sentence(fact: Fact) -> str:
    """A fact in words, with the case it was found in."""
    prefix, _, kind = fact.kind.partition("_")
    if prefix == "unreadable":
        return refusal_sentence(kind, fact.data)
    if prefix == "note":
        return NOTES[kind].format_map(_Readable(fact.data))
    if prefix == "arrays":
        return ARRAYS[kind].format_map(_Readable(fact.data))
    wording = SENTENCES[fact.kind]
    text = wording(fact.data) if callable(wording) else wording.format_map(_Readable(fact.data))
    in_every_case = fact.kind == "unanswered" or fact.data.get("reason") in ("import", "syntax")
    case = None if in_every_case else fact.data.get("case")
    return f"{text.rstrip('.')} (case: {case})." if case else text


def note(problem: "IntakeProblem") -> str:
    """What was strange about the submission's files."""
    listed = {key: ", ".join(value) if isinstance(value, tuple) else value for key, value in problem.data.items()}
    return PROBLEMS[problem.kind].format_map(_Readable({**listed, "name": problem.name}))


def headline(sheet: "ScoreSheet") -> str:
    """The total, or that these are checks; and what a person still has to look at."""
    return _unprotected(sheet) + (_total(sheet) if sheet.marked else _checks(sheet))


def _checks(sheet: "ScoreSheet") -> str:
    clean = sum(row.status is Status.RIGHT for row in sheet.rows)
    blank = sum(row.status is Status.UNANSWERED for row in sheet.rows)
    rest = len(sheet.rows) - clean - blank
    return f"These are checks, not the score: nothing wrong in {clean}, something in {rest}, {blank} not answered."


def _total(sheet: "ScoreSheet") -> str:
    total = f"Total: {number(sheet.score):g} of {number(sheet.points):g} points.{_late(sheet)}"
    open_parts = ", ".join(row.number for row in sheet.undecided)
    return f"{total} Undecided, and counted as 0 for now: {open_parts}." if open_parts else total


def _late(sheet: "ScoreSheet") -> str:
    if sheet.late is None or not sheet.late.days:
        return ""
    days = "1 day" if sheet.late.days == 1 else f"{sheet.late.days} days"
    return f" Handed in {days} late: {number(sheet.late.taken):g} of the {number(sheet.earned):g} earned are taken off."


def _unprotected(sheet: "ScoreSheet") -> str:
    """A warning where student code ran only because the grader was told to run it unsafely."""
    lacking = ", ".join(sheet.layers.get("lacking", ()))
    return f"Unsafe: student code ran without the layers {lacking}; do not rely on this result. " if lacking else ""


class _Readable(dict[str, Any]):
    """Data for a template: tuples of sizes as shapes, a missing entry as a question mark."""

    def __getitem__(self, key: str) -> Any:
        value = self.get(key, "?")
        if isinstance(value, str):
            return printable(value)
        return shape(value) if isinstance(value, tuple) else value

    def __missing__(self, key: str) -> str:
        return "?"


def shape(sizes: tuple[Any, ...]) -> str:
    """Sizes as a person writes them. Large ones are not told: they could carry a hidden input."""
    told = [str(size) if not isinstance(size, int) or size < LARGE_SIZE else "…" for size in sizes]
    return "(" + ", ".join(told) + ("," if len(sizes) == 1 else "") + ")"
