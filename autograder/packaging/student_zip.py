"""The zip that students work in: the engine and the public checks, and nothing that tells an answer.

What goes in is a list of what may go in. Whatever else a homework's folder holds (the reference, the rubric, the
hidden suites, notes) stays out because nobody named it, not because somebody thought of leaving it out.
"""

from collections.abc import Iterator
from pathlib import Path

from autograder.packaging.archive import Member, file_member, folder_members, write_zip
from autograder.packaging.engine import engine_members
from autograder.scoring.homework import load_declarations
from autograder.settings import Homework

FOR_STUDENTS = Path(__file__).resolve().parent / "for_students"
FOR_AUTHORS = "autograder/packaging/new_homework_files/"  # what other homeworks are begun with
NOTES = "students.md"  # beside homework.toml: what a homework has to say besides in its students' README
PINS_OF_NOTEBOOKS = "requirements-notebook.txt"  # at the root of a homework whose template has notebooks


def make_student_zip(homework: Homework, destination: Path) -> Path:
    """Writes what students get to the file `destination`, and returns it.

    `submission/` is for their answers and starts as a copy of `student_template/`, which the checks compare with.
    Equal contents give equal bytes. Raises HomeworkInvalid if something is missing.
    """
    return write_zip(_members(homework), destination)


def read_me(homework: Homework) -> str:
    """The students' README, with this homework's title, numbers and notes."""
    declarations = load_declarations(homework)
    text = (FOR_STUDENTS / "README.md").read_text(encoding="utf-8")
    part = next(iter(declarations.parts), None)
    if part is None:
        text = "".join(line for line in text.splitlines(keepends=True) if "PART" not in line)
    told = {"TITLE": declarations.title, "QUESTION": declarations.questions[0].number, "PART": part or ""}
    for place, value in told.items():
        text = text.replace(place, value)
    notes = homework.suites / NOTES
    return f"{text}\n{notes.read_text(encoding='utf-8')}" if notes.is_file() else text


def _members(homework: Homework) -> Iterator[Member]:
    yield file_member(FOR_STUDENTS / "Makefile", "Makefile")
    yield Member("README.md", read_me(homework).encode("utf-8"))
    yield from (member for member in engine_members() if not member.name.startswith(FOR_AUTHORS))
    if (homework.root / PINS_OF_NOTEBOOKS).exists():
        yield file_member(homework.root / PINS_OF_NOTEBOOKS, PINS_OF_NOTEBOOKS)
    yield from folder_members(homework.template, "student_template")
    yield from folder_members(homework.template, "submission")
    yield file_member(homework.declarations, "tests/graded/homework.toml")
    yield from folder_members(homework.suites / "public", "tests/graded/public")
