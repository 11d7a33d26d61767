"""Code that is nearly the same in two submissions, found by copydetect (winnowing, Schleimer, Wilkerson and Aiken,
"Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003), in a process of its own, which searches while
graders grade.

A homework with blanks makes honest code alike. So what the template has does not count, nor what more than a few
submissions have: alike is only what few have. Copydetect is an extra: `pip install '.[similarity]'`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.regrade.dependencies import digest_of
from autograder.regrade.store import Store

if TYPE_CHECKING:
    from autograder.regrade.report.similar_process import SearchProcess

TOOL = "copydetect"
WORKER = Path(__file__).resolve().parent / "similar_worker.py"
FACT = "similar"


@dataclass(frozen=True)
class Alike:
    """Two contents, by digest, and one module: the larger share of what is their own, 0 to 1, and its characters."""

    left: str
    right: str
    file: str
    share: float
    characters: int


def is_there() -> bool:
    return util.find_spec(TOOL) is not None


class Search:
    """The search through the sources that the store has now. It goes on by itself from the first moment on.

    It has to be closed, which ends it.
    """

    def __init__(self, store: Store, template: Mapping[str, bytes]) -> None:
        self._store = store
        contents = store.with_sources()
        self._key = digest_of(WORKER.read_bytes(), *contents, *(p for item in sorted(template.items()) for p in item))
        known, _, self._found = store.fact(FACT).partition("\n")
        self._is_known = known == self._key
        self._process = None if self._is_known or not is_there() else _searching(store, template)

    def found(self) -> tuple[Alike, ...] | None:
        """The pairs, most alike first; None where the tool is not installed or failed. What was found is kept."""
        if not self._is_known:
            made = self._process.answer() if self._process else None
            if made is None:
                return None
            with self._store.transaction():
                self._store.set_fact(FACT, f"{self._key}\n{made}")
            self._found, self._is_known = made, True
        return tuple(Alike(*pair) for pair in json.loads(self._found))

    def close(self) -> None:
        if self._process is not None:
            self._process.close()


def _searching(store: Store, template: Mapping[str, bytes]) -> "SearchProcess":
    from autograder.regrade.report.similar_process import SearchProcess  # where all is known, none is started

    return SearchProcess(store.sources(), template)
