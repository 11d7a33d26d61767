"""Zips whose bytes depend only on what is in them: sorted, without times, owners or leftovers of editors and tools."""

import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import HomeworkInvalid

EARLIEST_TIME_OF_A_ZIP = (1980, 1, 1, 0, 0, 0)
UNIX = 3
REGULAR_FILE = 0o100000


@dataclass(frozen=True)
class Member:
    """One file of a zip. `name` is relative and written with slashes."""

    name: str
    data: bytes
    executable: bool = False


def file_member(path: Path, name: str, *, executable: bool = False) -> Member:
    """The file at `path` as the member `name`. Raises HomeworkInvalid if it is no regular file."""
    if path.is_symlink() or not path.is_file():
        raise HomeworkInvalid(f"{path} is needed for the package and is no regular file; restore it")
    return Member(name, path.read_bytes(), executable)


def folder_members(folder: Path, name: str) -> Iterator[Member]:
    """Every regular file below `folder`, named below `name`; links, hidden files and compiled files are left out."""
    if not folder.is_dir():
        raise HomeworkInvalid(f"{folder} is needed for the package and is no folder; restore it")
    for place, folders, files in os.walk(folder):
        folders[:] = [inner for inner in folders if _is_wanted(inner)]
        for file in filter(_is_wanted, files):
            path = Path(place, file)
            if not path.is_symlink():
                yield file_member(path, f"{name}/{path.relative_to(folder).as_posix()}")


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and not name.endswith((".pyc", "~")) and name != "__pycache__"


def write_zip(members: Iterable[Member], destination: Path) -> Path:
    """Writes the members to `destination`, whole or not at all, and returns it."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    beside = destination.with_name(f".{destination.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(beside, "w") as archive:
            for member in sorted(members, key=lambda member: member.name):
                archive.writestr(_header(member), member.data, zipfile.ZIP_DEFLATED, 9)
        beside.replace(destination)
    finally:
        beside.unlink(missing_ok=True)
    return destination


def _header(member: Member) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(member.name, EARLIEST_TIME_OF_A_ZIP)
    header.create_system = UNIX
    header.external_attr = (REGULAR_FILE | (0o755 if member.executable else 0o644)) << 16
    return header
