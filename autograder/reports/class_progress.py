"""How far a class is graded, in a plain line now and then."""

import sys
import time

SECONDS_BETWEEN_LINES = 10.0
MINUTE = 60.0


class ClassProgress:
    """Is told what happens, and says it in lines on standard error."""

    def __init__(self) -> None:
        self._started = self._told = time.monotonic()
        self._done = self._total = 0

    def read(self, done: int, total: int) -> None:
        """Submissions that have been read from the export."""

    def begin(self, total: int, done: int) -> None:
        """Of `total` different submissions `done` need not be graded."""
        self._started = time.monotonic()
        self._done, self._total = 0, total - done
        self.line(f"{total} different submissions, {done} of them graded already")

    def graded(self, failed: str) -> None:
        """One more is graded; or the grader `failed` on it."""
        self._done += 1
        if failed:
            self.say(f"failed: {failed}")
        if self._done == self._total or time.monotonic() - self._told > SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            self.line(f"graded {self._done} of {self._total}, {pace(self.rate)}, {self._left()} left")

    def say(self, what: str) -> None:
        """Something that a person wants to know at once."""
        sys.stderr.write(f"{what}\n")
        sys.stderr.flush()

    def line(self, text: str) -> None:
        """How far it is."""
        self.say(text)

    @property
    def rate(self) -> float:
        """Submissions a second."""
        return self._done / max(time.monotonic() - self._started, 1e-3)

    def _left(self) -> str:
        seconds = (self._total - self._done) / self.rate
        return f"{seconds / MINUTE:.0f} min" if seconds > 2 * MINUTE else f"{seconds:.0f} s"


def pace(rate: float) -> str:
    return f"{rate:.1f}/s" if rate >= 1 else f"{rate * MINUTE:.0f}/min"
