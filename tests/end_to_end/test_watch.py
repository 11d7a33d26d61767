"""Who would miss it: a student who keeps `--watch` running beside an editor, whatever that editor does."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from .conftest import ROOT

PATIENCE = 120.0  # seconds on a busy machine


class Watching:
    """A running `--watch`; `heard` waits for its next result."""

    def __init__(self, submission: Path, *options: str) -> None:
        self._lines: Queue[str] = Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder", str(submission), "--watch", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def heard(self, *ends: str) -> str:
        """What was printed until a line with one of `ends`."""
        said = []
        while True:
            said.append(self._lines.get(timeout=PATIENCE))
            if any(end in said[-1] for end in ends or ("Watching",)):
                return "".join(said)


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "different", tmp_path / "submission"))


@pytest.fixture
def watching(submission: Path, tmp_path: Path) -> Iterator[Watching]:
    opened = Watching(submission, "--only", "1", "--only", "2.a", "--json", str(tmp_path / "results.json"))
    yield opened
    opened.process.kill()
    opened.process.wait()


def test_every_way_to_save_is_graded_and_only_what_changed(
    watching: Watching, submission: Path, tmp_path: Path
) -> None:
    assert "Total: 15 of 15" in watching.heard()
    module = submission / "q1_scaling.py"
    right = module.read_text(encoding="utf-8")

    module.write_text(right + "\nvariance = '2 d'\n", encoding="utf-8")  # in place
    told = watching.heard()
    assert "Total: 12 of 15" in told
    assert "for 1.a, 1.b, 1.c." in told
    assert '"score": 12' in (tmp_path / "results.json").read_text(encoding="utf-8")

    beside = submission / ".q1_scaling.py.swp"
    beside.write_text(right, encoding="utf-8")
    os.replace(beside, module)  # by renaming, as many editors do
    assert "Total: 15 of 15" in watching.heard()

    module.write_text("variance = (", encoding="utf-8")
    while "syntax" not in (told := watching.heard()):  # a save in place may be seen before it is whole
        assert "Total: 5 of 15" in told

    module.unlink()
    assert "Total: 5 of 15" in watching.heard()

    module.write_text(right, encoding="utf-8")
    assert "Total: 15 of 15" in watching.heard()

    shutil.rmtree(submission)
    assert "does not exist" in watching.heard("does not exist")
    shutil.copytree(ROOT / "examples" / "different", submission)
    assert "Total: 15 of 15" in watching.heard()

    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=PATIENCE) == 0


def test_watching_and_printing_json_do_not_go_together() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "examples/gemini", "--watch", "--json", "-"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "do not go together" in done.stderr
