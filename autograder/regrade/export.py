"""The submissions of a class, wherever they lie: a Gradescope export or a plain folder, packed or not.

    with open_export(path, limits) as export:
        for entry in export.entries:
            submission = export.read(entry, expected)

What is unsafe (links, devices, paths that leave the folder) is passed over and said; it never stops the others.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from autograder.errors import ExportUnreadable, SubmissionUnreadable
from autograder.regrade.metadata import KEY, Described, read_metadata
from autograder.regrade.packed import open_packed
from autograder.regrade.unpacked import Unpacked
from autograder.settings import GIBI, MEBI, Limits
from autograder.submission.model import ExpectedFiles, IntakeProblem, Submission, shown
from autograder.submission.reader import read_submission

METADATA = "submission_metadata.yml"
METADATA_BYTES = 512 * MEBI
MOST_AHEAD = 16 * MEBI
WRAPPED, FEW = 2, 4  # in how many folders an export may be packed, and how many others may stand beside it
WHOLE_CLASS = {"archive_members": 8_000_000, "archive_bytes": 64 * GIBI}


class Container(Protocol):
    """A folder or a zip with a submission in each folder or zip at its top."""

    def children(self) -> Mapping[str, str]:
        """What stands at the top: name to "folder", "zip", "file" or "unsafe"."""

    def inside(self, name: str) -> "Container":
        """The folder of that name as a container."""

    def content(self, name: str, limit: int) -> bytes:
        """A file at the top. Raises ExportUnreadable."""

    def unpacked(self, name: str) -> Iterator[tuple[Path, tuple[IntakeProblem, ...]]]:
        """A context: the folder or zip of that name on disk, and what of it was passed over."""

    def signature(self, name: str) -> str:
        """Changes whenever what stands under that name may have changed; "" if that cannot be known cheaply."""

    def unsafe(self) -> tuple[str, ...]:
        """Names of what was passed over and belongs to no submission."""


@dataclass(frozen=True)
class Entry:
    """One row of the grades. `name` is where it stands ("" if the export describes it and has no files)."""

    submission_id: str
    name: str
    described: Described


@dataclass
class _ReadAhead:
    """Submissions that were read, and will be read once more soon; as many as there is room for."""

    bytes_left: int = MOST_AHEAD
    submissions: dict[str, Submission] = field(default_factory=dict)

    def keep(self, submission: Submission) -> None:
        size = sum(map(len, submission.files.values()))
        if size <= self.bytes_left:
            self.bytes_left -= size
            self.submissions[submission.name] = submission

    def take(self, submission_id: str) -> Submission | None:
        found = self.submissions.pop(submission_id, None)
        if found is not None:
            self.bytes_left += sum(map(len, found.files.values()))
        return found


@dataclass(frozen=True)
class Export:
    """An opened export; `described` is empty where there are no metadata."""

    container: Container
    entries: tuple[Entry, ...]
    limits: Limits
    _ahead: _ReadAhead = field(default_factory=_ReadAhead, repr=False)

    def read_ahead(self, entry: Entry, expected: ExpectedFiles) -> Submission:
        """The same as `read`, which then need not open these files again."""
        submission = self.read(entry, expected)
        self._ahead.keep(submission)
        return submission

    def read(self, entry: Entry, expected: ExpectedFiles) -> Submission:
        """Take the files in. What cannot be read is an empty submission with its problem."""
        return self._ahead.take(entry.submission_id) or self._read(entry, expected)

    def _read(self, entry: Entry, expected: ExpectedFiles) -> Submission:
        if not entry.name:
            return Submission(entry.submission_id, {}, (IntakeProblem("nothing_found"),))
        try:
            with contextmanager(self.container.unpacked)(entry.name) as (path, passed_over):
                submission = read_submission(path, expected, self.limits)
                return replace(submission, name=entry.submission_id, problems=(*submission.problems, *passed_over))
        except SubmissionUnreadable:
            problems = (IntakeProblem("nothing_found"), IntakeProblem("damaged", "", {"file": shown(entry.name)}))
            return Submission(entry.submission_id, {}, problems)

    def signature(self, entry: Entry) -> str:
        """Equal to an earlier one only if the entry's files have not been touched since."""
        return self.container.signature(entry.name) if entry.name else "empty"


@contextmanager
def open_export(path: Path, limits: Limits) -> Iterator[Export]:
    """Open an export. Raises ExportUnreadable if there is none at `path`, or no submission in it."""
    if path.is_dir():
        yield _export(Unpacked(path, limits), path, limits)
    elif path.is_file():
        try:
            with open_packed(path, replace(limits, **WHOLE_CLASS), limits) as packed:
                yield _export(packed, path, limits)
        except SubmissionUnreadable as error:
            raise ExportUnreadable(str(error)) from error
    else:
        what = "is neither a folder nor a zip" if path.exists() else "does not exist"
        raise ExportUnreadable(f"{path} {what}; give the export's zip, or the folder that it unpacks to")


def _export(container: Container, path: Path, limits: Limits) -> Export:
    top = _top(container)
    described: dict[str, Described] = {}
    if top.children().get(METADATA) == "file":
        described = read_metadata(top.content(METADATA, METADATA_BYTES))
    entries = tuple(_entries(top, described))
    if not entries:
        raise ExportUnreadable(f"{path} holds no submission; each is a folder or a zip at its top")
    return Export(top, entries, limits)


def _top(container: Container) -> Container:
    """The container that the submissions stand in: this one, or the folder that an export was packed into."""
    for candidate in _candidates(container, WRAPPED):
        if candidate.children().get(METADATA) == "file":
            return candidate
    folders = _folders(container)
    if len(folders) == 1 and list(container.children().values()).count("zip") == 0:
        inner = container.inside(folders[0])
        if _is_class(inner.children()):
            return inner
    return container


def _candidates(container: Container, depth: int) -> Iterator[Container]:
    """A container, then those in it; where there are many folders, they are submissions."""
    yield container
    folders = _folders(container)
    if depth and len(folders) <= FEW:
        for name in folders:
            yield from _candidates(container.inside(name), depth - 1)


def _folders(container: Container) -> list[str]:
    return [name for name, kind in container.children().items() if kind == "folder"]


def _is_class(children: Mapping[str, str]) -> bool:
    """Whether these are submissions rather than the files of one: no files among them, and several, or named so."""
    kinds = list(children.values())
    held = [name for name, kind in children.items() if kind in {"folder", "zip"}]
    return "file" not in kinds and (len(held) > 1 or any(name.startswith(KEY) for name in held))


def _entries(top: Container, described: Mapping[str, Described]) -> Iterator[Entry]:
    """In the order of the metadata, then by name; what is described and has no folder has a row too."""
    names = _names_by_id(top.children(), export=bool(described))
    ids = [key.removeprefix(KEY) for key in described]
    for submission_id in (*ids, *sorted(set(names) - set(ids))):
        yield Entry(submission_id, names.get(submission_id, ""), described.get(KEY + submission_id, Described()))


def _names_by_id(children: Mapping[str, str], *, export: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, kind in sorted(children.items(), key=lambda child: (child[1] != "folder", child[0])):
        if kind == "file" or name == METADATA or (export and not name.startswith(KEY)):
            continue
        stem = name[: -len(".zip")] if kind == "zip" else name
        submission_id = stem.removeprefix(KEY)
        found[submission_id if submission_id not in found else name] = name
    return found
