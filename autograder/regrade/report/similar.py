"""Code that is nearly the same in two submissions, found by copydetect (winnowing, Schleimer, Wilkerson and Aiken,
"Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003), in a process of its own, which searches while
graders grade.

A homework with blanks makes honest code alike. So what the template has does not count, nor what more than a few
submissions have: alike is only what few have. Copydetect is an extra: `pip install '.[similarity]'`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

from autograder.regrade.dependencies import digest_of
from autograder.regrade.store import Store

TOOL = "copydetect"
WORKER = Path(__file__).resolve().parent / "similar_worker.py"
FACT = "similar"
SECONDS = 1_800


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
        self._process = None if self._is_known or not is_there() else _Process(dict(store.sources()), template)

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


class _Process:
    """One run of the tool. Its hashes are Python's own, so the seed of those is set: equal classes, equal pairs."""

    def __init__(self, sources: Mapping[str, Mapping[str, bytes]], template: Mapping[str, bytes]) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close
        self._process: subprocess.Popen[bytes] | None = None
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        with suppress(OSError), tempfile.TemporaryFile() as asked:
            asked.write(json.dumps(_question(sources, template)).encode())
            asked.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, str(WORKER)],
                stdin=asked,
                stdout=self._answer,
                stderr=subprocess.DEVNULL,
                env=environment,
            )

    def answer(self) -> str | None:
        """Waits for it. None where it failed."""
        try:
            if self._process is None or self._process.wait(SECONDS):
                return None
            self._answer.seek(0)
            made = self._answer.read().decode()
            json.loads(made)
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
        return made

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._answer.close()


def _question(sources: Mapping[str, Mapping[str, bytes]], template: Mapping[str, bytes]) -> Mapping[str, Any]:
    return {
        "template": {name: text.decode("utf-8", "replace") for name, text in template.items() if name.endswith(".py")},
        "sources": {
            digest: {name: text.decode("utf-8", "replace") for name, text in files.items() if name in template}
            for digest, files in sources.items()
        },
    }
