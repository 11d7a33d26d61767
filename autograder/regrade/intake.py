"""What an export holds, into the store: each submission's content by its digest, and who handed it in.

A submission that has not been touched since an earlier run is not read again: names, sizes, times and inodes say so.
"""

from collections.abc import Callable, Iterator, Mapping

from autograder.regrade.dependencies import digest_of, engine_digest
from autograder.regrade.encoding import pack_problems
from autograder.regrade.export import Entry, Export
from autograder.regrade.metadata import Person
from autograder.regrade.store import EntryLine, Store
from autograder.submission.model import ExpectedFiles

JOIN = "; "
Tell = Callable[[int, int], None]


def take_in(export: Export, expected: ExpectedFiles, store: Store, tell: Tell) -> list[EntryLine]:
    """Put the export's submissions in the store; returns them in their order."""
    known = {line.submission_id: line for line in store.entries()}
    lines = []
    for count, entry in enumerate(export.entries, start=1):
        lines.append(_line(entry, export, expected, known))
        tell(count, len(export.entries))
    with store.transaction():
        store.replace_entries(lines, _earlier(export))
    return lines


def _line(entry: Entry, export: Export, expected: ExpectedFiles, known: Mapping[str, EntryLine]) -> EntryLine:
    signature = digest_of(engine_digest(), repr(expected), entry.name, export.signature(entry))
    before = known.get(entry.submission_id)
    if before is not None and before.signature == signature:
        digest, problems = before.digest, before.problems
    else:
        submission = export.read(entry, expected)
        digest, problems = submission.digest, pack_problems(submission.problems)
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


def _joined(people: tuple[Person, ...], field: str) -> str:
    return JOIN.join(value for person in people if (value := getattr(person, field)))


def _earlier(export: Export) -> Iterator[tuple[str, str, str, str]]:
    for entry in export.entries:
        earlier = entry.described.earlier
        for number, score in (earlier.parts or {}).items():
            yield entry.submission_id, number, score, (earlier.outputs or {}).get(number, "")
