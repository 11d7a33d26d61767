"""Modules of a student's own that the homework's modules import: `from attention_math import softmax_rows`.

They are found by the names in import lines, as text; nothing is parsed or run. A module that a library, Python or
pytest would look for is not among a place's further files.
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping

from autograder.settings import Limits
from autograder.submission.model import IntakeProblem
from autograder.submission.place import Place

IMPORT_LINE = re.compile(rb"^[ \t]*(?:import|from)[ \t]+([^#\n]*)", re.MULTILINE)
WORD = re.compile(rb"\w+", re.ASCII)


def own_modules(
    place: Place, files: Mapping[str, bytes], limits: Limits
) -> tuple[dict[str, bytes], tuple[IntakeProblem, ...]]:
    """The further modules that `files`, and these modules themselves, import; and which could not be taken.

    All of them together may be as large as one module of the homework's.
    """
    taken: dict[str, bytes] = {}
    problems: dict[str, IntakeProblem] = {}
    left = limits.source_bytes
    waiting = deque(name for data in files.values() for name in _imported(data, place))
    while waiting and len(taken) < limits.own_modules:
        name = waiting.popleft()
        if name in taken or name in problems:
            continue
        data = place.further[name](left)
        if isinstance(data, str):
            problems[name] = IntakeProblem(data, name, {"limit": left} if data == "too_large" else {})
        else:
            taken[name] = data
            left -= len(data)
            waiting += _imported(data, place)
    return taken, tuple(problems.values())


def _imported(data: bytes, place: Place) -> Iterable[str]:
    """Names of further files that the import lines may mean, by the words in them, each once."""
    words = (word for line in IMPORT_LINE.findall(data) for word in WORD.findall(line))
    names = (f"{word.decode('ascii')}.py" for word in words)
    return dict.fromkeys(name for name in names if name in place.further)
