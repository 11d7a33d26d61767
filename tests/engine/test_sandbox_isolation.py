"""Two submissions never meet, nothing of a worker is left, and what goes wrong on our side is said as such."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import SandboxFailed
from autograder.sandbox import launcher, zygote_process
from autograder.sandbox.launcher import Zygote, describe
from autograder.sandbox.materialise import FIRST_ID, LAST_ID, Identities, materialise, remove
from autograder.sandbox.outcome import Missing, TimedOut, Value
from autograder.sandbox.protocol.programs import Call, Code, ModuleAttribute, Snippet
from autograder.settings import Limits

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root can give each worker a user of its own")


def evaluate(session, expression, statements=""):
    """Evaluate an expression of our own inside the worker of module q."""
    outcome = session.run(Code("q", statements, expression))
    return outcome.data if isinstance(outcome, Value) else outcome


def alive(pid):
    """Whether a process is there and not yet dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.fixture
def session(zygote):
    with zygote.session({"q.py": b"answer = 3\n", "data/notes.txt": b"mine"}) as one:
        yield one


def test_a_submission_reads_its_own_files(session):
    assert evaluate(session, "open('data/notes.txt').read()") == "mine"


def test_a_submission_cannot_write_to_its_own_folder(session):
    guarded(session)
    assert evaluate(session, "found", WRITE_ATTEMPTS).count("refused") == 4


def guarded(session):
    if not ROOT and "landlock" not in describe(session.layers())["applied"]:
        pytest.skip("an ordinary user needs Landlock for this")


WRITE_ATTEMPTS = """
import os
found = []
def attempt(action):
    try:
        action()
        found.append("done")
    except OSError:
        found.append("refused")
attempt(lambda: open("new.txt", "w"))
attempt(lambda: open("q.py", "a"))
attempt(lambda: os.mkdir("folder"))
attempt(lambda: os.remove("q.py"))
"""


def test_another_submissions_folder_cannot_be_read(zygote, session):
    guarded(session)
    with zygote.session({"q.py": b"secret = 42\n"}) as other:
        folder = evaluate(other, "os.getcwd()", "import os")
        source = f"""
import os
try:
    found = open({folder + "/q.py"!r}).read()
except OSError:
    found = "refused"
"""
        assert evaluate(session, "found", source) == "refused"


@as_root
def test_each_worker_is_a_user_of_its_own_without_rights(zygote):
    with zygote.session({"q.py": b"", "r.py": b""}) as one, zygote.session({"q.py": b""}) as two:
        expression = "(os.getresuid(), os.getresgid(), tuple(os.getgroups()))"
        q, r, s = (
            evaluated.run(Code(module, "import os", expression)).data
            for evaluated, module in ((one, "q"), (one, "r"), (two, "q"))
        )
        assert len({q[0], r[0], s[0]}) == 3
        assert q[1] == r[1] != s[1]
        assert all(FIRST_ID <= identity <= LAST_ID for worker in (q, r, s) for ids in worker[:2] for identity in ids)
        assert q[2] == ()


def test_the_worker_holds_its_channel_and_nothing_else(session):
    found = evaluate(session, "held", DESCRIPTORS)
    assert [descriptor for descriptor, is_directory in found if not is_directory] == [0, 1, 2, 3]


DESCRIPTORS = """
import os, stat
held = []
for descriptor in range(256):
    try:
        held.append((descriptor, stat.S_ISDIR(os.fstat(descriptor).st_mode)))
    except OSError:
        pass
"""


def test_the_worker_knows_nothing_of_the_graders_environment(session):
    assert "SECRET_OF_THE_GRADER" in os.environ
    assert "SECRET_OF_THE_GRADER" not in evaluate(session, "dict(os.environ)", "import os")


@pytest.mark.parametrize(
    "name", ["reference", "tests", "student_template", "autograder.checks", "autograder.scoring.rubric"]
)
def test_the_project_cannot_be_imported_from_a_worker(session, name):
    statements = f"try:\n    import {name}\n    found = 'imported'\nexcept ImportError:\n    found = 'refused'"
    assert evaluate(session, "found", statements) == "refused"


def test_no_way_to_the_project_is_left_on_the_search_path(session):
    project = str(Path(__file__).resolve().parents[2])
    assert project not in evaluate(session, "list(map(os.path.realpath, sys.path))", "import os, sys")


def test_a_file_named_like_a_library_does_not_take_its_place(zygote):
    files = {f"{name}.py": b"raise SystemExit('mine')" for name in ("torch", "numpy", "math", "wave", "sitecustomize")}
    with zygote.session({"q.py": b"import torch, numpy, math, wave\nanswer = wave.__file__\n", **files}) as one:
        assert "submission-" not in one.run(ModuleAttribute("q", "answer")).data


def test_libraries_that_are_not_loaded_yet_can_be_imported(session):
    statements = "import wave, statistics, xml.dom.minidom, concurrent.futures, email.mime.text, torch.utils.benchmark"
    assert evaluate(session, "wave.__name__", statements) == "wave"


FORKS = """
import os, time
def f():
    pids = []
    try:
        for _ in range(3):
            pid = os.fork()
            if pid == 0:
                os.setsid()
                if os.fork() == 0:
                    os.close(3)
                time.sleep(600)
            pids.append(pid)
    except OSError:
        pass
    return pids
"""


def test_nothing_of_a_worker_is_left_when_its_session_ends(zygote):
    zygote.layers()
    before = below(zygote._running.process.pid)
    with zygote.session({"q.py": FORKS.encode()}) as session:
        session.run(Call(ModuleAttribute("q", "f")))
        folder = Path(evaluate(session, "os.getcwd()", "import os"))
        assert folder.exists()
        assert below(zygote._running.process.pid) > before
    assert not folder.exists()
    assert below(zygote._running.process.pid) <= before


def below(pid):
    """Return all living processes that this one started, or that were left to it."""
    parents = dict(map(parent_of, Path("/proc").glob("[0-9]*/stat")))
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {child for child in found - {pid} if alive(child)}


def parent_of(stat):
    try:
        return int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just gone
        return int(stat.parent.name), 0


def test_workers_that_hung_are_gone(zygote):
    source = b"import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ndef f():\n    time.sleep(600)\n"
    with zygote.session({"q.py": source}, Limits(call_seconds=0.2)) as session:
        pid = evaluate(session, "os.getpid()")
        assert alive(pid)
        assert session.run(Call(ModuleAttribute("q", "f"))) == TimedOut("q", 0.2, "call")
        assert not alive(pid)
        assert evaluate(session, "os.getpid()") != pid


def wait_until(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not come about")


def test_a_zygote_that_died_takes_its_workers_along_and_is_replaced_once():
    with Zygote() as own, own.session({"q.py": b"import os\nanswer = 3\n"}) as session:
        lose_zygote(own, session)
        assert session.run(ModuleAttribute("q", "answer")) == Value(3)
        lose_zygote(own, session)
        with pytest.raises(SandboxFailed, match="lost twice"):
            session.run(ModuleAttribute("q", "answer"))


def lose_zygote(zygote, session):
    worker = evaluate(session, "os.getpid()")
    os.kill(zygote._running.process.pid, signal.SIGKILL)
    zygote._running.process.wait()
    wait_until(lambda: not alive(worker))


def test_a_zygote_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr(zygote_process, "BOOT", "raise SystemExit('no torch here')")
    with Zygote() as broken, pytest.raises(SandboxFailed, match="no torch here"):
        broken.layers()


def test_starting_returns_before_torch_is_there():
    own = Zygote()
    own.start()
    assert not own._running.ready
    own.close()


def test_the_grader_never_imports_torch():
    assert not any(name == "torch" and "autograder" in str(module) for name, module in sys.modules.items())
    assert "torch" not in launcher.__dict__


def test_a_preloaded_library_is_there_before_the_worker(zygote):
    with zygote.session({}) as session:
        assert session.run(Call(Snippet("lambda: 'sympy' in __import__('sys').modules"))) == Value(True)


def test_sessions_in_several_threads_do_not_disturb_each_other(zygote):
    failures = []

    def work(number):
        for _ in range(3):
            with zygote.session({"q.py": f"answer = {number}\n".encode()}) as session:
                if session.run(ModuleAttribute("q", "answer")) != Value(number):
                    failures.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_preparing_ahead_changes_nothing_but_the_time(zygote):
    with zygote.session({"q.py": b"answer = 3\n", "r.py": b"1 / 0\n"}) as session:
        session.prepare(["q", "r", "absent"])
        assert session.run(ModuleAttribute("q", "answer")) == Value(3)
        assert session.run(ModuleAttribute("absent", "answer")) == Missing("absent")


def test_the_layers_of_this_machine_are_told(zygote):
    layers = zygote.layers()
    names = [layer.name for layer in layers]
    assert names[:6] == ["descriptors", "rlimits", "user", "dumpable", "parent death", "no new privileges"]
    assert all(layer.applied or layer.reason for layer in layers)
    assert describe(layers)["root"] is ROOT
    assert ("user" in describe(layers)["applied"]) is ROOT


def test_numbers_for_users_are_never_given_twice():
    identities = Identities()
    numbers = {identities.take() for _ in range(LAST_ID - FIRST_ID + 1)}
    assert numbers == set(range(FIRST_ID, LAST_ID + 1))
    with pytest.raises(SandboxFailed):
        identities.take()
    identities.release(FIRST_ID + 7)
    assert identities.take() == FIRST_ID + 7


@pytest.mark.parametrize("name", ["../escape.py", "/etc/escape.py", "a/../../b.py", "", "a\0.py", "x" * 300])
def test_a_name_that_leaves_the_folder_is_refused(name, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(SandboxFailed):
        materialise({name: b""}, None)
    assert not list(tmp_path.iterdir())


@as_root
def test_the_folder_is_for_its_own_group_only():
    folder = Path(materialise({"q.py": b"x", "data/n.txt": b"y"}, 61_500))
    try:
        for path in (folder, *folder.rglob("*")):
            found = path.stat()
            assert (found.st_uid, found.st_gid) == (0, 61_500)
            assert found.st_mode & 0o027 == 0
    finally:
        remove(str(folder))


def test_removing_a_folder_leaves_nothing():
    folder = materialise({"q.py": b"x"}, None)
    remove(folder)
    assert not Path(folder).exists()


GRADER = """
import os, signal
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.protocol.programs import Code
with Zygote() as zygote, zygote.session({"q.py": b"import os"}) as session:
    pid, folder = session.run(Code("q", "", "(os.getpid(), os.getcwd())")).data
    print(zygote._running.process.pid, pid, folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_grader_that_is_killed_leaves_nothing_behind():
    project = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", GRADER], capture_output=True, text=True, cwd=project, check=False)
    zygote_pid, worker_pid, folder = run.stdout.split()
    wait_until(lambda: not alive(int(zygote_pid)) and not alive(int(worker_pid)))
    assert not Path(folder).exists()


def test_an_interrupted_grader_does_not_mistake_one_answer_for_another(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with Zygote() as own:
        session = own.session({"q.py": b"answer = 3\n"})
        session.run(ModuleAttribute("q", "answer"))
        monkeypatch.setattr(launcher, "_reply", interrupted)
        with pytest.raises(KeyboardInterrupt):
            session.run(Code("q", "import os; os._exit(0)", "0"))
        session.close()
    assert own._running is None


LOADED = "lambda name: name in __import__('sys').modules"


@pytest.mark.parametrize(
    ("source", "imported", "left"),
    [
        (b"def f(x): return 2 * x", (), ("sympy", "torch._dynamo")),
        (b"import sympy as sp\ndef f(x): return 2 * x", ("sympy", "sympy.tensor.tensor"), ("torch._dynamo",)),
        (b"from torch.optim import SGD\ndef f(x): return 2 * x", ("torch._dynamo",), ()),
        (b"from torch import optim\ndef f(x): return 2 * x\n# optim.SGD", ("torch._dynamo",), ()),
        (b"import torch\n@torch.compile\ndef f(x): return 2 * x", ("torch._dynamo",), ()),
    ],
)
def test_a_zygote_for_a_class_imports_what_a_submission_will(source, imported, left):
    with Zygote(warm=True) as own:
        own.layers()  # it is running: what is wanted later is imported later
        with own.session({"q.py": source}) as session:
            asked = {name: session.run(Call(Snippet(LOADED), (name,))).data for name in (*imported, *left)}
            assert asked == dict.fromkeys(imported, True) | dict.fromkeys(left, False)
            assert session.run(Call(ModuleAttribute("q", "f"), (np.ones(2, np.float32),))).data.tolist() == [2, 2]


def test_a_zygote_for_one_submission_imports_nothing_beforehand():
    with Zygote() as own, own.session({"q.py": b"import sympy"}) as session:
        assert session.run(Call(Snippet(LOADED), ("sympy",))) == Value(False)
