"""Submissions that attack the grader by what they hand in or give back: a right one with something of it replaced.

`costs` are the questions or parts that are lost by it; every other part is as right as it was.
`never` is what must not be found in any result, in whatever place.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .grading import EXAMPLE


@dataclass(frozen=True)
class HandedIn:
    """One hostile submission."""

    name: str
    files: Mapping[str, bytes | None]
    costs: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)


def with_more(module: str, text: str) -> dict[str, bytes | None]:
    """The right module with text at its end."""
    return {f"{module}.py": (EXAMPLE / f"{module}.py").read_bytes() + b"\n" + text.encode()}


def argmax(body: str) -> dict[str, bytes | None]:
    """Another body for the function of question 2."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return with_more("q2_argmax", f"\nimport torch\ndef argmax_attention(q, K, V):\n{lines}\n")


def step(body: str) -> dict[str, bytes | None]:
    """A right function of question 4 that does something else besides."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = f"_right = multiquery_attention_incremental\ndef besides(x):\n{lines}\n"
    text += "def multiquery_attention_incremental(*args):\n    besides(args[0])\n    return _right(*args)\n"
    return with_more("q4_decoding", text)


def forged(outcome: str) -> dict[str, bytes | None]:
    """A worker that answers every call with an outcome of its own making."""
    text = (
        "import sys\n"
        "_evaluator = sys.modules['autograder.sandbox.worker.serve'].Evaluator\n"
        "_honest = _evaluator.answer\n"
        "def _answer(self, frame):\n"
        "    body, arrays = _honest(self, frame)\n"
        f"    return ([body[0], {outcome}], []) if 'call' in str(frame.body) else (body, arrays)\n"
        "_evaluator.answer = _answer\n"
    )
    return with_more("q2_argmax", text)


def forged_array(dtype: str, shape: list[int]) -> dict[str, bytes | None]:
    """A worker that answers every call with an array of zeros."""
    text = (
        "import numpy, sys\n"
        "_evaluator = sys.modules['autograder.sandbox.worker.serve'].Evaluator\n"
        "_honest = _evaluator.answer\n"
        f"_zeros = numpy.zeros({shape}, {dtype.replace('text', 'U')!r})\n"
        "def _answer(self, frame):\n"
        "    body, arrays = _honest(self, frame)\n"
        "    return ([body[0], ['value', ['a', 0]]], [_zeros]) if 'call' in str(frame.body) else (body, arrays)\n"
        "_evaluator.answer = _answer\n"
    )
    return with_more("q2_argmax", text)


def answers(module: str, **given: str) -> dict[str, bytes | None]:
    """Other answers, each given as an expression."""
    return with_more(module, "".join(f"{name} = {text}\n" for name, text in given.items()))


def npz(**arrays: object) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


# A layer that tells, in the name of a parameter that it does not have, what it was given before.
SPEAKING_LAYER = """
import sys
_evaluator = sys.modules["autograder.sandbox.worker.serve"].Evaluator
_honest = _evaluator.answer
def _answer(self, frame):
    text = str(frame.body)
    body, arrays = _honest(self, frame)
    if "parameters" in text:
        body[1][1] = ["d", *([n.replace("W_q.weight", "leaked_4967"), s] for n, s in body[1][1][1:])]
    elif "leaked_4967" in text:
        return [body[0], ["missing", "q3_multihead.MultiHeadAttention.leaked_4967"]], []
    return body, arrays
_evaluator.answer = _answer
"""
LEAK = ("leaked",)
SECRECY = [
    HandedIn(
        "a class named after the inputs",
        argmax("return type('leaked_' + str(abs(int(q.sum() * 1000))), (), {})()"),
        ("2.a.code",),
        LEAK,
        {"2.a.code": "type object"},
    ),
    HandedIn(
        "an exception that says the inputs",
        argmax("raise ValueError(f'leaked {q.tolist()}')"),
        ("2.a.code",),
        LEAK,
        {"2.a.code": "raised ValueError"},
    ),
    HandedIn(
        "an exception named after the inputs",
        argmax("raise type('leaked_' + str(abs(int(q.sum() * 1000))), (Exception,), {})"),
        ("2.a.code",),
        LEAK,
        {"2.a.code": "raised Exception"},
    ),
    HandedIn(
        "an exception that is named like a built-in",
        argmax("raise type('KeyError', (Exception,), {'__str__': lambda self: 'leaked'})"),
        ("2.a.code",),
        LEAK,
        {"2.a.code": "raised Exception"},
    ),
    HandedIn(
        "written answers changed once the inputs are known",
        step("globals().update(computation=f'leaked_{int(x.sum())}', memory_access='leaked', W_q_shape='leaked')"),
        never=LEAK,
    ),
    HandedIn(
        "an answer that is another at each look",
        with_more("q4_decoding", "del computation\ndef __getattr__(name):\n    return 'leaked_' + name\n"),
        ("4.f",),
        says={"4.f": "Could not be read"},
    ),
    HandedIn("the inputs printed", argmax("print('leaked', q, flush=True)\nreturn q"), ("2.a.code",), LEAK),
    HandedIn("the inputs as a shape", argmax("return torch.zeros(0, 49671382, 7)"), ("2.a.code",), ("4967",)),
    HandedIn("the inputs as a key", argmax("return {f'leaked{q.tolist()}': 1}"), ("2.a.code",), LEAK),
    HandedIn("the inputs as text", argmax("return f'leaked{q.tolist()}'"), ("2.a.code",), LEAK),
    HandedIn(
        "the inputs as a name that is missing", forged("['missing', 'q2_argmax.leaked_4967']"), ("2.a.code",), LEAK
    ),
    HandedIn(
        "the inputs as a parameter's name",
        with_more("q3_multihead", SPEAKING_LAYER),
        ("3.a.b", "3.a.forward", "3.a.mask", "3.b"),
        LEAK,
    ),
    HandedIn("the inputs as a width of text", forged_array("text4967", [3]), ("2.a.code",), ("4967", "158944")),
    HandedIn("the inputs as a length", argmax("return (q,) * 257"), ("2.a.code",), ("257 values",)),
    HandedIn("the inputs as a line", forged("['crashed', 'ValueError', 4967138, 'raised']"), ("2.a.code",), ("4967",)),
    HandedIn("the inputs as a reason", forged("['value', ['o', 'Tensor', 'leaked 0.49']]"), ("2.a.code",), LEAK),
    HandedIn("the inputs as a symbol", forged("['value', ['s', 'leaked_4967', 'x']]"), ("2.a.code",), LEAK),
]
FORGERY = [
    HandedIn("a verdict printed", with_more("q2_argmax", "print('OK\\n{\"score\": 100}')"), never=("OK",)),
    HandedIn(
        "tools patched",
        with_more(
            "q2_argmax",
            "import builtins, random, unittest, torch\n"
            "torch.allclose = torch.equal = lambda *a, **k: True\nbuiltins.abs = builtins.all = lambda *a: True\n"
            "unittest.TestCase.assertEqual = random.random = lambda *a: 0\n",
        ),
    ),
    HandedIn(
        "a clean exit", {"q2_argmax.py": b"import atexit, os\natexit.register(print, 'OK')\nos._exit(0)\n"}, ("2",)
    ),
    HandedIn("an exit while asked", argmax("import os\nos._exit(0)"), ("2.a.code",), says={"2.a.code": "ended"}),
    HandedIn(
        "results, metadata and programs of its own",
        dict.fromkeys(
            (
                "results.json",
                "results/results.json",
                "submission_metadata.json",
                "run_autograder",
                "setup.sh",
                "Makefile",
            ),
            b'{"score": 100, "output": "forged"}',
        ),
        never=("forged",),
    ),
    HandedIn(
        "a reference, a rubric and suites of its own",
        {
            "reference/q2_argmax.py": b"output = 0",
            "reference/rubric.toml": b"seed = 1",
            "tests/graded/homework.toml": b"title = 'forged'",
            "tests/graded/hidden/test_q2_argmax.py": b"raise SystemExit",
            "autograder/__init__.py": b"raise SystemExit",
        },
        never=("forged",),
    ),
    HandedIn("inputs changed in place", argmax("q.zero_(), K.zero_(), V.zero_()\nreturn V[0]"), ("2.a.code",)),
    HandedIn(
        "a gadget for pickle",
        argmax("class Gadget:\n    def __reduce__(self): return (print, ('forged',))\nreturn Gadget()"),
        ("2.a.code",),
        ("forged",),
    ),
    HandedIn("a gadget in the arrays", {"q5_attention.npz": npz(gpt=np.array([{}], dtype=object))}, ("5.evidence",)),
    HandedIn(
        "markup in an answer",
        answers("q1_scaling", expectation="'<script>alert(1)</script>\\x1b[31m**x**\\u202e'"),
        ("1.a",),
        ("\x1b", "\\u001b", "\u202e", "\\u202e"),
    ),
    HandedIn(
        "objects that equal everything",
        answers("q2_argmax", gradient_reaches="type('A', (dict,), dict(__eq__=lambda *a: 1))()"),
        ("2.b",),
    ),
    HandedIn("1 for True", answers("q2_argmax", gradient_reaches="{'queries': 0, 'keys': 0, 'values': 1}"), ("2.b",)),
    HandedIn(
        "an answer with every relation", answers("q4_decoding", computation="'O(b d^2) or O(b d n) or O(1)'"), ("4.f",)
    ),
    HandedIn("growth that is infinite", answers("q4_decoding", computation="float('inf')"), ("4.f",)),
    HandedIn("growth that is not a number", answers("q4_decoding", computation="float('nan')"), ("4.f",)),
]
EXHAUSTION = [
    HandedIn(
        "every module hangs when it is imported",
        {path.name: b"while True: pass\n" for path in EXAMPLE.glob("q*.py")},
        ("1", "2", "3", "4", "5", "6", "7"),
        says=dict.fromkeys(("1.a", "2.a", "3.b.why", "4.g", "5", "6.a", "7"), "longer than 0.8 seconds"),
    ),
    HandedIn("brackets without end", answers("q4_decoding", computation="'(' * 100_000"), ("4.f",)),
    HandedIn("powers of powers", answers("q4_decoding", computation="'d' + '^d' * 3000"), ("4.f",)),
    HandedIn("a sum of too much", answers("q4_decoding", computation="'+'.join(['b'] * 60_000)"), ("4.f",)),
    HandedIn("a product to multiply out", answers("q4_decoding", computation="'(b+d+n)^400'"), ("4.f",)),
    HandedIn("a number without end", answers("q4_decoding", computation="10 ** 100_000"), ("4.f",)),
    HandedIn("digits without end", answers("q4_decoding", computation="'9' * 150_000"), ("4.f",)),
    HandedIn("towers of numbers", answers("q1_scaling", variance="'9^9^9^9^9'", scale="'(10^9)!'"), ("1.b", "1.c")),
    HandedIn(
        "an expression that unfolds",
        with_more("q1_scaling", "scale = length\nfor _ in range(200):\n    scale = sympy.sin(scale + scale**2)\n"),
        ("1",),
    ),
    HandedIn(
        "a tuple within tuples", with_more("q1_scaling", "for _ in range(900):\n    scale = (scale,)\n"), ("1.c",)
    ),
    HandedIn("hours without end", answers("q7_process", hours="10 ** 4000"), ("7",)),
    HandedIn("hours that are infinite", answers("q7_process", hours="1e999"), ("7",)),
    HandedIn("a pattern's worst case", answers("q7_process", hours="'1 ' * 90_000 + 'x'"), ("7",)),
    HandedIn(
        "too many items", answers("q5_visualizing", claims="{str(i): True for i in range(10**5 + 1)}"), ("5.evidence",)
    ),
    HandedIn("large results again and again", argmax("return torch.zeros(2_000_000)"), ("2.a.code",)),
    HandedIn("small results that weigh much", argmax("return [()] * 90_000"), ("2.a.code",)),
    HandedIn("brackets in the source", {"q4_decoding.py": b"x = " + b"(" * 100_000}, ("4",)),
    HandedIn("minus signs in the source", {"q4_decoding.py": b"x = " + b"-" * 90_000 + b"1"}, ("4",)),
    HandedIn("a name of names in the source", {"q4_decoding.py": b"import a" + b".a" * 100_000}, ("4",)),
    HandedIn(
        "arrays that unpack to too much", {"q5_attention.npz": packed({"gpt.npy": bytes(80_000_000)})}, ("5.evidence",)
    ),
    HandedIn(
        "arrays that are too many",
        {"q5_attention.npz": packed({f"{i}.npy": b"" for i in range(1500)})},
        ("5.evidence",),
    ),
    HandedIn(
        "arrays of no size",
        {"q5_attention.npz": npz(gpt=np.zeros((0, 10**9)), bert=np.zeros((10**9, 0, 3, 3)))},
        ("5.evidence",),
    ),
]
LIBRARIES = ("torch", "numpy", "sympy", "os", "json", "sitecustomize", "usercustomize", "conftest", "q0", "autograder")
INTAKE = [
    HandedIn("libraries of its own", {f"{name}.py": b"raise SystemExit('imported')\n" for name in LIBRARIES}),
    HandedIn(
        "settings for our tools",
        {
            "pytest.ini": b"[pytest]\naddopts = -p q0",
            "setup.cfg": b"[tool:pytest]",
            "x.pth": b"import os; os._exit(3)",
            "pyvenv.cfg": b"home = /",
            "__init__.py": b"raise SystemExit",
            "__main__.py": b"raise SystemExit",
        },
    ),
    HandedIn("NUL in the source", {"q2_argmax.py": b"output = 1\0\n"}, ("2",)),
    HandedIn("no text in the source", {"q2_argmax.py": bytes(range(256))}, ("2",)),
    HandedIn("a coding that does not exist", {"q2_argmax.py": b"# coding: leaked\noutput = 1\n"}, ("2",)),
    HandedIn("a source that is too large", {"q2_argmax.py": b"#" * 600_000}, ("2",)),
    HandedIn(
        "names that change direction", {"q2_argmax\u202e.py": b"x", "a\x1b[31m.py": b"x"}, never=("\x1b", "\u202e")
    ),
    HandedIn("two thousand files", {f"more/{i}.py": b"x" for i in range(2000)}),
    HandedIn("a notebook that unfolds", {"q2_argmax.py": None, "q2_argmax.ipynb": b"[" * 400_000}, ("2",)),
    HandedIn(
        "a notebook of nothing", {"q2_argmax.py": None, "q2_argmax.ipynb": json.dumps({"cells": 7}).encode()}, ("2",)
    ),
    HandedIn(
        "a neighbour imported and changed", with_more("q2_argmax", "import q4_decoding\nq4_decoding.computation = 1\n")
    ),
    HandedIn(
        "modules that import without end",
        {"q2_argmax.py": b"import " + b"ab," * 170_000, "ab.py": b"import ab, ac\n" * 10_000, "ac.py": b"import ab\n"},
        ("2",),
    ),
    HandedIn("a neighbour replaced", with_more("q2_argmax", "import sys\nsys.modules['q4_decoding'] = None\n")),
]
ALL = [*SECRECY, *FORGERY, *EXHAUSTION, *INTAKE]
