"""What the store keeps comes back as it was: outcomes, rows, and nothing half written."""

import math
import sqlite3
from fractions import Fraction

import numpy as np
import pytest

from autograder.answers.tree import Add, Name, Number, Pow
from autograder.checks.verdict import Fact, Status, Verdict
from autograder.errors import RunRefused
from autograder.regrade.encoding import pack_outcome, pack_row, unpack_outcome, unpack_row
from autograder.regrade.lock import only_run
from autograder.regrade.schema import MIGRATIONS
from autograder.regrade.store import FILE, StoredOutcome, open_store
from autograder.sandbox.outcome import Crashed, Missing, Opaque, SymbolicObject, TimedOut, Unfilled, Value
from autograder.scoring.sheet import Row

DATA = (None, True, 7, 10**30, 0.1, math.inf, "é\n", (1, ("a",)), {"k": (1.5,)}, SymbolicObject("Symbol", ("d",)))
OUTCOMES = (
    *(Value(item) for item in DATA),
    Value(Opaque("generator")),
    Missing("q.f"),
    Crashed("ValueError", "q", 3, "raised"),
    Crashed("ModuleNotFoundError", "q", 3, "raised", "einops"),
    TimedOut("q", 5.0, "call"),
    Unfilled("q", None),
)


@pytest.mark.parametrize("outcome", OUTCOMES, ids=repr)
def test_an_outcome_comes_back_as_it_was(outcome):
    assert unpack_outcome(pack_outcome(outcome)) == outcome


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64", "bool", "complex64", "U3"])
def test_arrays_come_back_bit_by_bit(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    found = unpack_outcome(pack_outcome(Value((array, array[:0])))).data
    assert [(a.dtype, a.shape, a.tobytes()) for a in found] == [
        (array.dtype, (2, 3), array.tobytes()),
        (array.dtype, (0, 3), b""),
    ]


def test_a_row_comes_back_as_it_was():
    tree = Add((Name("d"), Pow(Name("n"), Number(Fraction(1, 2)))))
    data = {"term": tree, "shape": (1, 2), "places": [1], "x": math.inf, "power": {"n": Fraction(3, 2)}, "line": None}
    verdicts = {
        "a": Verdict(Status.PARTIAL, 1 / 3, (Fact("x", data), Fact("y")), "‖μ‖²", "equal"),
        "b": Verdict(Status.RIGHT, 1.0),
    }
    row = Row("1.a", "title", Fraction(2, 3), Fraction(1, 7), verdicts, "hidden")
    assert unpack_row(pack_row(row)) == row
    assert unpack_row(pack_row(Row("1", "t", None, Fraction(0), {}))).points is None


def test_a_fact_that_cannot_be_kept_is_refused_and_not_changed():
    with pytest.raises(TypeError, match="set"):
        pack_row(Row("1", "t", None, Fraction(0), {"": Verdict(Status.WRONG, 0.0, (Fact("x", {"names": {"a"}}),))}))


def add(store, outcomes):
    with store.transaction():
        store.add_outcomes("digest", "here", outcomes, None)


def test_a_transaction_that_fails_leaves_nothing(tmp_path):
    half = [StoredOutcome(b"p", "q", b"body"), StoredOutcome(b"r", "q", object())]
    with open_store(tmp_path) as store:
        with pytest.raises(sqlite3.Error):
            add(store, half)
        assert not store.was_run("digest", "here")


def test_a_store_of_a_newer_program_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(RunRefused, match="newer"), open_store(tmp_path):
        pass


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE mine (x)")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(RunRefused, match="another program"), open_store(tmp_path):
        pass
    assert (tmp_path / FILE).read_bytes() == before


def test_an_older_store_is_brought_up_to_date_and_only_read_where_only_reading_is_asked_for(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        connection.execute("INSERT INTO facts VALUES ('kept', 'yes')")
    before = (tmp_path / FILE).read_bytes()
    with open_store(tmp_path, read_only=True) as store:
        assert (store.fact("kept"), store.penalties()) == ("yes", [])
    assert (tmp_path / FILE).read_bytes() == before
    with open_store(tmp_path) as store:
        assert (store.fact("kept"), store.penalties()) == ("yes", [])


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path):
    (tmp_path / FILE).write_text("my notes\n" * 1000)
    with pytest.raises(RunRefused, match="not a database"), open_store(tmp_path):
        pass
    assert (tmp_path / FILE).read_text() == "my notes\n" * 1000


def test_one_run_at_a_time(tmp_path):
    with only_run(tmp_path), pytest.raises(RunRefused, match="another run"), only_run(tmp_path):
        pass
    with only_run(tmp_path):
        pass
