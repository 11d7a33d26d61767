"""What can be wrong with the files of a graded suite, told with file and line to whoever writes one."""

import inspect
import traceback
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import HomeworkInvalid
from autograder.scoring.graded import GradedTestCase


def import_failed(error: Exception, suites: Path, path: Path) -> HomeworkInvalid:
    """What to raise if a suite, or a file that it imports, could not be imported."""
    file, line = str(path), 1
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno or 1
    else:
        own = [
            frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(suites)
        ]
        file, line = (own[-1].filename, own[-1].lineno or 1) if own else (file, line)
    reason = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
    return HomeworkInvalid(f"{place(Path(file), line)}: the suite cannot be imported: {reason}")


def place(file: Path, line: int) -> str:
    """`hidden/test_rates.py, line 7`."""
    return f"{file.parent.name}/{file.name}, line {line}"


def place_of(test: GradedTestCase) -> str:
    """Where the test stands."""
    file, line = _stands_at(test)
    return place(Path(file), line)


def _stands_at(test: GradedTestCase) -> tuple[str, int]:
    code = inspect.unwrap(getattr(type(test), test.method_name)).__code__
    return code.co_filename, code.co_firstlineno


def checked(tests: Iterable[GradedTestCase]) -> tuple[GradedTestCase, ...]:
    """The tests, if each has a number of its own and a title. Raises HomeworkInvalid."""
    by_number: dict[str, GradedTestCase] = {}
    for test in sorted(tests, key=_stands_at):
        if not hasattr(getattr(test, test.method_name), "__number__"):
            raise HomeworkInvalid(f"{place_of(test)}: {test.method_name} has no number; write @number(...) above it")
        if not (test.shortDescription() or "").strip():
            raise HomeworkInvalid(
                f"{place_of(test)}: {test.method_name} has no docstring; students see it as the title"
            )
        if test.number in by_number:
            other = place_of(by_number[test.number])
            raise HomeworkInvalid(f"{place_of(test)}: part {test.number} has a test already, in {other}")
        by_number[test.number] = test
    return tuple(by_number.values())
