"""A submission's files as a folder that its own workers can read and no other worker can."""

import contextlib
import itertools
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.errors import SandboxFailed

# The range that systemd keeps for users that live as long as one service: no file on a system belongs to them.
FIRST_ID, LAST_ID = 61_184, 65_519


@dataclass
class Identities:
    """Hands out user and group numbers that no living worker has. Safe to share between threads."""

    _used: set[int] = field(default_factory=set)
    _next: Iterator[int] = field(default_factory=lambda: _numbers_from(os.getpid()))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> int:
        """Return a number that is in no one's use, or raise SandboxFailed if all are."""
        with self._lock:
            for _ in range(FIRST_ID, LAST_ID + 1):
                number = next(self._next)
                if number not in self._used:
                    self._used.add(number)
                    return number
        raise SandboxFailed("Too many workers are alive at once: no user number is left for another.")

    def release(self, number: int) -> None:
        """Give a number back once nothing that had it is alive."""
        with self._lock:
            self._used.discard(number)


def _numbers_from(seed: int) -> Iterator[int]:
    """Cycle through the range, each grader from its own place, so that two at work at once rarely meet."""
    count = LAST_ID - FIRST_ID + 1
    return (FIRST_ID + offset % count for offset in itertools.count(seed * 61))


def materialise(files: Mapping[str, bytes], group: int | None) -> str:
    """Write the files into a new private folder and return its path. With a group, that group may read it.

    Raises SandboxFailed, and leaves nothing, if a name leads elsewhere or a file cannot be written.
    """
    contents = {_relative(name): content for name, content in files.items()}
    folder = tempfile.mkdtemp(prefix="submission-")
    try:
        _fill(Path(folder), contents, group)
    except OSError as error:
        remove(folder)
        raise SandboxFailed(f"A submission could not be written down for its workers: {error}.") from error
    except BaseException:
        remove(folder)
        raise
    return folder


def _fill(folder: Path, contents: Mapping[PurePosixPath, bytes], group: int | None) -> None:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if group is not None:
        for path in (folder, *folder.rglob("*")):
            with contextlib.suppress(PermissionError):  # a root without rights: its workers say what they lack
                os.chown(path, 0, group)
            path.chmod(0o750 if path.is_dir() else 0o640)


def remove(folder: str) -> None:
    """Remove a folder that `materialise` made."""
    shutil.rmtree(folder, ignore_errors=True)


def _relative(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or not path.parts:
        raise SandboxFailed("A submission's file has a name that leaves its folder.")
    return path
