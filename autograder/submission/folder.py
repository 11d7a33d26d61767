"""A submission in a folder. Links are not followed below it, and only regular files are ever opened."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from autograder.settings import Limits
from autograder.submission.model import ExpectedFiles, IntakeProblem, shown
from autograder.submission.place import Place, is_ignored, may_be_module

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
HINT_DEPTH = 4


def places_in_folder(root: Path, expected: ExpectedFiles, limits: Limits) -> list[Place]:
    """Return the top and every folder in it. Raises OSError if the top cannot be listed."""
    files, folders = _list(root, limits)
    places = [_place(root, "", files, expected)]
    for name in folders:
        try:
            inner, _ = _list(root / name, limits)
        except OSError:
            continue
        places.append(_place(root, name, inner, expected))
    return places


def deeper_in_folder(root: Path, expected: ExpectedFiles, limits: Limits) -> Iterator[IntakeProblem]:
    """Say where expected files lie if they lie too deep: the first such folder."""
    seen = 0
    for folder, inner, files in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        inner[:] = sorted(name for name in inner if not is_ignored(name))[:50] if depth < HINT_DEPTH else []
        if depth > 1 and set(files) & set(expected.accepted_names):
            yield IntakeProblem("deeper", "", {"place": shown(str(Path(folder).relative_to(root)))})
            return
        seen += len(files) + 1
        if seen > limits.archive_members:
            return


def read_zip_inside(root: Path, limits: Limits) -> tuple[str, bytes] | None:
    """Return the name and bytes of a zip that is all there is in a folder; None if there is no such zip."""
    files, folders = _list(root, limits)
    if folders or len(files) != 1 or not files[0].casefold().endswith(".zip"):
        return None
    data = _read(root, "", files[0], limits.data_file_bytes)
    return None if isinstance(data, str) else (files[0], data)


def _list(folder: Path, limits: Limits) -> tuple[list[str], list[str]]:
    """Names of files and of folders, both sorted; at most `archive_members` of all are looked at."""
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in islice(entries, limits.archive_members):
            if not is_ignored(entry.name):
                (folders if entry.is_dir(follow_symlinks=False) else files).append(entry.name)
    return sorted(files), sorted(folders)


def _place(root: Path, name: str, files: list[str], expected: ExpectedFiles) -> Place:
    # Each expected name is asked for by itself, so that thousands of other files cannot hide it.
    there = [wanted for wanted in expected.accepted_names if os.path.lexists(root / name / wanted)]
    read = {wanted: partial(_read, root, name, wanted) for wanted in there}
    others = tuple(file for file in files if file not in read and _is_text(file))
    further = {file: partial(_read, root, name, file) for file in others if may_be_module(file)}
    return Place(name, read, others, further)


def _is_text(name: str) -> bool:
    """Whether a name has a Unicode form: a POSIX name may be any bytes."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


@contextmanager
def _opened(name: str | Path, flags: int, within: int | None = None) -> Iterator[int]:
    descriptor = os.open(name, flags, dir_fd=within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read(root: Path, place: str, name: str, limit: int) -> bytes | str:
    """Return the file's bytes, or the kind of problem. `limit` is in bytes."""
    try:
        with _opened(root, FOLDER_FLAGS) as top, _opened(place or ".", FOLDER_FLAGS | os.O_NOFOLLOW, top) as folder:
            return _read_in(folder, name, limit)
    except OSError:
        return "unreadable"


def _read_in(folder: int, name: str, limit: int) -> bytes | str:
    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return "link"
    if not stat.S_ISREG(mode):  # before open(): opening a device or a FIFO may block or do something
        return "not_a_file"
    with _opened(name, FILE_FLAGS, folder) as descriptor:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):  # it was exchanged in between
            return "not_a_file"
        if status.st_size > limit:
            return "too_large"
        data = _read_all(descriptor, limit + 1)
    return data if len(data) <= limit else "too_large"


def _read_all(descriptor: int, limit: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < limit:
        chunk = os.read(descriptor, min(limit - len(chunks), 1 << 20))
        if not chunk:
            break
        chunks += chunk
    return bytes(chunks)
