"""run_autograder leaves a valid results.json whatever becomes of the grader that it starts.

The grader here is a small program that ends in one certain way; the script and the folders are the real ones.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.check_results import problems_of

PROJECT = Path(__file__).resolve().parents[2]
GOOD = '{"score": 7.5, "tests": [{"number": "1.a", "name": "one", "score": 7.5, "max_score": 10.0}]}'
HEAD = """
import os, signal, sys, time
from pathlib import Path

assert sys.argv[1] == "gradescope"
results = Path(sys.argv[sys.argv.index("--root") + 1], "results", "results.json")
"""
FAILING = {
    "ends with an error": ("sys.exit(1)", "it ended with an error"),
    "raises": ("raise RuntimeError('reference answer: 42')", "it ended with an error"),
    "is killed": ("os.kill(os.getpid(), signal.SIGKILL)", "it was killed"),
    "crashes": ("os.abort()", "it ended with an error"),
    "never ends": ("time.sleep(60)", "it took too long"),
    "never ends and will not be told": (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
        "it was killed",
    ),
    "says done and writes nothing": ("sys.exit(0)", "it left no valid result"),
    "writes NaN": ("results.write_text('{\"score\": NaN}')", "it left no valid result"),
    "writes a huge number": ("results.write_text('{\"score\": 1e999}')", "it left no valid result"),
    "writes half": ('results.write_text(\'{"score": 1, "tests": [\')', "it left no valid result"),
    "writes a list": ("results.write_text('[1]')", "it left no valid result"),
    "writes bytes that are no text": ("results.write_bytes(b'\\xff\\xfe{')", "it left no valid result"),
    "deletes the early result": ("results.unlink()", "it left no valid result"),
    "puts a folder in its place": ("results.unlink(); results.mkdir()", "it left no valid result"),
    "writes half and is killed": (
        "results.write_text('{'); os.kill(os.getpid(), signal.SIGKILL)",
        "it was killed",
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder laid out as Gradescope does, without a grader."""
    (tmp_path / "source" / "autograder").mkdir(parents=True)
    (tmp_path / "submission").mkdir()
    (tmp_path / "results").mkdir()
    shutil.copy(PROJECT / "run_autograder", tmp_path / "run_autograder")
    return tmp_path


def install_grader(root: Path, body: str) -> None:
    (root / "source" / "autograder" / "__main__.py").write_text(HEAD + body, encoding="utf-8")


def command(root: Path) -> list[str]:
    return ["bash", str(root / "run_autograder"), "--root", str(root)]


def environment(seconds: float = 30) -> dict[str, str]:
    return {**os.environ, "AUTOGRADER_PYTHON": sys.executable, "AUTOGRADER_SECONDS": str(seconds)}


def run(root: Path, seconds: float = 30) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(root), env=environment(seconds), capture_output=True, text=True, check=False)


def results_of(root: Path) -> dict[str, object]:
    path = root / "results" / "results.json"
    assert problems_of(path) == []
    content = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def assert_says_that_we_failed(results: dict[str, object], reason: str) -> None:
    assert results["score"] == 0
    assert results["visibility"] == "visible"
    assert reason in str(results["output"])
    assert "not a fault in your submission" in str(results["output"])
    assert "course staff" in str(results["output"])
    assert "reference" not in json.dumps(results)


@pytest.mark.parametrize("name", FAILING)
def test_a_grader_that_fails_leaves_a_valid_result_that_says_so(root: Path, name: str) -> None:
    body, reason = FAILING[name]
    install_grader(root, body)
    finished = run(root, seconds=3 if "never ends" in name else 30)
    assert finished.returncode == 0
    assert_says_that_we_failed(results_of(root), reason)


@pytest.mark.parametrize("status", [0, 2, 3])
def test_the_graders_own_result_is_left_as_it_is(root: Path, status: int) -> None:
    install_grader(root, f"results.write_text({GOOD!r}); sys.exit({status})")
    assert run(root).returncode == 0
    assert (root / "results" / "results.json").read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize(
    ("end", "reason", "seconds"),
    [("os.abort()", "it ended with an error", 30), ("time.sleep(60)", "it took too long", 4)],
)
def test_what_was_marked_before_the_grader_died_is_kept_and_says_so(
    root: Path, end: str, reason: str, seconds: float
) -> None:
    install_grader(root, f"results.write_text({GOOD!r}); {end}")
    run(root, seconds)
    results = results_of(root)
    assert results["score"] == 7.5
    assert results["tests"] == json.loads(GOOD)["tests"]
    assert f"The autograder failed: {reason}" in str(results["output"])


def test_a_valid_result_is_there_before_the_grader_starts(root: Path) -> None:
    install_grader(root, "(results.parent / 'early').write_text(results.read_text()); sys.exit(1)")
    run(root)
    early = root / "results" / "early"
    assert problems_of(early) == []
    assert_says_that_we_failed(json.loads(early.read_text(encoding="utf-8")), "stopped before it had finished")


def test_it_makes_a_missing_results_folder(root: Path) -> None:
    (root / "results").rmdir()
    install_grader(root, f"results.write_text({GOOD!r})")
    run(root)
    assert results_of(root)["score"] == 7.5


def test_a_link_in_the_place_of_the_result_is_not_followed(root: Path) -> None:
    elsewhere = root / "elsewhere"
    elsewhere.write_text("untouched", encoding="utf-8")
    (root / "results" / "results.json").symlink_to(elsewhere)
    install_grader(root, "sys.exit(1)")
    run(root)
    assert elsewhere.read_text(encoding="utf-8") == "untouched"
    assert_says_that_we_failed(results_of(root), "it ended with an error")


def test_an_earlier_result_is_not_taken_for_this_one(root: Path) -> None:
    (root / "results" / "results.json").write_text(GOOD, encoding="utf-8")
    install_grader(root, "sys.exit(0)")
    run(root)
    assert_says_that_we_failed(results_of(root), "it left no valid result")


@pytest.mark.parametrize("missing", ["source", "python"])
def test_an_incomplete_image_says_so(root: Path, missing: str) -> None:
    if missing == "python":
        install_grader(root, "sys.exit(0)")
    variables = environment() | {"AUTOGRADER_PYTHON": str(root / "no-python")}
    subprocess.run(command(root), env=variables, capture_output=True, check=True)
    assert_says_that_we_failed(
        results_of(root), "its own files are" if missing == "source" else "its set-up is missing"
    )


@pytest.fixture
def waiting(root: Path) -> "Iterator[tuple[Path, subprocess.Popen[bytes]]]":
    install_grader(root, "(results.parent / 'pid').write_text(str(os.getpid())); time.sleep(60)")
    process = subprocess.Popen(command(root), env=environment(), stderr=subprocess.DEVNULL)
    yield root, process
    process.kill()
    process.wait()


def when_started(root: Path) -> int:
    path = root / "results" / "pid"
    while not (path.exists() and path.read_text(encoding="utf-8")):
        time.sleep(0.02)
    return int(path.read_text(encoding="utf-8"))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_stopped_from_outside_says_so_and_takes_the_grader_along(
    waiting: "tuple[Path, subprocess.Popen[bytes]]", number: int
) -> None:
    root, process = waiting
    grader = when_started(root)
    process.send_signal(number)
    process.wait(timeout=20)
    assert_says_that_we_failed(results_of(root), "stopped from outside")
    for _ in range(200):
        if not is_alive(grader):
            break
        time.sleep(0.02)
    assert not is_alive(grader)


def test_a_run_that_is_killed_outright_has_left_the_early_result(
    waiting: "tuple[Path, subprocess.Popen[bytes]]",
) -> None:
    root, process = waiting
    grader = when_started(root)
    process.kill()
    process.wait()
    os.kill(grader, signal.SIGKILL)
    assert_says_that_we_failed(results_of(root), "stopped before it had finished")


def test_the_secrets_are_closed_to_others_before_the_grader_starts(root: Path) -> None:
    secrets = [
        root / "source" / "reference" / "rubric.toml",
        root / "source" / "tests" / "graded" / "hidden" / "test.py",
    ]
    for secret in secrets:
        secret.parent.mkdir(parents=True)
        secret.write_text("secret", encoding="utf-8")
        secret.chmod(0o644)
    (root / "submission_metadata.json").write_text("{}", encoding="utf-8")
    install_grader(root, f"results.write_text({GOOD!r})")
    run(root)
    for path in [*secrets, *(secret.parent for secret in secrets), root / "submission_metadata.json"]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_it_works_from_the_source_folder_too(root: Path) -> None:
    shutil.move(root / "run_autograder", root / "source" / "run_autograder")
    install_grader(root, f"results.write_text({GOOD!r})")
    where = ["bash", str(root / "source" / "run_autograder"), f"--root={root}", "--root", str(root)]
    subprocess.run(where, env=environment(), capture_output=True, check=True)
    assert results_of(root)["score"] == 7.5
