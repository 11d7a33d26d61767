"""Code that is nearly the same in two submissions, found by copydetect (winnowing, Schleimer, Wilkerson and Aiken,
"Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003), in a process of its own.

A homework with blanks makes honest code alike. So what the template has does not count, nor what more than a few
submissions have: alike is only what few have. Copydetect is an extra: `pip install '.[similarity]'`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import util
from pathlib import Path

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


def alike_in(store: Store, template: Mapping[str, bytes]) -> tuple[Alike, ...] | None:
    """The pairs, most alike first; None where the tool is not installed or failed. What was found is kept."""
    contents = store.with_sources()
    key = digest_of(WORKER.read_bytes(), *contents, *(p for item in sorted(template.items()) for p in item))
    known, _, found = store.fact(FACT).partition("\n")
    if known == key:
        return tuple(Alike(*pair) for pair in json.loads(found))
    if not is_there():
        return None
    made = _ask(dict(store.sources()), template)
    if made is None:
        return None
    with store.transaction():
        store.set_fact(FACT, f"{key}\n{made}")
    return tuple(Alike(*pair) for pair in json.loads(made))


def _ask(sources: Mapping[str, Mapping[str, bytes]], template: Mapping[str, bytes]) -> str | None:
    """One run of the tool. Its hashes are Python's own, so the seed of those is set: equal classes, equal pairs."""
    asked = {
        "template": {name: text.decode("utf-8", "replace") for name, text in template.items() if name.endswith(".py")},
        "sources": {
            digest: {name: text.decode("utf-8", "replace") for name, text in files.items() if name in template}
            for digest, files in sources.items()
        },
    }
    environment = {**os.environ, "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg"}
    try:
        done = subprocess.run(
            [sys.executable, str(WORKER)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            env=environment,
            timeout=SECONDS,
            check=True,
        )
        json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return done.stdout
