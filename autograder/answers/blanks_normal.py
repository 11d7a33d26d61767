"""Rewrites a function's statements so that each variable has an assignment of its own, without a change of meaning."""

import ast
from collections.abc import Iterator, Sequence

from autograder.answers.blanks_names import bodies
from autograder.answers.blanks_slice import with_bodies
from autograder.answers.python_source import nodes_of

TRANSPARENT = frozenset({"no_grad", "inference_mode", "enable_grad", "set_grad_enabled", "record_function"})


def normalised(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """`q, k = a, b` becomes two statements, `with torch.no_grad():` its block; docstrings and `pass` go."""
    return [found for statement in body for found in _normalised(statement)]


def _normalised(statement: ast.stmt) -> Iterator[ast.stmt]:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return
        case ast.With(items=items, body=body) if all(map(_is_transparent, items)):
            yield from normalised(body)
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if _independent(
            targets, values
        ):
            for target, value in zip(targets, values, strict=True):
                yield ast.copy_location(ast.Assign([target], value), value)
        case _:
            blocks = bodies(statement)
            yield with_bodies(statement, [normalised(block) for block in blocks]) if blocks else statement


def _is_transparent(item: ast.withitem) -> bool:
    call = item.context_expr
    function = call.func if isinstance(call, ast.Call) else call
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return item.optional_vars is None and name in TRANSPARENT


def _independent(targets: list[ast.expr], values: list[ast.expr]) -> bool:
    """Whether no value looks at what the same statement assigns, as in `a, b = b, a`."""
    if len(targets) != len(values) or any(isinstance(part, ast.Starred) for part in (*targets, *values)):
        return False
    assigned = {ast.unparse(target) for target in targets}
    looked_at = {
        ast.unparse(node) for value in values for node in nodes_of(value) if isinstance(node, ast.Name | ast.Attribute)
    }
    return not assigned & looked_at and all(isinstance(target, ast.Name | ast.Attribute) for target in targets)
