"""Who would miss it: the TA with four hundred submissions at midnight, whose run must not stop, lie or start again."""

import csv
import fcntl
import json
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .classroom import export_folder, export_zip, files_of, scores_in, written
from .conftest import ROOT, command

FAST = ("--only", "1", "--only", "7", "--workers", "1")
PARTS = ["1.a", "1.b", "1.c", "7"]


def regrade(export: Path, out: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    return command("regrade", export, "--out", out, *FAST, *options)


def grades(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["submission_id"]: row for row in csv.DictReader(file)}


def counted(out: Path, table: str) -> int:
    with sqlite3.connect(out / "run.sqlite") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, homework: Path) -> tuple[Path, Path, str]:
    """An export with every trap, its run, and what was said."""
    place = tmp_path_factory.mktemp("class")
    export = export_zip(place)
    done = regrade(export, place / "run", "--homework", homework)
    assert done.returncode == 0, done.stderr
    return export, place / "run", done.stdout


@pytest.fixture
def again(finished: tuple[Path, Path, str], tmp_path: Path) -> Path:
    """A copy of that run to go on with."""
    return Path(shutil.copytree(finished[1], tmp_path / "run"))


def test_every_submission_has_its_row_and_people_stay_the_text_they_were(finished: tuple[Path, Path, str]) -> None:
    header = (finished[1] / "grades.csv").read_text().splitlines()[0]
    assert header == "submission_id,name,sid,email,status,score,max_score,1.a,1.b,1.c,7"
    rows = grades(finished[1])
    assert {row["status"] for row in rows.values()} == {"graded"}
    assert [(rows[n]["name"], rows[n]["sid"], rows[n]["email"]) for n in ("101", "102", "103", "104", "105")] == [
        ('NO; Ada, "the first"', "0123; 1_000", "no@school.edu"),
        ("", "", ""),
        ("Null", "12e4", ""),
        ("on", "", "0x1F@school.edu"),
        ("", "", ""),
    ]
    assert {n: float(row["score"]) for n, row in rows.items()} == {
        "101": 12, "102": 12, "103": 10, "104": 0, "105": 0, "106": 0,
    }  # fmt: skip


def test_what_is_unsafe_is_said_and_leads_nowhere(finished: tuple[Path, Path, str]) -> None:
    export, out, said = finished
    assert "submission_106" in said
    assert "/etc/evil.py" in said
    assert not list(export.parent.rglob("evil*")) + list(Path("/etc").glob("evil*"))
    notes = json.loads((out / "results" / "105.json").read_text())["extra_data"]["notes"]
    assert any("q2_argmax.py" in note for note in notes)


def test_a_folder_is_graded_like_its_zip(finished: tuple[Path, Path, str], homework: Path, tmp_path: Path) -> None:
    done = regrade(export_folder(tmp_path / "export"), tmp_path / "run", "--homework", homework)
    assert "submission_106" in done.stdout
    assert (tmp_path / "run" / "grades.csv").read_bytes() == (finished[1] / "grades.csv").read_bytes()


def test_changes_say_what_was_and_why(finished: tuple[Path, Path, str]) -> None:
    with (finished[1] / "changes.csv").open(newline="", encoding="utf-8") as file:
        rows = {(row["submission_id"], row["number"]): row for row in csv.DictReader(file)}
    assert (rows["101", "1.a"]["old"], rows["101", "1.a"]["new"]) == ("0.0", "4")
    assert "was undecided" in rows["101", "1.a"]["reason"]
    assert ("101", "1.b") not in rows
    assert (rows["103", "total"]["old"], rows["103", "total"]["new"]) == ("7.5", "10")


def test_the_same_content_is_run_once(finished: tuple[Path, Path, str]) -> None:
    assert counted(finished[1], "executions") == 4  # 101 and 102 are one; so are 104 and 106, which hold nothing


def test_nothing_new_runs_nothing(finished: tuple[Path, Path, str], homework: Path) -> None:
    export, out, _ = finished
    before = written(out), (out / "run.sqlite").stat().st_mtime_ns
    done = regrade(export, out, "--homework", homework)
    assert "Nothing has changed" in done.stdout
    assert (written(out), (out / "run.sqlite").stat().st_mtime_ns) == before


def test_a_file_that_was_lost_is_written_again(finished: tuple[Path, Path, str], again: Path, homework: Path) -> None:
    (again / "results" / "103.json").unlink()
    (again / "grades.csv").write_text("mine")
    assert regrade(finished[0], again, "--homework", homework).returncode == 0
    assert written(again) == written(finished[1])


def test_a_change_of_the_rubric_equals_a_full_run_and_runs_no_code(
    finished: tuple[Path, Path, str], again: Path, homework: Path, tmp_path: Path
) -> None:
    changed = Path(shutil.copytree(homework, tmp_path / "homework"))
    rubric = changed / "reference" / "rubric.toml"
    text, count = re.subn(r'(\[parts."1.b"\][^\n]*\npoints = )3', r"\g<1>2", rubric.read_text())
    text, other = re.subn(r'(\[parts."1.c"\][^\n]*\npoints = )3', r"\g<1>4", text)
    assert (count, other) == (1, 1)
    rubric.write_text(text)
    outcomes = counted(again, "outcomes")
    done = regrade(finished[0], again, "--homework", changed, "--against", again)
    assert done.returncode == 0, done.stderr
    assert counted(again, "outcomes") == outcomes
    assert "the rubric of this part changed (points): " in (again / "changes.csv").read_text()
    assert scores_in(again, "101") == {"1.a": 4, "1.b": 2, "1.c": 4, "7": 2}
    regrade(finished[0], tmp_path / "full", "--homework", changed)
    for name in ("grades.csv", *(f"results/{n}.json" for n in range(101, 107))):
        assert (again / name).read_bytes() == (tmp_path / "full" / name).read_bytes(), name
    compared = command("compare", finished[1], tmp_path / "full", "--json").stdout.splitlines()
    assert {json.loads(line)["number"] for line in compared} == {"1.b", "1.c"}


CHANGES = {
    "a test": ("tests/graded/hidden/test_q1_scaling.py", '        """', '        """Anew: '),
    "the reference": ("reference/q1_scaling.py", "scale = sp.sqrt(variance)\n", 'scale = "1/d"\n'),
    "the template": ("student_template/q1_scaling.py", '"""', '"""Anew: '),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_anything_else_equals_a_full_run_and_runs_no_code_of_students(
    finished: tuple[Path, Path, str], again: Path, homework: Path, tmp_path: Path, what: str
) -> None:
    name, old, new = CHANGES[what]
    changed = Path(shutil.copytree(homework, tmp_path / "homework"))
    (changed / name).write_text((changed / name).read_text().replace(old, new, 1))
    ran = run_of_students(again)
    assert regrade(finished[0], again, "--homework", changed).returncode == 0
    assert run_of_students(again) == ran
    assert regrade(finished[0], tmp_path / "full", "--homework", changed).returncode == 0
    assert written(again) == written(tmp_path / "full")
    assert (written(again) == written(finished[1])) == (what == "the template")
    told = command("compare", finished[1], again).stdout
    assert ("101  1.c  3 -> 0  the reference changed" in told) == (what == "the reference")


def run_of_students(out: Path) -> list[tuple[object, ...]]:
    """What students' code gave, row by row."""
    with sqlite3.connect(out / "run.sqlite") as connection:
        return connection.execute(
            "SELECT submission, program, body FROM outcomes JOIN executions ON executions.id = execution"
            " WHERE submission IN (SELECT submission FROM entries) ORDER BY submission, program"
        ).fetchall()


def test_a_persons_grade_wins_and_stays(
    finished: tuple[Path, Path, str], again: Path, homework: Path, tmp_path: Path
) -> None:
    sheet = list(csv.DictReader(command("sheet", again).stdout.splitlines()))
    assert {row["number"] for row in sheet} == {"7"}
    mine = tmp_path / "words.csv"
    mine.write_text("submission_id,number,score,comment\n101,7,0.5,too short\n102,7,,\n")
    assert regrade(finished[0], again, "--homework", homework, "--manual", mine).returncode == 0
    assert (scores_in(again, "101")["7"], scores_in(again, "102")["7"]) == (0.5, 2)
    assert "too short" in (again / "results" / "101.json").read_text()
    (again / "grades.csv").unlink()
    regrade(finished[0], again, "--homework", homework)
    assert scores_in(again, "101")["7"] == 0.5


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("999,7,1,", "no submission '999'"),
        ("101,9,1,", "no part '9'"),
        ("101,7,2.5,", "from 0 to 2"),
        ("101,7,-1,", "from 0 to 2"),
        ("101,7,nan,", "from 0 to 2"),
        ("101,7,1,a\n101,7,2,b", "has a grade already"),
    ],
)
def test_a_wrong_line_of_a_persons_grades_is_refused_by_its_number(
    finished: tuple[Path, Path, str], again: Path, homework: Path, tmp_path: Path, line: str, what: str
) -> None:
    wrong = tmp_path / "words.csv"
    wrong.write_text(f"submission_id,number,score,comment\n103,7,1,fine\n{line}\n")
    done = regrade(finished[0], again, "--homework", homework, "--manual", wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
    assert f"line {2 + len(line.splitlines())}" in done.stderr
    assert counted(again, "manual") == 0


def test_lateness_takes_off_what_the_course_says_and_only_where_it_is_known(
    finished: tuple[Path, Path, str], again: Path, homework: Path
) -> None:
    late = ("--due", "2026-04-24T23:59-07:00", "--late", "10%", "--grace", "15", "--against", again)
    done = regrade(finished[0], again, "--homework", homework, *late)
    assert "2 were late" in done.stdout
    assert "not known, so nothing is taken off: 103, 104, 105, 106" in done.stdout
    rows = grades(again)
    assert {n: float(row["score"]) for n, row in rows.items()} == {
        "101": 9.6, "102": 9.6, "103": 10, "104": 0, "105": 0, "106": 0,
    }  # fmt: skip
    assert [float(rows["101"][part]) for part in PARTS] == [4, 3, 3, 2]
    results = json.loads((again / "results" / "101.json").read_text())
    assert results["score"] == 9.6
    assert "Handed in 2 days late: 2.4 of the 12 earned are taken off." in results["output"]
    changes = (again / "changes.csv").read_text().splitlines()[1:]
    assert [line.split(",")[:4] for line in changes] == [["101", "late", "0", "-2.4"], ["102", "late", "0", "-2.4"]]
    assert regrade(finished[0], again, "--homework", homework).returncode == 0
    assert written(again) == written(finished[1])


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--due", "2026-04-24T23:59", "--late", "5"), "offset"),
        (("--due", "2026-04-24T23:59Z"), "--late"),
        (("--due", "2026-04-24T23:59Z", "--late", "half"), "percentage"),
    ],
)
def test_a_late_policy_that_is_not_clear_is_refused(
    finished: tuple[Path, Path, str], again: Path, homework: Path, options: tuple[str, ...], what: str
) -> None:
    done = regrade(finished[0], again, "--homework", homework, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Enough different submissions, slow enough, that a run can be stopped in the middle."""
    for number in range(24):
        folder = tmp_path / "many" / f"s{number:02}"
        folder.mkdir(parents=True)
        for name, data in files_of("different", "q1_scaling.py", "q7_process.py").items():
            (folder / name).write_bytes(data + f"\nimport time\ntime.sleep(0.1)\nnumber = {number}\n".encode())
    return tmp_path / "many"


def stop_when(running: subprocess.Popen[bytes], out: Path, marked: int, number: signal.Signals) -> None:
    """Send a signal to the run itself as soon as so many parts are marked."""
    deadline = time.monotonic() + 120
    while running.poll() is None and time.monotonic() < deadline:
        try:
            if counted(out, "marks") >= marked:
                break
        except sqlite3.Error:
            continue
        time.sleep(0.01)
    running.send_signal(number)
    running.wait()


def test_a_run_that_is_stopped_again_and_again_ends_like_one_that_is_not(many: Path, tmp_path: Path) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    assert regrade(many, whole).returncode == 0
    for marked, number in ((1, signal.SIGKILL), (30, signal.SIGINT), (55, signal.SIGKILL), (80, signal.SIGTERM)):
        arguments = [sys.executable, "-m", "autograder", "regrade", many, "--out", stopped, *FAST]
        running = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stop_when(running, stopped, marked, number)
    kept = counted(stopped, "marks")
    assert 80 <= kept < 24 * len(PARTS)
    done = regrade(many, stopped)
    assert f"{kept // len(PARTS)} of them graded already" in done.stderr
    assert written(stopped) == written(whole)


def test_a_folder_in_use_is_refused(finished: tuple[Path, Path, str], again: Path) -> None:
    with (again / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = regrade(finished[0], again)
    assert done.returncode == 2
    assert "another run is at work" in done.stderr


def test_a_full_disk_is_said_and_gone_on_from(many: Path, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "autograder", "regrade", many, "--out", tmp_path / "run", *FAST]
    limit: Callable[[], None] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))  # noqa: E731
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert regrade(many, tmp_path / "run").returncode == 0
    assert len(grades(tmp_path / "run")) == 24


def test_a_submission_that_brings_the_grader_down_does_not_stop_the_others(
    many: Path, homework: Path, tmp_path: Path
) -> None:
    fragile = Path(shutil.copytree(homework, tmp_path / "homework"))
    suite = fragile / "tests" / "graded" / "hidden" / "test_q7_process.py"
    trap = """
        if b"number = 7\\n" in self.setting.files["q7_process.py"]:
            __import__("os")._exit(3)
"""
    suite.write_text(suite.read_text().replace("        self.judge(\n", f"{trap}        self.judge(\n", 1))
    done = regrade(many, tmp_path / "run", "--homework", fragile)
    assert done.returncode == 3
    rows = grades(tmp_path / "run")
    assert next(iter(rows.values()))["status"] == "failed"
    assert [n for n, row in rows.items() if row["status"] != "graded"] == ["s07"]
    assert {row["score"] for n, row in rows.items() if n != "s07"} == {"12"}


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda place: place / "nothing", "does not exist"),
        (lambda place: place, "holds no submission"),
        (lambda place: (place / "x.zip").write_text("x") and place / "x.zip", "not a zip"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(make: Callable[[Path], Path], what: str, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    done = regrade(make(tmp_path / "given"), tmp_path / "run")
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
