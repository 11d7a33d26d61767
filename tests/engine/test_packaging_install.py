"""The set-up: the right PyTorch, from the right place, without waiting on a network that is not there."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scripts import install_dependencies as install

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(status: int) -> Iterator[str]:
    """An index that answers every request with `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silence() -> Iterator[str]:
    """An index that takes the call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORCH_INDEX_URL", raising=False)
    monkeypatch.delenv("TORCH_PROBE_SECONDS", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.parametrize(("status", "expected"), [(200, True), (403, True), (404, True), (500, False), (503, False)])
def test_an_index_that_answers_is_used_and_one_that_is_broken_is_not(status: int, expected: bool) -> None:
    with serving(status) as url:
        assert install.answers(url) is expected


def test_an_index_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_PROBE_SECONDS", "0.2")
    with silence() as url:
        assert install.answers(url) is False


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "no address", "file:///nowhere", "http://["])
def test_an_index_that_is_not_there_is_given_up(url: str) -> None:
    assert install.answers(url) is False


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is only one build")
def test_the_cpu_build_is_looked_for_first_and_the_ordinary_one_last(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(200) as url:
        monkeypatch.setenv("TORCH_INDEX_URL", url + "/")
        sources = [arguments for _, arguments in install.torch_sources("2.13.0")]
    assert sources == [["--index-url", url, "torch==2.13.0"], ["torch==2.13.0+cpu"], ["torch==2.13.0"]]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is only one build")
@pytest.mark.parametrize("index", ["", "http://127.0.0.1:1"])
def test_without_the_cpu_index_pips_own_index_is_asked_at_once(monkeypatch: pytest.MonkeyPatch, index: str) -> None:
    monkeypatch.setenv("TORCH_INDEX_URL", index)
    assert [arguments for _, arguments in install.torch_sources("2.13.0")] == [["torch==2.13.0+cpu"], ["torch==2.13.0"]]


def test_a_local_version_counts_as_the_pinned_one() -> None:
    assert install.installed("torch") == install.pinned("torch")
    assert install.installed("no-such-package") is None


def test_the_system_python_is_never_installed_into() -> None:
    command = [sys.base_prefix + "/bin/python3", str(PROJECT / "scripts" / "install_dependencies.py")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "virtual environment" in finished.stderr


# The release candidate of Python 3.11 that Ubuntu 22.04 has, brought about by taking away what it lacks.
LIKE_THE_RELEASE_CANDIDATE = "import sys; del sys.get_int_max_str_digits, sys.set_int_max_str_digits\n"


def test_torch_starts_on_the_release_candidate_once_it_is_repaired() -> None:
    lines = LIKE_THE_RELEASE_CANDIDATE + install.RELEASE_CANDIDATE_REPAIR + "\nimport torch._dynamo"
    finished = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_the_repair_is_a_line_that_python_runs_at_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install.repair_release_candidate(tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delattr(sys, "get_int_max_str_digits")
    install.repair_release_candidate(tmp_path)
    (written,) = tmp_path.iterdir()
    assert written.suffix == ".pth"
    assert written.read_text(encoding="utf-8").startswith("import ")
    assert written.read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-cluster.txt"])
def test_every_requirement_is_pinned_and_installed_as_pinned(name: str) -> None:
    lines = [line for line in (PROJECT / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for line in lines:
        package, _, version = line.partition("==")
        assert install.installed(package) == version, line


def find_python(candidates: str, path: str = os.environ["PATH"]) -> "subprocess.CompletedProcess[str]":
    script = [str(PROJECT / "scripts" / "find_python")]
    return subprocess.run(
        ["/bin/sh", *script], env={"PYTHON": candidates, "PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder of commands: one that is too old, one that is no Python, and a good one."""
    for name, body in {"old": "exit 1", "broken": "exit 127", "good": f'exec {sys.executable} "$@"'}.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
    return tmp_path


def test_the_first_python_that_is_new_enough_is_taken(commands: Path) -> None:
    found = find_python("absent old broken good", str(commands))
    assert (found.returncode, found.stdout) == (0, f"{commands}/good\n")


def test_without_a_python_that_is_new_enough_one_sentence_says_what_to_do(commands: Path) -> None:
    found = find_python("absent old broken", str(commands))
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert "install it" in found.stderr
