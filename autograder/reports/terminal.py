"""Renders a score sheet as a table for the terminal: number, what it asks, points, one line of feedback; the total."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.checks.verdict import Status
from autograder.reports.numbers import number
from autograder.reports.wording import feedback, headline, note
from autograder.scoring.sheet import Row, ScoreSheet

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
    table = Table(title=f"{sheet.title}: {sheet.submission}", title_justify="left", expand=True, pad_edge=False)
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


def terminal() -> Console:
    """Standard output; rich honours NO_COLOR and leaves colour out where there is no terminal."""
    return Console(highlight=False)
