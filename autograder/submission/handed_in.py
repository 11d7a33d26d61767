"""Who handed a submission in, and when, as Gradescope's container says it in submission_metadata.json.

Source: Gradescope's autograder documentation, "Submission Metadata". The file may be absent, and nothing in it is
needed: what is not there, or is of another kind, is empty.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 64 << 20  # bytes; it holds the results of earlier submissions


@dataclass(frozen=True)
class HandedIn:
    """`created_at` and `due` are moments as they are written there."""

    names: tuple[str, ...] = ()
    created_at: str = ""
    due: str = ""


def read_metadata(path: Path) -> HandedIn:
    """What the file says; nothing if there is none or it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return HandedIn()
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return HandedIn()
    users = _field(content, "users")
    names = tuple(_text(user, "name") for user in users) if isinstance(users, list) else ()
    due = _text(_field(content, "assignment"), "due_date")
    return HandedIn(tuple(filter(None, names)), _text(content, "created_at"), due)


def _field(content: Any, key: str) -> Any:
    return content.get(key) if isinstance(content, dict) else None


def _text(content: Any, key: str) -> str:
    value = _field(content, key)
    return value if isinstance(value, str) else ""
