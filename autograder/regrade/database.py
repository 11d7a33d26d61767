"""Opens the file of a store: made, refused, brought up to date, or only read."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from autograder.errors import RunRefused
from autograder.regrade.schema import MIGRATIONS, check_ours, migrate

FULL = ("full", "disk I/O error")


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open the file, made if it is not there to be written, and bring it to the present tables. Raises RunRefused."""
    if read_only:
        return _connect_to_read(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        check_ours(connection, str(path))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last moments, never the file
        migrate(connection, str(path))
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. An older file is brought to the present tables in memory."""
    connection = _opened_to_read(path)
    if check_ours(connection, str(path)) == len(MIGRATIONS):
        return connection
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        connection.backup(memory)
    migrate(memory, str(path))
    return memory


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """In a folder that cannot be written, SQLite reads a file with WAL only if told that nobody changes it."""
    place = f"file:{quote(str(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=30)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        connection = sqlite3.connect(f"{place}&immutable=1", uri=True, isolation_level=None)
    return connection


def refused(path: Path, error: sqlite3.Error) -> RunRefused:
    """What went wrong with the file, in a sentence."""
    if any(word in str(error) for word in FULL):
        return RunRefused(f"{path} cannot be written: no room is left ({error}). Make room and start again")
    return RunRefused(f"{path} cannot be used ({error}); give another folder, or delete the file to begin anew")
