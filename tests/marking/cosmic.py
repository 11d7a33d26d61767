"""Mutants by Cosmic Ray's operators: every one of them at every place, in the bodies of the functions named.

A. Bingham and others, https://github.com/sixty-north/cosmic-ray. Its operators that need arguments are left out: they put
random numbers in place of variables. `mutation` has those that a homework on tensors needs besides.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import count

from cosmic_ray import plugins
from cosmic_ray.mutating import mutate_code

from tests.marking.mutation import Mutant, bodies_of, leaves, plain, short

WITHOUT_ARGUMENTS = [name for name in plugins.operator_names() if not plugins.get_operator(name).arguments()]


def cosmic_mutants(source: str, functions: Sequence[str]) -> Iterator[Mutant]:
    """Each is a change of one statement of one of the functions; two that come out as the same code are one."""
    seen = {plain(ast.unparse(ast.parse(source)))}
    for name in WITHOUT_ARGUMENTS:
        for occurrence in count():
            text = mutate_code(source, plugins.get_operator(name)(), occurrence)
            if text is None:
                break
            mutant = _mutant(source, text, functions)
            if mutant is not None and plain(mutant.text) not in seen:
                seen.add(plain(mutant.text))
                yield mutant


def _mutant(source: str, text: str, functions: Sequence[str]) -> Mutant | None:
    """None if the change is elsewhere, in a signature for instance, or is no Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    places = zip(bodies_of(ast.parse(source), functions), bodies_of(tree, functions), strict=True)
    for (where, before), (_, after) in places:
        pairs = zip(map(short, leaves(before)), map(short, leaves(after)), strict=True)
        changed = next(((old, new) for old, new in pairs if old != new), None)
        if changed:
            return Mutant(where, "  ->  ".join(changed), ast.unparse(tree))
    return None
