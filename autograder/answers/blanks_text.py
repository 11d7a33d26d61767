"""Writes statements and an expression of a student as text that a worker can run by itself."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.answers.blanks_functions import function_of
from autograder.answers.blanks_names import RETURN, Names, effect_within, uses_of
from autograder.answers.python_source import nodes_of, once_a_node

FUNCTION = "_blank_value"
WRITTEN_CHARACTERS = 200


@dataclass(frozen=True)
class Text:
    """Statements, the expression to evaluate after them, and which of the given names they use."""

    statements: str
    expression: str
    used: frozenset[str]


def text_of(
    kept: Sequence[ast.stmt], value: ast.expr | None, names: Mapping[str, str], defaults: Mapping[str, ast.expr]
) -> Text | None:
    """What a worker has to run for the value of `value`, or for what the statements return if it is None.

    Statements are put in a function, so that they may `return` and see their own names. `names` maps names of the
    student to what is given; `defaults` are values for further ones. None: they cannot be written down.
    """
    used = _names_in(kept, value)
    given = {name: outer for name, outer in names.items() if name in used}
    try:
        further = {name: default for name, default in defaults.items() if name in used and name not in given}
        as_they_are = all(name == outer for name, outer in given.items())
        if value is not None and as_they_are and not kept and not further:
            return Text("", ast.unparse(value), frozenset(given.values()))
        body = [*kept, *([ast.Return(value)] if value is not None else [])]
        statements = ast.unparse(_function(body, given, further))
    except (ValueError, RecursionError):  # numbers of more than 4300 digits, backslashes in f-strings
        return None
    return Text(statements, f"{FUNCTION}({', '.join(given.values())})", frozenset(given.values()))


@once_a_node  # a piece of text has up to three readings
def written(node: ast.AST) -> str:
    """What a student wrote, on one line, not too long."""
    try:
        text = " ".join(ast.unparse(node).split())
    except (ValueError, RecursionError):
        return ""
    return text if len(text) <= WRITTEN_CHARACTERS else text[: WRITTEN_CHARACTERS - 1] + "…"


def attributes_read(kept: Sequence[ast.stmt], value: ast.expr | None, owner: str | None) -> Names:
    """Attributes of the owner that the text looks at before it sets them, as far as the order of lines tells."""
    read: set[str] = set()
    known: set[str] = set()
    for statement in kept:
        effect = effect_within(statement, owner)
        read |= effect.uses - known
        known |= effect.sets - {RETURN}
    if value is not None:
        read |= uses_of(value, owner) - known
    return frozenset(name.partition(".")[2] for name in read if owner and name.startswith(f"{owner}."))


def _names_in(kept: Sequence[ast.stmt], value: ast.expr | None) -> set[str]:
    nodes: list[ast.AST] = [*kept, *([value] if value is not None else [])]
    return {inner.id for node in nodes for inner in nodes_of(node) if isinstance(inner, ast.Name)}


def _function(body: list[ast.stmt], given: Mapping[str, str], further: Mapping[str, ast.expr]) -> ast.FunctionDef:
    parameters = [ast.arg(name) for name in (*given, *further)]
    arguments = ast.arguments([], parameters, None, [], [], None, list(further.values()))
    return function_of(FUNCTION, arguments, body or [ast.Pass()])
