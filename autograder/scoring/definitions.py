"""Functions that a homework defines: sigma(z) in an answer is put back to what homework.toml says that it is.

A student may write either, and the answer is shown as it was written; judges meet the definition alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from autograder.answers.kinds import parts, walk
from autograder.answers.reader import read
from autograder.answers.reading import Reading, Refusal
from autograder.answers.tree import Call, Name, Node
from autograder.answers.vocabulary import Declared, Definition, Vocabulary
from autograder.checks.symbolic.substitution import rebuilt, substituted
from autograder.errors import HomeworkInvalid

MOST_NODES = 4_000  # of an answer with all definitions put in; one that uses an argument twice doubles at each nesting


def with_definitions(reading: Reading, definitions: Mapping[str, Definition]) -> Reading | Refusal:
    """The reading with every defined function replaced by its formula; refused where that would be too much."""
    if not definitions:
        return reading
    if sum(_size(tree, definitions) for tree in (reading.tree, *reading.others)) > MOST_NODES:
        return Refusal("too_many_terms", understood=reading.read_as, data={"limit": MOST_NODES})
    others = tuple(_put_in(other, definitions) for other in reading.others)
    return replace(reading, tree=_put_in(reading.tree, definitions), others=others)


def formula(name: str, definition: Definition) -> Node:
    """The definition as a tree. Raises HomeworkInvalid if it cannot be read."""
    read_as = _formula(definition)
    if isinstance(read_as, Refusal):
        raise HomeworkInvalid(f'homework.toml: {name} = "{definition}" cannot be read ({read_as.kind})')
    return read_as.tree


@lru_cache(maxsize=64)
def _formula(definition: Definition) -> Reading | Refusal:
    names = tuple(Declared(argument) for argument in definition.arguments)
    return read(definition.text, Vocabulary("expression", names))


def _put_in(node: Node, definitions: Mapping[str, Definition]) -> Node:
    inner = rebuilt(node, lambda child: _put_in(child, definitions))
    if not isinstance(inner, Call) or inner.function not in definitions:
        return inner
    definition = definitions[inner.function]
    given = dict(zip(definition.arguments, inner.arguments, strict=True))
    return substituted(formula(inner.function, definition), given)


def _size(node: Node, definitions: Mapping[str, Definition]) -> int:
    """How many nodes `_put_in` would give; large numbers stand for even larger ones."""
    sizes = [_size(part, definitions) for part in parts(node)]
    if not isinstance(node, Call) or node.function not in definitions:
        return 1 + sum(sizes)
    definition = definitions[node.function]
    body = list(walk(formula(node.function, definition)))
    names = [inner.name for inner in body if isinstance(inner, Name)]
    uses = zip(definition.arguments, sizes, strict=True)
    return len(body) + sum(names.count(argument) * size for argument, size in uses)
