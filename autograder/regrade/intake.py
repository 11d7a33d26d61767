"""What an export holds, into the store: each submission's content by its digest, and who handed it in.

An export that has not been touched since an earlier run is not opened; of one that was, only those submissions are read
that were touched: names, sizes, times and inodes say so.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.regrade.dependencies import digest_of, engine_digest, program_digest
from autograder.regrade.encoding import pack_problems
from autograder.regrade.store import EntryLine, Store
from autograder.submission.model import ExpectedFiles

if TYPE_CHECKING:  # an export that has not been touched is not opened
    from autograder.regrade.export import Entry, Export
    from autograder.regrade.metadata import Person

JOIN = "; "
FACT = "export"
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Taken:
    """The submissions in their order, and what of the export was passed over as unsafe."""

    lines: list[EntryLine]
    passed_over: tuple[str, ...]


def take_in(open_it: "Callable[[], Export]", state: str, expected: ExpectedFiles, store: Store, tell: Tell) -> Taken:
    """Put the export's submissions in the store. `state` is a digest of the export's files as they were before."""
    known = store.entries()
    seen = digest_of(program_digest(), repr(expected), state)
    before, _, passed_over = store.fact(FACT).partition("\n")
    if before == seen:
        tell(len(known), len(known))
        return Taken(known, tuple(json.loads(passed_over)))
    export, how = open_it(), digest_of(engine_digest(), repr(expected))
    by_id = {line.submission_id: line for line in known}
    lines = []
    for count, entry in enumerate(export.entries, start=1):
        lines.append(_line(entry, export, expected, how, by_id, store))
        tell(count, len(export.entries))
    taken = Taken(lines, export.container.unsafe())
    with store.transaction():
        store.replace_entries(lines, _earlier(export))
        store.set_fact(FACT, f"{seen}\n{json.dumps(taken.passed_over)}")
    return taken


def _line(
    entry: "Entry", export: "Export", expected: ExpectedFiles, how: str, known: Mapping[str, EntryLine], store: Store
) -> EntryLine:
    signature = digest_of(how, entry.name, export.signature(entry))
    before = known.get(entry.submission_id)
    if before is not None and before.signature == signature:
        digest, problems = before.digest, before.problems
    else:
        submission = export.read_ahead(entry, expected)  # whoever grades it reads it next
        digest, problems = submission.digest, pack_problems(submission.problems)
        with store.transaction():
            store.add_sources(digest, submission.files)
    described = entry.described
    return EntryLine(
        submission_id=entry.submission_id,
        digest=digest,
        name=_joined(described.people, "name"),
        sid=_joined(described.people, "sid"),
        email=_joined(described.people, "email"),
        created_at=described.created_at,
        score=described.earlier.score,
        problems=problems,
        signature=signature,
    )


def _joined(people: "tuple[Person, ...]", field: str) -> str:
    return JOIN.join(value for person in people if (value := getattr(person, field)))


def _earlier(export: "Export") -> Iterator[tuple[str, str, str, str]]:
    for entry in export.entries:
        earlier = entry.described.earlier
        for number, score in (earlier.parts or {}).items():
            yield entry.submission_id, number, score, (earlier.outputs or {}).get(number, "")
