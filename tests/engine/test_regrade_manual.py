"""A person's grades out of a CSV. Who would miss it: the TA whose spreadsheet has a mind of its own."""

from fractions import Fraction

import pytest

from autograder.errors import ExportUnreadable
from autograder.regrade.manual import read_manual
from autograder.regrade.store import ManualGrade, open_store
from autograder.reports.spreadsheet import no_formula

POINTS = {"7": Fraction(2), "1.a": Fraction(4)}
HEADER = "submission_id,number,score,comment"


def read(tmp_path, content):
    path = tmp_path / "words.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(g.submission_id, g.number, g.score, g.comment) for g in read_manual(path, {"0123", "=x"}, POINTS)]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n0123,7,0.5,fine\n",
        f"{HEADER}\r\n0123,7,0.5,fine\r\n",
        f"\ufeff{HEADER}\n\n0123,7, 0.50 ,fine\n\n",
        "submission_id;number;score;comment\r\n0123;7;0,5;fine\r\n",
        "submission_id\tnumber\tscore\tcomment\n0123\t7\t0,5\tfine\n",
        "text,comment,score,number,submission_id\nlong,fine,0.5,7,0123\n",
        f"{HEADER}\n0123,7,0.5,fine\n0123,1.a,,nobody has looked at it\n",
    ],
)
def test_a_sheet_is_read_as_spreadsheets_write_it(tmp_path, content):
    assert read(tmp_path, content) == [("0123", "7", "1/2", "fine")]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("123,7,1,", "line 3: there is no submission '123'"),
        ("0123,9,1,", "line 3: there is no part '9'; the parts are 7, 1.a"),
        ("0123,7,2.5,", "line 3: '2.5' is not a number of points from 0 to 2"),
        ("0123,7,two,", "from 0 to 2"),
        ("0123,7,inf,", "from 0 to 2"),
        ('0123,7,"1,5,2",', "from 0 to 2"),
        ("0123,7,1,short, and wrong", "line 3: there are more cells than columns"),
        ("0123,1.a,1,", "line 3: 0123, part 1.a has a grade already"),
        ('0123,7,"1\n1",\n', "line 3: "),
        ('0123,7,,"two\nlines"\n0123,9,1,', "line 5: there is no part '9'"),
        ('0123,7,1,"open', "line 3: this is not a CSV"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(tmp_path, lines, what):
    with pytest.raises(ExportUnreadable) as refused:
        read(tmp_path, f"{HEADER}\n0123,1.a,4,\n{lines}")
    assert what in str(refused.value)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "no column submission_id"),
        ("submission_id,number,score\n", "no column comment"),
        (f"{HEADER},score\n", "more than one column score"),
        (f"{HEADER}\n0123,7,1,ärgerlich\n".encode("latin-1"), "UTF-8"),
        (f"{HEADER}\n".encode("utf-16"), "UTF-8"),
    ],
)
def test_what_is_no_such_csv_is_refused(tmp_path, content, what):
    with pytest.raises(ExportUnreadable, match=what):
        read(tmp_path, content)


def test_a_minus_takes_a_grade_back(tmp_path):
    assert read(tmp_path, f"{HEADER}\n0123,7,-,\n") == [("0123", "7", "", "")]
    with open_store(tmp_path) as store, store.transaction():
        store.add_manual([ManualGrade("0123", "7", "1", ""), ManualGrade("=x", "7", "2", "")])
        store.add_manual([ManualGrade("0123", "7", "", "")])
        assert list(store.manual()) == [("=x", "7")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_text_that_looks_like_a_formula_is_no_formula(text):
    assert no_formula(text) == f"'{text}"
    assert no_formula(f"x{text}") == f"x{text}"
