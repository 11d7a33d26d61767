"""Where in a student's function the content of a blank may stand, likeliest place first."""

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from autograder.answers.blanks_functions import Function, parameter_names
from autograder.answers.blanks_match import Match, Scope, unify
from autograder.answers.blanks_names import RETURN, Names, effect_within, has_blank, touch, uses_of
from autograder.answers.blanks_normal import normalised
from autograder.answers.blanks_pattern import (
    Assignment,
    Pattern,
    assigned_value,
    assignments,
    expressions,
    flat,
    owner_of,
    scope_of,
)
from autograder.answers.blanks_slice import Stops, slice_backward
from autograder.answers.python_source import children, once_a_node

INLINED_DEPTH = 4  # of the tree: an argument of an argument
AROUND = re.compile(r"dropout|norm", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """A student's function and what is looked for in it. Names are the student's.

    parameters: the template's name -> the student's. given: a plain name -> the name it is given under.
    given_attributes: "self.W_o".
    """

    pattern: Pattern
    function: Function
    body: list[ast.stmt]
    scope: Scope
    owner: str | None
    target: str
    parameters: Mapping[str, str]
    given: Mapping[str, str]
    given_attributes: Names

    @property
    def given_locals(self) -> Names:
        return frozenset(name for name in self.given if name not in self.scope.parameters)


@dataclass(frozen=True)
class Candidate:
    """A value in the student's function: that of `value` after the statements `before`, or what these return if None.

    earlier: how many statements write the target before. final: none does afterwards.
    renamed: further given names, as in Search.given.
    """

    kind: str
    before: list[ast.stmt]
    value: ast.expr | None
    written: ast.AST
    line: int
    earlier: int = 0
    final: bool = True
    renamed: Mapping[str, str] = field(default_factory=dict)


def search_in(pattern: Pattern, path: str, function: Function, target: str, given: Sequence[str]) -> Search:
    """Translate the template's names to the student's."""
    body, scope = _inside(function)
    parameters = _same_places(pattern.scope, scope, parameter_names(function))
    owner = owner_of(path, function)
    plain = {parameters.get(name, name): name for name in given if "." not in name}
    attributes = frozenset(f"{owner}.{name.partition('.')[2]}" for name in given if "." in name)
    own_target = f"{owner}.{target.partition('.')[2]}" if "." in target else target
    return Search(pattern, function, body, scope, owner, own_target, parameters, plain, attributes)


@once_a_node  # several blanks of a homework are in one function
def _inside(function: Function) -> tuple[list[ast.stmt], Scope]:
    body = normalised(function.body)
    return body, scope_of(function, body)


def candidates(search: Search) -> Iterator[Candidate]:
    """Holes in the target's own statement, then anywhere; then the target's value; then what is returned; then the
    same with a given name in place of what the student wrote there in its stead.
    """
    found = list(_holes_in_place(search)) or list(_holes_anywhere(search))
    yield from found
    yield from _assigned(search)
    if search.pattern.returns_target:
        yield from _returned(search)
    yield from _with_given_parts(search)


def computed(search: Search) -> Iterator[Candidate]:
    """Everything that the function computes on the way, outermost first: for where the target has no name at all.

    What is scaled or added to at once is not a value of its own: `2 * q` is not q. `softmax(Q @ K.mT)` is looked at
    as it is, and as `softmax(scores)` where scores are given and the student has no such name.
    """
    if "." in search.target or target_statements(search):
        return
    found = list(expressions(search.body))
    inside = {id(part) for node, _ in found if _is_arithmetic(node) for part in (node.left, node.right)}
    for node, before in found:
        if isinstance(node, ast.Call | ast.BinOp) and id(node) not in inside and not has_blank(node):
            for value in (node, *inlined(search, node)):
                yield Candidate("computed", before, value, node, node.lineno, final=False)


def _is_arithmetic(node: ast.expr) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult)


def target_statements(search: Search) -> list[Assignment]:
    return list(assignments(search.body, search.target, search.owner))


def empty_line(search: Search) -> int | None:
    """The line of the target's assignment with nothing in the blank's place, if none of them has anything there."""
    statements = target_statements(search)
    matches = [_unify(search, part.value, rename=True) for part in statements]
    if any(match and not is_empty(match.hole) for match in matches):
        return None
    unfilled = [part.statement.lineno for part, match in zip(statements, matches, strict=True) if match]
    unfilled += [part.statement.lineno for part in statements if all(is_empty(other.value) for other in statements)]
    return unfilled[0] if unfilled else None


def is_empty(value: ast.expr) -> bool:
    """Whether an expression stands for nothing filled in: None, `...`, "" or the blank."""
    if isinstance(value, ast.Constant):
        return value.value is None or value.value is ... or value.value == ""
    return has_blank(value)


def _same_places(template: Scope, student: Scope, names: list[str]) -> dict[str, str]:
    """The template's parameters by the student's: of the same name, else at the same place."""
    own = set(template.parameters)
    pairs = {name: name for name in template.parameters if name in student.parameters}
    for wanted, name in zip(template.parameters, names, strict=False):
        if wanted not in pairs and name not in own:
            pairs[wanted] = name
    return pairs


def _unify(search: Search, node: ast.expr, *, rename: bool) -> Match | None:
    pattern = search.pattern
    return unify(pattern.value, node, pattern.scope, search.scope, dict(search.parameters), rename=rename)


def _hole(match: Match, before: list[ast.stmt]) -> Candidate:
    return Candidate("hole", before, match.hole, match.hole, match.hole.lineno, renamed=match.renamed)


def _holes_in_place(search: Search) -> Iterator[Candidate]:
    for place in _live_places(search):
        before = tuple(search.body[:place])
        for assignment in assignments([search.body[place]], search.target, search.owner, before):
            for value in _bare_values(search, assignment.value):
                strict = _unify(search, value, rename=False)
                match = strict or _unify(search, value, rename=True)
                if match and not is_empty(match.hole):
                    yield _hole(match, assignment.before)


def _bare_values(search: Search, value: ast.expr) -> Iterator[ast.expr]:
    """A value, then what it is without the dropout, the normalisation or the residual that a student put around it:
    where the template has more than the blank, so that what is inside can be told by its form.
    """
    yield value
    if isinstance(search.pattern.value, ast.Name):
        return
    match value:
        case ast.Call(func=function, args=[first, *_]) if AROUND.search(ast.unparse(function)):
            yield from _bare_values(search, first)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _bare_values(search, left)
            yield from _bare_values(search, right)


def _holes_anywhere(search: Search) -> Iterator[Candidate]:
    """Where the target has another name, or none. Only for a form that the template's function has just once."""
    if not search.pattern.is_unique or target_statements(search):
        return
    values = {id(_without_dropout(value)) for value in _values(search.body)}
    for node, before in expressions(search.body):
        match = _unify(search, node, rename=True)
        if match and not is_empty(match.hole) and (id(node) in values or not match.is_call):
            yield _hole(match, before)


def _values(body: Sequence[ast.stmt]) -> list[ast.expr]:
    """The values that are assigned or returned, whole."""
    holders = [part for part in flat(body) if isinstance(part, ast.Assign | ast.AnnAssign | ast.Return)]
    return [part.value for part in holders if part.value is not None]


def _without_dropout(value: ast.expr) -> ast.expr:
    """`self.dropout(x)` and `F.dropout(x, p)` are x: what is graded is evaluated without dropout."""
    while isinstance(value, ast.Call) and value.args and "dropout" in ast.unparse(value.func).lower():
        value = value.args[0]
    return value


def _assigned(search: Search) -> Iterator[Candidate]:
    """The target's value after the last statement that writes it, after the first, and after those between.

    Only statements count that the returned value needs: not each of several answers is to be tried.
    """
    places = _live_places(search)
    for place in dict.fromkeys([*places[-1:], *places[:1], *places[1:-1]]):
        earlier, final = places.index(place), place == places[-1]
        statement = search.body[place]
        value = assigned_value(statement, search.target, search.owner)
        if value is None or not is_empty(value):
            before = search.body[: place + 1]
            written = statement if value is None else value
            for renamed in ({}, *_renamings(search, value)):
                value_then = _variable(search.target)
                line = statement.lineno
                yield Candidate("assigned", before, value_then, written, line, earlier, final, renamed)


def _live_places(search: Search) -> list[int]:
    """Places of the top statements that write the target, and whose writing the returned value needs."""
    owner, target = search.owner, frozenset({search.target})
    effects = [effect_within(statement, owner).writes for statement in search.body]
    places = [place for place, written in enumerate(effects) if touch(written, target, owner)]
    needed = set(slice_backward(search.body, frozenset({RETURN}), Stops(owner)).places)
    return [place for place in places if place in needed] or places[-1:]


def _returned(search: Search) -> Iterator[Candidate]:
    values = [part.value for part in assignments(search.body, RETURN, search.owner)]
    if values and not is_empty(values[-1]):
        for renamed in ({}, *_renamings(search, values[-1])):
            yield Candidate("returned", search.body, None, values[-1], values[-1].lineno, renamed=renamed)


def _with_given_parts(search: Search) -> Iterator[Candidate]:
    """The target's last value and the last one returned, with a part of each taken as given."""
    targets = (search.target, *([RETURN] if search.pattern.returns_target else []))
    for target in targets:
        for assignment in list(assignments(search.body, target, search.owner))[-1:]:
            value, line = assignment.value, assignment.statement.lineno
            for changed in inlined(search, value):
                yield Candidate("computed", assignment.before, changed, value, line, final=False)


def _lacking(search: Search) -> list[str]:
    """Given local names that the student does not have."""
    return [outer for name, outer in search.given.items() if name in search.given_locals - search.scope.local]


def inlined(search: Search, value: ast.expr) -> Iterator[ast.expr]:
    """The value with the one given name that the student lacks in the place of each part near its outside."""
    lacking = _lacking(search)
    if len(lacking) == 1 and not has_blank(value):
        for part in _parts(value, INLINED_DEPTH):
            if isinstance(part, ast.Call | ast.BinOp) or (isinstance(part, ast.Name) and part.id in search.scope.local):
                yield _replaced(value, part, ast.copy_location(ast.Name(lacking[0], ast.Load()), part))


def _parts(value: ast.AST, depth: int) -> Iterator[ast.expr]:
    """Expressions inside, those on the outside first."""
    inner = children(value)
    yield from (part for part in inner if isinstance(part, ast.expr))
    if depth > 1:
        for part in inner:
            yield from _parts(part, depth - 1)


def _replaced(node: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    """A copy with one part exchanged."""
    return copy.deepcopy(node, {id(old): new})


def _renamings(search: Search, value: ast.expr | None) -> Iterator[dict[str, str]]:
    """Ways to read a local name of the student as the given one that the student does not have."""
    lacking = _lacking(search)
    if value is None or len(lacking) != 1:
        return
    looked_at = uses_of(value, search.owner) & search.scope.local - set(search.given) - {search.target}
    yield from ({name: lacking[0]} for name in sorted(looked_at))


def _variable(target: str) -> ast.expr:
    owner, _, name = target.rpartition(".")
    return ast.Attribute(ast.Name(owner, ast.Load()), name, ast.Load()) if owner else ast.Name(name, ast.Load())
