"""Runs the real command, as a person or Gradescope would, or as a root that has no rights."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.sandbox.limits.identity import empty_bounding_set

ROOT = Path(__file__).resolve().parents[2]


def command(
    *arguments: str | Path, before: Callable[[], None] | None = None, timeout: float = 300, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m autograder ...`; `before` is called in the new process, before the program."""
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        preexec_fn=before,
        env=environment or None,
    )


def is_root() -> bool:
    return os.geteuid() == 0


def without_rights() -> None:
    """Let the next program be a root without capabilities, as in a container that dropped them all."""
    empty_bounding_set()


def strict_json(text: str) -> Any:
    """Read JSON that has neither NaN nor Infinity in it."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
