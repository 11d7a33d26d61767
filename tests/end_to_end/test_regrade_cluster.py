"""Who would miss it: the staff of a course whose cluster loses machines in the middle of the night.

A real cluster: a scheduler and two workers, each a process of its own.
"""

import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .classroom import files_of, marks_in, written
from .conftest import ROOT, command
from .dask_here import Scheduler, scheduler, worker

__all__ = ["scheduler"]  # a fixture

PARTS = ("--only", "1", "--only", "7")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("few")
    for number in range(24):
        folder = place / f"s{number:02}"
        folder.mkdir()
        for name, data in files_of("different", "q1_scaling.py", "q7_process.py").items():
            (folder / name).write_bytes(data + f"\nnumber = {number}\n".encode())
    (place / "s05" / "q1_scaling.py").write_text("import os\nos._exit(0)\n")
    return place


def test_a_cluster_that_loses_a_worker_comes_to_what_one_machine_comes_to(
    scheduler: Scheduler, few: Path, tmp_path: Path
) -> None:
    assert command("regrade", few, "--out", tmp_path / "here", *PARTS).returncode == 0
    arguments = ("regrade", few, "--out", tmp_path / "there", *PARTS, "--scheduler", scheduler.address)
    with worker(scheduler.file, 1) as first, worker(scheduler.file, 2):
        running = subprocess.Popen(
            [sys.executable, "-m", "autograder", *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        while running.poll() is None and marks_in(tmp_path / "there") < 8:
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        said = running.communicate(timeout=240)[1]
    assert running.returncode == 0, said
    assert written(tmp_path / "there") == written(tmp_path / "here")


def test_a_worker_with_another_version_of_the_program_is_refused_and_named(
    scheduler: Scheduler, few: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(ROOT / "autograder", tmp_path / "other" / "autograder"))
    (other / "settings.py").write_text((other / "settings.py").read_text() + "\n# another version\n")
    with worker(scheduler.file, 3, other.parent):
        done = command("regrade", few, "--out", tmp_path / "run", *PARTS, "--scheduler", scheduler.address)
    assert (done.returncode, done.stdout) == (2, "")
    assert "has this program in the version" in done.stderr
    assert platform.node() in done.stderr


def test_a_wrong_address_is_refused_in_a_sentence(few: Path, tmp_path: Path) -> None:
    done = command("regrade", few, "--out", tmp_path / "run", *PARTS, "--scheduler", "tcp://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("autograder: there is no Dask scheduler at tcp://127.0.0.1:9")


def test_without_dask_the_sentence_says_how_to_install_it(few: Path, tmp_path: Path) -> None:
    hide = "import sys; sys.modules['distributed'] = None; from autograder.cli import main; sys.exit(main())"
    arguments = ("regrade", few, "--out", tmp_path / "run", *PARTS, "--scheduler", "tcp://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-c", hide, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2
    assert "pip install '.[cluster]'" in done.stderr
