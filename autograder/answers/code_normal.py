"""The normal form of a piece of Python as one text, written in a single walk over its tree, which is left as it is.

Two pieces get the same text if they are the same but for what `code_form` says does not matter. A function's own names
are numbered from its outside in, in the order in which they are bound, each outermost function from 0: so a method has
the same text whatever stands beside it.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.answers.python_source import children, nodes_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda
SINGLE = frozenset({ast.Load, ast.Store, ast.Del, *ast.operator.__subclasses__()})  # nodes with nothing in them
NOT_SAID = frozenset({"type_comment", "annotation", "returns"})


def imported_name(node: ast.expr, imported: Mapping[str, str]) -> str | None:
    """The full dotted name of `a.b.c` where `a` is a name, with what `a` was imported as put in."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([imported.get(node.id, node.id), *reversed(names)])


class Normal:
    """Writes normal forms. `imported` is what imported names stand for, `names` are new names for what is known here;
    inside a function its own names are innermost.
    """

    def __init__(self, imported: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._imported = imported
        self._names = dict(names)
        self._count = 0
        self._depth = 0

    def text(self, node: ast.AST) -> str:
        """The form of a node; "" for what does not count."""
        write = WRITERS.get(type(node))
        return write(self, node) if write else self._plain(node)

    def _plain(self, node: ast.AST) -> str:
        kind = type(node)
        fields = [self._field(getattr(node, name, None)) for name in kind._fields if name not in NOT_SAID]
        return f"{kind.__name__}({','.join(fields)})"

    def _field(self, value: Any) -> str:
        kind = type(value)
        if kind is list:
            return self.block(value)
        if kind in SINGLE:
            return f"{kind.__name__}()"
        return self.text(value) if isinstance(value, ast.AST) else _constant(value)

    def block(self, items: Sequence[Any]) -> str:
        """A list of nodes, without those that do not count."""
        return f"[{','.join(filter(None, map(self._field, items)))}]"

    def named(self, name: str) -> str:
        return self._names.get(name, name)

    def _name(self, node: ast.Name) -> str:
        name = self._names.get(node.id) or self._imported.get(node.id, node.id)
        return f"Name({name},{type(node.ctx).__name__})"

    def _attribute(self, node: ast.Attribute) -> str:
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and root.id not in self._names:
            return f"Name({imported_name(node, self._imported)},{type(node.ctx).__name__})"
        return f"Attribute({self.text(node.value)},{node.attr},{type(node.ctx).__name__})"

    def _arg(self, node: ast.arg) -> str:
        return f"arg({self.named(node.arg)})"

    def _annotated(self, node: ast.AnnAssign) -> str:
        return "" if node.value is None else f"Assign([{self.text(node.target)}],{self.text(node.value)})"

    def _statement(self, node: ast.Expr) -> str:
        """A statement that is an expression; docstrings, texts that serve as comments and `...` do not count."""
        return "" if isinstance(node.value, ast.Constant) else f"Expr({self.text(node.value)})"

    def _pass(self, _: ast.Pass) -> str:
        return ""

    def _call(self, node: ast.Call) -> str:
        function, arguments = self.text(node.func), self.block(node.args)
        keywords = [(keyword.arg or "", self.text(keyword.value)) for keyword in node.keywords]
        keywords.sort(key=lambda keyword: keyword[0])
        return f"Call({function},{arguments},[{','.join(f'{name}={value}' for name, value in keywords)}])"

    def _class(self, node: ast.ClassDef) -> str:
        parts = [self._field(getattr(node, name)) for name in node._fields[1:]]  # all but its name
        return f"ClassDef({self.named(node.name)},{','.join(parts)})"

    def _function(self, node: Function) -> str:
        return self._within(node, f"{type(node).__name__}({self.named(node.name)},")

    def _lambda(self, node: ast.Lambda) -> str:
        return self._within(node, "Lambda(")

    def _within(self, node: Scope, head: str) -> str:
        outer = self._names
        self._count = self._count if self._depth else 0
        self._depth += 1
        self._names = outer | self._fresh(node)
        fields = [self._field(getattr(node, name)) for name in node._fields if name not in (*NOT_SAID, "name")]
        self._names = outer
        self._depth -= 1
        return f"{head}{','.join(fields)})"

    def _fresh(self, scope: Scope) -> dict[str, str]:
        """New names for a function's own, in the order in which they are bound."""
        found = {}
        for name in dict.fromkeys(bound(scope)):
            found[name] = f"${self._count}"
            self._count += 1
        return found


def _constant(value: Any) -> str:
    """A constant or a name; integers in hexadecimal, which Python writes in any length."""
    return hex(value) if type(value) is int else repr(value)


WRITERS: dict[type[ast.AST], Callable[[Normal, Any], str]] = {
    ast.Name: Normal._name,
    ast.Attribute: Normal._attribute,
    ast.arg: Normal._arg,
    ast.AnnAssign: Normal._annotated,
    ast.Expr: Normal._statement,
    ast.Pass: Normal._pass,
    ast.Call: Normal._call,
    ast.ClassDef: Normal._class,
    ast.FunctionDef: Normal._function,
    ast.AsyncFunctionDef: Normal._function,
    ast.Lambda: Normal._lambda,
}


def bound(scope: Scope) -> Iterator[str]:
    """The names that a function binds: parameters, then what it assigns, those of functions within it left to them."""
    yield from (node.arg for node in nodes_of(scope.args) if isinstance(node, ast.arg))
    body = scope.body if isinstance(scope.body, list) else [scope.body]
    own = list(_own(body))
    outside = {name for node in own if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    for node in own:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if name not in outside:
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name


def _own(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a function's body in order, without the inside of functions that it defines."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if node.__dict__ and not isinstance(node, Scope):
            waiting += reversed(children(node))
