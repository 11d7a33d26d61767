"""The table of ratios: what was measured against what, in each round, and what is asked of it."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.timing import Spent, machine


@dataclass(frozen=True)
class Asked:
    """What the project asks of a ratio of wall times."""

    at_most: float | None = None
    at_least: float | None = None

    def __str__(self) -> str:
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return "" if self.at_least is None else f"at least {self.at_least:g}"

    def met(self, ratio: float) -> bool:
        return (self.at_most is None or ratio <= self.at_most) and (self.at_least is None or ratio >= self.at_least)


@dataclass(frozen=True)
class Line:
    """One row: seconds of the two sides in every round, each pair from the same round."""

    what: str
    against: str
    ours: tuple[Spent, ...]
    other: tuple[Spent, ...]
    asked: Asked = Asked()

    @property
    def wall(self) -> float:
        """The median of the rounds' ratios of wall times."""
        return statistics.median(one.wall / two.wall for one, two in zip(self.ours, self.other, strict=True))

    @property
    def cpu(self) -> float:
        """The same of processor time."""
        return statistics.median(one.cpu / two.cpu for one, two in zip(self.ours, self.other, strict=True))

    @property
    def seconds(self) -> float:
        return statistics.median(one.wall for one in self.ours)


def show(lines: Sequence[Line]) -> None:
    widths = [max(len(getattr(line, side)) for line in lines) + 2 for side in ("what", "against")]
    print(f"{'what':<{widths[0]}}{'against':<{widths[1]}}{'ratio':>7}{'of CPU':>8}{'seconds':>9}   asked")
    for line in lines:
        asked = str(line.asked) and f"{line.asked}{'' if line.asked.met(line.wall) else ': NOT MET'}"
        figures = f"{line.wall:>7.2f}{line.cpu:>8.2f}{line.seconds:>9.3f}"
        print(f"{line.what:<{widths[0]}}{line.against:<{widths[1]}}{figures}   {asked}".rstrip())


def store(path: Path, lines: Sequence[Line], further: dict[str, object]) -> None:
    """Write every figure down, with those of every round, and the machine and versions that they are of."""
    rows = [{**asdict(line), "ratio": line.wall, "ratio_of_cpu": line.cpu, "asked": str(line.asked)} for line in lines]
    write_figures(path, {"lines": rows, **further, "machine": machine()})


def write_figures(path: Path, figures: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"written to {path}")
