"""Renders one tried answer: a line of JSON, or a few lines for a person."""

import json

from autograder.checks.verdict import Status
from autograder.reports.wording import STATUS_WORDS, sentence
from autograder.scoring.trial import Tried


def as_json(tried: Tried) -> str:
    """`credit` is 0 to 1, after alternatives; `verdict` is the relation to the part's main answer.

    In ASCII: an answer may hold half a surrogate pair, which no encoding can write.
    """
    verdict = tried.verdict
    content = {
        "answer": tried.answer,
        "read_as": verdict.read_as,
        "verdict": verdict.relation,
        "credit": verdict.credit,
        "feedback": feedback_of(tried),
    }
    return json.dumps(content, allow_nan=False)


def as_text(tried: Tried) -> str:
    verdict = tried.verdict
    read_as = f", read as {verdict.read_as}" if verdict.read_as else ""
    return f"{tried.answer!r}{read_as}: {verdict.relation}, credit {verdict.credit:g}. {feedback_of(tried)}".rstrip()


def feedback_of(tried: Tried) -> str:
    """What a student would read. The verdict stands beside it; only "undecided" needs its sentence."""
    undecided = [STATUS_WORDS[Status.UNDECIDED]] if tried.verdict.status is Status.UNDECIDED else []
    return " ".join([*undecided, *(sentence(fact) for fact in tried.verdict.facts)]).strip()
