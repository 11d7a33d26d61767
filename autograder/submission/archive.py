"""A submission in a zip. Its members are checked by their headers first, and read into memory; nothing is extracted."""

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from autograder.errors import SubmissionUnreadable
from autograder.settings import KIBI, MEBI, Limits
from autograder.submission.model import ExpectedFiles, IntakeProblem, shown
from autograder.submission.place import NAMES_TOLD, Place, Read, is_ignored, may_be_module

ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA and BZIP2 name the size of their own buffers
LARGEST_RATIO = 500  # text packs 3 to 20 times, attention with many zeros 100 times, nothing but zeros 1000 times
RATIO_COUNTS_FROM = 16 * MEBI
END_RECORD = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
LONGEST_COMMENT = 0xFFFF
ENTRY_BYTES = KIBI // 4  # of the central directory, on average, with its name and extra fields
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)

Parts = tuple[str, ...]


def open_archive(file: Path | IO[bytes], shown_path: str, limits: Limits) -> zipfile.ZipFile:
    """Open a zip after looking at how large its list of members is. Raises SubmissionUnreadable."""
    try:
        if isinstance(file, Path):
            with file.open("rb") as stream:
                _refuse_long_lists(stream, shown_path, limits)
        else:
            _refuse_long_lists(file, shown_path, limits)
        archive = zipfile.ZipFile(file)
    except ZIP_ERRORS as error:
        raise SubmissionUnreadable(f"{shown_path} is not a zip that opens; give a folder or make a new zip") from error
    if len(archive.filelist) > limits.archive_members:
        archive.close()
        raise _too_many(shown_path, limits)
    return archive


def places_in_archive(archive: zipfile.ZipFile, expected: ExpectedFiles) -> list[Place]:
    """Return the top and every folder in it that holds a file."""
    members = list(_safe_members(archive))
    counts = Counter(parts for parts, _ in members)
    names: dict[str, dict[str, zipfile.ZipInfo]] = {"": {}}
    for parts, info in members:
        if len(parts) <= 2:
            names.setdefault(parts[0] if len(parts) == 2 else "", {})[parts[-1]] = info
    return [_place(archive, place, held, expected, counts) for place, held in sorted(names.items())]


def unsafe_members(archive: zipfile.ZipFile) -> Iterator[IntakeProblem]:
    """Say which members have names that leave the folder."""
    for info in [info for info in archive.filelist if _parts(info) is None][:NAMES_TOLD]:
        yield IntakeProblem("unsafe_member", "", {"file": shown(info.orig_filename)})


def deeper_in_archive(archive: zipfile.ZipFile, expected: ExpectedFiles) -> Iterator[IntakeProblem]:
    """Say where expected files lie if they lie too deep: the first such folder."""
    wanted = expected.accepted_names
    deep = sorted({parts[:-1] for parts, _ in _safe_members(archive) if len(parts) > 2 and parts[-1] in wanted})
    if deep:
        yield IntakeProblem("deeper", "", {"place": shown("/".join(deep[0]))})


def _too_many(shown_path: str, limits: Limits) -> SubmissionUnreadable:
    return SubmissionUnreadable(
        f"{shown_path} holds more than {limits.archive_members} files; hand in a zip with the homework's files only"
    )


def _refuse_long_lists(stream: IO[bytes], shown_path: str, limits: Limits) -> None:
    """Look at the end record, because `ZipFile` reads the whole list of members, however long, into memory."""
    size = stream.seek(0, os.SEEK_END)
    if size > limits.archive_bytes:
        most = f"{limits.archive_bytes // MEBI} MiB"
        raise SubmissionUnreadable(f"{shown_path} is larger than {most}; leave out what is not homework")
    stream.seek(max(0, size - LONGEST_COMMENT - END_RECORD.size))
    tail = stream.read()
    start = tail.rfind(END_SIGNATURE, 0, len(tail) - END_RECORD.size + len(END_SIGNATURE))
    if start < 0:
        raise zipfile.BadZipFile
    _, _, _, _, count, list_bytes, _, _ = END_RECORD.unpack_from(tail, start)
    if count > limits.archive_members or list_bytes > limits.archive_members * ENTRY_BYTES:
        raise _too_many(shown_path, limits)


def _safe_members(archive: zipfile.ZipFile) -> Iterable[tuple[Parts, zipfile.ZipInfo]]:
    """Files with a safe path; folders and leavings of file managers are passed over."""
    for info in archive.filelist:
        parts = _parts(info)
        if parts and not info.is_dir() and not any(map(is_ignored, parts)):
            yield parts, info


def _parts(info: zipfile.ZipInfo) -> Parts | None:
    """The folders and the name of a member, or None if its path is absolute, climbs, or is not plain."""
    name = info.orig_filename  # as it stands in the zip: `filename` was already changed
    if name.startswith("/") or "\\" in name or "\0" in name or name[1:2] == ":":
        return None
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    return None if ".." in parts else parts


def _place(
    archive: zipfile.ZipFile,
    place: str,
    held: dict[str, zipfile.ZipInfo],
    expected: ExpectedFiles,
    counts: Counter[Parts],
) -> Place:
    within = (place,) if place else ()

    def reading(name: str) -> Read:
        return partial(_read, archive, held[name], counts[*within, name] > 1)

    there = [name for name in expected.accepted_names if name in held]
    others = tuple(sorted(set(held).difference(there)))
    further = {name: reading(name) for name in others if may_be_module(name)}
    return Place(place, {name: reading(name) for name in there}, others, further)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, repeated: bool, limit: int) -> bytes | str:
    return "duplicate" if repeated else read_member(archive, info, limit)


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | str:
    """Return the member's bytes, or the kind of problem as in IntakeProblem. `limit` is in bytes."""
    refusal = _refusal(info, limit)
    if refusal:
        return refusal
    try:
        with archive.open(info) as member:
            data = member.read(limit + 1)  # the size that the header gives may be a lie
    except ZIP_ERRORS:
        return "damaged"
    return data if len(data) <= limit else "too_large"


def _refusal(info: zipfile.ZipInfo, limit: int) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "link"
    if kind not in {0, stat.S_IFREG}:
        return "not_a_file"
    if info.flag_bits & ENCRYPTED:
        return "encrypted"
    if info.file_size > limit:
        return "too_large"
    if info.compress_type not in METHODS:
        return "compression"
    unpacks_far = info.file_size > RATIO_COUNTS_FROM and info.file_size > LARGEST_RATIO * max(info.compress_size, 1)
    return "ratio" if unpacks_far else None
