"""Renders a score sheet as Gradescope's results.json: strict, finite JSON and nothing else.

Source: Gradescope's autograder documentation, "Output format".
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from autograder.checks.verdict import Status
from autograder.reports.numbers import number
from autograder.reports.wording import feedback, headline, note
from autograder.scoring.sheet import Row, ScoreSheet

LATER = "What each part earned is shown later, as the course has set."
ABOUT_CHECKS = (
    "The entries that begin with “check” are checks, not the score: they need no solution, and the same ones run at"
    " home."
)

_NEXT = ",\n    "
_NO_TESTS, _NO_EXTRA = '\n  "tests": null', '\n  "extra_data": null'


def results(sheet: ScoreSheet) -> dict[str, Any]:
    """The object that Gradescope reads."""
    return _results(sheet, [*(check(row) for row in sheet.checks), *(test(row) for row in sheet.rows)])


def results_of_class(sheet: ScoreSheet, tests: Sequence[str]) -> str:
    """`to_json(results(sheet))`, put together from its rows as `test_as_text` wrote them: those of a class are often
    the same. There are no public checks.
    """
    shell = _results(sheet, None)
    extra = shell.pop("extra_data")
    text = to_json({**shell, "extra_data": None})
    rows = f"[\n    {_NEXT.join(tests)}\n  ]" if tests else "[]"
    before, _, after = text.partition(_NO_TESTS)  # a line break in a string is written \\n, so these stand only once
    after, _, end = after.partition(_NO_EXTRA)
    extra_text = _indented(json.dumps(extra, ensure_ascii=False, allow_nan=False)).replace("\n", "\n  ")
    return f"{before}{_NO_TESTS[:-4]}{rows}{after}{_NO_EXTRA[:-4]}{extra_text}{end}"


def test_as_text(row: Row) -> str:
    """One row as it stands in the text of a whole results.json."""
    return _written(test(row)).replace("\n", "\n    ")


@lru_cache(maxsize=1024)
def _indented(compact: str) -> str:
    return _written(json.loads(compact))


def _results(sheet: ScoreSheet, tests: list[dict[str, Any]] | None) -> dict[str, Any]:
    said = [headline(sheet) if sheet.shows_all else LATER, *(f"Note: {note(problem)}" for problem in sheet.notes)]
    shown: dict[str, Any] = {
        "output": "\n".join([*said, *([ABOUT_CHECKS] if sheet.checks else ())]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": extra_data(sheet),
    }
    return {"score": number(sheet.score), **shown} if sheet.marked else shown


def test(row: Row) -> dict[str, Any]:
    """One row; a public check has no score."""
    shown: dict[str, Any] = {
        "number": row.number,
        "name": row.title,
        "status": "passed" if row.status is Status.RIGHT else "failed",
        "output": feedback(row),
        "visibility": row.visibility,
    }
    if row.points is None:
        return shown
    return {**shown, "score": number(row.earned), "max_score": number(row.points)}


def check(row: Row) -> dict[str, Any]:
    """A public check beside the marking: it comes first, everybody sees it, and it has no score.

    Its number is not the part's, so that whoever looks a part up by its number finds the points.
    """
    return {**test(row), "number": f"check {row.number}", "name": f"Check: {row.title}"}


def extra_data(sheet: ScoreSheet) -> dict[str, Any]:
    """For staff: which parts are undecided, which layers of the sandbox were on, and the seed of the hidden inputs."""
    seed = {} if sheet.seed is None else {"seed": sheet.seed}
    return {
        **seed,
        **({"submitters": list(sheet.by)} if sheet.by else {}),
        **({"days_late": sheet.late.days} if sheet.late else {}),
        "undecided": [row.number for row in sheet.undecided],
        "notes": [note(fact) for fact in sheet.notes],
        "sandbox": dict(sheet.layers),
    }


def failure(message: str) -> dict[str, Any]:
    """A valid results.json for when the grader itself failed: no part is claimed to be judged."""
    return {"score": 0, "output": message, "output_format": "text", "tests": [], "extra_data": {"failed": True}}


def to_json(content: Mapping[str, Any]) -> str:
    """Valid JSON: a NaN is refused here, because Gradescope would hang on it."""
    return f"{_written(content)}\n"


def _written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
