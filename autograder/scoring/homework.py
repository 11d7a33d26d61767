"""Reads homework.toml: the questions of a homework, and for each written answer where it stands and what it may use.

It is public: students have it too, so it never holds an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from autograder.answers.vocabulary import Declared, Form, Vocabulary
from autograder.errors import PartUnknown
from autograder.scoring.toml_source import TomlSource, load_toml, unknown_keys
from autograder.settings import Homework

QUESTION_KEYS = ("number", "module", "title", "data")
PART_KEYS = ("answer", "form", "names", "equalities", "inequalities", "functions")
VECTOR = re.compile(r"vector\((\w+)\)")


@dataclass(frozen=True)
class Question:
    """One question and the module that answers it; `data` are the names of its data files."""

    number: str
    module: str
    title: str
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenPart:
    """A part that is answered in writing: `module.attribute` holds it, `vocabulary` says what may stand there."""

    number: str
    module: str
    attribute: str
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Declarations:
    """homework.toml as a value."""

    title: str
    questions: tuple[Question, ...]
    parts: Mapping[str, WrittenPart]

    @property
    def modules(self) -> tuple[str, ...]:
        return tuple(question.module for question in self.questions)

    @property
    def data_files(self) -> tuple[str, ...]:
        return tuple(name for question in self.questions for name in question.data)

    def part(self, number: str) -> WrittenPart:
        if number not in self.parts:
            raise PartUnknown(f"{number} is not a written part of this homework; they are {', '.join(self.parts)}")
        return self.parts[number]


def load_declarations(homework: Homework) -> Declarations:
    source = load_toml(homework.declarations)
    strangers = unknown_keys(source.table, ("title", "questions", "parts"))
    if strangers:
        raise source.refuse(f"unknown key {strangers[0]}", key=strangers[0])
    questions = tuple(_question(source, table) for table in source.table.get("questions", []))
    parts = {number: _part(source, number, table) for number, table in source.table.get("parts", {}).items()}
    return Declarations(str(source.table.get("title", "Homework")), questions, parts)


def _question(source: TomlSource, table: Mapping[str, Any]) -> Question:
    strangers = unknown_keys(table, QUESTION_KEYS)
    missing = [key for key in QUESTION_KEYS[:3] if not isinstance(table.get(key), str)]
    if strangers or missing:
        raise source.refuse(f"a question needs number, module and title; look at {(strangers + missing)[0]}")
    return Question(table["number"], table["module"], table["title"], tuple(table.get("data", ())))


def _part(source: TomlSource, number: str, table: Mapping[str, Any]) -> WrittenPart:
    header = f'parts."{number}"'
    strangers = unknown_keys(table, PART_KEYS)
    if strangers:
        raise source.refuse(f"unknown key {strangers[0]}", within=header, key=strangers[0])
    module, dot, attribute = str(table.get("answer", "")).partition(".")
    if not dot:
        raise source.refuse("answer must be module.attribute", within=header, key="answer")
    return WrittenPart(number, module, attribute, read_vocabulary(source, header, table))


def read_vocabulary(source: TomlSource, header: str, table: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary that a part's table declares; `header` names the table for a refusal."""
    return Vocabulary(
        form=_form(source, header, table.get("form")),
        names=tuple(_declared(source, header, name, kind) for name, kind in table.get("names", {}).items()),
        equalities=dict(table.get("equalities", {})),
        inequalities=tuple((smaller, larger) for smaller, larger in table.get("inequalities", ())),
        functions=dict(table.get("functions", {})),
    )


def _form(source: TomlSource, header: str, value: object) -> Form:
    for form in get_args(Form):
        if value == form:
            return cast(Form, form)
    raise source.refuse(f"form is one of {', '.join(get_args(Form))}", within=header, key="form")


def _declared(source: TomlSource, header: str, name: str, kind: str) -> Declared:
    declared = declare(name, kind)
    if declared is None:
        raise source.refuse(f'{name} = "{kind}" is not a kind of name', within=header, key="names")
    return declared


def declare(name: str, kind: str) -> Declared | None:
    """A name of a kind such as "positive integer" or "vector(d)"; None if there is no such kind."""
    vector = VECTOR.fullmatch(kind)
    if vector:
        return Declared(name, length=vector[1])
    words = kind.split()
    if not set(words) <= {"scalar", "positive", "integer"}:
        return None
    return Declared(name, positive="positive" in words, integer="integer" in words)
