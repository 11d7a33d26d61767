"""What was found in the sources of a class, each content looked through once: what was found is kept in the store."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.regrade.dependencies import digest_of, program_digest
from autograder.regrade.report.similar import Alike
from autograder.regrade.store import EntryLine, Store
from autograder.reports.class_report.model import Finding
from autograder.scoring.course import Course

Wanted = Mapping[str, Sequence[str]]
Scan = Mapping[str, list[list[str]]]  # library, system: (where, what); own: files that are not the template's


@dataclass(frozen=True)
class Sources:
    """What was found in the sources, with the submissions that have each content."""

    having: Mapping[str, tuple[str, ...]]
    library: list[Finding]
    system: list[Finding]
    copies: list[Finding]


class SourceScanner:
    """Looks through contents one by one. What was found is kept, and only what is not is looked for."""

    def __init__(self, store: Store, course: Course) -> None:
        self._store = store
        self._wanted: Wanted = course.rubric.library_calls if course.rubric else {}
        self._template = course.template
        given = (piece for item in sorted(course.template.items()) for piece in item)
        self._made_of = digest_of(program_digest(), repr(sorted(self._wanted.items())), *given)
        self._kept = store.scans(self._made_of)

    def scan(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Keep what is in this content. Called within a transaction."""
        if digest not in self._kept:
            self._kept[digest] = json.dumps(_scan(files, self._wanted, self._template))
            self._store.add_scans(self._made_of, {digest: self._kept[digest]})

    def scans(self) -> dict[str, Scan]:
        """Of each content of the export what is in it."""
        contents = self._store.with_sources()
        with self._store.transaction():
            for digest in contents:
                if digest not in self._kept:
                    self.scan(digest, self._store.sources_of(digest))
        return {digest: json.loads(self._kept[digest]) for digest in contents}


def look_through(store: Store, entries: Sequence[EntryLine], scanner: SourceScanner) -> Sources:
    """The findings in the order of the submissions."""
    having: dict[str, list[str]] = {}
    for entry in entries:
        having.setdefault(entry.digest, []).append(entry.submission_id)
    found = Sources({digest: tuple(names) for digest, names in having.items()}, [], [], [])
    for digest, scan in scanner.scans().items():
        names = found.having[digest]
        found.library.extend(Finding(names, where, what) for where, what in scan["library"])
        found.system.extend(Finding(names, where, what) for where, what in scan["system"])
        if len(names) > 1 and scan["own"]:
            found.copies.append(Finding(names, "everything", "the same files, byte for byte"))
    order = {name: at for at, names in enumerate(having.values()) for name in names}
    for findings in (found.library, found.system, found.copies):
        findings.sort(key=lambda finding: (order[finding.submission_ids[0]], finding.where, finding.what))
    return found


def alike_findings(pairs: Sequence[Alike], having: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    for pair in pairs:
        if pair.left in having and pair.right in having:
            names = (*having[pair.left], *having[pair.right])
            yield Finding(names, pair.file, f"{pair.share:.0%} of what is their own ({pair.characters} characters)")


def _scan(files: Mapping[str, bytes], wanted: Wanted, template: Mapping[str, bytes]) -> Scan:
    from autograder.regrade.report.source_scan import library_calls, places, system_use  # where all is kept: not needed

    return {
        "library": places(library_calls(files, wanted)),
        "system": places(system_use(files)),
        "own": [[name] for name, text in files.items() if text != template.get(name)],
    }
