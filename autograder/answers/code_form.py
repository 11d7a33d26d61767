"""A form of Python code in which the same code meets, however it is named, laid out and commented. Nothing is run.

What does not matter: comments, docstrings, annotations, formatting, the names of parameters, local variables and helper
functions, how a library was imported (`F.softmax` and `torch.nn.functional.softmax`), the order of keyword arguments,
`pass`. What is not touched: the order of statements and of operands, and everything that could give another value.
"""

import ast
import copy
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.answers.python_source import Unparsable, parse_source
from autograder.submission.source_text import Undecodable, decode_source

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda
FIRST_METHOD = "__init__"


@dataclass(frozen=True)
class CodeForm:
    """`key` is shared by the same code; `text` is the code as it was written."""

    key: str
    text: str


def code_form(source: bytes, roots: Mapping[str, Collection[str]]) -> CodeForm | None:
    """The form of the functions and classes in `roots` with all that they use of the module; None if there is none.

    The values of `roots` are the methods that are asked for: of a class only those count, with what they use. None of
    the names has to exist.
    """
    tree = parse_source(source)
    if isinstance(tree, Unparsable):
        return None
    defined = _definitions(tree)
    used = [_narrowed(statement, roots.get(name)) for name, statement in _reached(defined, roots).items()]
    if not used:
        return None
    names = {name: f"@{at}" for at, name in enumerate(n for n in _reached(defined, roots) if n not in roots)}
    imported = imports_of(tree)
    forms = [ast.dump(_Normaliser(imported, names).visit(copy.deepcopy(node)), annotate_fields=False) for node in used]
    return CodeForm(_digest(forms), _written(source, used))


def expression_form(text: str) -> str:
    """The same for a piece of text that a blank holds; the text itself where it is no Python."""
    tree = parse_source(text)
    if isinstance(tree, Unparsable):
        return _digest([" ".join(text.split())])
    return _digest([ast.dump(_Normaliser({}, {}).visit(copy.deepcopy(tree)), annotate_fields=False)])


def _digest(forms: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(forms).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _definitions(tree: ast.Module) -> dict[str, Definition]:
    """What the module's own names stand for at its end."""
    found: dict[str, Definition] = {}
    for statement in tree.body:
        for name in _defines(statement):
            if isinstance(statement, Definition):
                found[name] = statement
    return found


def _defines(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _reached(defined: Mapping[str, Definition], roots: Mapping[str, Collection[str]]) -> dict[str, Definition]:
    """The roots' definitions with those that they use, in the order in which they are met."""
    found: dict[str, Definition] = {}
    waiting = [name for name in roots if name in defined]
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = defined[name]
        used = ast.walk(_narrowed(defined[name], roots.get(name)))
        names = [node.id for node in used if isinstance(node, ast.Name)]
        waiting += [other for other in dict.fromkeys(names) if other in defined]
    return found


def _narrowed(statement: Definition, asked: Collection[str] | None) -> Definition:
    """A class with only the methods that are asked for and those that they use; anything else as it is."""
    if not isinstance(statement, ast.ClassDef) or not asked:
        return statement
    methods = {item.name: item for item in statement.body if isinstance(item, Function)}
    kept = _methods_used(methods, [FIRST_METHOD, *asked])
    body = [item for item in statement.body if not isinstance(item, Function) or item.name in kept]
    narrowed = copy.copy(statement)
    narrowed.body = body or [ast.Pass()]
    return narrowed


def _methods_used(methods: Mapping[str, Function], asked: Sequence[str]) -> set[str]:
    kept: set[str] = set()
    waiting = [name for name in asked if name in methods]
    while waiting:
        name = waiting.pop()
        kept.add(name)
        used = {node.attr for node in ast.walk(methods[name]) if isinstance(node, ast.Attribute)}
        waiting += [other for other in used if other in methods and other not in kept]
    return kept


def _written(source: bytes, used: Sequence[Definition]) -> str:
    """The lines of these statements as they stand in the file; of a narrowed class those that it was narrowed to."""
    text = decode_source(source)
    if isinstance(text, Undecodable):
        return ""
    lines = _without_docstrings(text.splitlines(), used)
    pieces = []
    for statement in used:
        parts = [statement, *statement.body] if isinstance(statement, ast.ClassDef) else [statement]
        spans = [_span(part) for part in parts]
        if isinstance(statement, ast.ClassDef):
            spans[0] = (spans[0][0], statement.lineno)
        pieces.append("\n".join(line for first, last in spans for line in lines[first - 1 : last] if line is not None))
    return "\n\n".join(pieces)


def _without_docstrings(lines: list[str], used: Sequence[Definition]) -> list[str | None]:
    """The lines with None in the place of docstrings."""
    left: list[str | None] = list(lines)
    for node in (inner for statement in used for inner in ast.walk(statement)):
        if isinstance(node, Function | ast.ClassDef) and ast.get_docstring(node) and len(node.body) > 1:
            docstring = node.body[0]
            span = range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno)
            left[span.start : span.stop] = [None] * len(span)
    return left


def _span(statement: ast.stmt) -> tuple[int, int]:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return first, statement.end_lineno or statement.lineno


def imports_of(tree: ast.Module) -> dict[str, str]:
    """What imported names stand for, wherever in the module they are imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imported_name(node: ast.expr, imported: Mapping[str, str]) -> str | None:
    """The full dotted name of `a.b.c` where `a` is a name, with what `a` was imported as put in."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([imported.get(node.id, node.id), *reversed(names)])


class _Normaliser(ast.NodeTransformer):
    """Changes a copy of a tree in place. `names` are new names for what is known here, local names innermost."""

    def __init__(self, imported: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._imported = imported
        self._names = dict(names)
        self._count = 0

    def visit_Name(self, node: ast.Name) -> ast.AST:
        name = self._names.get(node.id) or self._imported.get(node.id, node.id)
        return ast.Name(name, node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        root = node
        while isinstance(root.value, ast.Attribute):
            root = root.value
        if isinstance(root.value, ast.Name) and root.value.id not in self._names:
            return ast.Name(imported_name(node, self._imported) or node.attr, node.ctx)
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._names.get(node.arg, node.arg))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit_Assign(ast.Assign([node.target], node.value))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        node.type_comment = None
        return node

    def visit_Pass(self, _: ast.Pass) -> None:
        return None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant):  # docstrings, texts that serve as comments, `...`
            return None
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords.sort(key=lambda keyword: keyword.arg or "")
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._within(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        self.generic_visit(node)
        return node

    def _function(self, node: Function) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        node.returns = None
        node.type_comment = None
        return self._within(node)

    def _within(self, node: Scope) -> ast.AST:
        outer = self._names
        self._names = outer | self._fresh(node)
        self.generic_visit(node)
        self._names = outer
        return node

    def _fresh(self, scope: Scope) -> dict[str, str]:
        """New names for a function's own, in the order in which they are bound."""
        found = {}
        for name in dict.fromkeys(_bound(scope)):
            found[name] = f"${self._count}"
            self._count += 1
        return found


def _bound(scope: Scope) -> Iterator[str]:
    """The names that a function binds: parameters, then what it assigns, those of functions within it left to them."""
    yield from (node.arg for node in ast.walk(scope.args) if isinstance(node, ast.arg))
    body = scope.body if isinstance(scope.body, list) else [scope.body]
    outside = {name for node in _own(body) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    for node in _own(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if name not in outside:
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name


def _own(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a function's body in order, without the inside of functions that it defines."""
    for node in body:
        yield node
        if not isinstance(node, Scope):
            yield from _own(list(ast.iter_child_nodes(node)))
