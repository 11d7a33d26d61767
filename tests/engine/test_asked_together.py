"""Several questions in one request get the answers that each would get alone; what breaks the request is found out."""

import numpy as np
import pytest

from autograder.sandbox.ahead import AT_ONCE
from autograder.sandbox.outcome import Crashed, Missing, TimedOut, Value
from autograder.sandbox.protocol.programs import Call, Counted, ModuleAttribute
from autograder.sandbox.worker_handle import WorkerHandle
from autograder.settings import Limits

LIMITS = Limits(call_seconds=1.5)


@pytest.fixture
def asking(zygote, monkeypatch):
    """A session of one module, and how many requests were sent to its workers."""
    sessions, sent = [], []
    send = WorkerHandle.send

    def counting(handle, body, *rest):
        sent.append(body)
        return send(handle, body, *rest)

    monkeypatch.setattr(WorkerHandle, "send", counting)

    def start(source, limits=LIMITS):
        sessions.append(zygote.session({"q.py": source.encode(), "other.py": b"x = 1\n"}, limits))
        return sessions[-1], sent

    yield start
    for session in sessions:
        session.close()


def calls(*inputs, name="f"):
    return [Call(ModuleAttribute("q", name), (each,)) for each in inputs]


def test_what_is_expected_comes_in_one_request(asking):
    session, sent = asking("def f(x): return x + 1\n")
    programs = calls(*range(10))
    session.expect(programs)
    assert [session.run(program) for program in programs] == [Value(x + 1) for x in range(10)]
    assert len(sent) == 2  # the import, and all calls


def test_nothing_of_it_is_run_unless_some_of_it_is_asked(asking):
    session, _ = asking("called = []\ndef f(x): called.append(x)\ndef seen(_): return tuple(called)\n")
    session.expect(calls(1, 2))
    (seen,) = calls(0, name="seen")
    assert session.run(seen) == Value(())


def test_what_comes_before_what_is_asked_is_not_run(asking):
    session, _ = asking("called = []\ndef f(x): called.append(x)\ndef seen(_): return tuple(called)\n")
    programs = calls(1, 2, 3)
    session.expect(programs)
    session.run(programs[1])
    (seen,) = calls(0, name="seen")
    assert session.run(seen) == Value((2, 3))


def test_answers_that_were_not_asked_for_are_forgotten_when_something_else_is_expected(asking):
    session, _ = asking("n = 0\ndef f(x):\n    global n\n    n += 1\n    return n\n")
    one, other = calls(1, 2)
    session.expect([one, other])
    session.run(one)
    session.expect([])
    assert session.run(other) == Value(3)


def test_modules_are_asked_each_for_its_own(asking):
    session, sent = asking("def f(x): return x\n")
    x = ModuleAttribute("other", "x")
    programs = [*calls(1), x, *calls(2)]
    session.expect(programs)
    assert [session.run(program) for program in programs] == [Value(1), Value(1), Value(2)]
    assert len(sent) == 4  # two imports, one request to each module


def test_arrays_go_to_the_program_and_come_from_the_answer_that_they_belong_to(asking):
    session, sent = asking("def f(x): return {'double': 2 * x, 'list': [x, x + 1]}\n")
    inputs = [np.full((size, 2), size, np.float32) for size in (1, 2, 3)]
    programs = calls(*inputs)
    session.expect(programs)
    for given, program in zip(inputs, programs, strict=True):
        data = session.run(program).data
        np.testing.assert_array_equal(data["double"], 2 * given)
        np.testing.assert_array_equal(data["list"][1], given + 1)
    assert len(sent) == 2


BREAKS = {
    "raises": ("raise ValueError", Crashed("ValueError", "q", 2)),
    "is not finished": ("raise NotImplementedError", Crashed("NotImplementedError", "q", 2)),
    "leaves": ("import os; os._exit(0)", Crashed("SystemExit", "q", None, "exit")),
    "exits": ("import sys; sys.exit(0)", Crashed("SystemExit", "q", 2, "exit")),
    "takes its process down": (
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        Crashed("Exception", "q", None, "killed"),
    ),
    "hangs": ("\n        while True: pass", TimedOut("q", 1.5, "call")),
    "writes on the channel": ("import os; os.write(3, b'x' * 100)", Crashed("Exception", "q", None, "garbage")),
    "bends the clock": ("import time; time.monotonic = lambda: 1 / 0", Value(None)),
}


@pytest.mark.parametrize("what", BREAKS)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_that_breaks_costs_its_own_answer_only(asking, what, place):
    statement, expected = BREAKS[what]
    session, _ = asking(f"def f(x):\n    if x == {place}: {statement}\n    else: return x\n")
    programs = calls(*range(5))
    session.expect(programs)
    outcomes = [session.run(program) for program in programs]
    assert outcomes == [expected if x == place else Value(x) for x in range(5)]


def test_a_worker_whose_memory_was_used_up_is_replaced(asking):
    session, _ = asking(
        "called = []\ndef f(x):\n    called.append(x)\n    if x == 1: return bytearray(1 << 40)\n"
        "def seen(_): return tuple(called)\n"
    )
    programs = calls(0, 1, 2)
    session.expect(programs)
    outcomes = [session.run(program) for program in programs]
    assert outcomes == [Value(None), Crashed("MemoryError", "q", 4, "memory"), Value(None)]
    (seen,) = calls(0, name="seen")
    assert session.run(seen) == Value((2,))


def test_a_function_that_is_missing_is_missing_each_time(asking):
    session, _ = asking("def g(x): return x\n")
    programs = [*calls(1, 2), *calls(3, name="g")]
    session.expect(programs)
    missing = Missing("q.f")
    assert [session.run(program) for program in programs] == [missing, missing, Value(3)]


def test_large_answers_come_one_by_one(asking):
    session, sent = asking("import torch\ndef f(x): return torch.full((600, 500), float(x))\n")
    programs = calls(1, 2, 3)
    session.expect(programs)
    assert [session.run(program).data[0, 0] for program in programs] == [1, 2, 3]
    assert len(sent) == 4


def test_slow_answers_come_one_by_one_and_each_may_take_its_whole_time(asking):
    session, sent = asking("import time\ndef f(x):\n    time.sleep(0.4)\n    return x\n")
    programs = calls(1, 2, 3)
    session.expect(programs)
    assert [session.run(program) for program in programs] == [Value(1), Value(2), Value(3)]
    assert len(sent) == 4
    session, _ = asking("import time\ndef f(x):\n    time.sleep(1.2)\n    return x\n")
    session.expect(programs)
    assert session.run(programs[0]) == Value(1)


def test_a_request_holds_a_bounded_number_of_programs(asking):
    session, sent = asking("def f(x): return x\n")
    programs = calls(*range(AT_ONCE + 1))
    session.expect(programs)
    assert [session.run(program).data for program in programs] == list(range(AT_ONCE + 1))
    assert len(sent) == 3


def test_each_starts_from_the_same_random_numbers(asking):
    session, _ = asking("import torch, random\ndef f(x): return float(torch.rand(1)), random.random()\n")
    programs = calls(1, 2)
    session.expect(programs)
    first, second = (session.run(program) for program in programs)
    assert first == second


def test_counts_are_the_same_as_alone(asking):
    session, _ = asking("def f(x): return x @ x\n")
    programs = [Counted(program) for program in calls(*(np.eye(size, dtype=np.float32) for size in (4, 8)))]
    session.expect(programs)
    together = [session.run(program).data["multiply_adds"] for program in programs]
    alone, _ = asking("def f(x): return x @ x\n")
    assert together == [alone.run(program).data["multiply_adds"] for program in programs] != [0, 0]


@pytest.mark.parametrize(
    "reply",
    [
        "[]",
        "[1]",
        "[['value', 1]]",
        "[[['value', 1], 0]] * 9",
        "[[['value', ['a', 0]], 1]]",
        "[[['value', 1], -1]]",
        "None",
    ],
)
def test_a_worker_that_answers_the_request_with_something_else_answers_each_alone(asking, reply):
    session, _ = asking(
        "import gc\n"
        "def f(x):\n"
        "    for thing in gc.get_objects():\n"
        "        if type(thing).__name__ == 'Evaluator':\n"
        f"            type(thing)._several = lambda self, nonce, *rest: ([nonce, {reply}], [])\n"
        "    return x\n"
    )
    first, *programs = calls(*range(4))
    session.run(first)
    session.expect(programs)
    assert [session.run(program) for program in programs] == [Value(1), Value(2), Value(3)]
