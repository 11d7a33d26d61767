"""What the tests of intake share: a small homework, and ways to hand it in."""

import zipfile
from dataclasses import replace
from pathlib import Path

from autograder.settings import Limits
from autograder.submission.model import ExpectedFiles
from autograder.submission.reader import read_submission

EXPECTED = ExpectedFiles(("q1", "q2", "q3"), ("data.npz",))
LIMITS = Limits()
SMALL = replace(LIMITS, source_bytes=100, data_file_bytes=1000, archive_members=50)
MODULES = {"q1.py": b"a = 1\n", "q2.py": b"b = 2\n", "q3.py": b"c = 3\n"}


def read(path, limits=LIMITS):
    return read_submission(path, EXPECTED, limits)


def kinds(submission, name=None):
    return [problem.kind for problem in submission.problems if name in (None, problem.name)]


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def write_zip(path: Path, files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return path
