"""What both zips hold: the engine and what sets it up."""

from collections.abc import Iterator
from pathlib import Path

from autograder.errors import HomeworkInvalid
from autograder.packaging.archive import Member, file_member, folder_members

PROJECT = Path(__file__).resolve().parents[2]
FOR_THE_SET_UP = ("requirements.txt", "scripts/find_python", "scripts/install_dependencies.py", "LICENSE")


def engine_members() -> Iterator[Member]:
    """The engine, the pins and the scripts that install them. Raises HomeworkInvalid if they are not beside it."""
    if not any((PROJECT / name).exists() for name in FOR_THE_SET_UP):
        raise HomeworkInvalid(
            "an engine that was installed cannot make packages; make them in the project's own folder"
        )
    yield from folder_members(PROJECT / "autograder", "autograder")
    for name in FOR_THE_SET_UP:
        yield file_member(PROJECT / name, name)
