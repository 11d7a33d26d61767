"""What is kept of the report on a class, so that only what changed of it is made anew, and facts about the last run.

Each piece has a digest of what it was made of: asked for by another one it is as if it was not there.
"""

import sqlite3
from collections.abc import Mapping


class Pieces:
    """The tables `pieces`, `scans` and `facts`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def scans(self, made_of: str) -> dict[str, str]:
        """What was found in each content's sources, as far as it was made of the same."""
        rows = self._connection.execute(
            "SELECT digest, body FROM scans JOIN submissions ON submissions.id = submission WHERE made_of = ?",
            (made_of,),
        )
        return dict(rows)

    def add_scans(self, made_of: str, found: Mapping[str, str]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO scans SELECT id, ?, ? FROM submissions WHERE digest = ?",
            [(made_of, body, digest) for digest, body in found.items()],
        )

    def piece(self, name: str, made_of: str) -> str | None:
        """A piece of the report, if it was made of the same."""
        row = self._connection.execute(
            "SELECT body FROM pieces WHERE name = ? AND made_of = ?", (name, made_of)
        ).fetchone()
        return None if row is None else str(row[0])

    def set_piece(self, name: str, made_of: str, body: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?)", (name, made_of, body))

    def fact(self, name: str) -> str:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
