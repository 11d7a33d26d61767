"""A form of Python code in which the same code meets, however it is named, laid out and commented. Nothing is run.

What does not matter: comments, docstrings, annotations, formatting, the names of parameters, local variables and helper
functions, how a library was imported (`F.softmax` and `torch.nn.functional.softmax`), the order of keyword arguments,
`pass`. What is not touched: the order of statements and of operands, and everything that could give another value.
"""

import ast
import copy
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.answers.code_normal import Normal
from autograder.answers.python_source import Unparsable, nodes_of, parse_source
from autograder.submission.source_text import Undecodable, decode_source

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef | ast.Assign | ast.AnnAssign
Names = frozenset[str]
SHORT_TEXT = 200
MOST_FORMS, LONGEST_FORM = 512, 10_000
NEW_ROW = re.compile(r"\r\n|[\r\n]")
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
    module = _module_of(source)
    used = module.reached(roots) if module else {}
    if module is None or not used:
        return None
    further = (name for name in used if name not in roots)
    names = {name: f"@{at}" for at, name in enumerate(further)}
    return CodeForm(_digest(module.form(statement, names) for statement in used.values()), module.written(used))


def expression_form(text: str) -> str:
    """The same for a piece of text that a blank holds; the text itself where it is no Python."""
    return _short_form(text) if len(text) <= SHORT_TEXT else _form_of(text)


def _form_of(text: str) -> str:
    tree = parse_source(text)
    if isinstance(tree, Unparsable):
        return _digest([" ".join(text.split())])
    return _digest([Normal({}, {}).text(tree)])


_short_form = lru_cache(maxsize=512)(_form_of)  # many students write the same into a blank


def _digest(forms: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(forms).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class _Forms:
    """Forms of pieces of a class's code: much of it stands in many submissions as the template has it."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}

    def form(self, key: bytes, normal: Normal, piece: ast.stmt) -> str:
        """The form of a piece that is known by `key`."""
        found = self._known.get(key)
        if found is None:
            found = normal.text(piece)
            if len(found) <= LONGEST_FORM:
                if len(self._known) >= MOST_FORMS:
                    self._known.clear()
                self._known[key] = found
        return found


FORMS = _Forms()


@dataclass(frozen=True)
class _Module:
    """A module, and what was found out about its parts so far: several parts of a homework look at the same ones.

    lines: without docstrings. rows: lines as Python counts them. forms: of the statements under the module's own new
    names.
    """

    defined: Mapping[str, Definition]
    imported: Mapping[str, str]
    lines: Sequence[str | None]
    rows: Sequence[str]
    forms: dict[tuple[int, tuple[str, ...]], str] = field(default_factory=dict)
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    attributes: dict[int, Names] = field(default_factory=dict)

    def reached(self, roots: Mapping[str, Collection[str]]) -> dict[str, Definition]:
        """The roots' definitions with those that they use, narrowed, in the order in which they are met."""
        found: dict[str, Definition] = {}
        waiting = [name for name in roots if name in self.defined]
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = self._narrowed(self.defined[name], roots.get(name))
                waiting += self._used(found[name])
        return found

    def _narrowed(self, statement: Definition, asked: Collection[str] | None) -> Definition:
        """A class with only the methods that are asked for and those that they use; anything else as it is."""
        if not isinstance(statement, ast.ClassDef) or not asked:
            return statement
        methods = {item.name: item for item in statement.body if isinstance(item, Function)}
        kept = self._methods_used(methods, [FIRST_METHOD, *asked])
        body = [item for item in statement.body if not isinstance(item, Function) or item.name in kept]
        narrowed = copy.copy(statement)
        narrowed.body = body
        return narrowed

    def _methods_used(self, methods: Mapping[str, Function], asked: Sequence[str]) -> set[str]:
        kept: set[str] = set()
        waiting = [name for name in asked if name in methods]
        while waiting:
            name = waiting.pop()
            kept.add(name)
            used = self._attributes_in(methods[name])
            waiting += [other for other in used if other in methods and other not in kept]
        return kept

    def _attributes_in(self, method: Function) -> Names:
        if id(method) not in self.attributes:
            found = frozenset(node.attr for node in nodes_of(method) if isinstance(node, ast.Attribute))
            self.attributes[id(method)] = found
        return self.attributes[id(method)]

    def _used(self, statement: Definition) -> list[str]:
        """The module's definitions that a statement names, in the order in which they are met."""
        pieces = _pieces(statement)
        found = dict.fromkeys(name for piece in pieces for name in self._names_in(piece))
        if len(found) < 2 or len(pieces) == 1:
            return list(found)
        nodes = nodes_of(statement)  # which meets the outside of every piece before the inside of any
        names = (node.id for node in nodes if isinstance(node, ast.Name))
        return [name for name in dict.fromkeys(names) if name in self.defined]

    def _names_in(self, piece: ast.AST) -> tuple[str, ...]:
        if id(piece) not in self.names:
            names = (node.id for node in nodes_of(piece) if isinstance(node, ast.Name))
            self.names[id(piece)] = tuple(name for name in dict.fromkeys(names) if name in self.defined)
        return self.names[id(piece)]

    def form(self, statement: Definition, names: Mapping[str, str]) -> str:
        """The form of a statement, put together from those of a class's own statements."""
        if not isinstance(statement, ast.ClassDef):
            return self._form(statement, names)
        head = copy.copy(statement)
        head.body = []
        parts = (Normal(self.imported, names).text(head), *(self._form(part, names) for part in statement.body))
        return "\0".join(filter(None, parts))

    def _form(self, piece: ast.stmt, names: Mapping[str, str]) -> str:
        key = (id(piece), tuple(names))
        if key not in self.forms:
            self.forms[key] = FORMS.form(self._as_it_stands(piece, names), Normal(self.imported, names), piece)
        return self.forms[key]

    def _as_it_stands(self, piece: ast.stmt, names: Mapping[str, str]) -> bytes:
        """The same for pieces that have the same form because they are the same text, in the same surroundings."""
        first, last = _span(piece)
        place = (piece.col_offset, piece.end_col_offset)
        around = repr((self.rows[first - 1 : last], place, [*self.imported.items()], [*names.items()]))
        return hashlib.sha256(around.encode("utf-8", "surrogatepass")).digest()

    def written(self, used: Mapping[str, Definition]) -> str:
        """The lines of these statements as they stand in the file; of a class those that it was narrowed to."""
        pieces = []
        for statement in used.values():
            lines = (line for first, last in _spans(statement) for line in self.lines[first - 1 : last])
            pieces.append("\n".join(line for line in lines if line is not None))
        return "\n\n".join(pieces)


@lru_cache(maxsize=2)  # a module is looked at part by part, then the next one
def _module_of(source: bytes) -> _Module | None:
    tree, text = parse_source(source), decode_source(source)
    if isinstance(tree, Unparsable) or isinstance(text, Undecodable):
        return None
    nodes = nodes_of(tree)
    lines = _without_docstrings(text.splitlines(), nodes)
    return _Module(_definitions(tree), imports_in(nodes), lines, NEW_ROW.split(text))


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
            yield from (node.id for target in targets for node in nodes_of(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _pieces(statement: Definition) -> Sequence[ast.AST]:
    """What a statement consists of, as far as that is the same object however it was narrowed."""
    if not isinstance(statement, ast.ClassDef):
        return [statement]
    parameters = getattr(statement, "type_params", [])
    return [*statement.bases, *statement.keywords, *statement.body, *statement.decorator_list, *parameters]


def _without_docstrings(lines: list[str], nodes: Iterable[ast.AST]) -> list[str | None]:
    """The lines with None in the place of the docstrings of functions and classes."""
    left: list[str | None] = list(lines)
    for node in nodes:
        if isinstance(node, Function | ast.ClassDef) and len(node.body) > 1 and ast.get_docstring(node):
            docstring = node.body[0]
            span = range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno)
            left[span.start : span.stop] = [None] * len(span)
    return left


def _spans(statement: Definition) -> list[tuple[int, int]]:
    """The first and last lines of a statement; of a class its head's, then those of each of its statements."""
    if isinstance(statement, ast.ClassDef):
        return [(_span(statement)[0], statement.lineno), *map(_span, statement.body)]
    return [_span(statement)]


def _span(statement: ast.stmt) -> tuple[int, int]:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return first, statement.end_lineno or statement.lineno


def imports_in(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """What imported names stand for, wherever among a module's nodes they are imported."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found
