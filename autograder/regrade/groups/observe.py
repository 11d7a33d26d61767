"""Looks on while a submission is judged, and notes of each part what the answer was."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.answers.code_form import code_form, expression_form
from autograder.checks.verdict import Status, Verdict
from autograder.checks.words import PERSON_MAY_READ
from autograder.regrade.groups.answer import Answer, Kind, short
from autograder.regrade.groups.signature import has_value, signature
from autograder.sandbox.outcome import Outcome, Value
from autograder.sandbox.protocol.programs import Attribute, Code, Counted, ModuleAttribute, Program, module_of, parts
from autograder.scoring.course import Course
from autograder.scoring.homework import WrittenPart
from autograder.scoring.sheet import Row

Asked = tuple[Program, Outcome | None]  # None: it was not run, because what stands around it is right
TELLING = ("exception", "reason", "name", "during", "actual", "type")  # data of facts that tells failures apart


@dataclass
class Observer:
    """Notes what each part asks of one submission, and makes its answer when the part's row is there."""

    course: Course
    files: Mapping[str, bytes]
    _asked: list[Asked] = field(default_factory=list)

    def note(self, program: Program, outcome: Outcome | None) -> None:
        self._asked.append((program, outcome))

    def answer(self, row: Row, words: str) -> Answer:
        """What was answered in the part of this row; the next part starts anew. `words` are for a person to read."""
        asked, self._asked = self._asked, []
        part = self.course.declarations.parts.get(row.number)
        if part is not None:
            return self._written(row, part, asked)
        if any(fact == PERSON_MAY_READ for _, fact in row.facts):
            return Answer("words", short(" ".join(words.split())), words)
        if row.status is Status.UNANSWERED:
            return Answer("unanswered", _what_was_found(row), words or _stated(asked))
        if all(isinstance(program, ModuleAttribute) for program, _ in asked):
            return Answer("values", short(f"{_what_was_found(row)} {_canonical(asked)}"), _stated(asked))
        return self._code(row, asked)

    def _written(self, row: Row, part: WrittenPart, asked: list[Asked]) -> Answer:
        outcome = _answer_to(part, asked)
        if row.status is Status.UNANSWERED or not isinstance(outcome, Value):
            kind: Kind = "unanswered" if row.status is Status.UNANSWERED else "failed"
            return Answer(kind, _what_was_found(row), _as_text(outcome.data) if isinstance(outcome, Value) else "")
        text = _as_text(outcome.data)
        found = self.course.marker.reading(part.number, outcome.data)
        if found is None:
            return Answer("unreadable", short(" ".join(text.casefold().split())), text)
        key, read_as = found.key, found.read.read_as
        return Answer(
            "formula", short(key.text), text or read_as, read_as, key.exact, found.names, relation=_relation(row)
        )

    def _code(self, row: Row, asked: list[Asked]) -> Answer:
        blanks = [(program, outcome) for program, outcome in asked if _blank_of(program) is not None]
        form, text = self._blank_form(row, blanks) if blanks else self._code_form(asked)
        if row.status is Status.RIGHT:
            return Answer("right", "right", text, code=form)
        mistakes = {name: verdict.relation for name, verdict in row.verdicts.items() if verdict.relation}
        if mistakes and all(name in mistakes for name, v in row.verdicts.items() if v.status is not Status.RIGHT):
            made = {name: mistakes.get(name, Status.RIGHT.value) for name in row.verdicts}
            return Answer("mistake", short(json.dumps(made)), text, code=form, relation=_relation(row))
        looked_at = blanks or [(p, outcome) for p, outcome in asked if not isinstance(p, Counted)]
        computed = signature(o for p, o in looked_at if o is not None and not isinstance(p, ModuleAttribute))
        kind: Kind = "code" if has_value(computed) else "failed"
        return Answer(kind, _what_was_found(row), text, code=form, computed=computed)

    def _code_form(self, asked: list[Asked]) -> tuple[str, str]:
        """The functions and classes that were called, and the methods of those."""
        module = next((module_of(program) for program, _ in asked if not isinstance(program, ModuleAttribute)), "")
        roots: dict[str, set[str]] = {}
        for program, _ in asked:
            for part in parts(program):
                if isinstance(part, ModuleAttribute) and part.module == module and part is not program:
                    roots.setdefault(part.name, set()).update(_methods_of(program))
        form = code_form(self.files.get(f"{module}.py", b""), roots)
        return (form.key, form.text) if form else ("", "")

    def _blank_form(self, row: Row, blanks: list[Asked]) -> tuple[str, str]:
        """What stands in the blank: as the verdict says it, else the likeliest reading."""
        blank = _blank_of(blanks[0][0])
        told = next((str(fact.data["written"]) for _, fact in row.facts if fact.kind == "blank_differs"), "")
        text = told or ("" if blank is None else blank.expression if not blank.statements else blank.statements)
        return expression_form(text), text


def _answer_to(part: WrittenPart, asked: list[Asked]) -> Outcome | None:
    place = (part.module, part.attribute)
    found = (o for p, o in reversed(asked) if isinstance(p, ModuleAttribute) and (p.module, p.name) == place)
    return next(found, None)


def _blank_of(program: Program) -> Code | None:
    """The student's own text that a program runs alone, if it is one that does."""
    inner = program.owner if isinstance(program, Attribute) else program
    return inner if isinstance(inner, Code) else None


def _methods_of(program: Program) -> Iterator[str]:
    yield from (part.name for part in parts(program) if isinstance(part, Attribute))


def _what_was_found(row: Row) -> str:
    """Statuses and facts, without what differs between answers that failed in the same way."""
    verdicts = row.verdicts.items()
    found = [[name, verdict.status.value, verdict.relation or "", *_kinds(verdict)] for name, verdict in verdicts]
    return short(json.dumps(found, default=str))


def _kinds(verdict: Verdict) -> list[Any]:
    return [[fact.kind, *(fact.data[key] for key in TELLING if key in fact.data)] for fact in verdict.facts]


def _relation(row: Row) -> str:
    return " ".join(dict.fromkeys(verdict.relation for verdict in row.verdicts.values() if verdict.relation))


def _stated(asked: list[Asked]) -> str:
    """The values that were stated, a line each, as Python writes them."""
    values = [outcome.data for _, outcome in asked if isinstance(outcome, Value)]
    return "\n".join(_as_text(value) or repr(_plain(value)) for value in values)


def _canonical(asked: list[Asked]) -> str:
    return json.dumps(
        [[getattr(p, "name", ""), _plain(o.data) if isinstance(o, Value) else type(o).__name__] for p, o in asked],
        sort_keys=True,
        default=str,
    )


def _plain(data: Any) -> Any:
    """Values in one form: numbers as floats of six digits, sequences and arrays as lists."""
    match data:
        case bool() | None | str():
            return data
        case int() | float():
            return float(f"{data:.6g}") if abs(data) < 1e300 else str(data)
        case np.ndarray():
            return _plain(data.tolist())
        case tuple() | list():
            return [_plain(item) for item in data]
        case dict():
            return {str(key): _plain(data[key]) for key in sorted(data, key=str)}
    return str(data)


def _as_text(data: Any) -> str:
    """A written answer as it was written; "" for what is no text."""
    if isinstance(data, str):
        return data.strip()
    if isinstance(data, tuple | list) and all(isinstance(item, str | int) for item in data):
        return f"[{', '.join(map(str, data))}]"
    return str(data) if isinstance(data, int | float) and not isinstance(data, bool) else ""
