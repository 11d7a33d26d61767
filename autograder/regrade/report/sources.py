"""What was found in the sources of a class, each content looked through once: what was found is kept in the store."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.regrade.dependencies import digest_of, program_digest
from autograder.regrade.report.similar import Alike
from autograder.regrade.store import EntryLine, Store
from autograder.reports.class_report.model import Finding

Wanted = Mapping[str, Sequence[str]]
Scan = Mapping[str, list[list[str]]]  # library, system: (where, what); own: files that are not the template's


@dataclass(frozen=True)
class Sources:
    """What was found in the sources, with the submissions that have each content."""

    having: Mapping[str, tuple[str, ...]]
    library: list[Finding]
    system: list[Finding]
    copies: list[Finding]


def look_through(store: Store, entries: Sequence[EntryLine], wanted: Wanted, template: Mapping[str, bytes]) -> Sources:
    """The findings in the order of the submissions. `wanted` are calls of libraries by module."""
    having: dict[str, list[str]] = {}
    for entry in entries:
        having.setdefault(entry.digest, []).append(entry.submission_id)
    found = Sources({digest: tuple(names) for digest, names in having.items()}, [], [], [])
    for digest, scan in _scans(store, wanted, template).items():
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


def _scans(store: Store, wanted: Wanted, template: Mapping[str, bytes]) -> dict[str, Scan]:
    """Of each content what is in it: as it was kept, or found now."""
    given = (piece for item in sorted(template.items()) for piece in item)
    made_of = digest_of(program_digest(), repr(sorted(wanted.items())), *given)
    kept = store.scans(made_of)
    contents = store.with_sources()
    fresh = {digest: _scan(store.sources_of(digest), wanted, template) for digest in contents if digest not in kept}
    if fresh:
        with store.transaction():
            store.add_scans(made_of, {digest: json.dumps(scan) for digest, scan in fresh.items()})
    return {digest: fresh.get(digest) or json.loads(kept[digest]) for digest in contents}


def _scan(files: Mapping[str, bytes], wanted: Wanted, template: Mapping[str, bytes]) -> Scan:
    from autograder.regrade.report.source_scan import library_calls, places, system_use  # where all is kept: not needed

    return {
        "library": places(library_calls(files, wanted)),
        "system": places(system_use(files)),
        "own": [[name] for name, text in files.items() if text != template.get(name)],
    }
