"""Writes results.json so that a valid one is there at every moment: to a temporary file, then renamed."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.reports.gradescope import to_json


def write_results(path: Path, content: Mapping[str, Any]) -> None:
    """Puts `content` at `path` in one step; whoever reads sees the old file or the new one, whole."""
    write_text(path, to_json(content))


def write_text(path: Path, text: str) -> None:
    """The same for any text."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); choose another place or make room") from error
