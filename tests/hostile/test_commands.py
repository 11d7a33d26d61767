"""Through the real commands: a submission that tries everything at once, and what it leaves behind."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .command import command, strict_json
from .grading import EXAMPLE, ROOT, example_with
from .leftovers import CANARY, FILES, left_behind

# Looks for what the commands themselves hold, and says so by printing it, in an answer, and in a file.
SPY = """
import os, sys
found = []
def look(action):
    try:
        found.append(str(action()))
    except BaseException as error:
        found.append(type(error).__name__)

look(lambda: open({reference!r} + "/q2_argmax.py").read())
look(lambda: open({reference!r} + "/rubric.toml").read())
look(lambda: os.listdir({reference!r}))
look(lambda: open({root!r} + "/submission_metadata.json").read())
look(lambda: open({root!r} + "/results/results.json").read())
look(lambda: open({root!r} + "/results/results.json", "w").write("{canary}"))
look(lambda: open("/proc/%d/environ" % os.getppid()).read())
look(lambda: open({neighbour!r} + "/q1_scaling.py").read())
look(lambda: os.listdir("/proc"))
look(lambda: os.listdir("/tmp"))
for place in ("/tmp", "/dev/shm", "/var/tmp", ".", {root!r}):
    look(lambda: open(place + "/{canary}", "w"))
look(lambda: os.fork() or os._exit(0))
print(found, flush=True)
if any("def " in text or "seed" in text or "{canary}" in text or text.startswith("[") for text in found):
    exec({honest!r})
"""


def spy(root: Path) -> bytes:
    honest = (EXAMPLE / "q2_argmax.py").read_text()
    places = {"reference": str(ROOT / "reference"), "root": str(root), "neighbour": str(ROOT / "examples" / "gemini")}
    return SPY.format(canary=CANARY, honest=honest, **places).encode()


def lost_only(results: dict, question: str) -> bool:
    """Whether everything of one question is lost and everything else is right."""
    marked = [test for test in results["tests"] if "score" in test]  # the public checks have none
    scores = {test["number"]: (test["score"], test["max_score"]) for test in marked}
    lost = all(score == 0 for number, (score, _) in scores.items() if number.startswith(question))
    return lost and all(score == most for number, (score, most) in scores.items() if not number.startswith(question))


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the commands keep their temporary files, for every user to pass."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


@pytest.fixture
def container(tmp_path: Path) -> Path:
    """A Gradescope container with secrets of its own, which every user may reach."""
    root = tmp_path / "autograder"
    root.mkdir()
    for folder in (tmp_path, *list(tmp_path.parents)[:1], root):
        folder.chmod(0o755)
    (root / "submission_metadata.json").write_text(json.dumps({"users": [{"email": f"seed {CANARY}"}]}))
    (root / "results").mkdir()
    (root / "results" / "results.json").write_text("{}")
    return root


def test_a_spy_in_a_container_gets_and_leaves_nothing(container: Path, temporary: Path) -> None:
    example_with(container / "submission", {"q2_argmax.py": spy(container)})
    done = command("gradescope", "--root", container)
    text = (container / "results" / "results.json").read_text()
    assert (done.returncode, lost_only(strict_json(text), "2")) == (0, True)
    assert CANARY not in text + done.stdout + done.stderr
    assert left_behind(temporary) == []


def test_a_spy_on_a_terminal_gets_and_leaves_nothing(tmp_path: Path, temporary: Path) -> None:
    place = example_with(tmp_path / "handed_in\x1b[2J", {"q2_argmax.py": spy(tmp_path)})
    done = command("grade", place, "--json", tmp_path / "results.json", "--only", "2", "--only", "4.f")
    assert (done.returncode, lost_only(strict_json((tmp_path / "results.json").read_text()), "2")) == (0, True)
    assert not {"\x1b", CANARY} & {*done.stdout, *done.stderr, done.stdout, done.stderr}
    assert left_behind(temporary) == []


def test_the_spy_would_be_noticed(tmp_path: Path) -> None:
    """Without a sandbox it finds what it looks for, answers its question rightly, and leaves files."""
    script = tmp_path / "spy.py"
    script.write_bytes(spy(tmp_path) + b"\nos._exit(7 if 'argmax_attention' in globals() else 0)\n")
    try:
        assert subprocess.run([sys.executable, script], cwd=tmp_path, stdout=subprocess.DEVNULL).returncode == 7
        assert all(path.exists() for path in FILES[:1])
    finally:
        for path in FILES:
            path.unlink(missing_ok=True)


def test_a_module_that_kills_whatever_it_can_kills_itself(container: Path, temporary: Path) -> None:
    shutil.copytree(EXAMPLE, container / "submission")
    killer = b"import os, signal\nfor pid in range(2, 40_000):\n    try: os.kill(pid, 9)\n    except OSError: pass\n"
    (container / "submission" / "q3_multihead.py").write_bytes(killer)
    done = command("gradescope", "--root", container)
    results = strict_json((container / "results" / "results.json").read_text())
    assert (done.returncode, lost_only(results, "3")) == (0, True)
    assert left_behind(temporary) == []
