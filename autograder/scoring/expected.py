"""The reference's answer to a written part, for marking single answers without a sandbox and without torch.

A literal is read from the source. What is derived (by SymPy, in the reference) is derived here and now: the reference
is the course's own code, and the grader may hold it. Student code never comes this way.
"""

import importlib.util
import traceback
from pathlib import Path
from typing import Any

from autograder.answers.literals import Literal, literal
from autograder.errors import HomeworkInvalid, ReferenceFailed
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
    try:
        specification.loader.exec_module(module)
    except Exception as error:  # whatever the reference does while it is imported
        reason = error.msg if isinstance(error, SyntaxError) else repr(error)
        raise HomeworkInvalid(f"{_place(error, path)}: the reference cannot be imported: {reason}") from error
    value = getattr(module, part.attribute, None)
    if value is None:
        raise HomeworkInvalid(f"{path} has no {part.attribute}, which homework.toml says answers {part.number}")
    return symbolic.tree(value) if symbolic.is_symbolic(value) else value


def _place(error: Exception, path: Path) -> str:
    """Where in the reference's own file an import went wrong."""
    own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else own[-1] if own else 1
    return f"{path}, line {line}"
