"""Reads a submission: `read_submission(path, expected, limits) -> Submission`. Nothing in it is ever executed."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import SubmissionUnreadable
from autograder.settings import Limits
from autograder.submission.archive import deeper_in_archive, open_archive, places_in_archive, unsafe_members
from autograder.submission.folder import deeper_in_folder, places_in_folder, read_zip_inside
from autograder.submission.model import ExpectedFiles, IntakeProblem, Submission, shown
from autograder.submission.notebook import code_of_notebook, without_commands
from autograder.submission.own_modules import own_modules
from autograder.submission.place import Place, choose, name_hints, other_modules
from autograder.submission.source_text import decode_source


def read_submission(path: Path, expected: ExpectedFiles, limits: Limits) -> Submission:
    """Take a homework's files out of a folder or a zip, from its top or from one folder below it.

    A file that cannot be taken is a problem of the Submission, and the others are taken; a submission without any
    expected file is an empty one. Raises SubmissionUnreadable if there is no folder and no zip at `path`.
    """
    if path.is_dir():
        return _from_folder(path, expected, limits)
    if path.is_file():
        with open_archive(path, str(path), limits) as archive:
            return _from_archive(archive, path.stem, expected, limits)
    what = "is neither a folder nor a zip" if path.exists() else "does not exist"
    raise SubmissionUnreadable(f"{path} {what}; give the folder or the zip with your answers")


def _from_folder(path: Path, expected: ExpectedFiles, limits: Limits) -> Submission:
    name = path.resolve().name
    try:
        places = places_in_folder(path, expected, limits)
    except OSError as error:
        raise SubmissionUnreadable(f"{path} cannot be listed ({error.strerror}); make it readable") from error
    if not any(place.read for place in places):
        inside = read_zip_inside(path, limits)
        if inside is not None:
            return _from_zip_inside(name, *inside, expected, limits)
        return _taken(name, places, expected, limits, deeper_in_folder(path, expected, limits))
    return _taken(name, places, expected, limits)


def _from_zip_inside(name: str, file: str, data: bytes, expected: ExpectedFiles, limits: Limits) -> Submission:
    found = IntakeProblem("zip_inside", "", {"file": shown(file)})
    try:
        with open_archive(io.BytesIO(data), shown(file), limits) as archive:
            inner = _from_archive(archive, name, expected, limits)
    except SubmissionUnreadable:
        return Submission(
            name, {}, (IntakeProblem("nothing_found"), IntakeProblem("damaged", "", {"file": shown(file)}))
        )
    return Submission(name, inner.files, (found, *inner.problems))


def _from_archive(archive: zipfile.ZipFile, name: str, expected: ExpectedFiles, limits: Limits) -> Submission:
    places = places_in_archive(archive, expected)
    found = any(place.read for place in places)
    lost = () if found else deeper_in_archive(archive, expected)
    return _taken(name, places, expected, limits, (*unsafe_members(archive), *lost))


def _taken(
    name: str, places: list[Place], expected: ExpectedFiles, limits: Limits, further: Iterable[IntakeProblem] = ()
) -> Submission:
    choice = choose(places, expected)
    files: dict[str, bytes] = {}
    problems: list[IntakeProblem] = []
    for wanted in expected.names:
        data, found = _take(choice.place, wanted, expected, limits)
        problems += found
        if data is not None:
            files[wanted] = data
    modules = {wanted: data for wanted, data in files.items() if wanted not in expected.data}
    own, lost = own_modules(choice.place, modules, limits)
    others = other_modules(choice.place, own)
    about_all = (*choice.problems, *further, *name_hints(places, expected), *others)
    return Submission(name, {**files, **own}, (*about_all, *problems, *lost))


def _take(place: Place, name: str, expected: ExpectedFiles, limits: Limits) -> tuple[bytes | None, list[IntakeProblem]]:
    """Return an expected file, or a module out of the notebook in its place, and what is to be said about it."""
    if name in expected.data:
        return _read(place, name, name, limits.data_file_bytes)
    notebook = f"{name.removesuffix('.py')}.ipynb"
    if name in place.read or notebook not in place.read:
        data, problems = _read(place, name, name, limits.source_bytes)
        beside = [IntakeProblem("notebook_beside", name)] if notebook in place.read else []
        if data is None:
            return None, [*beside, *problems]
        data, found = _from_module(name, data)
        return data, [*beside, *found]
    data, problems = _read(place, notebook, name, limits.data_file_bytes)
    return (None, problems) if data is None else _from_notebook(name, data, limits)


def _read(place: Place, file: str, name: str, limit: int) -> tuple[bytes | None, list[IntakeProblem]]:
    if file not in place.read:
        return None, []
    data = place.read[file](limit)
    if isinstance(data, bytes):
        return data, []
    return None, [IntakeProblem(data, name, {"limit": limit} if data == "too_large" else {})]


def _from_module(name: str, data: bytes) -> tuple[bytes, list[IntakeProblem]]:
    problems = text_problems(name, data)
    data, left_out = (data, 0) if problems else without_commands(data)
    commands = [IntakeProblem("notebook_commands", name, {"left_out": left_out})] if left_out else []
    return data, [*problems, *commands]


def _from_notebook(name: str, data: bytes, limits: Limits) -> tuple[bytes | None, list[IntakeProblem]]:
    code = code_of_notebook(data)
    if code is None:
        return None, [IntakeProblem("notebook_unreadable", name)]
    source = code.source.encode(errors="backslashreplace")
    if len(source) > limits.source_bytes:
        return None, [IntakeProblem("too_large", name, {"limit": limits.source_bytes})]
    return source, [IntakeProblem("from_notebook", name, {"left_out": code.left_out})]


def text_problems(name: str, data: bytes) -> list[IntakeProblem]:
    """Say why Python will not be able to read a module's bytes, if it will not."""
    text = decode_source(data)
    if isinstance(text, str):
        return []
    details = {"line": text.line, "coding": text.coding}
    return [IntakeProblem(text.kind, name, {key: value for key, value in details.items() if value})]
