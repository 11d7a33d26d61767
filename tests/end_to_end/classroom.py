"""Builds exports of a class as Gradescope writes them, with every trap that a real one had."""

import io
import json
import sqlite3
import stat
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from .conftest import ROOT

EXAMPLES = ROOT / "examples"
TOP = "assignment_77_export"
Files = Mapping[str, bytes]
NOT_COMPARED = {"run.sqlite", ".lock"}

# Strings that look like numbers and truth values, a group, no submitters, missing fields, a history out of order,
# bare document ends at the margin, results that are absent or null.
METADATA = """\
---
submission_101:
  :submitters:
  - :name: NO
    :sid: 0123
    :email: no@school.edu
  - :name: 'Ada, "the first"'
    :sid: 1_000
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
  :status: processed
  :results:
    score: 2.0
    leaderboard:
    tests:
    - {number: '1.a', score: 0.0, max_score: 4.0, name: x, output: 'Undecided: a person will.'}
    - {number: '1.b', score: 3.0, max_score: 3.0, name: y, output: Right.}
  :history:
  - :submitters: []
    :created_at: 2026-04-20 10:00:00.000000000 Z
    :score: 99.0
    :results:
    :id: 5
  - :submitters: []
    :created_at: 2026-04-01 10:00:00.000000000 Z
    :score: 98.0
    :id: 3
...
submission_102:
  :submitters: []
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score:
  :status: processed
...
submission_103:
  :submitters:
  - :name: Null
    :sid: 12e4
    :email: ~
  :score: 7.5
  :results:
    score: 7.5
    tests: []
  :id: 103
submission_104:
  :submitters:
  - :name: on
    :email: 0x1F@school.edu
  :score: 0.0
"""


def files_of(example: str, *names: str) -> dict[str, bytes]:
    """An example's files, or those that are named."""
    folder = EXAMPLES / example
    chosen = [folder / name for name in names] if names else sorted(folder.glob("q*"))
    return {path.name: path.read_bytes() for path in chosen}


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def class_files() -> dict[str, dict[str, bytes]]:
    """Submissions by folder name. 104 is described and has no folder; 105 has a folder and is not described."""
    gemini = files_of("gemini", "q1_scaling.py", "q7_process.py")
    return {
        "submission_101": files_of("different", "q1_scaling.py", "q7_process.py"),
        "submission_102": {"my homework.zip": zipped(files_of("different", "q1_scaling.py", "q7_process.py"))},
        "submission_103": {f"handed in/{name}": data for name, data in gemini.items()},
        "submission_105": {"q1_scaling.py": b"import os\nos._exit(0)\n", "q7_process.py": b"hours = (\n"},
    }


def export_folder(place: Path, metadata: str = METADATA) -> Path:
    """The export unpacked, with links that lead away and a FIFO."""
    top = place / TOP
    for folder, files in class_files().items():
        for name, data in files.items():
            path = top / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (top / "submission_metadata.yml").write_text(metadata)
    (top / ".DS_Store").write_bytes(b"\0")
    (top / "submission_105" / "q2_argmax.py").symlink_to(ROOT / "reference" / "q2_argmax.py")
    (top / "submission_106").symlink_to(ROOT / "reference")
    return place


def export_zip(place: Path, metadata: str = METADATA) -> Path:
    """The export as a Mac packs it again, with members that would leave the folder and links."""
    path = place / f"{TOP}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{TOP}/submission_metadata.yml", metadata)
        archive.writestr(f"__MACOSX/{TOP}/._submission_metadata.yml", b"\0")
        archive.writestr(f"{TOP}/.DS_Store", b"\0")
        for folder, files in class_files().items():
            for name, data in files.items():
                archive.writestr(f"{TOP}/{folder}/{name}", data)
        archive.writestr(f"{TOP}/submission_105/../../../evil.py", b"")
        archive.writestr("/etc/evil.py", b"")
        archive.writestr(link(f"{TOP}/submission_105/q2_argmax.py"), str(ROOT / "reference" / "q2_argmax.py"))
        archive.writestr(link(f"{TOP}/submission_106"), str(ROOT / "reference"))
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def written(out: Path) -> dict[str, bytes]:
    """All files of a run but the store itself, by their path."""
    paths = [path for path in sorted(out.rglob("*")) if path.is_file() and path.suffix in {".csv", ".json"}]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def everything(out: Path) -> dict[str, bytes]:
    """All files of a run but the store and the lock, also any that should not be there."""
    paths = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name not in NOT_COMPARED]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def scores_in(out: Path, submission_id: str) -> dict[str, float]:
    results = json.loads((out / "results" / f"{submission_id}.json").read_text())
    return {test["number"]: test["score"] for test in results["tests"]}


def slow_class(place: Path, submissions: int = 20) -> Path:
    """Submissions that take half a second each, so that a run has a middle to be stopped in."""
    for number in range(submissions):
        (place / f"s{number:02}").mkdir(parents=True)
        text = f"import time\ntime.sleep(0.5)\nhours = {number}\n"
        (place / f"s{number:02}" / "q7_process.py").write_text(text)
    return place


def marks_in(out: Path) -> int:
    """How many parts are marked in the store of a run that may still be going on."""
    try:
        with closing(sqlite3.connect(out / "run.sqlite")) as connection:
            return int(connection.execute("SELECT count(*) FROM marks").fetchone()[0])
    except sqlite3.Error:
        return 0
