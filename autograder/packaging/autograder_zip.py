"""The zip that staff upload to Gradescope."""

from collections.abc import Iterator
from pathlib import Path

from autograder.packaging.archive import Member, file_member, folder_members, write_zip
from autograder.packaging.engine import PROJECT, engine_members
from autograder.settings import Homework

AT_ITS_ROOT = ("setup.sh", "run_autograder")


def make_autograder_zip(homework: Homework, destination: Path) -> Path:
    """Writes the engine, the whole homework and its set-up to the file `destination`, and returns it.

    Gradescope looks for `setup.sh` and `run_autograder` at the zip's root. Equal contents give equal bytes.
    Raises HomeworkInvalid if something that grading needs is missing.
    """
    return write_zip(_members(homework), destination)


def _members(homework: Homework) -> Iterator[Member]:
    yield from engine_members()
    for name in AT_ITS_ROOT:
        yield file_member(PROJECT / name, name, executable=True)
    yield from folder_members(homework.reference, "reference")
    yield from folder_members(homework.template, "student_template")
    yield from folder_members(homework.suites, "tests/graded")
