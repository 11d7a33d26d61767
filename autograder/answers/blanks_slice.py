"""Backward slices: the statements of a function that a variable's value needs, in order, and nothing else.

M. Weiser, "Program Slicing", 1984, on the syntax tree. Straight lines are followed exactly. In a loop, a statement that
writes what any kept statement of the loop uses is kept, whatever their order. `return`, `raise` and `assert` are left
out unless the value returned is asked for.
"""

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from autograder.answers.blanks_names import RETURN, Effect, Names, bodies, effect_of, touch

Block = TypeVar("Block", ast.ExceptHandler, ast.match_case)
PASS = ast.Pass()
LEAVES_LOOP = (ast.Break, ast.Continue)


@dataclass(frozen=True)
class Stops:
    """Where a slice ends, because a value is given.

    always: given wherever it is needed. redefined: given in place of the statement that defines it anew; statements
    that make it of its own older value (`scores = scores / 2`) are followed.
    """

    owner: str | None
    always: Names = frozenset()
    redefined: Names = frozenset()


@dataclass(frozen=True)
class Slice:
    """`kept` statements in order, their places in the block, and the variables that they need from outside."""

    kept: list[ast.stmt]
    places: list[int]
    free: Names


def slice_backward(statements: Sequence[ast.stmt], needed: Names, stops: Stops) -> Slice:
    """The part of a block that the needed variables get their values from."""
    kept: list[ast.stmt] = []
    places: list[int] = []
    needed -= stops.always
    for place, statement in reversed(list(enumerate(statements))):
        found = _slice_one(statement, needed, stops)
        given = _given_here(statement, needed, stops)
        if found is not None:
            kept.append(found[0])
            places.append(place)
            needed = found[1] - stops.always
        needed -= given
    return Slice(kept[::-1], places[::-1], needed)


def _given_here(statement: ast.stmt, needed: Names, stops: Stops) -> Names:
    effect = effect_of(statement, stops.owner)
    return frozenset(effect.sets & needed & stops.redefined - effect.uses)


def _slice_one(statement: ast.stmt, needed: Names, stops: Stops) -> tuple[ast.stmt, Names] | None:
    """The statement as far as it is needed, and what is needed before it; None if it is not needed."""
    match statement:
        case ast.For() | ast.While():
            return _slice_loop(statement, needed, stops)
        case ast.If() | ast.With() | ast.Try() | ast.Match():
            return _slice_branches(statement, needed, stops)
    effect = effect_of(statement, stops.owner)
    wanted = effect.writes - _given_here(statement, needed, stops)
    if not touch(wanted, needed, stops.owner):
        return None
    stays = effect.changes | ({RETURN} & needed)  # an earlier return may have left the function
    return statement, (needed - (effect.sets - stays)) | effect.uses


def _slice_branches(statement: ast.stmt, needed: Names, stops: Stops) -> tuple[ast.stmt, Names] | None:
    first, *rest = bodies(statement)
    slices = [slice_backward(body, needed, stops) for body in rest]
    after_first = needed.union(*(part.free for part in slices)) if isinstance(statement, ast.Try) else needed
    slices.insert(0, slice_backward(first, after_first, stops))
    header = effect_of(statement, stops.owner)
    if not any(part.kept for part in slices) and not touch(header.writes, needed, stops.owner):
        return None
    kept = with_bodies(statement, [part.kept for part in slices])
    always_run = isinstance(statement, ast.With)
    return kept, header.uses.union(*(part.free for part in slices), frozenset() if always_run else needed)


def _slice_loop(statement: ast.stmt, needed: Names, stops: Stops) -> tuple[ast.stmt, Names] | None:
    all_needed = _closure(_flat([statement]), needed, stops)
    kept = _prune(statement, all_needed, stops)
    header = effect_of(statement, stops.owner)
    if not _does_something(kept) and not touch(header.sets, needed, stops.owner):
        return None
    return kept, all_needed | header.uses


def _closure(statements: list[ast.stmt], needed: Names, stops: Stops) -> Names:
    """All variables that may be needed somewhere in a loop."""
    effects = [effect_of(statement, stops.owner) for statement in statements]
    headers = frozenset[str]().union(*(effects[i].uses for i, part in enumerate(statements) if bodies(part)))
    needed = (needed | headers) - stops.always
    before: Names | None = None
    while before != needed:
        before = needed
        for effect in (*reversed(effects), *effects):  # both ways, because a loop's last line may feed its first
            if _writes_needed(effect, needed, stops):
                needed |= effect.uses - stops.always
    return needed


def _writes_needed(effect: Effect, needed: Names, stops: Stops) -> bool:
    return touch(effect.writes, needed, stops.owner)


def _flat(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    return [
        found for part in statements for found in (part, *_flat([inner for body in bodies(part) for inner in body]))
    ]


def _prune(statement: ast.stmt, needed: Names, stops: Stops) -> ast.stmt:
    """A compound statement with only the statements in its blocks that write what is needed, or leave the loop."""
    blocks = [
        [_prune(inner, needed, stops) for inner in body if _stays(inner, needed, stops)] for body in bodies(statement)
    ]
    return with_bodies(statement, blocks) if blocks else statement


def _stays(statement: ast.stmt, needed: Names, stops: Stops) -> bool:
    if isinstance(statement, LEAVES_LOOP):
        return True
    inner = [part for body in bodies(statement) for part in body]
    if any(_stays(part, needed, stops) for part in inner):
        return True
    return _writes_needed(effect_of(statement, stops.owner), needed, stops)


def _does_something(statement: ast.stmt) -> bool:
    """Whether a statement is in a compound one that does more than leave a loop."""
    inner = [part for body in bodies(statement) for part in body]
    return any(
        not isinstance(part, (*LEAVES_LOOP, ast.Pass)) and (not bodies(part) or _does_something(part)) for part in inner
    )


def with_bodies(statement: ast.stmt, blocks: list[list[ast.stmt]]) -> ast.stmt:
    """A copy of a compound statement with other blocks, in the order of `bodies`."""
    new = copy.copy(statement)
    match new:
        case ast.If() | ast.For() | ast.While():
            new.body, new.orelse = blocks[0] or [PASS], blocks[1]
        case ast.With():
            new.body = blocks[0] or [PASS]
        case ast.Try():
            new.handlers = [_with_body(handler, body) for handler, body in zip(new.handlers, blocks[1:-2], strict=True)]
            new.body, new.orelse = blocks[0] or [PASS], blocks[-2]
            new.finalbody = blocks[-1] or ([] if new.handlers else [PASS])
        case ast.Match():
            new.cases = [_with_body(case, body) for case, body in zip(new.cases, blocks, strict=True)]
    return new


def _with_body(block: Block, body: list[ast.stmt]) -> Block:
    new = copy.copy(block)
    new.body = body or [PASS]
    return new
