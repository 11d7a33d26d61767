"""Finds a function or a method in a module's tree, however it got its name there."""

import ast
import copy
from collections.abc import Iterable, Iterator
from functools import lru_cache

Function = ast.FunctionDef
Names = frozenset[str]


def find_function(tree: ast.Module, path: str) -> Function | None:
    """The function `name`, or the method `Class.name`, that the name stands for after the module was run.

    Followed are later definitions, aliases, lambdas, wrappers such as `f = torch.compile(g)`, base classes in the same
    module and methods that are assigned to the class. Decorators are passed over.
    """
    owner, _, name = path.rpartition(".")
    if not owner:
        return _function(tree, name, frozenset())
    return _method(tree, owner, name, frozenset())


def parameter_names(function: Function) -> list[str]:
    """Names of the parameters that can be given by position, in order."""
    return [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]


def defaults(function: Function) -> dict[str, ast.expr]:
    """The default of every parameter that has one."""
    positional = [*function.args.posonlyargs, *function.args.args]
    given = function.args.defaults
    pairs = list(zip(positional[len(positional) - len(given) :], given, strict=True))
    keywords = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    pairs += [(parameter, value) for parameter, value in keywords if value is not None]
    return {parameter.arg: value for parameter, value in pairs}


@lru_cache(maxsize=1)
def _empty_function() -> ast.FunctionDef:
    (function,) = ast.parse("def f(): pass").body
    if not isinstance(function, ast.FunctionDef):
        raise TypeError
    return function


def function_of(name: str, arguments: ast.arguments, body: list[ast.stmt]) -> Function:
    """A new function. It is made from parsed text, because later Pythons give functions further fields."""
    function = copy.copy(_empty_function())
    function.name, function.args, function.body = name, arguments, body
    return function


def _scope(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of one scope in order, those in `if`, `try` and `with` included."""
    for statement in body:
        yield statement
        match statement:
            case ast.If(body=inner, orelse=other) | ast.Try(body=inner, orelse=other):
                yield from _scope([*inner, *other])
            case ast.With(body=inner):
                yield from _scope(inner)


def _function(tree: ast.Module, name: str, seen: Names) -> Function | None:
    for statement in reversed(list(_scope(tree.body))):
        match statement:
            case ast.FunctionDef(name=found) if found == name:
                return statement
            case ast.Assign(targets=targets, value=value) if _assigns(targets, name):
                return _value(tree, value, seen | {name})
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                return _value(tree, value, seen | {name})
    return None


def _assigns(targets: list[ast.expr], name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _value(tree: ast.Module, value: ast.expr, seen: Names) -> Function | None:
    """The function that an expression stands for."""
    match value:
        case ast.Name(id=name) if name not in seen:
            return _function(tree, name, seen)
        case ast.Lambda(args=arguments, body=body):
            return ast.copy_location(
                function_of("lambda_", arguments, [ast.copy_location(ast.Return(body), value)]), value
            )
        case ast.Call(args=[first, *_]):
            return _value(tree, first, seen)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner not in seen:
            return _method(tree, owner, name, seen)
    return None


def _method(tree: ast.Module, owner: str, name: str, seen: Names) -> Function | None:
    scope = list(_scope(tree.body))
    for statement in reversed(scope):
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=of), attr=attribute)], value=value):
                if (of, attribute) == (owner, name):
                    return _value(tree, value, seen | {owner})
            case ast.Assign(targets=targets, value=ast.Name(id=other)) if _assigns(targets, owner):
                return _method(tree, other, name, seen | {owner}) if other not in seen else None
            case ast.ClassDef(name=found) if found == owner:
                return _method_of(tree, statement, name, seen | {owner})
    return None


def _method_of(tree: ast.Module, owner: ast.ClassDef, name: str, seen: Names) -> Function | None:
    for statement in reversed(list(_scope(owner.body))):
        match statement:
            case ast.FunctionDef(name=found) if found == name:
                return statement
            case ast.Assign(targets=targets, value=value) if _assigns(targets, name):
                return _function(ast.Module(owner.body, []), ast.unparse(value), seen) or _value(tree, value, seen)
    bases = [base.id for base in owner.bases if isinstance(base, ast.Name) and base.id not in seen]
    found_in_bases = (_method(tree, base, name, seen) for base in bases)
    return next((method for method in found_in_bases if method is not None), None)
