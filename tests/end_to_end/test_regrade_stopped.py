"""Who would miss it: the TA whose machine is switched off, again and again, in the middle of a class.

KILLS=200 in the environment kills more often than a test run has time for.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .classroom import everything, export_zip, slow_class
from .conftest import ROOT, command

KILLS = int(os.environ.get("KILLS", "4"))
OPTIONS = ("--only", "1", "--only", "7", "--workers", "2", "--due", "2026-04-24T23:59-07:00", "--late", "10%")


def start(export: Path, out: Path) -> "subprocess.Popen[bytes]":
    arguments = [sys.executable, "-m", "autograder", "regrade", export, "--out", out, *OPTIONS]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def tear(out: Path, dice: random.Random) -> None:
    """What a power cut may leave: a journal that ends in the middle or in rubbish, a file that was half written."""
    journal = out / "run.sqlite-wal"
    if journal.exists() and (size := journal.stat().st_size):
        with journal.open("r+b") as file:
            file.truncate(size - dice.randrange(min(size, 5000)))
            file.seek(0, os.SEEK_END)
            file.write(dice.randbytes(dice.randrange(3000)))
        (out / "run.sqlite-shm").unlink(missing_ok=True)
    for path in (out / "grades.csv", out / "results" / "101.json"):
        if path.exists():
            path.write_bytes(path.read_bytes()[: dice.randrange(50)])


def test_a_run_that_is_killed_at_random_moments_ends_like_one_that_is_not(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    export = export_zip(tmp_path / "class")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    began = time.monotonic()
    assert command("regrade", export, "--out", whole, *OPTIONS).returncode == 0
    seconds = time.monotonic() - began
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    for _ in range(KILLS):
        running = start(export, killed)
        time.sleep(dice.uniform(0.1, 1.2 * seconds))
        running.kill()
        running.wait()
        if dice.random() < 0.5:
            tear(killed, dice)
    done = command("regrade", export, "--out", killed, *OPTIONS)
    assert done.returncode == 0, (seed, done.stderr)
    assert everything(killed) == everything(whole), seed


@pytest.mark.parametrize(
    ("export", "options", "said"),
    [
        ("missing.zip", (), "does not exist"),
        ("class", ("--only", "99"), "there is no part 99"),
        ("class", ("--homework", "nowhere"), "is no homework"),
    ],
)
def test_graders_that_were_started_before_the_run_is_refused_are_gone_with_it(
    tmp_path: Path, export: str, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "nowhere").mkdir()
    slow_class(tmp_path / "class")
    arguments = [sys.executable, "-m", "autograder", "regrade", tmp_path / export, "--out", tmp_path / "run"]
    given = [str(tmp_path / option) if option == "nowhere" else option for option in options]
    mark = {"REGRADE_TEST": str(tmp_path)}
    done = subprocess.run([*arguments, *given], cwd=ROOT, env=os.environ | mark, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert started_with(f"REGRADE_TEST={tmp_path}") == []


def started_with(variable: str) -> list[str]:
    """The processes, dead ones apart, that have this in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if variable.encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_a_folder_of_grades_without_its_store_is_graded_anew_and_a_damaged_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    export, out = export_zip(tmp_path / "class"), tmp_path / "run"
    assert command("regrade", export, "--out", out, *OPTIONS).returncode == 0
    before = everything(out)
    store = out / "run.sqlite"
    kept = shutil.copyfile(store, tmp_path / "kept")
    store.write_bytes(store.read_bytes()[:9000])
    done = command("regrade", export, "--out", out, *OPTIONS)
    assert (done.returncode, done.stdout) == (2, "")
    assert "run.sqlite cannot be used" in done.stderr
    assert everything(out) == before
    store.unlink()
    assert command("regrade", export, "--out", out, *OPTIONS).returncode == 0
    assert everything(out) == before
    assert kept.stat().st_size > 9000
