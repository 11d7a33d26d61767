"""Single-point changes that tensor code invites and Cosmic Ray does not make: einsum letters, names, arguments, lines.

    for mutant in mutants_of(source, functions=("kernel_attention",)): mutant.text

Each is one change of the syntax tree; two that come out as the same text are one mutant.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Eq: ast.NotEq, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
RELATED = (
    ("W_q", "W_k", "W_v", "W_o"),
    ("Q", "K", "V"),
    ("q", "k", "v"),
    ("prev_K", "prev_V"),
    ("new_K", "new_V"),
    ("phi_Q", "phi_K"),
    ("d_model", "num_heads", "d_k"),
    ("batch_size", "seq_length"),
    ("softmax", "sigmoid", "log_softmax"),
    ("argmax", "argmin"),
    ("ones_like", "zeros_like"),
    ("cat", "stack"),
    ("i", "j"),
)
Change = Callable[[], None]


@dataclass(frozen=True)
class Mutant:
    """A changed text. `where` is the function, `change` the old and the new piece of code."""

    where: str
    change: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.where}: {self.change}"


def mutants_of(source: str, functions: Sequence[str] = ()) -> list[Mutant]:
    """All mutants of the functions ("f", "Class.method"), or of the statements that are in none if there are none."""
    tree = ast.parse(source)
    known: dict[str, Mutant] = {}
    for where, body in bodies_of(tree, functions):
        for statement in body:
            for mutant in _of_statement(tree, where, body, statement):
                known.setdefault(plain(mutant.text), mutant)
    known.pop(plain(ast.unparse(tree)), None)
    return list(known.values())


def leaves(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in order, with those in the branches of an `if` after it."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from leaves(statement.body)


def plain(text: str) -> str:
    """Text in which --1 and +1 are 1."""
    return re.sub(r"--|(?<=[\[(=, ])\+(?=\d)", "", text)


def bodies_of(tree: ast.Module, functions: Sequence[str]) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Each function's name and statements."""
    if not functions:
        yield "module", tree.body
    for wanted in functions:
        body: list[ast.stmt] = tree.body
        for step in wanted.split("."):
            found = next(
                node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == step
            )
            body = found.body
        yield wanted, body


def _of_statement(tree: ast.Module, where: str, body: list[ast.stmt], statement: ast.stmt) -> Iterator[Mutant]:
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) or _is_text(statement):
        return
    place = body.index(statement)
    body[place] = ast.copy_location(ast.Pass(), statement)
    yield Mutant(where, f"{short(statement)}  ->  dropped", ast.unparse(tree))
    body[place] = statement
    if isinstance(statement, ast.If):
        for inner in list(statement.body):
            yield from _of_statement(tree, where, statement.body, inner)
    line = short(statement)
    for node in ast.walk(statement):
        for change in _changes(node):
            before = copy.copy(vars(node))
            kept = {key: list(value) for key, value in before.items() if isinstance(value, list)}
            change()
            yield Mutant(where, f"{line}  ->  {short(statement)}", ast.unparse(tree))
            vars(node).update(before)
            vars(node).update(kept)


def _is_text(statement: ast.stmt) -> bool:
    """A docstring, or words as an answer."""
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def short(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BinOp():
            for operator in OPERATORS.get(type(node.op), ()):
                yield _set(node, "op", operator())
            yield _set_both(node)
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield _set(node, "ops", [COMPARISONS[type(operator)]()])
        case ast.UnaryOp():
            yield _set(node, "op", ast.UAdd() if isinstance(node.op, ast.USub) else ast.USub())
        case ast.Constant():
            yield from (_set(node, "value", value) for value in _other_constants(node.value))
        case ast.Name() | ast.Attribute():
            yield from _other_names(node)
        case ast.Call() if node.args or node.keywords:
            yield from _other_arguments(node)
        case ast.Return(value=ast.expr() as value):
            yield _set(node, "value", ast.Tuple([value, value], ast.Load()))


def _set(node: ast.AST, field: str, value: object) -> Change:
    return lambda: setattr(node, field, value)


def _set_both(node: ast.BinOp) -> Change:
    def swap() -> None:
        node.left, node.right = node.right, node.left

    return swap


def _other_constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, -value) if value else (1, -1)
    elif isinstance(value, str) and "->" in value:
        yield from _other_letters(value)


def _other_letters(letters: str) -> Iterator[str]:
    """Einsum letters with two neighbours of one operand exchanged, or with one letter of the result left out."""
    sides, _, result = letters.partition("->")
    operands = [*sides.split(","), result]
    for place, operand in enumerate(operands):
        for at in range(len(operand) - 1):
            swapped = operand[:at] + operand[at + 1] + operand[at] + operand[at + 2 :]
            changed = [*operands[:place], swapped, *operands[place + 1 :]]
            yield f"{','.join(changed[:-1])}->{changed[-1]}"
    for letter in result:
        yield f"{sides}->{result.replace(letter, '')}"


def _other_names(node: ast.Name | ast.Attribute) -> Iterator[Change]:
    field = "id" if isinstance(node, ast.Name) else "attr"
    name = getattr(node, field)
    for group in RELATED:
        if name in group:
            yield from (_set(node, field, other) for other in group if other != name)


def _other_arguments(node: ast.Call) -> Iterator[Change]:
    if len(node.args) >= 2:
        yield _set(node, "args", [node.args[1], node.args[0], *node.args[2:]])
        yield _set(node, "args", node.args[:-1])
    if node.keywords:
        yield _set(node, "keywords", node.keywords[:-1])
    if node.args and isinstance(node.func, ast.Attribute | ast.Name):
        yield _set(node, "func", ast.Lambda(_ANY, ast.Name("x", ast.Load())))


_ANY = ast.arguments(
    posonlyargs=[],
    args=[ast.arg("x")],
    vararg=ast.arg("more"),
    kwonlyargs=[],
    kw_defaults=[],
    kwarg=ast.arg("named"),
    defaults=[],
)
