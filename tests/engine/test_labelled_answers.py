"""Answers labelled by mathematics, not by what the program says, are marked as labelled: read, judged and credited.

`../cases/answers.jsonl` are the course's own, `labelled_answers.jsonl` are ours: `answer` (or `repeat`, pieces with how
often each stands there), `verdict`, and `credit` where the rubric gives one that is worth a test.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from autograder.reports.trial import as_json
from autograder.sandbox.worker import symbolic
from autograder.scoring.expected import reference_answer
from autograder.scoring.homework import load_declarations
from autograder.scoring.rubric import load_rubric
from autograder.scoring.trial import trial
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "tests" / "cases" / "answers.jsonl"
OURS = Path(__file__).with_name("labelled_answers.jsonl")
GENERATED = {"'9'*100000": "9" * 100_000}

Row = dict[str, Any]


def rows(path: Path) -> dict[str, list[Row]]:
    """The rows of each part."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        parts[row["part"]].append(row)
    return dict(parts)


def answer_of(row: Row) -> str:
    if "repeat" in row:
        return "".join(piece * times for piece, times in row["repeat"])
    return str(row["answer"]) if "answer" in row else GENERATED[row["generate"]]


def json_lines(labelled: Iterable[Row]) -> list[str]:
    return [json.dumps(answer_of(row)) for row in labelled]


@cache
def tried(name: str, part: str) -> list[Row]:
    results = trial(Homework(ROOT), part, json_lines(FILES[name][part]), json_in=True)
    return [json.loads(as_json(result)) for result in results]


def disagreements(labelled: list[Row], results: list[Row]) -> list[str]:
    pairs = zip(labelled, results, strict=True)
    return [f"{answer_of(row)[:80]!r}: {row}, marked {result}" for row, result in pairs if not agrees(row, result)]


def agrees(row: Row, result: Row) -> bool:
    credit = row.get("credit", result["credit"])
    return bool(result["verdict"] == row["verdict"] and result["credit"] == pytest.approx(credit))


FILES = {"course": rows(COURSE), "ours": rows(OURS)}


@pytest.mark.parametrize(("name", "part"), [(name, part) for name, parts in FILES.items() for part in parts])
def test_every_labelled_answer_of_a_part_is_marked_as_labelled(name: str, part: str) -> None:
    assert disagreements(FILES[name][part], tried(name, part)) == []


@pytest.mark.parametrize("part", ["1.a", "4.f", "6.c.time"])
def test_the_command_says_the_same(part: str) -> None:
    labelled = FILES["course"][part]
    command = [sys.executable, "-m", "autograder", "try", part, "--json"]
    text = "\n".join(json_lines(labelled))
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert disagreements(labelled, results) == []
    assert all(set(result) == {"answer", "read_as", "verdict", "credit", "feedback"} for result in results)
    assert [result["answer"] for result in results] == [answer_of(row) for row in labelled]


def test_one_bad_line_never_stops_the_rest() -> None:
    lines = [
        b'"\\ud800"',
        b'"O(\\ud83d)"',
        b"5",
        b"not JSON",
        b"",
        b'["d"]',
        b'"\xff"',
        b'"\\u0000"',
        b"[" * 5000,
        b'"d"',
    ]
    command = [sys.executable, "-m", "autograder", "try", "4.f", "--json"]
    for environment in ({}, {"PYTHONIOENCODING": "ascii"}):
        done = subprocess.run(
            command,
            cwd=ROOT,
            input=b"\n".join(lines),
            capture_output=True,
            check=False,
            env={**os.environ, **environment},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
        assert verdicts == ["unreadable"] * (len(lines) - 1) + ["lower_bound"]


def test_a_mistake_of_ours_in_one_answer_is_undecided_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: WrittenMarker, number: str, answer: str) -> object:
        if answer == "n":
            raise ZeroDivisionError("ours")
        return mark_answer(self, number, answer)

    mark_answer = WrittenMarker.mark_answer
    monkeypatch.setattr(WrittenMarker, "mark_answer", fail)
    first, second = trial(Homework(ROOT), "4.f", ["n", "d"], json_in=False)
    assert (first.verdict.relation, first.verdict.credit) == ("undecided", 0)
    assert "ZeroDivisionError" in first.trace
    assert (second.verdict.relation, second.trace) == ("lower_bound", "")


def test_every_written_part_has_labelled_answers_of_every_kind() -> None:
    verdicts = {part: {row["verdict"] for row in labelled} for part, labelled in FILES["ours"].items()}
    assert set(verdicts) == set(load_declarations(Homework(ROOT)).parts)
    assert all({"equal", "unreadable"} < kinds for kinds in verdicts.values())
    assert all(row.get("note") for labelled in FILES["ours"].values() for row in labelled)


def test_whatever_is_not_right_is_told_why() -> None:
    silent = [
        (part, result["answer"])
        for name, parts in FILES.items()
        for part in parts
        for result in tried(name, part)
        if result["credit"] < 1 and not result["feedback"]
    ]
    assert silent == []


def test_no_wrong_answer_earns_full_credit_unless_it_is_labelled_so() -> None:
    full = [
        (part, answer_of(row))
        for part, labelled in FILES["ours"].items()
        for row, result in zip(labelled, tried("ours", part), strict=True)
        if result["credit"] == 1 and row["verdict"] != "equal" and row.get("credit") != 1
    ]
    assert full == []


# SymPy objects, as a worker hands them over: part, verdict, the object

b, n, d, h, k, N, D, M = sp.symbols("b n d h k N D M", positive=True)
plain_d = sp.Symbol("d")
mu, sigma, x = sp.IndexedBase("mu"), sp.Symbol("sigma"), sp.Symbol("x")
i, j = sp.symbols("i j", integer=True)
vector = sp.MatrixSymbol("mu", plain_d, 1)

OBJECTS: list[tuple[str, str, Callable[[], object]]] = [
    ("1.a", "equal", lambda: sp.Sum(mu[i] ** 2, (i, 1, plain_d))),
    ("1.a", "equal", lambda: sp.Sum(mu[j] * mu[j], (j, 1, plain_d))),
    ("1.a", "equal", lambda: sp.Sum(mu[i] ** 2, (i, 1, d))),
    ("1.a", "not_equal", lambda: sp.Sum(mu[i], (i, 1, plain_d)) ** 2),
    ("1.a", "not_equal", lambda: sp.Sum(mu[i] ** 2, (i, 1, plain_d)) + d * sigma**2),
    ("1.a", "not_equal", lambda: sp.Sum(mu[i] ** 2, (i, 2, plain_d))),
    ("1.a", "unreadable", lambda: sp.Function("f")(plain_d)),
    ("1.b", "equal", lambda: d),
    ("1.b", "equal", lambda: d * sigma**4),
    ("1.b", "equal", lambda: sp.Sum(1, (i, 1, plain_d))),
    ("1.b", "not_equal", lambda: d**2),
    ("1.c", "equal", lambda: sp.sqrt(plain_d)),
    ("1.c", "equal", lambda: sp.sqrt(d)),
    ("1.c", "equal", lambda: plain_d ** sp.Rational(1, 2)),
    ("1.c", "equal", lambda: d / sp.sqrt(d)),
    ("1.c", "equal", lambda: d**0.5),
    ("1.c", "equal", lambda: sp.exp(sp.log(d) / 2)),
    ("1.c", "equal", lambda: sp.Mul(2, sp.sqrt(d), sp.Rational(1, 2), evaluate=False)),
    ("1.c", "not_equal", lambda: sp.sqrt(d) + sp.Float("1e-12")),
    ("1.c", "not_equal", lambda: sp.sqrt(2 * d)),
    ("1.c", "not_equal", lambda: sp.Integer(8)),
    ("1.c", "unreadable", lambda: sp.sqrt(x)),
    ("1.c", "unreadable", lambda: sp.oo),
    ("1.c", "unreadable", lambda: sp.nan),
    ("1.c", "unreadable", lambda: sp.zoo),
    ("1.c", "unreadable", lambda: sp.Symbol("__import__('os').system('x')")),
    ("1.c", "unreadable", lambda: sp.Integral(d, d)),
    ("1.c", "unreadable", lambda: sp.Eq(sp.Symbol("s") ** 2, d)),
    ("4.f", "equal", lambda: b * d**2 + b * n * d),
    ("4.f", "equal", lambda: sp.Max(b * d**2, b * n * d)),
    ("4.f", "equal", lambda: b * d * (n + d) / 2),
    ("4.f", "equal", lambda: b * d * sp.sqrt(n**2 + d**2)),
    ("4.f", "upper_bound", lambda: b * d * (n + d) * sp.log(n)),
    ("4.f", "lower_bound", lambda: sp.Min(b * d**2, b * n * d)),
    ("4.f", "incomparable", lambda: n**2),
    ("4.f", "unreadable", lambda: sp.O(n**2)),
    ("4.f", "undecided", lambda: 2**n),
    ("4.g", "equal", lambda: d**2 + b * d + b * n * d / h),
    ("4.g", "equal", lambda: d**2 + b * d + b * n * k),
    ("4.g", "upper_bound", lambda: d**2 + b * d + b * n * d),
    ("6.c.time", "equal", lambda: N**2 * (D + M)),
    ("6.c.time", "unreadable", lambda: n**2 * (D + M)),
    ("6.d.space", "equal", lambda: N * D + D**3),
    ("4.a", "equal", lambda: (h, d, d / h)),
    ("4.a", "equal", lambda: [h, d, sp.Symbol("q")]),
    ("4.b", "not_equal", lambda: (h, d, k)),
]


@pytest.fixture(scope="module")
def marker() -> WrittenMarker:
    homework = Homework(ROOT)
    return WrittenMarker(load_declarations(homework), load_rubric(homework), partial(reference_answer, homework))


@pytest.mark.parametrize(("part", "verdict", "make"), OBJECTS)
def test_sympy_objects_are_marked_as_labelled(
    marker: WrittenMarker, part: str, verdict: str, make: Callable[[], object]
) -> None:
    marked = marker.mark_answer(part, crossed(make()))
    assert marked.relation == verdict, marked


@pytest.mark.parametrize("printer", [str, sp.latex, partial(sp.latex, fold_frac_powers=True, mul_symbol="dot")])
def test_what_sympy_prints_is_marked_as_the_object_is(marker: WrittenMarker, printer: Callable[[object], str]) -> None:
    read = [(part, verdict, make()) for part, verdict, make in OBJECTS if verdict != "unreadable"]
    texts = [(part, verdict, printer(value)) for part, verdict, value in read if isinstance(value, sp.Basic)]
    marked = {(part, text): marker.mark_answer(part, text).relation for part, _, text in texts}
    assert marked == {(part, text): verdict for part, verdict, text in texts}


@pytest.mark.parametrize(("part", "make"), [(part, make) for part, _, make in OBJECTS])
def test_what_sympy_draws_over_several_lines_is_never_misread(
    marker: WrittenMarker, part: str, make: Callable[[], object]
) -> None:
    drawn = sp.pretty(make(), use_unicode=True)
    assert "\n" not in drawn or marker.mark_answer(part, drawn).relation == "unreadable"


def crossed(value: object) -> object:
    """What the grader is handed of an object: the same conversion as in the worker."""
    if isinstance(value, list | tuple):
        return type(value)(crossed(item) for item in value)
    return symbolic.tree(value) if symbolic.is_symbolic(value) else value


IMPORTED = "import sys; from autograder.cli import main; main({arguments}); print(*sys.modules, file=sys.stderr)"


def modules_after(*arguments: str) -> set[str]:
    code = IMPORTED.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("part", "answer"), [("1.a", "mu^T mu"), ("4.f", "O(n d)"), ("4.a", "[h]"), ("6.a", "sim > 1")]
)
def test_reading_an_answer_imports_neither_torch_nor_sympy_nor_numpy(part: str, answer: str) -> None:
    modules = modules_after("read", part, answer)
    assert "autograder.answers.reader" in modules
    assert not modules & {"torch", "sympy", "numpy", "scipy"}


@pytest.mark.parametrize(
    ("part", "answer"), [("1.a", "mu^T mu"), ("4.f", "O(n d)"), ("6.b.i", "q^T k"), ("6.a", "sim > 1")]
)
def test_trying_an_answer_does_not_import_torch(part: str, answer: str) -> None:
    modules = modules_after("try", part, answer)
    assert "autograder.scoring.trial" in modules
    assert "torch" not in modules


def test_trying_a_growth_answer_does_not_import_sympy() -> None:
    assert "sympy" not in modules_after("try", "4.f", "O(n d)")
