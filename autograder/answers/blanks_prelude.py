"""The lines of a class's `__init__` that set what a method looks at: `self.scale = self.d_k ** -0.5`."""

import ast

from autograder.answers.blanks_candidates import Search
from autograder.answers.blanks_functions import Function, defaults, parameter_names
from autograder.answers.blanks_names import Names, has_blank
from autograder.answers.blanks_normal import normalised
from autograder.answers.blanks_pattern import scope_of
from autograder.answers.blanks_slice import Stops, slice_backward


def prelude(search: Search, init: Function, attributes: Names) -> list[ast.stmt]:
    """Statements that set the attributes, as far as they need no more than what is given, and are not blank.

    A layer among them is put in evaluation mode, where dropout does nothing.
    """
    if search.owner is None or parameter_names(init)[:1] != [search.owner]:
        return []
    body = normalised(init.body)
    statements: list[ast.stmt] = []
    kept_places: set[int] = set()
    for name in sorted(attributes - {"*"}):
        places = _places(search, init, body, f"{search.owner}.{name}")
        kept_places |= places
        statements += [_evaluation(search.owner, name)] if places else []
    return [*(body[place] for place in sorted(kept_places)), *statements]


def _places(search: Search, init: Function, body: list[ast.stmt], attribute: str) -> set[int]:
    """Places of the statements of `__init__` that set one attribute; none if they need what is not given."""
    part = slice_backward(body, frozenset({attribute}), Stops(search.owner, always=search.given_attributes))
    scope = scope_of(init, body)
    own = {name for name in part.free if not scope.is_outer(name)}
    if any(has_blank(statement) for statement in part.kept) or not own <= {*search.given, *defaults(init)}:
        return set()
    return set(part.places)


def _evaluation(owner: str, name: str) -> ast.stmt:
    (statement,) = ast.parse(f"getattr({owner}.{name}, 'eval', int)()").body
    return statement
