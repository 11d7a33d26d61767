"""Finds the graded suites of a homework and runs them: tests in, rows out.

Suites are loaded from their folder under a private package name, so that they may import their neighbours
(`from .inputs import ...`, `from ..public.evidence import ...`) and nothing of a submission can take their place.
"""

import hashlib
import importlib
import sys
import time
import types
import unittest
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.errors import HomeworkInvalid, PartUnknown
from autograder.scoring.graded import GradedTestCase, Setting
from autograder.scoring.numbering import belongs
from autograder.scoring.result import PartResult
from autograder.scoring.rubric import Rubric
from autograder.scoring.suite_files import checked, import_failed, place_of


def load_tests(suites: Path, kind: str) -> tuple[GradedTestCase, ...]:
    """All graded tests in the folder `kind` ("hidden" or "public") of `suites`."""
    package = _package(suites)
    folder = suites / kind
    paths = sorted(folder.glob("test_*.py"))
    modules = [_import(f"{package}.{kind}.{path.stem}", suites, path) for path in paths]
    loader = unittest.TestLoader()
    tests = [test for module in modules for test in _flatten(loader.loadTestsFromModule(module))]
    if not tests:
        raise HomeworkInvalid(f"{folder} holds no graded test; suites are files test_*.py with GradedTestCase classes")
    return checked(tests)


def _package(suites: Path) -> str:
    name = "graded_" + hashlib.sha256(str(suites.resolve()).encode()).hexdigest()[:12]
    package = types.ModuleType(name)
    package.__path__ = [str(suites.resolve())]
    sys.modules.setdefault(name, package)
    return name


def _import(name: str, suites: Path, path: Path) -> types.ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:  # whatever a suite does while it is imported
        raise import_failed(error, suites.resolve(), path) from error


def _flatten(suite: unittest.TestSuite) -> Iterator[GradedTestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flatten(test)
        elif isinstance(test, GradedTestCase):
            yield test


def ordered(tests: Iterable[GradedTestCase], rubric: Rubric | None) -> tuple[GradedTestCase, ...]:
    """The tests in the rubric's order; without a rubric, in that of the suites. Every part has exactly one test."""
    if rubric is None:
        return tuple(tests)
    by_number = {test.number: test for test in tests}
    unknown = [test for number, test in by_number.items() if number not in rubric.parts]
    if unknown:
        reason = f"rubric.toml has no entry for part {unknown[0].number}; add one"
        raise HomeworkInvalid(f"{place_of(unknown[0])}: {reason}")
    untested = [number for number in rubric.parts if number not in by_number]
    if untested:
        raise rubric.part(untested[0]).refuse(f"there is a part {untested[0]}, but no graded test has that number")
    return tuple(by_number[number] for number in rubric.parts)


def selected(tests: Sequence[GradedTestCase], only: Sequence[str]) -> tuple[GradedTestCase, ...]:
    """The tests of the questions and parts in `only`: "4" is all of question 4, "4.g" that part; all if it is empty."""
    for wanted in only:
        if not any(belongs(test.number, wanted) for test in tests):
            raise PartUnknown(f"there is no part {wanted}; the parts are {', '.join(test.number for test in tests)}")
    return tuple(test for test in tests if not only or any(belongs(test.number, wanted) for wanted in only))


def attached(tests: Sequence[GradedTestCase], setting: Setting) -> Sequence[GradedTestCase]:
    """The tests, each with what it works with."""
    for test in tests:
        test.setting = setting
    return tests


def run_tests(tests: Sequence[GradedTestCase], result: PartResult, until: float) -> None:
    """Runs the tests one after the other; those not begun before the monotonic time `until` keep their first row."""
    for test in tests:
        if time.monotonic() >= until:
            break
        test.run(result)
