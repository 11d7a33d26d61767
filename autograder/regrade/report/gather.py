"""Puts the report on a class together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from autograder.answers.mathml import mathml
from autograder.answers.reading import Reading
from autograder.regrade.finished import FAILED, GRADED, UNDECIDED, Finished
from autograder.regrade.groups.grouping import Group
from autograder.regrade.groups.lines import line_of
from autograder.regrade.groups.reading import judge_of, part_groups
from autograder.regrade.report.observations import Observations
from autograder.regrade.report.similar import Alike, alike_in
from autograder.regrade.report.source_scan import Found, library_calls, system_use
from autograder.regrade.store import Store
from autograder.reports.class_report.model import ClassReport, Finding, PartFigures, PartGroups, Section, ShownGroup
from autograder.reports.class_report.render import class_report
from autograder.reports.class_report.statistics import correlation, spread_of
from autograder.scoring.course import Course
from autograder.scoring.written import WrittenMarker

MOST_GROUPS = 6
LONGEST_ANSWER, LINES = 1_200, 30
LONGEST_MATHML = 6_000
NOT_INSTALLED = (
    "Not looked for: copydetect is not installed, or failed. Install it with pip install '.[similarity]' and start the"
    " run again."
)


def report_page(store: Store, finished: Finished, seen: Observations, course: Course) -> str:
    """report.html, from the store and what passed by."""
    return class_report(gather(store, finished, seen, course))


def gather(store: Store, finished: Finished, seen: Observations, course: Course) -> ClassReport:
    return ClassReport(
        title=course.declarations.title,
        counts={status: finished.count(status) for status in (GRADED, UNDECIDED, FAILED)},
        spread=spread_of(seen.scores, float(finished.max_score)),
        parts=tuple(_figures(seen)),
        groups=tuple(_groups(store, finished.numbers, course.marker)),
        changes=finished.changes,
        sections=tuple(_sections(store, seen, course)),
        layers=seen.layer_lines(),
        unsafe=len(seen.unsafe),
        late=len(seen.late),
        by_hand=len(seen.by_hand),
        passed_over=finished.passed_over,
    )


def _figures(seen: Observations) -> Iterator[PartFigures]:
    for number, part in seen.parts.items():
        yield PartFigures(
            number=number,
            title=part.title,
            points=float(part.points),
            share=sum(part.shares) / len(part.shares),
            correlation=correlation(part.earned, part.totals),
            statuses=dict(part.statuses),
            by_hand=part.by_hand,
        )


def _groups(store: Store, numbers: Sequence[str], marker: WrittenMarker) -> Iterator[PartGroups]:
    judge = judge_of(marker)
    for number in numbers:
        wrong = [
            group
            for group in part_groups(store, number, judge)
            if group.credit < 1 and group.answer.kind not in ("unanswered", "words")
        ]
        if wrong:
            shown = tuple(_shown(group, marker) for group in wrong[:MOST_GROUPS])
            count = sum(group.count for group in wrong)
            yield PartGroups(number, wrong[0].row.title, shown, count, max(len(wrong) - MOST_GROUPS, 0))


def _shown(group: Group, marker: WrittenMarker) -> ShownGroup:
    line = line_of(group)
    cut = "\n".join(line.answer.split("\n")[:LINES])[:LONGEST_ANSWER]
    line = replace(line, answer=cut if cut == line.answer else f"{cut}\n…")
    return ShownGroup(line, _formula(group, marker) if group.answer.kind == "formula" else None)


def _formula(group: Group, marker: WrittenMarker) -> Markup | None:
    """The answer as mathematics; None for conditions and shapes, which are shown as they were written."""
    found = marker.reading(group.number, group.answer.text)
    if found is None or not isinstance(found.read.content, Reading):
        return None
    made = mathml(found.read.content.tree, found.read.content.wrapper)
    return Markup(made) if len(made) <= LONGEST_MATHML else None


@dataclass(frozen=True)
class _Sources:
    """What was found in the sources, with the submissions that have each content."""

    having: Mapping[str, tuple[str, ...]]
    library: list[Finding]
    system: list[Finding]
    copies: list[Finding]


def _sections(store: Store, seen: Observations, course: Course) -> Iterator[Section]:
    sources = _look_through(store, course.rubric.library_calls if course.rubric else {}, course.template)
    alike = alike_in(store, course.template)
    yield Section("undecided", "Undecided", "These count 0 until a person has decided.", tuple(seen.undecided))
    yield Section(
        "failed", "The grader failed", "Our failure, never the student's. The next run tries them again.",
        tuple(seen.failed),
    )  # fmt: skip
    yield Section(
        "behaviour", "How student code ended", "Honest code may loop or crash; look at those that did more than that.",
        tuple(seen.behaviour),
    )  # fmt: skip
    yield Section(
        "system", "Reaches for the machine", "Imports and calls that this homework has no use for. The sandbox refuses"
        " what is dangerous among them; many are harmless.", tuple(sources.system),
    )  # fmt: skip
    yield Section(
        "library", "Library calls where a function was asked for", "They earn points like any other code; rubric.toml"
        " lists the calls under library_calls.", tuple(sources.library),
    )  # fmt: skip
    yield Section(
        "alike", "Nearly the same code", "Alike in code that neither the template nor more than a few others have."
        " Working together may be allowed; a person must look.",
        (*sources.copies, *_alike(alike or (), sources.having)),
        NOT_INSTALLED if alike is None else "None.",
    )  # fmt: skip
    yield Section("unsafe", "Ran unsafely", "The grader was told to run them so.", tuple(seen.unsafe))
    yield Section("hand", "Graded by a person", "These win over the program's grades.", tuple(seen.by_hand))
    yield Section("late", "Late", "By created_at of the export.", tuple(seen.late))
    yield Section("files", "Strange files", "What was found among the files that were handed in.", tuple(seen.notes))


def _look_through(store: Store, wanted: Mapping[str, Sequence[str]], template: Mapping[str, bytes]) -> _Sources:
    having: dict[str, list[str]] = {}
    for entry in store.entries():
        having.setdefault(entry.digest, []).append(entry.submission_id)
    library: list[Finding] = []
    system: list[Finding] = []
    copies: list[Finding] = []
    for digest, files in store.sources():
        library += _places(having[digest], library_calls(files, wanted))
        system += _places(having[digest], system_use(files))
        if len(having[digest]) > 1 and any(text != template.get(name) for name, text in files.items()):
            copies.append(Finding(tuple(having[digest]), "everything", "the same files, byte for byte"))
    order = {name: at for at, names in enumerate(having.values()) for name in names}
    for findings in (library, system, copies):
        findings.sort(key=lambda finding: (order[finding.submission_ids[0]], finding.where, finding.what))
    return _Sources({digest: tuple(names) for digest, names in having.items()}, library, system, copies)


def _places(submission_ids: Sequence[str], found: Iterator[Found]) -> Iterator[Finding]:
    lines: dict[tuple[str, str], list[int]] = {}
    for one in found:
        lines.setdefault((one.file, one.name), []).append(one.line)
    for (file, name), at in lines.items():
        yield Finding(tuple(submission_ids), f"{file}, line {min(at)}", name)


def _alike(pairs: Sequence[Alike], having: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    for pair in pairs:
        if pair.left in having and pair.right in having:
            names = (*having[pair.left], *having[pair.right])
            yield Finding(names, pair.file, f"{pair.share:.0%} of what is their own ({pair.characters} characters)")
