"""The bar of a terminal that shows how far a class is graded."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.reports.class_progress import ClassProgress, pace


class ClassBar(ClassProgress):
    """Shows by a bar what others read in lines."""

    def __init__(self, console: Console, bar: Progress) -> None:
        super().__init__()
        self._console = console
        self._bar = bar
        self._task = bar.add_task("reading", total=None, rate="")

    def read(self, done: int, total: int) -> None:
        self._bar.update(self._task, total=total, completed=done)

    def begin(self, total: int, done: int) -> None:
        super().begin(total, done)
        self._bar.update(self._task, description="grading", total=self._total, completed=0)

    def graded(self, failed: str) -> None:
        super().graded(failed)
        self._bar.update(self._task, advance=1, rate=pace(self.rate))

    def say(self, what: str) -> None:
        self._console.print(what, markup=False, highlight=False, soft_wrap=True)

    def line(self, text: str) -> None:
        """The bar says it."""


@contextmanager
def class_bar() -> Iterator[ClassBar]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield ClassBar(console, bar)
