"""Whatever student code does to its process becomes an outcome, and costs only the request or the module."""

import pytest

from autograder.sandbox.outcome import Crashed, Missing, TimedOut, Value
from autograder.sandbox.protocol.programs import Call, Code, Counted, ModuleAttribute, Snippet
from autograder.settings import Limits

MEBI = 1 << 20


@pytest.fixture
def ask(zygote):
    """Ask one module, given as source, for attributes and calls."""
    sessions = []

    def start(source, limits=None, **others):
        files = {"q.py": source if isinstance(source, bytes) else source.encode()}
        files |= {f"{name}.py": text.encode() for name, text in others.items()}
        sessions.append(zygote.session(files, limits))
        return sessions[-1].run

    yield start
    for session in sessions:
        session.close()


def answer(run):
    return run(ModuleAttribute("q", "answer"))


def call(run, name="f"):
    return run(Call(ModuleAttribute("q", name)))


IMPORTS = {
    "a syntax error": ("x = 1\nanswer = = 2\n", Crashed("SyntaxError", "q", 2, "syntax")),
    "wrong indentation": ("def f():\nx = 1\n", Crashed("IndentationError", "q", 2, "syntax")),
    "mixed tabs": ("if True:\n        x = 1\n\ty = 2\n", Crashed("TabError", "q", 3, "syntax")),
    "an unknown encoding": (b"# coding: spam\nanswer = 1\n", Crashed("SyntaxError", "q", None, "syntax")),
    "a wrong encoding": (b"answer = '\xff\xfe'\n", Crashed("SyntaxError", "q", 1, "syntax")),
    "a bare raise": ("\n\nraise KeyError('secret')\n", Crashed("KeyError", "q", 3, "import")),
    "an exception of its own": ("class E(Exception): pass\nraise E\n", Crashed("Exception", "q", 2, "import")),
    "a false KeyError": ("class KeyError(Exception): pass\nraise KeyError\n", Crashed("Exception", "q", 2, "import")),
    "a library that is not there": (
        "import nosuchthing as n\nclass A(n.B): pass\n",
        Crashed("ModuleNotFoundError", "q", 2, "import", "nosuchthing"),
    ),
    "sys.exit": ("import sys\nsys.exit(0)\n", Crashed("SystemExit", "q", 2, "exit")),
    "os._exit": ("import os\nos._exit(0)\n", Crashed("SystemExit", "q", None, "exit")),
    "quit": ("quit()\n", Crashed("SystemExit", "q", 1, "exit")),
    "an interrupt": ("raise KeyboardInterrupt\n", Crashed("KeyboardInterrupt", "q", 1, "import")),
    "a signal to itself": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
        Crashed("Exception", "q", None, "killed"),
    ),
    "abort": ("import os\nos.abort()\n", Crashed("Exception", "q", None, "killed")),
    "endless recursion": ("def f(): f()\nf()\n", Crashed("RecursionError", "q", 1, "import")),
    "a deep tree": ("answer = " + "(" * 5000 + ")" * 5000, None),
    "deep attributes": ("answer = a" + ".a" * 20_000 + "\n", None),
}


@pytest.mark.parametrize(("source", "expected"), IMPORTS.values(), ids=IMPORTS)
def test_a_failing_import_is_described(ask, source, expected):
    outcome = answer(ask(source))
    assert isinstance(outcome, Crashed)
    if expected is not None:
        assert outcome == expected


def test_a_null_byte_in_the_source_is_a_syntax_error(ask):
    outcome = answer(ask(b"answer = 1\0\n"))
    assert isinstance(outcome, Crashed)
    assert outcome.reason == "syntax"


CALLS = {
    "raise": ("raise ValueError('secret input')", Crashed("ValueError", "q", 2, "raised")),
    "a line deep inside": ("return g()", Crashed("ZeroDivisionError", "q", 4, "raised")),
    "sys.exit": ("import sys; sys.exit()", Crashed("SystemExit", "q", 2, "exit")),
    "os._exit": ("import os; os._exit(3)", Crashed("SystemExit", "q", None, "exit")),
    "recursion": ("return f()", Crashed("RecursionError", "q", 2, "raised")),
    "a list without end": ("return [0] * 10**10", Crashed("MemoryError", "q", 2, "memory")),
    "a tensor without end": ("import torch; torch.ones(10**10)", Crashed("MemoryError", "q", 2, "memory")),
    "an array without end": ("import numpy; numpy.ones(10**10)", Crashed("MemoryError", "q", 2, "memory")),
    "a shared mapping": ("import mmap; return [mmap.mmap(-1, 2**28) for _ in range(99)]", None),
    "exception with a message that raises": ("raise type('E', (RuntimeError,), {'__str__': 0})()", None),
    "an exception group": ("raise ExceptionGroup('x', [ValueError()])", Crashed("ExceptionGroup", "q", 2, "raised")),
    "a lookalike of ours": ("import sys; raise sys.modules['autograder.sandbox.worker.missing'].Lacking('<b>')", None),
}


@pytest.mark.parametrize(("body", "expected"), CALLS.values(), ids=CALLS)
def test_a_failing_call_is_described_and_the_next_one_is_served(ask, body, expected):
    run = ask(f"def f():\n    {body}\ndef g():\n    1 / 0\nanswer = 3\n")
    outcome = call(run)
    assert isinstance(outcome, Crashed)
    if expected is not None:
        assert outcome == expected
    assert answer(run) == Value(3)


def test_a_call_without_end_times_out_and_the_next_one_is_served(ask):
    run = ask("def f():\n    while True: pass\nanswer = 3\n", Limits(call_seconds=0.3))
    assert call(run) == TimedOut("q", 0.3, "call")
    assert answer(run) == Value(3)


HANGS = """
import time
def f(x=0):
    time.sleep(60 if x < 2 else 0)
    return x
def g():
    return 3
"""


def test_what_hangs_twice_is_not_called_again_and_all_else_is(ask):
    run = ask(HANGS, Limits(call_seconds=0.4, hung_call_seconds=0.2))
    f, g = ModuleAttribute("q", "f"), ModuleAttribute("q", "g")
    assert run(Call(f)) == TimedOut("q", 0.4, "call")
    assert run(Call(f, (1,))) == TimedOut("q", 0.2, "call")
    assert run(Call(f, (2,))) == TimedOut("q", 0.4, "again")
    assert run(Counted(Call(f, (2,)))) == TimedOut("q", 0.4, "again")
    assert run(Call(g)) == Value(3)
    assert run(Code("q", "", "f(2)")) == Value(2)


def test_what_hangs_once_may_be_right_elsewhere(ask):
    run = ask(HANGS, Limits(call_seconds=0.4))
    assert run(Call(ModuleAttribute("q", "f"))) == TimedOut("q", 0.4, "call")
    assert run(Call(ModuleAttribute("q", "f"), (2,))) == Value(2)


def test_sleeping_uses_up_the_time_too(ask):
    run = ask("import time\ndef f():\n    time.sleep(60)\n", Limits(call_seconds=0.3))
    assert call(run) == TimedOut("q", 0.3, "call")


def test_a_worker_that_stops_itself_times_out(ask):
    run = ask(
        "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGSTOP)\nanswer = 3\n", Limits(call_seconds=0.3)
    )
    assert call(run) == TimedOut("q", 0.3, "call")
    assert answer(run) == Value(3)


def test_an_import_without_end_times_out_once_and_is_not_tried_again(ask):
    run = ask("while True: pass\n", Limits(import_seconds=0.5, question_seconds=0.9))
    assert [answer(run) for _ in range(50)] == [TimedOut("q", 0.5, "import")] * 50


def test_a_question_has_a_time_of_its_own(ask):
    run = ask("import time\ndef f():\n    time.sleep(60)\ng = h = f\n", Limits(call_seconds=0.4, question_seconds=1.0))
    outcomes = [run(Call(ModuleAttribute("q", name))) for name in "fgh"]
    assert outcomes[0] == TimedOut("q", 0.4, "call")
    assert outcomes[-1] == TimedOut("q", 1.0, "question")
    assert answer(run) == TimedOut("q", 1.0, "question")


def test_a_submission_has_a_time_of_its_own(ask):
    run = ask("import time\ndef f():\n    time.sleep(60)\n", Limits(run_seconds=0.8), other="answer = 1\n")
    assert call(run) == TimedOut("q", 0.8, "run")
    assert run(ModuleAttribute("other", "answer")) == TimedOut("other", 0.8, "run")


def test_processor_time_is_limited(ask):
    run = ask("def f():\n    while True: pass\n", Limits(worker_cpu_seconds=1, call_seconds=30))
    assert call(run) == Crashed("Exception", "q", None, "cpu")


def test_a_crash_costs_only_its_module(ask):
    run = ask("raise ValueError", other="answer = 1\n")
    assert isinstance(answer(run), Crashed)
    assert run(ModuleAttribute("other", "answer")) == Value(1)
    assert run(ModuleAttribute("absent", "answer")) == Missing("absent")


def test_an_import_that_failed_is_not_repeated(ask):
    source = "import time\ntime.sleep(0.4)\nraise ValueError\n"
    run = ask(source, Limits(question_seconds=0.9))
    assert {answer(run) for _ in range(20)} == {Crashed("ValueError", "q", 3, "import")}


def test_the_line_of_an_error_in_another_own_module_is_the_line_that_leads_there(ask):
    run = ask("import helper\ndef f():\n    return helper.g()\n", helper="def g():\n\n\n    1 / 0\n")
    assert call(run) == Crashed("ZeroDivisionError", "q", 3, "raised")


def test_a_syntax_error_in_another_own_module_is_found_at_its_import(ask):
    assert answer(ask("x = 1\nimport helper\n", helper="\n\n\n= 1")) == Crashed("SyntaxError", "q", 2, "syntax")


WRITE = (
    "import os\nfor channel in range(3, 64):\n    try: os.write(channel, {})\n    except OSError: pass\nanswer = 3\n"
)


def framed(header, length):
    return repr(b"agf1" + length.to_bytes(4, "big") + bytes(8) + header.encode())


GARBAGE = {
    "noise": "b'GET / HTTP/1.1' * 20",
    "zeros": "bytes(64)",
    "a huge length": "b'agf1' + b'\\xff' * 12",
    "a shorter header than it says": framed('{"arrays":[],"body":[1,2', 30),
    "an early reply": framed('{"arrays":[],"body":["guess",["value",1]]}', 42),
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_garbage_on_the_channel_is_garbage(ask, content):
    assert answer(ask(WRITE.format(content))) == Crashed("Exception", "q", None, "garbage")


def test_a_reply_to_an_earlier_request_is_not_believed(ask):
    """The worker writes a second, well-formed reply; the next request must not take it for its own."""
    run = ask(
        "import os, sys\n"
        "def f():\n"
        "    frame = sys._getframe()\n"
        "    while 'nonce' not in frame.f_locals: frame = frame.f_back\n"
        '    body = \'{"arrays":[],"body":["%s",["value","forged"]]}\' % frame.f_locals[\'nonce\']\n'
        "    os.write(3, b'agf1' + len(body).to_bytes(4, 'big') + bytes(8) + body.encode())\n"
        "answer = 3\n"
    )
    assert call(run) == Value("forged")  # its own answer to its own question, as if it had returned it
    assert answer(run) == Crashed("Exception", "q", None, "garbage")
    assert answer(run) == Value(3)


def test_a_worker_that_closes_its_channel_has_left(ask):
    run = ask("import os, time\ndef f():\n    os.close(3)\n    time.sleep(60)\nanswer = 3\n")
    assert call(run).reason in {"exit", "killed"}
    assert answer(run) == Value(3)


def test_a_flood_of_output_goes_nowhere(ask):
    run = ask("import sys\nfor _ in range(2000): print('x' * 10000); sys.stderr.write('y' * 10000)\nanswer = 3\n")
    assert answer(run) == Value(3)


def test_replaced_built_ins_and_libraries_hurt_only_their_owner(ask):
    run = ask(
        "import builtins, json, os, torch, numpy\n"
        "torch.Tensor.numpy = torch.allclose = json.dumps = numpy.array_equal = lambda *a, **k: True\n"
        "builtins.isinstance = lambda *a: True\n"
        "answer = 3\n",
        other="answer = isinstance(1, str)\n",
    )
    answer(run)
    assert run(ModuleAttribute("other", "answer")) == Value(False)


def test_threads_work(ask):
    run = ask(
        "import threading, torch\n"
        "torch.set_num_threads(2)\n"
        "found, x = [], torch.ones(400, 400)\n"
        "def f():\n"
        "    thread = threading.Thread(target=lambda: found.append(float((x @ x).sum())))\n"
        "    thread.start(); thread.join()\n"
        "    return found\n"
    )
    assert call(run) == Value((400.0**3,))


def test_a_thread_that_lives_on_does_not_keep_the_worker(ask):
    run = ask("import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\nanswer = 3\n")
    assert answer(run) == Value(3)


def test_a_request_that_names_no_module_needs_no_submission(ask):
    assert ask("raise ValueError")(Call(Snippet("lambda: 1"))) == Value(1)


def test_code_of_a_module_that_fails_to_import_fails_the_same_way(ask):
    assert ask("1 / 0\n")(Code("q", "x = 1", "x")) == Crashed("ZeroDivisionError", "q", 1, "import")
