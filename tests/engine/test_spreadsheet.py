"""What students write is opened with spreadsheet programs by those who grade it."""

import pytest

from autograder.reports.spreadsheet import no_formula


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://example.invalid","x")', "+1+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1"]
)
def test_a_formula_is_shown_as_text(text: str) -> None:
    assert no_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "softmax = weights", "'quoted'", "0123", "NO", " = 1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert no_formula(text) == text
