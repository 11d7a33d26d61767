"""The zip that students work in: the engine and the public checks, and nothing that tells an answer.

What goes in is a list of what may go in. Whatever else a homework's folder holds (the reference, the rubric, the
hidden suites, notes) stays out because nobody named it, not because somebody thought of leaving it out.
"""

from collections.abc import Iterator
from pathlib import Path

from autograder.packaging.archive import Member, file_member, folder_members, write_zip
from autograder.packaging.engine import engine_members
from autograder.settings import Homework

FOR_STUDENTS = Path(__file__).resolve().parent / "for_students"
FOR_AUTHORS = "autograder/packaging/new_homework_files/"  # what other homeworks are begun with
AT_ITS_ROOT = ("README.md", "Makefile")
PINS_OF_NOTEBOOKS = "requirements-notebook.txt"  # at the root of a homework whose template has notebooks


def make_student_zip(homework: Homework, destination: Path) -> Path:
    """Writes what students get to the file `destination`, and returns it.

    `submission/` is for their answers and starts as a copy of `student_template/`, which the checks compare with.
    Equal contents give equal bytes. Raises HomeworkInvalid if something is missing.
    """
    return write_zip(_members(homework), destination)


def _members(homework: Homework) -> Iterator[Member]:
    for name in AT_ITS_ROOT:
        yield file_member(FOR_STUDENTS / name, name)
    yield from (member for member in engine_members() if not member.name.startswith(FOR_AUTHORS))
    if (homework.root / PINS_OF_NOTEBOOKS).exists():
        yield file_member(homework.root / PINS_OF_NOTEBOOKS, PINS_OF_NOTEBOOKS)
    yield from folder_members(homework.template, "student_template")
    yield from folder_members(homework.template, "submission")
    yield file_member(homework.declarations, "tests/graded/homework.toml")
    yield from folder_members(homework.suites / "public", "tests/graded/public")
