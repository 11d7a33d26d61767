"""What intake hands on: a Submission, and what was strange about it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class ExpectedFiles:
    """The files of a homework: names of modules (without ".py") and of data files."""

    modules: tuple[str, ...]
    data: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """File names, modules first."""
        return (*(f"{module}.py" for module in self.modules), *self.data)

    @property
    def accepted_names(self) -> tuple[str, ...]:
        """File names with those of notebooks that may stand in a module's place."""
        return (*self.names, *(f"{module}.ipynb" for module in self.modules))


@dataclass(frozen=True)
class IntakeProblem:
    """One thing that was found while files were taken in; worded elsewhere.

    About one file (`name` is its expected name):
        link, not_a_file, too_large(limit), unreadable, damaged, encrypted, compression, ratio, duplicate: not taken.
        not_utf8(line), utf16, nul_bytes(line), coding(coding): taken as it is; Python will not import it.
        notebook_commands(left_out): so many lines of the module were commands to a notebook, and are comments now.
        from_notebook(left_out): made of a notebook's code cells; so many lines were commands to the notebook.
        notebook_beside: a notebook of the module's name lies beside it, and the module counts.
        notebook_unreadable: the notebook that stands in its place is not one that can be read.
    About the whole (`name` is ""):
        nothing_found; several_places(chosen, others); elsewhere(files, place); deeper(place); zip_inside(file);
        similar_name(found, expected); other_modules(files); unsafe_member(file); damaged(file).
    Texts in `data` have passed `shown`.
    """

    kind: str
    name: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """A student's files, in memory, by their expected names. Nothing of them was executed."""

    name: str
    files: Mapping[str, bytes]
    problems: tuple[IntakeProblem, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents: equal submissions have equal digests, wherever they came from."""
        sha = hashlib.sha256()
        for name in sorted(self.files):
            for part in (name.encode(), self.files[name]):
                sha.update(len(part).to_bytes(8, "big"))
                sha.update(part)
        return sha.hexdigest()

    def problems_of(self, name: str) -> tuple[IntakeProblem, ...]:
        """Return the problems with one file, such as `q4_decoding.py`."""
        return tuple(problem for problem in self.problems if problem.name == name)


def shown(name: str) -> str:
    """A file's name so that it can be printed: no control characters, no direction marks, not endless."""
    start = name[: SHOWN_CHARACTERS + 1]
    safe = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in start)
    return safe if len(safe) <= SHOWN_CHARACTERS else safe[: SHOWN_CHARACTERS - 1] + "…"
