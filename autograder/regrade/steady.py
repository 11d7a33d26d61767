"""A fixed hash seed and one thread, so that what is judged in this process is judged as in a grader's."""

import os
import sys

# One thread each: there is a grader a core. A fixed hash seed: what a grader says must not depend on the process.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def is_steady() -> bool:
    """Whether this process is one that graders would be."""
    return not sys.flags.hash_randomization and _is_set()


def become_steady() -> None:
    """Begin this program again in such an environment, unless it is in one, or Python was told to heed none."""
    if not _is_set() and not sys.flags.ignore_environment:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | ENVIRONMENT)


def _is_set() -> bool:
    return all(os.environ.get(name) == value for name, value in ENVIRONMENT.items())
