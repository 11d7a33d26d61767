"""How far a class is graded: a bar with rate and time left on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 10.0
MINUTE = 60.0


class ClassProgress:
    """Is told what happens, and shows it on standard error."""

    def __init__(self, console: Console, bar: Progress) -> None:
        self._console = console
        self._bar = bar
        self._task = bar.add_task("reading", total=None, rate="")
        self._started = self._told = time.monotonic()
        self._done = self._total = 0

    def read(self, done: int, total: int) -> None:
        """Submissions that have been read from the export."""
        self._bar.update(self._task, total=total, completed=done)

    def begin(self, total: int, done: int) -> None:
        """Of `total` different submissions `done` need not be graded."""
        self._started = time.monotonic()
        self._done, self._total = 0, total - done
        self._bar.update(self._task, description="grading", total=self._total, completed=0)
        self._line(f"{total} different submissions, {done} of them graded already")

    def graded(self, failed: str) -> None:
        """One more is graded; or the grader `failed` on it."""
        self._done += 1
        rate = self._done / max(time.monotonic() - self._started, 1e-3)
        self._bar.update(self._task, advance=1, rate=_pace(rate))
        if failed:
            self._console.print(f"failed: {failed}", markup=False, highlight=False)
        if self._done == self._total or time.monotonic() - self._told > SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            self._line(f"graded {self._done} of {self._total}, {_pace(rate)}, {self._left(rate)} left")

    def say(self, what: str) -> None:
        """Something that a person wants to know at once."""
        self._console.print(what, markup=False, highlight=False)

    def _left(self, rate: float) -> str:
        seconds = (self._total - self._done) / rate
        return f"{seconds / MINUTE:.0f} min" if seconds > 2 * MINUTE else f"{seconds:.0f} s"

    def _line(self, text: str) -> None:
        if not self._console.is_terminal:
            self._console.print(text, markup=False, highlight=False)


def _pace(rate: float) -> str:
    return f"{rate:.1f}/s" if rate >= 1 else f"{rate * MINUTE:.0f}/min"


@contextmanager
def class_progress() -> Iterator[ClassProgress]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield ClassProgress(console, bar)
