"""Finds what a student wrote in a blank of the template's code, so that it can be run alone.

    template    attn_scores = torch.matmul(____, K.transpose(-2, -1))
    student     scores = Q @ K.mT / math.sqrt(self.d_k)

The blank has one or several `Reading`s, each a piece of the student's own text that gives a value when it is run with
the `given` names bound. A blank is right if one of its readings has the right value:
    hole       the student's statement or expression has the template's form: what stands in the template's blank
    assigned   the value that the target gets in the student's code
    returned   what the function returns, where the template returns the target
    computed   a value that the function computes on its way, where nothing has the target's name
Each comes with its backward slice: all statements of the function that the value needs, and no others. So what stands
in other blanks does not matter. Names that are given end a slice in up to three ways:
    faithful   a given parameter is followed through its changes; a given local name is given in place of the statement
               that defines it anew, and then followed (`scores = ...` given, `scores = scores / 2` kept). Attributes
               that `__init__` sets are set as there, except those given as "self.name"
    cut        every given name has its given value wherever it is looked at
    whole      given local names are computed from the given parameters, as the student does
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice

from autograder.answers.blanks_candidates import (
    Candidate,
    Search,
    candidates,
    computed,
    empty_line,
    search_in,
)
from autograder.answers.blanks_functions import Function, defaults, find_function
from autograder.answers.blanks_names import RETURN, Names, has_blank, uses_of
from autograder.answers.blanks_pattern import flat, pattern_of
from autograder.answers.blanks_prelude import prelude
from autograder.answers.blanks_slice import Stops, slice_backward
from autograder.answers.blanks_text import attributes_read, text_of, written
from autograder.answers.python_source import Unparsable, nodes_of, once_a_node, parse_source

BLANK = "____"
HOLE_MODES = ("cut", "faithful", "whole")
VALUE_MODES = ("faithful", "cut", "whole")
MODES = {"hole": HOLE_MODES, "assigned": VALUE_MODES, "returned": VALUE_MODES, "computed": HOLE_MODES[:1]}
MOST_COMPUTED = 48
MOST_CANDIDATES = 24
MOST_READINGS = 24
MOST_STATEMENTS = 300
MOST_NODES = 10_000  # of a function; the homework's have about 300


@dataclass(frozen=True)
class Reading:
    """A piece of the student's text with a value: run `statements`, then evaluate `expression`.

    line: in the student's module. used: the given names that it needs bound. attributes: of the object given as
    `self`, those that it looks at. written: what the student wrote there, on one line. earlier: how many statements
    write the target before this one. final: False if another one does so afterwards.
    """

    kind: str
    statements: str
    expression: str
    line: int
    used: frozenset[str]
    attributes: frozenset[str]
    written: str
    earlier: int = 0
    final: bool = True


class Readings:
    """At least one reading, likeliest first. Each is made when it is first looked at: most answers need no second."""

    def __init__(self, first: Reading, others: Iterator[Reading]) -> None:
        self._known = [first]
        self._others = others

    def __iter__(self) -> Iterator[Reading]:
        for place in count():
            if place == len(self._known):
                self._known += islice(self._others, 1)
            if place == len(self._known):
                return
            yield self._known[place]

    @property
    def first(self) -> Reading:
        return self._known[0]


@dataclass(frozen=True)
class Blank:
    """What may be in the blank."""

    readings: Readings


@dataclass(frozen=True)
class Unanswered:
    """The blank is still there, or stands for nothing: None, `...`, "", or a function that is not written yet."""

    line: int | None = None


@dataclass(frozen=True)
class NotFound:
    """The student's code has no such blank: "function", "target", or a kind of Unparsable ("syntax", "too_long")."""

    reason: str
    line: int | None = None


def find_blank(
    source: str | bytes, template_source: str | bytes, *, function: str, target: str, given: tuple[str, ...] = ()
) -> Blank | Unanswered | NotFound:
    """What stands in the template's blank for `target` in `function`.

    function: "step" or "Class.method". target: the variable that gets a value in the blank's statement, "q" or
    "self.W_k", or "return". given: the names that will be bound when a reading is run: parameters and local variables
    of the template's function, and attributes ("self.W_o") that keep the value which they have in what is given as
    `self`. Raises HomeworkInvalid if the template has no such blank. No code is run.
    """
    pattern = pattern_of(template_source, function, target)
    tree = parse_source(source)
    if isinstance(tree, Unparsable):
        return NotFound(tree.kind, tree.line)
    found = find_function(tree, function)
    if found is None:
        return NotFound("function")
    if _size(found) > MOST_NODES:
        return NotFound("too_long", found.lineno)
    try:
        return _find(tree, search_in(pattern, function, found, target, given), function)
    except RecursionError:
        return NotFound("too_deep", found.lineno)


@once_a_node
def _size(function: Function) -> int:
    return len(nodes_of(function))


def _find(tree: ast.Module, search: Search, path: str) -> Blank | Unanswered | NotFound:
    if len(flat(search.body)) > MOST_STATEMENTS:
        return NotFound("too_long", search.function.lineno)
    unfilled = empty_line(search)
    if unfilled is not None:
        return Unanswered(unfilled)
    readings = _distinct(_readings(tree, search, path))
    first = next(readings, None)
    if first is not None:
        most = MOST_COMPUTED if first.kind == "computed" else MOST_READINGS
        return Blank(Readings(first, _as_deep_as_can_be(islice(readings, most - 1))))
    if _is_unwritten(search):
        return Unanswered(search.function.lineno)
    return NotFound("target", search.function.lineno)


def _distinct(readings: Iterable[Reading]) -> Iterator[Reading]:
    seen: set[tuple[str, str]] = set()
    for found in readings:
        text = (found.statements, found.expression)
        if text not in seen:
            seen.add(text)
            yield found


def _as_deep_as_can_be(readings: Iterator[Reading]) -> Iterator[Reading]:
    """The readings up to one that is nested too deeply to be written down."""
    with suppress(RecursionError):
        yield from readings


def _is_unwritten(search: Search) -> bool:
    return not search.body or isinstance(search.body[0], ast.Raise)


def _readings(tree: ast.Module, search: Search, path: str) -> Iterator[Reading]:
    owner_class, _, method = path.rpartition(".")
    init = find_function(tree, f"{owner_class}.__init__") if owner_class and method != "__init__" else None
    likely = list(islice(candidates(search), MOST_CANDIDATES))
    guesses = [] if likely or _is_unwritten(search) else islice(computed(search), MOST_COMPUTED)
    for candidate in likely or guesses:
        names = {**search.given, **candidate.renamed}
        for mode in MODES[candidate.kind]:
            reading = _reading(search, candidate, names, mode, init)
            if reading is not None:
                yield reading


def _reading(
    search: Search, candidate: Candidate, names: Mapping[str, str], mode: str, init: Function | None
) -> Reading | None:
    needed = frozenset({RETURN}) if candidate.value is None else uses_of(candidate.value, search.owner)
    kept = slice_backward(candidate.before, needed, _stops(search, frozenset(candidate.renamed), mode)).kept
    if init is not None and mode != "cut":
        read = attributes_read(kept, candidate.value, search.owner)
        kept = [*prelude(search, init, read), *kept]
    if any(has_blank(part) for part in kept):
        return None
    text = text_of(kept, candidate.value, names, {**(defaults(init) if init else {}), **defaults(search.function)})
    if text is None:
        return None
    read = attributes_read(kept, candidate.value, search.owner)
    return Reading(
        kind=candidate.kind,
        statements=text.statements,
        expression=text.expression,
        line=candidate.line,
        used=text.used,
        attributes=read,
        written=written(candidate.written),
        earlier=candidate.earlier,
        final=candidate.final,
    )


def _stops(search: Search, renamed: Names, mode: str) -> Stops:
    local = search.given_locals | renamed
    if mode == "cut":
        return Stops(search.owner, always=search.given_attributes | frozenset(search.given) | renamed)
    return Stops(search.owner, always=search.given_attributes, redefined=local if mode == "faithful" else frozenset())
