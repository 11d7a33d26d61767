"""One ready process for all tests that run student code: starting it is what takes time."""

import os
from collections.abc import Iterator

import pytest

from autograder.sandbox.launcher import Zygote
from autograder.settings import Limits

QUICK = Limits(import_seconds=10.0, call_seconds=2.0, question_seconds=20.0, worker_cpu_seconds=20)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    os.environ["SECRET_OF_THE_GRADER"] = "42"
    with Zygote(QUICK, preloads=("sympy",)) as ready:
        yield ready
