"""Marks single answers, one at a time, for trying a rubric out. One bad answer never stops the rest."""

import json
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from autograder.checks.verdict import Fact, Status, Verdict, undecided
from autograder.errors import EngineError
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import load_declarations
from autograder.scoring.rubric import load_rubric
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework

NOT_JSON = Verdict(Status.UNREADABLE, 0.0, (Fact("not_a_json_string"),), relation="unreadable")


@dataclass(frozen=True)
class Tried:
    """An answer and what the marker says of it. `trace` tells staff where the marker itself failed, if it did."""

    answer: str
    verdict: Verdict
    trace: str = ""


def trial(homework: Homework, number: str, lines: Iterable[str], *, json_in: bool) -> Iterator[Tried]:
    """Marks each line as an answer to the part; with `json_in` a line is a JSON string."""
    declarations = load_declarations(homework)
    declarations.part(number)
    marker = WrittenMarker(declarations, load_rubric(homework), partial(reference_answer, homework))
    for line in lines:
        answer = _decoded(line) if json_in else line
        if not isinstance(answer, str):
            yield Tried(line, NOT_JSON)
        elif not answer.strip():
            yield Tried(answer, Verdict(Status.UNREADABLE, 0.0, (Fact("unreadable_empty"),), relation="unreadable"))
        else:
            yield _marked(marker, number, answer)


def _marked(marker: WrittenMarker, number: str, answer: str) -> Tried:
    """A mistake of ours in one answer is undecided and told; the homework's mistakes concern all and are raised."""
    try:
        verdict = marker.mark_answer(number, answer)
    except EngineError:
        raise
    except Exception:
        failed = undecided(Fact("comparison_undecided"))
        return Tried(answer, replace(failed, relation="undecided"), traceback.format_exc())
    return Tried(answer, replace(verdict, relation=verdict.relation or verdict.status.value))


def _decoded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
