"""Puts the report on a class together."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from autograder.regrade.dependencies import PartKey
from autograder.regrade.finished import FAILED, GRADED, UNDECIDED, Finished
from autograder.regrade.report.observations import Observations
from autograder.regrade.report.similar import Alike
from autograder.regrade.report.sources import SourceScanner, alike_findings, look_through
from autograder.regrade.report.wrong_answers import wrong_answers
from autograder.regrade.store import EntryLine, Store
from autograder.reports.class_report.model import ClassReport, PartFigures, Section
from autograder.reports.class_report.render import TEMPLATE, class_report
from autograder.reports.class_report.statistics import correlation, spread_of
from autograder.reports.page.render import load_template
from autograder.scoring.course import Course

NOT_INSTALLED = (
    "Not looked for: copydetect is not installed, or failed. Install it with pip install '.[similarity]' and start the"
    " run again."
)


def load() -> None:
    """Have ready what makes the page: its template, and what puts wrong answers into groups."""
    load_template(TEMPLATE)
    for name in ("regrade.groups.reading", "regrade.groups.lines", "answers.mathml"):
        import_module(f"autograder.{name}")


def report_page(
    store: Store,
    entries: Sequence[EntryLine],
    keys: Mapping[str, PartKey],
    finished: Finished,
    seen: Observations,
    course: Course,
    alike: Sequence[Alike] | None,
) -> str:
    """report.html, from the store and what passed by. `alike` is None where it was not looked for."""
    return class_report(
        ClassReport(
            title=course.declarations.title,
            counts={status: finished.count(status) for status in (GRADED, UNDECIDED, FAILED)},
            spread=spread_of(seen.scores, float(finished.max_score)),
            parts=tuple(_figures(seen)),
            groups=tuple(wrong_answers(store, entries, keys, course.marker)),
            changes=finished.changes,
            sections=tuple(_sections(store, entries, seen, course, alike)),
            layers=seen.layer_lines(),
            unsafe=len(seen.unsafe),
            late=len(seen.late),
            by_hand=len(seen.by_hand),
            passed_over=finished.passed_over,
        )
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


def _sections(
    store: Store, entries: Sequence[EntryLine], seen: Observations, course: Course, alike: Sequence[Alike] | None
) -> Iterator[Section]:
    sources = look_through(store, entries, SourceScanner(store, course))
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
        (*sources.copies, *alike_findings(alike or (), sources.having)),
        NOT_INSTALLED if alike is None else "None.",
    )  # fmt: skip
    yield Section("unsafe", "Ran unsafely", "The grader was told to run them so.", tuple(seen.unsafe))
    yield Section("hand", "Graded by a person", "These win over the program's grades.", tuple(seen.by_hand))
    yield Section("late", "Late", "By created_at of the export.", tuple(seen.late))
    yield Section("files", "Strange files", "What was found among the files that were handed in.", tuple(seen.notes))
