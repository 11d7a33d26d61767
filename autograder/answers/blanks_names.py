"""Which variables a statement gives a value to, and which it looks at.

A variable is a local name, or an attribute of the owner (the first parameter of a method): `self.W_k`. `self.*` stands
for all of its attributes, where the text does not tell which. Only the statement's own line counts, not its body.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.answers.python_source import children, nodes_of, once_a_node

RETURN = "return"  # the variable that a return statement gives a value to
Names = frozenset[str]
REGISTERS = frozenset({"add_module", "register_module", "register_buffer", "register_parameter"})

# The nodes that `_set`, `_changed` and `_used` look at.
TELLING = frozenset({ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.FunctionDef, ast.ClassDef, ast.Return})
TELLING |= {ast.ExceptHandler, ast.alias, ast.MatchAs, ast.MatchStar}


@dataclass(frozen=True)
class Effect:
    """`sets` gives the whole variable a new value, `changes` only a part of it; `uses` is looked at."""

    sets: Names
    changes: Names
    uses: Names

    @property
    def writes(self) -> Names:
        return self.sets | self.changes


@once_a_node
def effect_of(statement: ast.stmt, owner: str | None) -> Effect:
    """What a statement does, its body left out (a function's body is looked at as one)."""
    sets: set[str] = set()
    changes = set(_changed_by_call(statement, owner))
    uses: set[str] = set()
    for node in _own_nodes(statement):
        if type(node) in TELLING:
            sets.update(_set(node, owner))
            changes.update(_changed(node, owner))
            uses.update(_used(node, owner))
    uses |= changes
    uses |= sets if isinstance(statement, ast.AugAssign) else set()
    return Effect(frozenset(sets), frozenset(changes), frozenset(uses))


@once_a_node
def effect_within(statement: ast.stmt, owner: str | None) -> Effect:
    """What a statement does, the statements in its blocks and functions included."""
    parts = [effect_of(node, owner) for node in nodes_of(statement) if isinstance(node, ast.stmt)]
    nothing: Names = frozenset()
    return Effect(
        sets=nothing.union(*(part.sets for part in parts)),
        changes=nothing.union(*(part.changes for part in parts)),
        uses=nothing.union(*(part.uses for part in parts)),
    )


@once_a_node
def uses_of(expression: ast.expr, owner: str | None) -> Names:
    return effect_of(ast.Expr(expression), owner).uses


def touch(written: Names, needed: Names, owner: str | None) -> bool:
    """Whether one of the written variables is needed."""
    if written & needed:
        return True
    everything = f"{owner}.*"
    if everything in needed and any(_is_attribute(name, owner) for name in written):
        return True
    return everything in written and any(_is_attribute(name, owner) for name in needed)


def bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of a compound statement; a function or class has none of its own here."""
    match statement:
        case ast.If() | ast.For() | ast.While():
            return [statement.body, statement.orelse]
        case ast.With():
            return [statement.body]
        case ast.Try():
            handlers = [handler.body for handler in statement.handlers]
            return [statement.body, *handlers, statement.orelse, statement.finalbody]
        case ast.Match():
            return [case.body for case in statement.cases]
    return []


def is_blank_name(name: str) -> bool:
    """Whether a name is the template's mark for a blank: two underscores or more and nothing else."""
    return len(name) > 1 and not name.strip("_")


@once_a_node
def has_blank(node: ast.AST) -> bool:
    return any(
        (isinstance(inner, ast.Name) and is_blank_name(inner.id))
        or (isinstance(inner, ast.Attribute) and is_blank_name(inner.attr))
        for inner in nodes_of(node)
    )


def _is_attribute(name: str, owner: str | None) -> bool:
    return owner is not None and name.startswith(f"{owner}.")


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement without those of the statements in its blocks."""
    inside = {id(inner) for body in bodies(statement) for inner in body}
    open_nodes: list[ast.AST] = [statement]
    while open_nodes:
        node = open_nodes.pop()
        yield node
        if node.__dict__:
            found = children(node)
            open_nodes += [child for child in found if id(child) not in inside] if inside else found


def _variable(node: ast.expr, owner: str | None) -> str | None:
    """The variable at the root of `q[:, 0].data` or `self.W_k.weight`."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == owner:
            return f"{name}.{attribute}"
        case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
            return _variable(inner, owner)
        case ast.Call(func=inner):
            return _variable(inner, owner)
    return None


def _set(node: ast.AST, owner: str | None) -> Iterable[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()) if name == owner:
            return [f"{name}.{attribute}"]
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str() as name):
            return [name]
        case ast.alias(name=name, asname=alias):
            return [alias or name.partition(".")[0]]
        case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
            return [name]
        case ast.Return():
            return [RETURN]
    return []


def _changed(node: ast.AST, owner: str | None) -> Iterable[str]:
    match node:
        case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
            variable = _variable(node, owner)
            inner = node.value
            whole = isinstance(node, ast.Attribute) and isinstance(inner, ast.Name) and inner.id == owner
            return [variable] if variable and not whole else []
    return []


def _changed_by_call(statement: ast.stmt, owner: str | None) -> Iterator[str]:
    """Variables that a call standing alone may change: `q.copy_(x)`, `rows.append(x)`, `fill(q, x)`, `out=q`."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return
    call = statement.value
    if isinstance(call.func, ast.Name) and call.func.id == "print":
        return
    named = _attribute_by_name(call, owner)
    if named:
        yield named
        return
    outputs = [keyword.value for keyword in call.keywords if keyword.arg == "out"]
    for candidate in (call.func, *call.args[:1], *outputs):
        variable = _variable(candidate, owner)
        if variable and variable != owner:
            yield variable


def _attribute_by_name(call: ast.Call, owner: str | None) -> str | None:
    """The attribute that `setattr(self, "W_k", ...)` or `self.add_module("W_k", ...)` sets."""
    match call:
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), attribute, _]) if name == owner:
            known = attribute.value if isinstance(attribute, ast.Constant) else None
            return f"{name}.{known}" if isinstance(known, str) else f"{name}.*"
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr=method), args=[ast.Constant(value=str(text)), *_]
        ):
            return f"{name}.{text}" if name == owner and method in REGISTERS else None
    return None


def _used(node: ast.AST, owner: str | None) -> Iterable[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return [name]
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == owner:
            return [f"{name}.{attribute}"]
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=name), ast.Constant(value=str(attribute)), *_]):
            return [f"{name}.{attribute}"] if name == owner else []
        case ast.Call(args=arguments, func=ast.Name(id="getattr" | "vars")):
            return [f"{owner}.*" for argument in arguments if isinstance(argument, ast.Name) and argument.id == owner]
    return []
