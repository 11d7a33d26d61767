"""The reference's answer to a written part, for marking single answers without a sandbox and without torch.

A literal is read from the source. What is derived (by SymPy, in the reference) is derived here and now: the reference
is the course's own code, and the grader may hold it. Student code never comes this way.
"""

import importlib.util
from pathlib import Path
from typing import Any

from autograder.answers.literals import Literal, literal
from autograder.errors import ReferenceFailed
from autograder.sandbox.worker import symbolic
from autograder.scoring.homework import WrittenPart
from autograder.settings import Homework


def reference_answer(homework: Homework, part: WrittenPart) -> Any:
    """What `module.attribute` of the reference holds, as plain data."""
    path = homework.reference / f"{part.module}.py"
    try:
        found = literal(path.read_bytes(), part.attribute)
    except OSError as error:
        raise ReferenceFailed(f"{path} cannot be read ({error.strerror})") from error
    return found.value if isinstance(found, Literal) else _derived(path, part)


def _derived(path: Path, part: WrittenPart) -> Any:
    specification = importlib.util.spec_from_file_location(f"reference_{part.module}", path)
    if specification is None or specification.loader is None:
        raise ReferenceFailed(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    value = getattr(module, part.attribute, None)
    if value is None:
        raise ReferenceFailed(f"the reference has no {part.module}.{part.attribute}")
    return symbolic.tree(value) if symbolic.is_symbolic(value) else value
