"""What a part of homework.toml lets a student write, as a Vocabulary: its names, their kinds, its functions."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from autograder.answers.reader import read
from autograder.answers.reading import Refusal
from autograder.answers.vocabulary import Declared, Definition, Form, Vocabulary
from autograder.scoring.toml_source import TomlTable

VECTOR = re.compile(r"vector\((\w+)\)")
DEFINED = re.compile(r"\s*(\w+(?:\s*,\s*\w+)*)\s*->\s*(.+)", re.DOTALL)
KINDS = 'a kind is "scalar" (or ""), "positive", "integer", "positive integer" or "vector(length)"'


def declared_vocabulary(table: TomlTable) -> Vocabulary:
    form = _form(table)
    functions = table.pairs("functions")
    vocabulary = Vocabulary(
        form=form,
        names=tuple(_declared(table, name, kind) for name, kind in table.pairs("names").items()),
        equalities=_equalities(table),
        inequalities=_inequalities(table),
        functions={name: _arguments(table, name, value) for name, value in functions.items()},
        definitions={name: _definition(value) for name, value in functions.items() if isinstance(value, str)},
    )
    if form == "condition" and (len(vocabulary.functions) != 1 or vocabulary.definitions):
        raise table.refuse("a condition speaks of one function: functions = { name = number of arguments }", "form")
    _check_formulas(table, vocabulary)
    return vocabulary


def _check_formulas(table: TomlTable, vocabulary: Vocabulary) -> None:
    """Refuses an equality or a definition that cannot be read."""
    formulas = replace(vocabulary, form="expression", equalities={})
    for name, text in vocabulary.equalities.items():
        if isinstance(refusal := read(text, formulas), Refusal):
            raise table.refuse(f'equalities: {name} = "{text}" cannot be read ({refusal.kind})', "equalities")
    for name, definition in vocabulary.definitions.items():
        names = tuple(Declared(argument) for argument in definition.arguments)
        if isinstance(refusal := read(definition.text, Vocabulary("expression", names)), Refusal):
            raise table.refuse(f'functions: {name} = "{definition}" cannot be read ({refusal.kind})', "functions")


def declared_otherwise(table: TomlTable, vocabulary: Vocabulary) -> Vocabulary | None:
    """The vocabulary with the names of `or_names` declared anew; None if there are none."""
    anew = {name: _declared(table, name, kind) for name, kind in table.pairs("or_names").items()}
    strange = anew.keys() - {name.name for name in vocabulary.names}
    if strange:
        raise table.refuse(f"or_names: {min(strange)} is not among the part's names", "or_names")
    return replace(vocabulary, names=tuple(anew.get(name.name, name) for name in vocabulary.names)) if anew else None


def _form(table: TomlTable) -> Form:
    value = table.content.get("form")
    if value not in get_args(Form):
        raise table.refuse(f"form is one of {', '.join(get_args(Form))}, not {value!r}", "form")
    return cast(Form, value)


def _declared(table: TomlTable, name: str, kind: object) -> Declared:
    declared = declare(name, kind) if isinstance(kind, str) else None
    if declared is None or not name.isidentifier():
        raise table.refuse(f"names: {name} = {kind!r} cannot be; {KINDS}", "names")
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


def _equalities(table: TomlTable) -> Mapping[str, str]:
    names = table.pairs("names")
    found = table.pairs("equalities")
    for name, value in found.items():
        if name not in names:
            raise table.refuse(f"equalities: {name} is not among the part's names", "equalities")
        if not isinstance(value, str):
            raise table.refuse(f'equalities: write {name} = "{value}", in quotation marks', "equalities")
    return found


def _inequalities(table: TomlTable) -> tuple[tuple[str, str], ...]:
    names = table.pairs("names")
    found = table.content.get("inequalities", [])
    pairs = found if isinstance(found, list) else [found]
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(name, str) for name in pair)):
            raise table.refuse('inequalities are pairs [["smaller", "larger"], ...]', "inequalities")
        strange = [name for name in pair if name not in names]
        if strange:
            raise table.refuse(f"inequalities: {strange[0]} is not among the part's names", "inequalities")
    return tuple((smaller, larger) for smaller, larger in pairs)


def _arguments(table: TomlTable, name: str, value: Any) -> int:
    """How many arguments a function takes: the number that is given, or as many as its definition names."""
    if isinstance(value, str) and DEFINED.fullmatch(value):
        return len(_definition(value).arguments)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    example = f'{name} = 2 (its arguments) or {name} = "x -> x^2" (what it is)'
    raise table.refuse(f"functions: {name} = {value!r} cannot be; write {example}", "functions")


def _definition(value: str) -> Definition:
    match = DEFINED.fullmatch(value)
    names, text = match.groups() if match else ("", "")
    return Definition(tuple(name.strip() for name in names.split(",")), text.strip())
