"""Says what is wrong with a results.json before Gradescope does.

    python scripts/check_results.py results.json

Gradescope reports a file that it cannot read as a crash of the autograder, and waits for ever on a NaN.
"""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
NUMBER, TEXT = (int, float), (str,)
OF_ALL = {
    "score": NUMBER,
    "execution_time": NUMBER,
    "output": TEXT,
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "extra_data": (dict,),
    "tests": (list,),
    "leaderboard": (list,),
}
OF_A_TEST = {
    "score": NUMBER,
    "max_score": NUMBER,
    "status": {"passed", "failed"},
    "name": TEXT,
    "name_format": FORMATS,
    "number": TEXT,
    "output": TEXT,
    "output_format": FORMATS,
    "tags": (list,),
    "visibility": VISIBILITIES,
    "extra_data": (dict,),
}


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: check_results.py results.json", file=sys.stderr)
        return 2
    found = problems_of(Path(sys.argv[1]))
    for problem in found:
        print(problem)
    return 1 if found else 0


def problems_of(path: Path) -> list[str]:
    """What is wrong with the file; nothing if Gradescope will take it."""
    try:
        return list(problems(json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)))
    except (OSError, ValueError, RecursionError) as error:
        return [f"{path.name} cannot be read: {error}"]


def problems(results: Any) -> Iterator[str]:
    """What is wrong with the content of a results.json."""
    if not isinstance(results, dict):
        yield "the whole is not an object"
        return
    yield from _of_keys(results, OF_ALL, "at the top")
    if "score" not in results and not results.get("tests"):
        yield "there is neither a score nor a test"
    tests = results.get("tests", [])
    for place, test in enumerate(tests if isinstance(tests, list) else ()):
        where = f"in test {place + 1}"
        yield from _of_keys(test, OF_A_TEST, where) if isinstance(test, dict) else [f"{where}: not an object"]
    yield from _of_sum(results)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _of_keys(entries: dict[str, Any], known: dict[str, Any], where: str) -> Iterator[str]:
    for key, value in entries.items():
        allowed = known.get(key)
        if allowed is None:
            yield f"{where}: {key} is not a key of Gradescope's"
        elif isinstance(allowed, set) and value not in allowed:
            yield f"{where}: {key} is {value!r}, not one of {', '.join(sorted(allowed))}"
        elif isinstance(allowed, tuple) and (not isinstance(value, allowed) or isinstance(value, bool)):
            yield f"{where}: {key} is of type {type(value).__name__}"
        elif isinstance(value, float) and not math.isfinite(value):
            yield f"{where}: {key} is {value}"


def _of_sum(results: dict[str, Any]) -> Iterator[str]:
    tests = results.get("tests")
    if not isinstance(tests, list) or not tests or not isinstance(results.get("score"), NUMBER):
        return
    total = sum(test.get("score", 0) for test in tests if isinstance(test, dict))
    if not math.isclose(total, results["score"], abs_tol=0.01):
        yield f"the score is {results['score']}, the tests add up to {total}"


if __name__ == "__main__":
    sys.exit(main())
