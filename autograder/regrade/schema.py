"""The tables of run.sqlite, and how older files come to have them.

    submissions   contents that were handed in, by digest; the reference and the template are among them
    executions    a submission's code run in one environment (sandbox, limits, libraries); `layers` were in force
    outcomes      what each program gave there, by the program's digest
    keys          what marks of one part depended on (dependencies.PartKey)
    marks         the row that a submission earned for a part under such a key; `words` if a person may read them;
                  `answer`, by which the same answers are found
    sources       the Python files of a submission, compressed
    failures      submissions that the grader itself failed on
    entries       the export's submissions as they were last seen: who, and which content
    earlier       the scores that the export holds
    manual        grades given by a person
    scores        what the last finished run came to: all that a comparison needs
    previous      what the run before that came to, where it was something else
    penalties     what lateness took off in the last finished run, where it took something; under which policy
    previous_penalties    the same for `previous`
    facts         single values about the last finished run
    pieces        parts of the report on a class, each with a digest of all that it was made of
    scans         what was found in the sources of a submission, with a digest of what was looked for, and how

`user_version` counts MIGRATIONS that a file has been through.
"""

import sqlite3

from autograder.errors import RunRefused

FIRST = """
CREATE TABLE submissions (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE);
CREATE TABLE executions (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions(id) ON DELETE CASCADE,
    environment TEXT NOT NULL,
    layers TEXT NOT NULL,
    UNIQUE (submission, environment)
);
CREATE TABLE outcomes (
    execution INTEGER NOT NULL REFERENCES executions(id) ON DELETE CASCADE,
    program BLOB NOT NULL,
    module TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (execution, program)
) WITHOUT ROWID;
CREATE TABLE keys (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, number TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE marks (
    submission INTEGER NOT NULL REFERENCES submissions(id) ON DELETE CASCADE,
    key INTEGER NOT NULL REFERENCES keys(id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    trace TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (submission, key)
) WITHOUT ROWID;
CREATE TABLE failures (
    submission INTEGER PRIMARY KEY REFERENCES submissions(id) ON DELETE CASCADE,
    message TEXT NOT NULL
);
CREATE TABLE entries (
    submission_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    submission INTEGER NOT NULL REFERENCES submissions(id),
    name TEXT NOT NULL,
    sid TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at TEXT NOT NULL,
    score TEXT,
    problems TEXT NOT NULL,
    signature TEXT NOT NULL
);
CREATE TABLE earlier (
    submission_id TEXT NOT NULL REFERENCES entries(submission_id) ON DELETE CASCADE,
    number TEXT NOT NULL,
    score TEXT NOT NULL,
    output TEXT NOT NULL,
    PRIMARY KEY (submission_id, number)
) WITHOUT ROWID;
CREATE TABLE manual (
    submission_id TEXT NOT NULL,
    number TEXT NOT NULL,
    score TEXT NOT NULL,
    comment TEXT NOT NULL,
    PRIMARY KEY (submission_id, number)
) WITHOUT ROWID;
CREATE TABLE scores (
    submission_id TEXT NOT NULL,
    number TEXT NOT NULL,
    position INTEGER NOT NULL,
    submission TEXT NOT NULL,
    earned TEXT NOT NULL,
    points TEXT NOT NULL,
    status TEXT NOT NULL,
    by_hand INTEGER NOT NULL,
    key TEXT NOT NULL,
    feedback TEXT NOT NULL,
    PRIMARY KEY (submission_id, number)
) WITHOUT ROWID;
CREATE TABLE previous AS SELECT * FROM scores;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
PENALTIES = """
CREATE TABLE penalties (
    submission_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    days INTEGER NOT NULL,
    taken TEXT NOT NULL,
    policy TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE previous_penalties AS SELECT * FROM penalties;
"""
ANSWERS = """
ALTER TABLE marks ADD COLUMN answer TEXT NOT NULL DEFAULT '';
CREATE TABLE sources (
    submission INTEGER PRIMARY KEY REFERENCES submissions(id) ON DELETE CASCADE,
    body BLOB NOT NULL
);
"""
PIECES = """
CREATE INDEX marks_by_key ON marks (key);
CREATE TABLE pieces (name TEXT PRIMARY KEY, made_of TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE scans (
    submission INTEGER PRIMARY KEY REFERENCES submissions(id) ON DELETE CASCADE,
    made_of TEXT NOT NULL,
    body TEXT NOT NULL
);
DELETE FROM facts WHERE name = 'finished';
"""
MIGRATIONS = (FIRST, PENALTIES, ANSWERS, PIECES)


def check_ours(connection: sqlite3.Connection, path: str) -> int:
    """Through how many migrations a file has been. Raises RunRefused for one that is newer, or another program's."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "submissions" not in tables:
        raise RunRefused(f"{path} is a database of another program; give another folder, or move that file away")
    if version > len(MIGRATIONS):
        raise RunRefused(f"{path} was written by a newer version of this program; use that one, or another folder")
    return int(version)


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring a file to the present tables, each step in a transaction of its own. Raises RunRefused as above."""
    version = check_ours(connection, path)
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
