"""The table of `make bench`: a pair is of one round, the median counts, and what is not met is said."""

import json
from pathlib import Path

import pytest

from benchmarks.table import Asked, Line, show, store
from benchmarks.timing import Spent

OURS = (Spent(1.0, 2.0), Spent(3.0, 2.0), Spent(2.0, 2.0))
OTHER = (Spent(1.0, 1.0), Spent(1.0, 1.0), Spent(4.0, 1.0))


def test_a_ratio_is_the_median_of_the_pairs_of_a_round() -> None:
    line = Line("ours", "other", OURS, OTHER)
    assert (line.wall, line.cpu, line.seconds) == (1.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(at_most=1.3), "at most 1.3"),
        (Asked(at_most=0.9), "at most 0.9: NOT MET"),
        (Asked(at_least=1), "at least 1"),
        (Asked(at_least=15), "at least 15: NOT MET"),
        (Asked(), "2.000"),
    ],
)
def test_what_is_not_met_is_said(asked: Asked, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    show([Line("ours", "other", OURS, OTHER, asked)])
    assert capsys.readouterr().out.splitlines()[-1].endswith(said)


def test_figures_are_stored_round_by_round_with_the_machine(tmp_path: Path) -> None:
    store(tmp_path / "made" / "figures.json", [Line("ours", "other", OURS, OTHER)], {"more": 1})
    stored = json.loads((tmp_path / "made" / "figures.json").read_text(encoding="utf-8"))
    assert [one["wall"] for one in stored["lines"][0]["ours"]] == [1.0, 3.0, 2.0]
    assert stored["more"] == 1
    assert {"processors", "python", "torch", "sympy", "system"} <= set(stored["machine"])
