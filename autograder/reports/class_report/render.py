"""Renders a ClassReport as one self-contained page."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograder.reports.class_report.model import ClassReport, Spread
from autograder.reports.class_report.statistics import in_words
from autograder.reports.page.render import render_page

TEMPLATE = "class_report/report.html"
MOST_FINDINGS = 60
MOST_CHANGES = 150
MOST_IDS = 12
STATUSES = (
    ("right", "right"),
    ("partial", "partly right"),
    ("wrong", "not right"),
    ("failed", "could not be judged"),
    ("unreadable", "could not be read"),
    ("unanswered", "not answered"),
    ("undecided", "undecided"),
)
WIDTH, HEIGHT, BASE = 640, 240, 200  # of the plot of scores, in its own units


def class_report(report: ClassReport) -> str:
    """The page. Equal reports give equal bytes."""
    return render_page(
        TEMPLATE,
        styles=("class_report/report.css",),
        report=report,
        bars=_bars(report.spread),
        statuses=STATUSES,
        reasons=_reasons(report),
        in_words=in_words,
        ids=_ids,
        most_findings=MOST_FINDINGS,
        most_changes=MOST_CHANGES,
    )


def _bars(spread: Spread | None) -> list[dict[str, Any]]:
    """The bars of the plot: place, height, count and the scores that they stand for."""
    if spread is None:
        return []
    tallest, step = max(spread.counts), spread.most / len(spread.counts)
    width = (WIDTH - 40) / len(spread.counts)
    return [
        {
            "x": round(30 + at * width, 1),
            "width": round(width - 6, 1),
            "height": round(170 * count / tallest, 1),
            "count": count,
            "low": at * step,
            "high": (at + 1) * step,
            "last": at == len(spread.counts) - 1,
        }
        for at, count in enumerate(spread.counts)
    ]


def _reasons(report: ClassReport) -> list[tuple[str, str, int]]:
    counted = Counter((change.number, change.reason) for change in report.changes)
    return [(number, reason, count) for (number, reason), count in sorted(counted.items(), key=_by_count)[:20]]


def _by_count(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _ids(submission_ids: Sequence[str]) -> str:
    """Names of submissions, not too many of them."""
    shown = ", ".join(submission_ids[:MOST_IDS])
    return f"{shown} and {len(submission_ids) - MOST_IDS} more" if len(submission_ids) > MOST_IDS else shown
