"""Grades one submission the usual way, to be measured against: a process of its own, everything imported into it.

    .venv/bin/python benchmarks/usual_way.py examples/gemini results.json

torch, SymPy, the reference, the student's modules and the same graded suites are in one process; gradescope-utils'
JSONTestRunner runs the suites and writes the results. There is no sandbox, and a crash is the end. Nothing else in the
project does this, and nothing should.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sympy  # noqa: E402, F401
import torch  # noqa: E402, F401
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner  # noqa: E402

from autograder.scoring.course import load_course, setting_for  # noqa: E402
from autograder.scoring.runner import OwnRunners, Runner  # noqa: E402
from autograder.scoring.suite import attached  # noqa: E402
from autograder.settings import Homework  # noqa: E402
from autograder.submission.reader import read_submission  # noqa: E402
from benchmarks.unsandboxed import LIMITS, in_this_process  # noqa: E402


class Suite(list):  # type: ignore[type-arg]
    """As much of a unittest suite as the runner asks for."""

    def __call__(self, result: object) -> None:
        for test in self:
            test.run(result)


def main(folder: Path, results: Path) -> None:
    course = load_course(Homework(ROOT), (), LIMITS)
    submission = read_submission(folder, course.expected_files, LIMITS)
    reference = course.reference or {}
    with in_this_process(reference) as run_reference:
        own = OwnRunners(Runner(run_reference, reference))
        with in_this_process(submission.files) as run:
            setting = setting_for(course, submission, LIMITS, Runner(run, submission.files), own)
            with results.open("w", encoding="utf-8") as stream:
                JSONTestRunner(stream=stream, visibility="visible").run(Suite(attached(course.fresh_tests(), setting)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
