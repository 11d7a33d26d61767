"""The template's side of a blank: the expression that it stands in, and the function around it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.answers.blanks_functions import Function, find_function, parameter_names
from autograder.answers.blanks_match import Scope, unify
from autograder.answers.blanks_names import RETURN, Names, bodies, effect_of, has_blank, is_blank_name
from autograder.answers.blanks_normal import normalised
from autograder.answers.python_source import Unparsable, nodes_of, parse_source
from autograder.errors import HomeworkInvalid


@dataclass(frozen=True)
class Assignment:
    """A plain assignment to the target, or a `return` if that is the target.

    `before` are the statements that were run before it, those of the blocks around it included.
    """

    statement: ast.stmt
    value: ast.expr
    before: list[ast.stmt]


@dataclass(frozen=True)
class Pattern:
    """`value` has the blank in it. `is_unique`: no other expression of the template's function has its form."""

    value: ast.expr
    scope: Scope
    returns_target: bool
    is_unique: bool


@lru_cache(maxsize=64)
def pattern_of(template: str | bytes, function: str, target: str) -> Pattern:
    """The blank of `target` in the template's function. Raises HomeworkInvalid if there is not exactly one."""
    tree = parse_source(template)
    found = None if isinstance(tree, Unparsable) else find_function(tree, function)
    if found is None:
        raise HomeworkInvalid(f"the template has no {function}")
    body = normalised(found.body)
    scope = scope_of(found, body)
    values = [part.value for part in assignments(body, target, owner_of(function, found)) if has_blank(part.value)]
    if len(values) != 1:
        raise HomeworkInvalid(f"the template has {len(values)} blanks for {target} in {function}; it needs one")
    return Pattern(values[0], scope, _returns(body, target), _is_unique(values[0], body, scope))


def owner_of(path: str, function: Function) -> str | None:
    """The name of `self` in a method, None in a function."""
    names = parameter_names(function)
    return names[0] if "." in path and names else None


def scope_of(function: Function, body: Sequence[ast.stmt]) -> Scope:
    written: Names = frozenset().union(*(effect_of(part, None).writes for part in flat(body)))
    keyword_only = [parameter.arg for parameter in function.args.kwonlyargs]
    return Scope((*parameter_names(function), *keyword_only), written - {RETURN})


def flat(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Every statement of a block, those of the blocks inside it included."""
    return [found for part in body for found in (part, *flat([inner for block in bodies(part) for inner in block]))]


def assignments(
    body: Sequence[ast.stmt], target: str, owner: str | None, before: tuple[ast.stmt, ...] = ()
) -> Iterator[Assignment]:
    """The plain assignments to a target in the order of the text, also in blocks."""
    for place, statement in enumerate(body):
        earlier = (*before, *body[:place])
        value = assigned_value(statement, target, owner)
        if value is not None:
            yield Assignment(statement, value, list(earlier))
        for block in bodies(statement):
            yield from assignments(block, target, owner, earlier)


def assigned_value(statement: ast.stmt, target: str, owner: str | None) -> ast.expr | None:
    """The expression whose value the target gets, if the statement is a plain assignment to it."""
    match statement:
        case ast.Assign(targets=targets, value=value) if any(_is(part, target, owner) for part in targets):
            return value
        case ast.AnnAssign(target=part, value=ast.expr() as value) if _is(part, target, owner):
            return value
        case ast.Return(value=ast.expr() as value) if target == RETURN:
            return value
    return None


def expressions(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.expr, list[ast.stmt]]]:
    """Every expression of a function's own statements with the statements that were run before."""
    for statement, before in _with_path(body, ()):
        inside = {id(inner) for block in bodies(statement) for part in block for inner in nodes_of(part)}
        for node in nodes_of(statement):
            if isinstance(node, ast.expr) and id(node) not in inside:
                yield node, before


def _with_path(body: Sequence[ast.stmt], before: tuple[ast.stmt, ...]) -> Iterator[tuple[ast.stmt, list[ast.stmt]]]:
    for place, statement in enumerate(body):
        earlier = (*before, *body[:place])
        yield statement, list(earlier)
        for block in bodies(statement):
            yield from _with_path(block, earlier)


def _is(part: ast.expr, target: str, owner: str | None) -> bool:
    match part:
        case ast.Name(id=name):
            return name == target
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return name == owner and f"{name}.{attribute}" == target
    return False


def _returns(body: Sequence[ast.stmt], target: str) -> bool:
    match body[-1]:
        case ast.Return(value=ast.Name(id=name)):
            return name == target
        case ast.Return():
            return target == RETURN
    return False


def _is_unique(value: ast.expr, body: Sequence[ast.stmt], scope: Scope) -> bool:
    if isinstance(value, ast.Name) and is_blank_name(value.id):
        return False
    names = {name: name for name in scope.parameters}
    alike = [node for node, _ in expressions(body) if unify(value, node, scope, scope, names, rename=False)]
    return len(alike) == 1
