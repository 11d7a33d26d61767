"""Modules that only give names to literals: what importing them would give is read from their text, without a process.

    hours = 6
    sources = "lecture 12, " "the documentation of PyTorch"

Whatever else a module does, or a value that a worker might not send as it is, and the module is not plain: then it is
run like any other. So a plain module's values are exactly what a worker would answer.
"""

import ast
import math
from collections.abc import Mapping
from typing import Any

from autograder.answers.literals import literal_of
from autograder.answers.python_source import Unparsable, parse_source

MOST_ITEMS = 1_000
MOST_CHARACTERS = 100_000
MOST_DEPTH = 20
LARGEST = 2**62


def plain_values(source: bytes) -> Mapping[str, Any] | None:
    """The value of every name of a plain module; None if the module is not plain."""
    tree = parse_source(source)
    if isinstance(tree, Unparsable) or not all(map(_is_plain, tree.body)):
        return None
    values: dict[str, Any] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            found = literal_of(statement.value)
            if found is None:
                return None
            values.update(dict.fromkeys(_names(statement), found.value))
    return values if _travels(values) else None


def _is_plain(statement: ast.stmt) -> bool:
    """A docstring, or an assignment to names that mean nothing to Python itself."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Name) and not target.id.startswith("__") for target in targets)
    return False


def _names(statement: ast.Assign) -> list[str]:
    return [target.id for target in statement.targets if isinstance(target, ast.Name)]


def _travels(values: Mapping[str, Any]) -> bool:
    """Whether a worker would send all of it as it is: of ordinary size, finite, and text that is Unicode."""
    items, characters = 0, 0
    waiting: list[tuple[Any, int]] = [(value, 0) for value in values.values()]
    while waiting:
        value, depth = waiting.pop()
        items += 1
        if isinstance(value, str):
            characters += len(value)
        if items > MOST_ITEMS or characters > MOST_CHARACTERS or depth > MOST_DEPTH or not _is_ordinary(value):
            return False
        waiting += [(inner, depth + 1) for inner in _inside(value)]
    return True


def _is_ordinary(value: Any) -> bool:
    match value:
        case str():
            return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
        case float():
            return math.isfinite(value)
        case bool() | None:
            return True
        case int():
            return -LARGEST < value < LARGEST
    return isinstance(value, tuple | dict)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return list(value) if isinstance(value, tuple) else []
