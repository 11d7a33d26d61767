"""A folder that holds submissions: folders and zips at its top. Links are not followed, and said."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import ExportUnreadable, SubmissionUnreadable
from autograder.settings import Limits
from autograder.submission.model import IntakeProblem, shown
from autograder.submission.place import NAMES_TOLD, is_ignored

DEPTH = 4


@dataclass
class Unpacked:
    """A folder on disk."""

    root: Path
    limits: Limits

    def children(self) -> Mapping[str, str]:
        return self._children

    @cached_property
    def _children(self) -> Mapping[str, str]:
        try:
            with os.scandir(self.root) as entries:
                return {entry.name: _kind(entry) for entry in entries if not is_ignored(entry.name)}
        except OSError as error:
            raise ExportUnreadable(f"{self.root} cannot be listed ({error.strerror}); make it readable") from error

    def inside(self, name: str) -> "Unpacked":
        return Unpacked(self.root / name, self.limits)

    def content(self, name: str, limit: int) -> bytes:
        path = self.root / name
        try:
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
                    raise ExportUnreadable(f"{path} is no file, or too large to be an export's; export again")
                return file.read(limit)
        except OSError as error:
            raise ExportUnreadable(f"{path} cannot be read ({error.strerror}); make it readable") from error

    def unpacked(self, name: str) -> Iterator[tuple[Path, tuple[IntakeProblem, ...]]]:
        if self._children[name] == "unsafe":
            raise SubmissionUnreadable(f"{name} is a link or a device")
        yield self.root / name, tuple(self._passed_over(name))

    def _passed_over(self, name: str) -> Iterator[IntakeProblem]:
        """Links and devices within one submission; the first few."""
        unsafe = (path for path, status in self._walk(name) if not _is_plain(status.st_mode))
        for path, _ in zip(unsafe, range(NAMES_TOLD), strict=False):
            yield IntakeProblem("unsafe_member", "", {"file": shown(path)})

    def signature(self, name: str) -> str:
        """Over names, sizes, times of change and inodes: times of change cannot be set back."""
        lines = sorted(
            f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0{status.st_ino}"
            for path, status in self._walk(name)
        )
        return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def unsafe(self) -> tuple[str, ...]:
        return tuple(sorted(shown(name) for name, kind in self._children.items() if kind == "unsafe"))

    def _walk(self, name: str) -> Iterator[tuple[str, os.stat_result]]:
        """All that stands under `name`, with its own status, to a bounded depth and number."""
        waiting = [(self.root / name, name, 0)]
        seen = 0
        while waiting and seen < self.limits.archive_members:
            path, shown_path, depth = waiting.pop()
            try:
                status = path.stat(follow_symlinks=False)
                inner = sorted(os.listdir(path)) if stat.S_ISDIR(status.st_mode) and depth < DEPTH else []
            except OSError:
                continue
            seen += 1
            yield shown_path, status
            waiting += [(path / one, f"{shown_path}/{one}", depth + 1) for one in inner if not is_ignored(one)]


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "unsafe"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    if not entry.is_file(follow_symlinks=False):
        return "unsafe"
    return "zip" if entry.name.casefold().endswith(".zip") else "file"


def _is_plain(mode: int) -> bool:
    return stat.S_ISDIR(mode) or stat.S_ISREG(mode)
