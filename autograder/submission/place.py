"""Where a submission's files may stand: at its top (the place ""), or in one folder below it (the folder's name)."""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from autograder.submission.model import ExpectedFiles, IntakeProblem, shown

IGNORED = frozenset(
    {"__MACOSX", ".DS_Store", ".ipynb_checkpoints", "__pycache__", ".git", ".venv", "venv", "Thumbs.db"}
)
APPLE_DOUBLE = "._"
# A module of one's own is not taken under the name of a library, nor of what Python or pytest look for by themselves.
RESERVED = frozenset(
    {
        *sys.stdlib_module_names,
        "torch",
        "numpy",
        "sympy",
        "mpmath",
        "pytest",
        "conftest",
        "sitecustomize",
        "usercustomize",
    }
)
NAMES_TOLD = 5

Read = Callable[[int], bytes | str]


@dataclass(frozen=True)
class Place:
    """What one place holds. `read` maps an expected file's name to a function that gives at most so many bytes.

    That function returns a problem's kind (a `str`) in place of bytes it refuses. `others` are further names;
    `further` does for those that can be modules of the student's own what `read` does for the expected ones.
    """

    name: str
    read: Mapping[str, Read]
    others: tuple[str, ...] = ()
    further: Mapping[str, Read] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """The place that is graded, and what is to be said about it."""

    place: Place
    problems: tuple[IntakeProblem, ...] = ()


def is_ignored(name: str) -> bool:
    """Whether a file or folder is left behind by a file manager, an editor or Python, and no one handed it in."""
    return name in IGNORED or name.startswith(APPLE_DOUBLE)


def may_be_module(name: str) -> bool:
    """Whether a file can be a module of the student's own, which the homework's modules import."""
    stem, _, ending = name.rpartition(".")
    return ending == "py" and stem.isascii() and stem.isidentifier() and stem not in RESERVED


def choose(places: Iterable[Place], expected: ExpectedFiles) -> Choice:
    """Pick the place with the most expected modules; then the one with the most data files, the top, the alphabet."""
    held = sorted((place for place in places if place.read), key=lambda place: _rank(place, expected))
    if not held:
        return Choice(Place("", {}), (IntakeProblem("nothing_found"),))
    chosen, *rest = held
    return Choice(chosen, (*_several(chosen, rest), *_only_elsewhere(chosen, rest)))


def name_hints(places: Iterable[Place], expected: ExpectedFiles) -> Iterable[IntakeProblem]:
    """Names that look like a slip of an expected name that is missing: `Q1_scaling.py`, `q1_scaling (1).py`."""
    held = list(places)
    found = {name.removesuffix(".ipynb") for place in held for name in place.read}
    wanted = {_bare(name): name for name in expected.names if not {name, name.removesuffix(".py")} & found}
    for name in sorted({name for place in held for name in place.others}):
        if _bare(name) in wanted:
            yield IntakeProblem("similar_name", "", {"found": shown(name), "expected": wanted[_bare(name)]})


def other_modules(place: Place, taken: Collection[str]) -> Iterable[IntakeProblem]:
    """Python files that are not part of the homework, and that none of its modules imports."""
    names = sorted(shown(name) for name in place.others if name.endswith(".py") and name not in taken)
    if names:
        yield IntakeProblem("other_modules", "", {"files": tuple(names[:NAMES_TOLD])})


def _rank(place: Place, expected: ExpectedFiles) -> tuple[int, int, str]:
    modules = sum(f"{module}.py" in place.read or f"{module}.ipynb" in place.read for module in expected.modules)
    return -modules, -len(place.read), place.name


def _several(chosen: Place, rest: list[Place]) -> Iterable[IntakeProblem]:
    if rest:
        others = tuple(shown(place.name) for place in rest[:NAMES_TOLD])
        yield IntakeProblem("several_places", "", {"chosen": shown(chosen.name), "others": others})


def _only_elsewhere(chosen: Place, rest: list[Place]) -> Iterable[IntakeProblem]:
    """Files that are missing where the others are, but lie in another place: said, and not taken."""
    for place in rest[:NAMES_TOLD]:
        files = tuple(name for name in place.read if name not in chosen.read)
        if files:
            yield IntakeProblem("elsewhere", "", {"files": files, "place": shown(place.name)})


def _bare(name: str) -> str:
    """A name without case, spaces, signs, and the " (1)" or " copy" that browsers and file managers add."""
    stem, _, ending = name.casefold().removesuffix(".txt").rpartition(".")
    for suffix in (" copy", "_copy", " - copy"):
        stem = stem.removesuffix(suffix)
    if stem.endswith(")") and "(" in stem:
        stem = stem[: stem.rindex("(")]
    return "".join(character for character in stem if character.isalnum()) + "." + ending
