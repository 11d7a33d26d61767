"""Reads what a module assigns to a name at its top level, from its text alone: `computation = "O(b d^2)"`.

No code runs, so this works where the module does not: on a machine without torch, or when an import in it fails.
"""

import ast
from dataclasses import dataclass
from typing import Any

from autograder.answers.python_source import Unparsable, parse_source


@dataclass(frozen=True)
class Literal:
    """The assigned value, plain: text, numbers, bool, None, and tuples and dicts of these (lists become tuples)."""

    value: Any
    line: int


@dataclass(frozen=True)
class NotLiteral:
    """The name has a value that only running the module can tell. `line` is where it gets it."""

    line: int


@dataclass(frozen=True)
class NotAssigned:
    """Nothing at the top level of the module gives the name a value."""

    name: str


class _Computed(Exception):
    """A signal within this file: an expression is no literal."""


def literal(source: str | bytes, name: str) -> Literal | NotLiteral | NotAssigned | Unparsable:
    """The value of a plain assignment, the last one if there are several, whatever else the module does."""
    tree = parse_source(source)
    if isinstance(tree, Unparsable):
        return tree
    binding = next((statement for statement in reversed(tree.body) if name in _bound_names(statement)), None)
    if binding is None:
        return NotAssigned(name)
    expression = _assigned(binding, name)
    if expression is None:
        return NotLiteral(binding.lineno)
    return literal_of(expression) or NotLiteral(binding.lineno)


def literal_of(expression: ast.expr) -> Literal | None:
    """The value of an expression that is a literal; None if it is not one."""
    try:
        return Literal(_value(expression), expression.lineno)
    except _Computed:
        return None


def _bound_names(statement: ast.stmt) -> set[str]:
    """Names that a statement may give another value, in whatever way; those in functions inside it count too."""
    names: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                names.add(name)  # answers.append(...), responses.update(...)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=alias):
                names.add(alias or name.partition(".")[0])
    return names


def _assigned(statement: ast.stmt, name: str) -> ast.expr | None:
    """The expression that a plain assignment gives to `name`; None if the statement does anything else to it."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
            return value
        case ast.Assign(targets=targets, value=value):
            found = [_matching(target, value, name) for target in targets]
            return next((expression for expression in found if expression is not None), None)
    return None


def _matching(target: ast.expr, value: ast.expr, name: str) -> ast.expr | None:
    match target, value:
        case ast.Name(id=bound), _ if bound == name:
            return value
        case ((ast.Tuple(elts=names) | ast.List(elts=names)), (ast.Tuple(elts=values) | ast.List(elts=values))):
            if len(names) == len(values) and not any(isinstance(item, ast.Starred) for item in (*names, *values)):
                pairs = [_matching(inner, part, name) for inner, part in zip(names, values, strict=True)]
                return next((expression for expression in pairs if expression is not None), None)
    return None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=None | bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=int() | float() as number)):
            return _signed(sign, number)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined(left, right)
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) for part in parts)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_text(key): _value(value) for key, value in zip(keys, values, strict=True) if key is not None}
    raise _Computed


def _signed(sign: ast.unaryop, number: float) -> float:
    if isinstance(number, bool):
        raise _Computed
    return -number if isinstance(sign, ast.USub) else number


def _joined(left: ast.expr, right: ast.expr) -> str:
    """Texts joined by `+`, as people break long lines. At most `MOST_DEPTH` of them, so this stays small."""
    return _text(left) + _text(right)


def _text(node: ast.expr) -> str:
    value = _value(node)
    if not isinstance(value, str):
        raise _Computed
    return value
