"""A system without Linux's own calls, such as macOS: rlimits, deadlines and closed descriptors still hold.

Imitated: the zygote is told that it runs on darwin, once torch is imported. As root it runs only with `unsafe`.
"""

import os
from collections.abc import Iterator

import pytest

from autograder.errors import SandboxFailed
from autograder.sandbox import zygote_process
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.outcome import Crashed, TimedOut, Value
from autograder.sandbox.protocol.programs import Call, ModuleAttribute
from autograder.sandbox.session import Session
from autograder.settings import Limits

DARWIN = zygote_process.BOOT.replace("import sys;", "import sys, torch; sys.platform = 'darwin';")
SOURCE = b"""
import os, sys, time
platform = sys.platform
def sleep(): time.sleep(60)
def leave(): os._exit(0)
"""


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(zygote_process, "BOOT", DARWIN)
    with Zygote(Limits(call_seconds=0.5), unsafe=True) as zygote, zygote.session({"q.py": SOURCE}) as session:
        yield session


def test_what_other_systems_have_holds(session: Session) -> None:
    layers = {layer.name: layer for layer in session.layers()}
    assert all(layers[name].applied for name in ("descriptors", "rlimits", "libraries"))
    assert {layers[name].reason for name in ("landlock", "seccomp", "no new privileges")} == {"only Linux has it"}
    assert session.run(ModuleAttribute("q", "platform")) == Value("darwin")
    assert session.run(Call(ModuleAttribute("q", "sleep"))) == TimedOut("q", 0.5, "call")
    assert session.run(Call(ModuleAttribute("q", "leave"))) == Crashed("SystemExit", "q", None, "exit")
    assert session.run(ModuleAttribute("q", "platform")) == Value("darwin")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_refused_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zygote_process, "BOOT", DARWIN)
    with Zygote() as zygote, pytest.raises(SandboxFailed, match="cannot be confined here"):
        zygote.layers()
