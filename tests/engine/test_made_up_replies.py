"""Whatever a worker answers, to whatever it is asked, the grader judges it: nothing made up is our own failure.

The worker belongs to the student, so a reply need not be what the program would give: parameters without shapes, counts
that are no numbers, features whose products overflow.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.pipeline import judge_submission
from autograder.reports.gradescope import results, to_json
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.outcome import Crashed, Missing, Opaque, Outcome, SymbolicObject, TimedOut, Value
from autograder.sandbox.protocol.programs import ModuleAttribute, Program
from autograder.scoring.course import Course, load_course
from autograder.scoring.runner import OwnRunners, Runner
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission
from autograder.submission.reader import read_submission

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Limits()
PARTS = (
    "1.a",
    "2",
    "3.a.e",
    "3.a.forward",
    "3.b",
    "4.a",
    "4.c",
    "4.f",
    "5",
    "6.a",
    "6.b",
    "6.d.code",
    "7",
)  # all kinds
LONGEST_RESULT = 40_000
X = SymbolicObject("Symbol", ("d",))


def nested(node: SymbolicObject, operation: str, depth: int, *more: object) -> SymbolicObject:
    for _ in range(depth):
        node = SymbolicObject(operation, (node, *more))
    return node


def counts(multiply_adds: object, bytes_moved: object) -> dict[str, object]:
    return {"multiply_adds": multiply_adds, "bytes_moved": bytes_moved, "value": 1}


NUMBERS = [True, 0, 10**1200, 1.5, float("nan"), float("inf"), 5e-324, 1e308]
TEXTS = ["", "\0", "(" * 400_000, "9" * 400_000, "b d " * 90_000, "^" * 90_000, "a," * 90_000, "not " * 90_000]
CONTAINERS = [
    *((), (1.0, float("nan"), 3), tuple(range(100_000)), ((),) * 100_000, ("h",) * 100_000, (None,) * 3),
    *({}, {"": {}}, {"W_q.weight": (np.ones(2),)}, {"W_q.weight": None}, {str(i): i for i in range(50_000)}),
    *(counts("x", ()), counts(float("nan"), 1), counts(-5, -5), counts(10**1200, 1), counts(None, None)),
]
ARRAYS = [
    *(
        np.array(1.0),
        np.array(True),
        np.array(1j),
        np.array("x"),
        np.zeros(0),
        np.zeros((0, 2**40)),
        np.zeros((1,) * 16),
    ),
    *(np.full(3, np.nan), np.full(5, 1e308), np.zeros((3, 2**16)), np.zeros(2**18, np.int8), np.array(["x" * 9_000])),
    *((np.ones(1),) * 100, (np.zeros((5, 3)), np.zeros((5, 5)))),
]
NODES = [
    *(SymbolicObject("Integer", leaf) for leaf in ((), ("x",), (2**4000,))),
    *(SymbolicObject("Rational", leaf) for leaf in ((1, 0), (1,))),
    *(SymbolicObject("Float", leaf) for leaf in (("nan",), ("1e999999999",), (3,))),
    *(SymbolicObject("Symbol", leaf) for leaf in ((), (3,), ("x" * 100_000,), ("q_\u0660",), ("mu_99999999",))),
    *(SymbolicObject("Sum", bounds) for bounds in ((X,), (X, X), (X, (X, 1)), (X, SymbolicObject("Tuple", ())))),
    *(SymbolicObject("Matrix", entries) for entries in ((), (X, X, X))),
    *(SymbolicObject("Add", (X,) * 50_000), SymbolicObject("__class__", (X,)), SymbolicObject("Pow", (X,))),
    *(nested(X, "sin", 140), nested(X, "Pow", 140, SymbolicObject("Integer", (3,)))),
    nested(SymbolicObject("Integer", (99,)), "factorial", 3),
]
VALUES = [*NUMBERS, *TEXTS, *CONTAINERS, *ARRAYS, *NODES, Opaque("generator")]
FAILURES = [Crashed("MemoryError", "q2_argmax", 1, "memory"), TimedOut("q2_argmax", 5, "call"), Missing("q2_argmax")]


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Course, OwnRunners, Submission, Runner]]:
    with Zygote(LIMITS, preloads=("sympy",)) as zygote:
        course = load_course(Homework(ROOT), PARTS, LIMITS)
        course.marker.prepare()
        submission = read_submission(ROOT / "examples" / "different", course.expected_files, LIMITS)
        reference = course.reference or {}
        with zygote.session(reference) as own, zygote.session(submission.files) as session:
            yield course, OwnRunners(Runner(own.run, reference)), submission, Runner(session.run, submission.files)


@pytest.mark.parametrize("outcome", [*map(Value, VALUES), *FAILURES], ids=lambda outcome: repr(outcome)[:60])
@pytest.mark.parametrize("made_up", ["answers", "calls"])
def test_a_made_up_reply_is_judged(
    stage: tuple[Course, OwnRunners, Submission, Runner], outcome: Outcome, made_up: str
):
    course, own, submission, honest = stage

    def run(program: Program) -> Outcome:
        return outcome if isinstance(program, ModuleAttribute) is (made_up == "answers") else honest(program)

    sheet = judge_submission(submission, course, run, own, LIMITS)
    assert sheet.own_failures == ()
    assert [row.number for row in sheet.undecided] == []
    assert len(to_json(results(sheet))) < LONGEST_RESULT
