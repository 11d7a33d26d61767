"""Without root the change of user is left out, everything else holds. Run as root, this becomes nobody for a while."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NOBODY = 65_534

GRADE = """
import json
from autograder.sandbox.launcher import Zygote, describe
from autograder.sandbox.protocol.programs import Call, ModuleAttribute
FILES = {"q.py": b'''
import os, socket
answer = 3
def attempt():
    found = []
    for action in (os.fork, socket.socket, lambda: open("/tmp/canary", "w"), lambda: os.kill(os.getppid(), 0),
                   lambda: open(f"/proc/{os.getppid()}/environ")):
        try:
            action()
            found.append("done")
        except OSError:
            found.append("refused")
    return found
'''}
with Zygote() as zygote, zygote.session(FILES) as session:
    values = [session.run(program).data for program in (
        ModuleAttribute("q", "answer"), Call(ModuleAttribute("q", "attempt")))]
    print(json.dumps([describe(session.layers()), *values]))
"""


def everyone_may_run(path: str) -> bool:
    """Whether any user can reach a file: the folders on the way may be root's own."""
    real = Path(path).resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (real, *real.parents))


@pytest.mark.skipif(
    os.geteuid() == 0 and not (everyone_may_run(sys.executable) and everyone_may_run(str(PROJECT))),
    reason="this interpreter or this project is in a folder that only root may enter",
)
def test_an_ordinary_user_gets_every_layer_but_the_change_of_user():
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [sys.executable, "-c", GRADE]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True, **identity)
    summary, answer, attempts = json.loads(run.stdout)
    assert answer == 3
    assert summary["root"] is False
    assert "user" in summary["unavailable"]
    if {"landlock", "seccomp"} <= set(summary["applied"]):
        assert attempts == ["refused"] * 5
