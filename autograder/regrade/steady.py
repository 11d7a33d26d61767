"""A fixed hash seed and one thread, so that what is judged in this process is judged as in a grader's."""

import os
import sys

# One thread each: there is a grader a core. A fixed hash seed: what a grader says must not depend on the process.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
FROM_STANDARD_INPUT = "-"


def is_steady() -> bool:
    """Whether this process is one that graders would be."""
    return not sys.flags.hash_randomization and all(
        os.environ.get(name) == value for name, value in ENVIRONMENT.items()
    )


def become_steady() -> None:
    """Begin this program again under such an environment; does nothing where that is not possible, or not needed."""
    began = all(os.environ.get(name) == value for name, value in ENVIRONMENT.items())
    if began or sys.flags.ignore_environment or sys.argv[0] == FROM_STANDARD_INPUT:
        return
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | ENVIRONMENT)
