"""Who would miss it: the student whose one broken module must not cost the other six."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, Graded

Grade = Callable[..., Graded]


def others_untouched(result: Graded, right: Graded, question: str) -> bool:
    same = [part for part in right.scores if not part.startswith(question)]
    return {part: result.scores[part] for part in same} == {part: right.scores[part] for part in same}


@pytest.fixture
def right(graded: Grade) -> Graded:
    return graded(ROOT / "examples" / "different")


MODULES = [
    ("missing", None, "q1_scaling", "1", "q1_scaling was not found"),
    ("syntax error", "def f(:\n", "q2_argmax", "2", "syntax error in line 1"),
    ("loop at import", "while True:\n    pass\n", "q3_multihead", "3", "longer than 6 seconds"),
    ("exit at import", "import sys\nsys.exit(0)\n", "q4_decoding", "4", "ended the process"),
    ("raises at import", "raise KeyError('secret')\n", "q6_linear", "6", "KeyError"),
    ("not text", b"\xff\xfe\x00", "q7_process", "7", ""),
]


@pytest.mark.parametrize(
    ("content", "module", "question", "message"), [case[1:] for case in MODULES], ids=[c[0] for c in MODULES]
)
def test_a_broken_module_costs_only_its_own_question(
    graded: Grade, right: Graded, different: Path, content: str | bytes | None, module: str, question: str, message: str
) -> None:
    path = different / f"{module}.py"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = graded(different)
    parts = [part for part in result.scores if part.startswith(question)]
    assert result.code == 0
    assert [part for part in parts if result.score(part)] == []
    assert [part for part in parts if message not in result.output(part)] == []
    assert others_untouched(result, right, question)


FUNCTIONS = [
    ("returns None", "return None", 0, "returned None"),
    ("returns a tuple", "return y, weights", 2, "returned 2 values"),
    ("NaN", "return y * float('nan')", 0, "NaN"),
    ("wrong shape", "return y.T", 0, "it should have shape"),
    ("a NumPy array", "return y.numpy()", 4, "Right"),
    ("float64", "return y.double()", 4, "Right"),
    ("half precision", "return y.half()", 0, "dtype float16"),
    ("text", "return 'y'", 0, "str where"),
    ("raises", "raise ValueError('the answer is 42')", 0, "ValueError in line"),
    ("never returns", "while True: pass", 0, "longer than 4 seconds"),
    ("leaves", "import os; os._exit(0)", 0, "process"),
]
STEP = """
import torch

def multiquery_attention_incremental(x, prev_K, prev_V, W_q, W_k, W_v, W_o):
    q = torch.einsum("bd,hdq->bhq", x, W_q)
    k = torch.einsum("bd,dk->bk", x, W_k)
    v = torch.einsum("bd,dv->bv", x, W_v)
    new_K = torch.cat([prev_K, k.unsqueeze(1)], dim=1)
    new_V = torch.cat([prev_V, v.unsqueeze(1)], dim=1)
    weights = torch.softmax(torch.einsum("bhk,bnk->bhn", q, new_K), dim=-1)
    y = torch.einsum("bhv,hvd->bd", torch.einsum("bhn,bnv->bhv", weights, new_V), W_o)
    {ending}
"""


@pytest.mark.parametrize(
    ("ending", "points", "message"), [case[1:] for case in FUNCTIONS], ids=[c[0] for c in FUNCTIONS]
)
def test_what_a_function_returns_is_marked_sensibly_and_its_blanks_stand(
    graded: Grade, different: Path, ending: str, points: float, message: str
) -> None:
    (different / "q4_decoding.py").write_text(STEP.format(ending=ending))
    result = graded(different, "--only", "4")
    assert result.code == 0
    assert (result.score("4.code"), message in result.output("4.code")) == (points, True), result.output("4.code")
    assert "42" not in result.shown
    assert [result.score(part) for part in ("4.c", "4.d", "4.e")] == [4, 4, 4]
