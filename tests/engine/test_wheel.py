"""Who would miss it: whoever installs the program, and finds that a page has no style or `new` nothing to copy."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.engine.source_tree import PROJECT

NEEDED = ("pyproject.toml", "README.md", "LICENSE")
MAKE = "import setuptools.build_meta as backend, sys; print(backend.build_wheel(sys.argv[1]))"


def test_every_file_of_the_engine_is_in_the_wheel(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "autograder", tmp_path / "autograder", ignore=ignored)
    for path in [*(PROJECT / name for name in NEEDED), *PROJECT.glob("requirements*.txt")]:
        shutil.copy(path, tmp_path)
    made = subprocess.run(
        [sys.executable, "-c", MAKE, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, timeout=200
    )
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(tmp_path / made.stdout.splitlines()[-1]) as wheel:
        packed = set(wheel.namelist())
    files = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "autograder").rglob("*") if path.is_file()}
    assert sorted(files - packed) == []
