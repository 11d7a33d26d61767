"""One submission as the store keeps it: what its code answered, and its files. What is looked at is noted.

A mark follows from what was asked on the way to it and what was answered. So whoever answers the same, question by
question, earns the same mark, and is not judged again.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import SandboxFailed
from autograder.regrade.store import Mark, Store, StoredOutcome
from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program
from autograder.scoring.sheet import Row
from autograder.settings import Limits
from autograder.submission.model import ExpectedFiles, Submission

if TYPE_CHECKING:
    from autograder.regrade.export import Export

Question = bytes | str | None  # a program's digest, a file's name, or all files
Answer = bytes | None  # a digest of what was answered; None where there was nothing
ReadWhole = Callable[[str], Submission]  # a content by its digest, from the export
SIZE = 16


class NotKept(SandboxFailed):
    """The store does not say; only running code, or reading the export anew, could tell."""


class KeptAnswers:
    """What one content's programs gave, looked up when it is asked for."""

    def __init__(self, store: Store, digest: str, environment: str) -> None:
        self._store = store
        self._execution = store.execution(digest, environment)
        self._found: dict[bytes, StoredOutcome | None] = {}
        self.asked: dict[Question, Answer] = {}

    def get(self, program: bytes, /) -> StoredOutcome | None:
        if program not in self._found:
            self._found[program] = self._store.outcome(self._execution, program)
        self.asked[program] = self.answer(program)
        return self._found[program]

    def answer(self, program: bytes) -> Answer:
        if program not in self._found:
            self._found[program] = self._store.outcome(self._execution, program)
        found = self._found[program]
        return None if found is None else _short(found.body)

    def modules(self) -> frozenset[str]:
        return self._store.modules_run(self._execution)


class KeptFiles(Mapping[str, bytes]):
    """One content's files: Python from the store, others from the export when one is asked for."""

    def __init__(self, store: Store, digest: str, read_whole: ReadWhole) -> None:
        self._store = store
        self._digest = digest
        self._read_whole = read_whole
        self._python: Mapping[str, bytes] | None = None
        self._whole: Mapping[str, bytes] | None = None
        self.asked: dict[Question, Answer] = {}

    def __getitem__(self, name: str) -> bytes:
        content = self._content(name)
        self.asked[name] = None if content is None else _short(content)
        if content is None:
            raise KeyError(name)
        return content

    def __iter__(self) -> Iterator[str]:
        self.asked[None] = self.answer(None)
        return iter(self._all())

    def __len__(self) -> int:
        self.asked[None] = self.answer(None)
        return len(self._all())

    def answer(self, name: str | None) -> Answer:
        if name is None:
            return self._digest.encode()
        content = self._content(name)
        return None if content is None else _short(content)

    def _content(self, name: str) -> bytes | None:
        if not name.endswith(".py"):
            return self._all().get(name)
        if self._python is None:
            self._python = self._store.sources_of(self._digest)
        return self._python.get(name)

    def _all(self) -> Mapping[str, bytes]:
        if self._whole is None:
            self._whole = self._read_whole(self._digest).files
        return self._whole


class WholeSubmissions:
    """Reads contents from the export, which is opened when the first one is wanted."""

    def __init__(self, store: Store, path: Path, expected: ExpectedFiles, limits: Limits) -> None:
        self._ids = {line.digest: line.submission_id for line in store.entries()}
        self._place = (path, limits)
        self._expected = expected
        self._stack = ExitStack()
        self._export: Export | None = None

    def __call__(self, digest: str) -> Submission:
        """Raises NotKept where the export does not have this content any more."""
        if self._export is None:
            from autograder.regrade.export import open_export  # few parts read more than the store has

            self._export = self._stack.enter_context(open_export(*self._place))
            self._entries = {entry.submission_id: entry for entry in self._export.entries}
        entry = self._entries.get(self._ids[digest])
        found = self._export.read(entry, self._expected) if entry else None
        if found is None or found.digest != digest:
            raise NotKept("the export was changed while the run went on")
        return found


@dataclass(frozen=True)
class KeptSubmission(Submission):
    """A submission whose files are not copied, so that they note what is read of them."""

    def __post_init__(self) -> None:
        pass


def _short(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=SIZE).digest()


@dataclass(frozen=True)
class Judged:
    """What came of a judgement. `seen` is what the part asked, and got, where the packed answer beside the mark depends
    on files as well: it is then made for each content by itself.
    """

    mark: Mark
    row: Row
    text: str
    seen: tuple[tuple[Program, Outcome | None], ...] | None


@dataclass
class Asked:
    """A question on the way to marks, and where each answer leads."""

    question: Question
    leads_to: dict[Answer, "Asked | Judged"] = field(default_factory=dict)


class KnownWays:
    """The ways to the marks of one part that were gone already."""

    def __init__(self) -> None:
        self._first: Asked | Judged | None = None

    def judged(self, answer: Callable[[Question], Answer]) -> Judged | None:
        """What came of answers like these; None if nobody gave them before."""
        place = self._first
        while isinstance(place, Asked):
            place = place.leads_to.get(answer(place.question))
        return place

    def add(self, asked: Mapping[Question, Answer], judged: Judged) -> None:
        """Note the way to a mark. Questions follow from the answers before them, so that ways part only at answers."""
        steps = list(asked.items())
        if not steps:
            self._first = judged
            return
        if self._first is None:
            self._first = Asked(steps[0][0])
        place = self._first
        for at, (question, answer) in enumerate(steps):
            if not isinstance(place, Asked) or place.question != question:
                return  # judged in another order, which should not be: it is then judged each time
            after = steps[at + 1][0] if at + 1 < len(steps) else None
            place = place.leads_to.setdefault(answer, judged if at + 1 == len(steps) else Asked(after))
