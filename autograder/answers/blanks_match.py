"""Unifies a template's expression, which has one blank in it, with an expression of a student.

    template    torch.matmul(____, K.transpose(-2, -1))
    student     Q @ K.transpose(-1, -2)                       the blank is Q

Calls that PyTorch writes in several ways are compared by what they do (`CANONICAL`), all others by their form. Names
agree if they are equal, if they are parameters at the same place, or, where `rename` allows it, if both are local.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.answers.blanks_names import Names, is_blank_name

Canonical = tuple[str, tuple[ast.expr, ...]]


@dataclass(frozen=True)
class Scope:
    """The names of a function. `local` are those it assigns, `parameters` those it is called with."""

    parameters: tuple[str, ...]
    local: Names

    def is_outer(self, name: str) -> bool:
        """Whether a name comes from the module: `torch`, `nn`, `F`."""
        return name not in self.local and name not in self.parameters


@dataclass(frozen=True)
class Match:
    """`hole` is what stands in the blank. If the blank is a function's name, it is the whole call.

    `renamed` maps the student's local names to the template's. is_call: the blank is a function's name.
    """

    hole: ast.expr
    renamed: dict[str, str]
    is_call: bool = False


@dataclass
class _Unifier:
    template: Scope
    student: Scope
    parameters: dict[str, str]
    rename: bool
    hole: ast.expr | None = None
    names_a_function: bool = False
    renamed: dict[str, str] = field(default_factory=dict)

    def unify(self, pattern: ast.AST, node: ast.AST) -> bool:
        match pattern:
            case ast.Name(id=name) if is_blank_name(name):
                self.hole = node if isinstance(node, ast.expr) else None
                return self.hole is not None
            case ast.Attribute(value=owner, attr=name) if is_blank_name(name):
                self.names_a_function = True
                return isinstance(node, ast.Attribute) and self._same_owner(owner, node.value)
            case ast.Name(id=name):
                return isinstance(node, ast.Name) and self._same_name(name, node.id)
        known, found = canonical(pattern, self.template), canonical(node, self.student)
        if known is not None:
            return found is not None and known[0] == found[0] and self._unify_all(known[1], found[1])
        return self._same_form(pattern, node)

    def _same_owner(self, wanted: ast.expr, owner: ast.expr) -> bool:
        """Whether both belong to a module, whichever (`torch.softmax`, `F.softmax`), or to the same object."""
        of_module = is_dotted_outer(wanted, self.template) and is_dotted_outer(owner, self.student)
        return of_module or self.unify(wanted, owner)

    def _same_name(self, wanted: str, name: str) -> bool:
        if wanted in self.parameters:
            return name == self.parameters[wanted]
        if wanted == name:
            return True
        fits = self.rename and wanted in self.template.local and name in self.student.local
        if not fits or name in self.student.parameters:
            return False
        return self.renamed.setdefault(name, wanted) == wanted

    def _same_form(self, pattern: ast.AST, node: ast.AST) -> bool:
        if type(pattern) is not type(node):
            return False
        if isinstance(pattern, ast.Constant) and isinstance(node, ast.Constant):
            return type(pattern.value) is type(node.value) and pattern.value == node.value
        pairs = [
            (value, getattr(node, name)) for name, value in ast.iter_fields(pattern) if name not in {"ctx", "kind"}
        ]
        return all(self._same_field(value, other) for value, other in pairs)

    def _same_field(self, value: object, other: object) -> bool:
        if isinstance(value, ast.AST):
            return isinstance(other, ast.AST) and self.unify(value, other)
        if isinstance(value, list):
            return isinstance(other, list) and len(value) == len(other) and all(map(self._same_field, value, other))
        return value == other

    def _unify_all(self, patterns: Sequence[ast.expr], nodes: Sequence[ast.expr]) -> bool:
        return len(patterns) == len(nodes) and all(map(self.unify, patterns, nodes))


def unify(
    pattern: ast.expr, node: ast.expr, template: Scope, student: Scope, parameters: dict[str, str], *, rename: bool
) -> Match | None:
    """What stands in the pattern's blank, if `node` has its form. `parameters`: template's name -> student's name."""
    unifier = _Unifier(template, student, parameters, rename)
    if not unifier.unify(pattern, node):
        return None
    hole = node if unifier.names_a_function else unifier.hole
    return Match(hole, unifier.renamed, unifier.names_a_function) if hole is not None else None


def canonical(node: ast.AST, scope: Scope) -> Canonical | None:
    """What a call does, if it is one of those with several spellings, and to what."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return "matmul", (left, right)
        case ast.Attribute(value=matrix, attr="mT"):
            return "mT", (matrix,)
        case ast.Call(func=ast.Attribute(value=value, attr=name)):
            of_module = is_dotted_outer(value, scope)
            return _known_call(node, name, () if of_module else (value,))
        case ast.Call(func=ast.Name(id=name)) if scope.is_outer(name):
            return _known_call(node, name, ())
    return None


def is_dotted_outer(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a module: `torch`, `torch.nn.functional`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and scope.is_outer(node.id)


def _known_call(call: ast.Call, name: str, first: tuple[ast.expr, ...]) -> Canonical | None:
    known = CANONICAL.get(name)
    if known is None or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    return known(list(_arguments(call, first)))


def _arguments(call: ast.Call, first: tuple[ast.expr, ...]) -> Iterator[tuple[str | int, ast.expr]]:
    """Every argument with its name, or its place."""
    yield from enumerate((*first, *call.args))
    yield from ((keyword.arg or "**", keyword.value) for keyword in call.keywords)


Arguments = list[tuple[str | int, ast.expr]]


def _take(arguments: Arguments, *signature: tuple[str, ...]) -> tuple[ast.expr, ...] | None:
    """The arguments in the signature's order, each by place or by name; None if one is missing or left over."""
    by_key = dict(arguments)
    taken = []
    for place, names in enumerate(signature):
        key = next((key for key in (place, *names) if key in by_key), None)
        if key is None:
            return None
        taken.append(by_key.pop(key))
    return None if by_key else tuple(taken)


def _matmul(arguments: Arguments) -> Canonical | None:
    factors = _take(arguments, ("input",), ("other", "mat2"))
    return ("matmul", factors) if factors else None


def _linear(arguments: Arguments) -> Canonical | None:
    plain = [(key, value) for key, value in arguments if key not in {2, "bias", "device", "dtype"}]
    sizes = _take(plain, ("in_features",), ("out_features",))
    return ("Linear", sizes) if sizes else None


def _transpose(arguments: Arguments) -> Canonical | None:
    taken = _take(arguments, ("input",), ("dim0", "axis0"), ("dim1", "axis1"))
    if taken is None or {_integer(dim) for dim in taken[1:]} not in ({-1, -2}, {2, 3}):
        return None
    return "mT", taken[:1]


def _permute(arguments: Arguments) -> Canonical | None:
    dims = [_integer(dim) for _, dim in arguments[1:]]
    return ("mT", (arguments[0][1],)) if dims == [0, 1, 3, 2] else None


def _integer(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None


CANONICAL: dict[str, Callable[[Arguments], Canonical | None]] = {
    "matmul": _matmul,
    "bmm": _matmul,
    "mm": _matmul,
    "Linear": _linear,
    "transpose": _transpose,
    "swapaxes": _transpose,
    "swapdims": _transpose,
    "permute": _permute,
}
