"""A zip that holds submissions. One submission at a time is written out, into a new folder of our own.

Only regular members with plain relative paths are written, so nothing can leave that folder, and a folder that was
made a moment ago holds no link that could be followed.
"""

import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import ExportUnreadable, SubmissionUnreadable
from autograder.settings import Limits
from autograder.submission.archive import open_archive, read_member
from autograder.submission.model import IntakeProblem, shown
from autograder.submission.place import NAMES_TOLD, is_ignored

Parts = tuple[str, ...]
LONGEST_NAME = 200  # bytes of one folder's or file's name
WRITTEN_OUT = frozenset((0, stat.S_IFREG))


@contextmanager
def open_packed(path: Path, whole: Limits, limits: Limits) -> Iterator["Packed"]:
    """Open the zip of a class under the limits `whole`; `limits` are those of one submission."""
    with open_archive(path, str(path), whole) as archive:
        status = path.stat()
        stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
        yield Packed(archive, stamp, limits)


@dataclass
class Packed:
    """A zip, or the folder `within` of it."""

    archive: zipfile.ZipFile
    stamp: str
    limits: Limits
    within: Parts = ()

    def children(self) -> Mapping[str, str]:
        return self._children

    @cached_property
    def _children(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for name, members in self._members.items():
            found[name] = _kind(name, members)
        return found

    @cached_property
    def _members(self) -> Mapping[str, list[tuple[Parts, zipfile.ZipInfo]]]:
        """Members by the name at the top, each with its path below that; folders have the path ()."""
        found: dict[str, list[tuple[Parts, zipfile.ZipInfo]]] = {}
        depth = len(self.within)
        for info in self.archive.filelist:
            parts = plain_path(info.orig_filename)
            if parts and parts[:depth] == self.within and len(parts) > depth and not any(map(is_ignored, parts)):
                found.setdefault(parts[depth], []).append((parts[depth + 1 :], info))
        return found

    def inside(self, name: str) -> "Packed":
        return Packed(self.archive, self.stamp, self.limits, (*self.within, name))

    def content(self, name: str, limit: int) -> bytes:
        members = self._members[name]
        data = read_member(self.archive, members[0][1], limit) if len(members) == 1 else "there are two of it"
        if isinstance(data, str):
            raise ExportUnreadable(f"{name} cannot be read from the zip ({data.replace('_', ' ')}); export again")
        return data

    def unpacked(self, name: str) -> Iterator[tuple[Path, tuple[IntakeProblem, ...]]]:
        if self._children[name] == "unsafe":
            raise SubmissionUnreadable(f"{name} is a link or a device")
        with tempfile.TemporaryDirectory(prefix="submission-") as folder:
            place = Path(folder) / "submission"
            passed_over = [shown("/".join((name, *path))) for path in self._write_out(name, place)]
            problems = [IntakeProblem("unsafe_member", "", {"file": file}) for file in passed_over[:NAMES_TOLD]]
            yield (place / name if self._children[name] == "zip" else place), tuple(problems)

    def _write_out(self, name: str, place: Path) -> Iterator[Parts]:
        """Write the members under `name` into `place`; yields the paths of those that are not taken."""
        place.mkdir()
        budget = self.limits.archive_bytes
        for path, info in self._members[name][: self.limits.archive_members]:
            if info.is_dir():
                continue
            data = _content(info, self.archive, min(budget, self.limits.data_file_bytes))
            if data is None or not _written(place, path or (name,), data):
                yield path
            else:
                budget -= len(data)

    def signature(self, name: str) -> str:
        return f"{self.stamp}:{'/'.join(self.within)}"

    def unsafe(self) -> tuple[str, ...]:
        """Members that would leave the folder, and links or devices at the top."""
        leaving = {
            shown(info.orig_filename) for info in self.archive.filelist if plain_path(info.orig_filename) is None
        }
        return tuple(sorted(leaving | {shown(name) for name, kind in self._children.items() if kind == "unsafe"}))


def plain_path(name: str) -> Parts | None:
    """The folders and the name of a member, or None if its path is absolute, climbs, or is not plain."""
    if name.startswith("/") or "\\" in name or "\0" in name or name[1:2] == ":":
        return None
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    return None if ".." in parts else parts


def _kind(name: str, members: list[tuple[Parts, zipfile.ZipInfo]]) -> str:
    if any(path or info.is_dir() for path, info in members):
        return "folder"
    if not _is_regular(members[0][1]):
        return "unsafe"
    return "zip" if name.casefold().endswith(".zip") else "file"


def _is_regular(info: zipfile.ZipInfo) -> bool:
    return stat.S_IFMT(info.external_attr >> 16) in WRITTEN_OUT


def _content(info: zipfile.ZipInfo, archive: zipfile.ZipFile, limit: int) -> bytes | None:
    data = read_member(archive, info, limit) if _is_regular(info) else "link"
    return None if isinstance(data, str) else data


def _written(place: Path, path: Parts, data: bytes) -> bool:
    """Write one file; False where its name cannot be one here, or something stands there already."""
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in path):
        return False
    target = place.joinpath(*path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(data)
    except (FileExistsError, NotADirectoryError, UnicodeEncodeError):
        return False
    return True
