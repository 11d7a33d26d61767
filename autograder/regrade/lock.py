"""One run at a time in one folder. The lock goes with the process that holds it, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import RunRefused

FILE = ".lock"


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold the folder. Raises RunRefused if another run does, or the folder cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise RunRefused(f"{folder} cannot be written ({error.strerror}); choose another folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise RunRefused(f"another run is at work on {folder}; wait for it, or choose another folder") from error
    try:
        yield
    finally:
        os.close(descriptor)
