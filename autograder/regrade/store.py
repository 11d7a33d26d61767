"""run.sqlite: everything that a regrade knows. One process writes it; a transaction is either there or not."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from autograder.errors import RunRefused
from autograder.regrade.database import connect, refused
from autograder.regrade.dependencies import PartKey
from autograder.regrade.pieces import Pieces
from autograder.regrade.sources import pack_sources, unpack_sources

FILE = "run.sqlite"
NO_LAYERS = "{}"
PREVIOUS = {"scores": "previous", "penalties": "previous_penalties"}


@dataclass(frozen=True)
class Mark:
    """One judged part: the packed row, the traceback where the grader itself failed, `words` that a person may read,
    the packed `answer` by which the same answers are found.
    """

    number: str
    body: str
    trace: str = ""
    words: str = ""
    answer: str = ""


@dataclass(frozen=True)
class StoredOutcome:
    """What one program gave: the program's digest and the packed outcome."""

    program: bytes
    module: str
    body: bytes


@dataclass(frozen=True)
class EntryLine:
    """One submission of the export as the store keeps it. People are joined by `; `."""

    submission_id: str
    digest: str
    name: str
    sid: str
    email: str
    created_at: str
    score: str | None
    problems: str
    signature: str


class ScoreLine(NamedTuple):
    """What one submission came to in one part. `key` is the digest of a PartKey."""

    submission_id: str
    number: str
    submission: str
    earned: str
    points: str
    status: str
    by_hand: bool
    key: str
    feedback: str


@dataclass(frozen=True)
class Penalty:
    """What lateness took off one submission, in points, and the policy in words."""

    submission_id: str
    days: int
    taken: str
    policy: str


@dataclass(frozen=True)
class ManualGrade:
    """A grade that a person gave."""

    submission_id: str
    number: str
    score: str
    comment: str


@contextmanager
def open_store(folder: Path, *, read_only: bool = False) -> Iterator["Store"]:
    """Open the store of a folder. Raises RunRefused if there is none to read, or it is not one."""
    path = folder / FILE
    if read_only and not path.is_file():
        raise RunRefused(f"{path} does not exist; give a folder that regrade has written")
    store: Store | None = None
    try:
        store = Store(partial(connect, path, read_only=read_only))
        yield store
    except sqlite3.Error as error:
        raise refused(path, error) from error
    finally:
        if store is not None:
            store.close()


def _values(line: EntryLine | Penalty) -> tuple[Any, ...]:
    return tuple(getattr(line, field.name) for field in fields(line))


class Store(Pieces):
    """The tables, in the words of the regrade."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect())
        self._connect = connect
        self._ids: dict[str, int] = {}
        self._keys: dict[str, int] = {}

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Have the file closed meanwhile: what SQLite knows of an open one must not go into a forked process."""
        self._connection.close()
        yield
        self._connection = self._connect()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing of it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    # What was handed in

    def submission(self, digest: str) -> int:
        """The number of a content, given it if it has none."""
        if digest not in self._ids:
            row = self._connection.execute("SELECT id FROM submissions WHERE digest = ?", (digest,)).fetchone()
            if row is None:  # never in a store that is only read
                row = (self._connection.execute("INSERT INTO submissions (digest) VALUES (?)", (digest,)).lastrowid,)
            self._ids[digest] = row[0]
        return self._ids[digest]

    def replace_entries(self, lines: Sequence[EntryLine], earlier: Iterable[tuple[str, str, str, str]]) -> None:
        """What the export holds now: its submissions, and the earlier (id, number, score, output)."""
        self._connection.execute("DELETE FROM entries")
        rows = [
            (*_values(line)[:1], at, self.submission(line.digest), *_values(line)[2:]) for at, line in enumerate(lines)
        ]
        self._connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany("INSERT INTO earlier VALUES (?, ?, ?, ?)", earlier)

    def entries(self) -> list[EntryLine]:
        rows = self._connection.execute(
            "SELECT submissions.id, submission_id, digest, name, sid, email, created_at, score, problems, signature"
            " FROM entries JOIN submissions ON submissions.id = entries.submission ORDER BY position"
        ).fetchall()
        self._ids |= {row[2]: row[0] for row in rows}
        return [EntryLine(*row[1:]) for row in rows]

    def earlier(self) -> dict[str, dict[str, tuple[str, str]]]:
        """The export's own (score, output) by submission and number."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for submission_id, number, score, output in self._connection.execute("SELECT * FROM earlier"):
            found.setdefault(submission_id, {})[number] = (score, output)
        return found

    # What its code answered

    def add_sources(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Keep the Python files of a content: what is alike in them is looked for when all are there."""
        body = pack_sources(files)
        self._connection.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", (self.submission(digest), body))

    def sources(self) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Of every content of the export its digest and its Python files."""
        yield from ((digest, self.sources_of(digest)) for digest in self.with_sources())

    def with_sources(self) -> list[str]:
        """The contents of the export whose Python files are kept, by digest."""
        rows = self._connection.execute(
            "SELECT digest FROM submissions JOIN sources ON sources.submission = submissions.id"
            " WHERE submissions.id IN (SELECT submission FROM entries) ORDER BY digest"
        )
        return [digest for (digest,) in rows]

    def sources_of(self, digest: str) -> dict[str, bytes]:
        """The Python files of one content; none where they are not kept."""
        row = self._connection.execute(
            "SELECT body FROM sources WHERE submission = ?", (self.submission(digest),)
        ).fetchone()
        return {} if row is None else unpack_sources(row[0])

    def outcomes(self, digest: str, environment: str, modules: Collection[str] | None = None) -> list[StoredOutcome]:
        """What a content's programs gave; only those of `modules`, where these are named."""
        rows = self._connection.execute(
            "SELECT program, module, body FROM outcomes JOIN executions ON executions.id = outcomes.execution"
            " WHERE submission = ? AND environment = ?",
            (self.submission(digest), environment),
        )
        return [StoredOutcome(*row) for row in rows if modules is None or row[1] in modules]

    def outcome(self, execution: int | None, program: bytes) -> StoredOutcome | None:
        """What one program gave in an execution."""
        row = self._connection.execute(
            "SELECT program, module, body FROM outcomes WHERE execution = ? AND program = ?", (execution, program)
        ).fetchone()
        return None if row is None else StoredOutcome(*row)

    def modules_run(self, execution: int | None) -> frozenset[str]:
        """The modules that programs of an execution asked."""
        rows = self._connection.execute("SELECT DISTINCT module FROM outcomes WHERE execution = ?", (execution,))
        return frozenset(module for (module,) in rows)

    def was_run(self, digest: str, environment: str) -> bool:
        return self.execution(digest, environment) is not None

    def run_before(self, environment: str) -> set[str]:
        """The contents that were run in this environment and whose sources are kept, by digest."""
        rows = self._connection.execute(
            "SELECT digest FROM submissions JOIN executions ON executions.submission = submissions.id"
            " JOIN sources ON sources.submission = submissions.id WHERE environment = ?",
            (environment,),
        )
        return {digest for (digest,) in rows}

    def layers(self, environment: str) -> dict[str, str]:
        """Layers in force, as JSON, by the digest of the submission."""
        rows = self._connection.execute(
            "SELECT digest, layers FROM executions JOIN submissions ON submissions.id = executions.submission"
            " WHERE environment = ?",
            (environment,),
        )
        return dict(rows)

    def add_outcomes(
        self, digest: str, environment: str, outcomes: Iterable[StoredOutcome], layers: Mapping[str, Any] | None
    ) -> None:
        """Add what was run now; the same program's earlier outcome gives way."""
        submission = self.submission(digest)
        text = NO_LAYERS if layers is None else json.dumps(layers)  # in the order in which they were applied
        self._connection.execute(
            "INSERT INTO executions (submission, environment, layers) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET layers = excluded.layers WHERE excluded.layers <> ?",
            (submission, environment, text, NO_LAYERS),
        )
        execution = self.execution(digest, environment)
        self._connection.executemany(
            "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)",
            sorted((execution, outcome.program, outcome.module, outcome.body) for outcome in outcomes),
        )

    def execution(self, digest: str, environment: str) -> int | None:
        """The number of a content's execution; None if it was not run there."""
        row = self._connection.execute(
            "SELECT id FROM executions WHERE submission = ? AND environment = ?",
            (self.submission(digest), environment),
        ).fetchone()
        return None if row is None else int(row[0])

    # What that earned

    def register(self, keys: Iterable[PartKey]) -> None:
        """Make these keys known before marks refer to them."""
        for key in keys:
            body = json.dumps(asdict(key), sort_keys=True)
            self._connection.execute(
                "INSERT OR IGNORE INTO keys (digest, number, body) VALUES (?, ?, ?)", (key.digest, key.number, body)
            )
            row = self._connection.execute("SELECT id FROM keys WHERE digest = ?", (key.digest,)).fetchone()
            self._keys[key.digest] = row[0]

    def key(self, digest: str) -> PartKey | None:
        row = self._connection.execute("SELECT body FROM keys WHERE digest = ?", (digest,)).fetchone()
        return None if row is None else PartKey(**json.loads(row[0]))

    def missing(self, keys: Iterable[PartKey]) -> dict[str, tuple[str, ...]]:
        """The contents of the export by digest, each with the numbers that it is not marked in under these keys."""
        rows = self._connection.execute(
            "SELECT id, digest FROM submissions JOIN entries ON submission = id GROUP BY id ORDER BY min(position)"
        )
        contents = dict(rows.fetchall())
        found: dict[int, list[str]] = {content: [] for content in contents}
        for key in keys:
            rows = self._connection.execute("SELECT submission FROM marks WHERE key = ?", (self._keys[key.digest],))
            for content in contents.keys() - {content for (content,) in rows}:
                found[content].append(key.number)
        return {contents[content]: tuple(numbers) for content, numbers in found.items()}

    def marks(self, digest: str, keys: Iterable[PartKey]) -> list[tuple[str, str]]:
        """Of one content its packed rows with their traces, in the order of the keys; those that lack are left out."""
        rows = self._connection.execute(
            "SELECT key, body, trace FROM marks WHERE submission = ?", (self.submission(digest),)
        )
        by_key = {key: (body, trace) for key, body, trace in rows}
        return [found for key in keys if (found := by_key.get(self._keys[key.digest])) is not None]

    def add_marks(self, digest: str, keys: Mapping[str, PartKey], marks: Iterable[Mark]) -> None:
        submission = self.submission(digest)
        rows = (
            (submission, self._keys[keys[mark.number].digest], mark.body, mark.trace, mark.words, mark.answer)
            for mark in marks
        )
        self._connection.executemany("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?, ?)", rows)

    def answers(self, number: str) -> Iterator[tuple[str, str, str, int]]:
        """Of a part in the last finished run: submission_id, packed row, packed answer, whether a person graded it."""
        yield from self._connection.execute(
            "SELECT scores.submission_id, marks.body, marks.answer, by_hand FROM entries"
            " CROSS JOIN scores ON scores.submission_id = entries.submission_id AND scores.number = ?"
            " CROSS JOIN keys ON keys.digest = scores.key"
            " CROSS JOIN marks ON marks.submission = entries.submission AND marks.key = keys.id"
            " WHERE entries.submission NOT IN (SELECT submission FROM failures) ORDER BY scores.position",
            (number,),
        )

    def words(self) -> Iterator[tuple[str, str, str, str]]:
        """Texts that a person may read: submission_id, the key's digest, the packed row, the text."""
        yield from self._connection.execute(
            "SELECT submission_id, keys.digest, marks.body, words FROM entries"
            " JOIN marks ON marks.submission = entries.submission JOIN keys ON keys.id = marks.key"
            " WHERE words <> '' ORDER BY entries.position, keys.number"
        )

    def add_failure(self, digest: str, message: str) -> None:
        row = (self.submission(digest), message)
        self._connection.execute("INSERT OR REPLACE INTO failures VALUES (?, ?)", row)

    def clear_failures(self) -> None:
        self._connection.execute("DELETE FROM failures")

    def failures(self) -> dict[str, str]:
        rows = self._connection.execute(
            "SELECT digest, message FROM failures JOIN submissions ON submissions.id = submission"
        )
        return dict(rows)

    # What a person gave, and what it all came to

    def add_manual(self, grades: Iterable[ManualGrade]) -> None:
        """Keep these grades; one without a score takes an earlier one back."""
        rows = [(grade.submission_id, grade.number, grade.score, grade.comment) for grade in grades]
        self._connection.executemany("INSERT OR REPLACE INTO manual VALUES (?, ?, ?, ?)", rows)
        self._connection.execute("DELETE FROM manual WHERE score = ''")

    def manual(self) -> dict[tuple[str, str], ManualGrade]:
        rows = self._connection.execute("SELECT * FROM manual")
        return {(row[0], row[1]): ManualGrade(*row) for row in rows}

    def replace_scores(self, lines: Sequence[ScoreLine], penalties: Sequence[Penalty] = ()) -> list[ScoreLine] | None:
        """Put these in the place of the last finished run's, which become the previous ones, and are returned, if they
        differ.
        """
        before = self.scores()
        if before == lines and self.penalties() == list(penalties):
            return None
        for table in ("scores", "penalties"):
            previous = PREVIOUS[table]
            self._connection.execute(f"DELETE FROM {previous}")
            self._connection.execute(f"INSERT INTO {previous} SELECT * FROM {table}")
        self._put_scores(before, lines)
        self._connection.execute("DELETE FROM penalties")
        taken = [(*_values(line)[:1], at, *_values(line)[1:]) for at, line in enumerate(penalties)]
        self._connection.executemany("INSERT INTO penalties VALUES (?, ?, ?, ?, ?)", taken)
        return before

    def _put_scores(self, before: Sequence[ScoreLine], lines: Sequence[ScoreLine]) -> None:
        """Only those that differ, where the same parts of the same submissions stand in the same order."""
        same_places = [line[:2] for line in before] == [line[:2] for line in lines]
        if not same_places:
            self._connection.execute("DELETE FROM scores")
        rows = ((*line[:2], at, *line[2:]) for at, line in enumerate(lines) if not same_places or line != before[at])
        self._connection.executemany("INSERT OR REPLACE INTO scores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def penalties(self, *, previous: bool = False) -> list[Penalty]:
        """What lateness took off in the last finished run, or in the one before it."""
        table = PREVIOUS["penalties"] if previous else "penalties"
        rows = self._connection.execute(f"SELECT submission_id, days, taken, policy FROM {table} ORDER BY position")
        return [Penalty(*row) for row in rows]

    def scores(self, *, previous: bool = False) -> list[ScoreLine]:
        """What the last finished run came to, or the one before it that came to something else."""
        rows = self._connection.execute(
            "SELECT submission_id, number, submission, earned, points, status, by_hand, key, feedback"
            f" FROM {PREVIOUS['scores'] if previous else 'scores'} ORDER BY position"
        )
        return [ScoreLine(*row) for row in rows]
