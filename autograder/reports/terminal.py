"""Renders a score sheet as a table for the terminal: number, what it asks, points, one line of feedback; the total."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from autograder.checks.verdict import Status
from autograder.reports.numbers import number
from autograder.reports.refusals import printable
from autograder.reports.wording import feedback, headline, note
from autograder.scoring.sheet import Row, ScoreSheet

WIDTH_OF_A_FILE = 120
MARKS = {
    Status.RIGHT: ("✓", "green"),
    Status.PARTIAL: ("~", "yellow"),
    Status.WRONG: ("✗", "red"),
    Status.FAILED: ("✗", "red"),
    Status.UNREADABLE: ("?", "magenta"),
    Status.UNANSWERED: ("–", "dim"),
    Status.UNDECIDED: ("!", "bold magenta"),
}


def render(sheet: ScoreSheet) -> RenderableType:
    """The whole sheet. Signs say what colours say."""
    table = Table(
        title=Text(f"{sheet.title}: {printable(sheet.submission)}"), title_justify="left", expand=True, pad_edge=False
    )
    table.add_column("part", no_wrap=True)
    table.add_column("what it asks", ratio=2)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("feedback", ratio=5)
    for row in sheet.rows:
        table.add_row(row.number, row.title, points(row), first_line(row))
    notes = [Text(f"Note: {note(fact)}") for fact in sheet.notes]
    return Group(table, *notes, Text(headline(sheet), style="bold"))


def points(row: Row) -> Text:
    sign, style = MARKS[row.status]
    score = "" if row.points is None else f"{number(row.earned):g} / {number(row.points):g} "
    return Text(f"{score}{sign}", style=style)


def first_line(row: Row) -> Text:
    return Text(feedback(row).replace("\n", " "))


class Progress:
    """A bar on standard error while parts are judged; nothing where that is not a terminal."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None)

    def start(self, sheet: ScoreSheet) -> None:
        self._bar.update(self._task, total=len(sheet.rows), description="grading")

    def advance(self, row: Row) -> None:
        self._bar.update(self._task, advance=1, description=f"grading {row.number}")


@contextmanager
def progress() -> Iterator[Progress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Progress(bar)


def terminal() -> Console:
    """Standard output; rich honours NO_COLOR and leaves colour out where there is no terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
