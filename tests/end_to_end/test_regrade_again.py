"""Who would miss it: the TA who mends a rubric ten times in one evening, and never once waits for a full run.

What is judged again from what is kept must be, byte for byte, what a run from the beginning would have written.
"""

import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, command

EXAMPLES = ("different", "gemini", "typical_mistakes")
OPTIONS = ("--only", "2", "--only", "4", "--only", "7", "--workers", "2")
NOT_COMPARED = (".lock", "run.sqlite")
CHANGES = 5


def regrade(export: Path, out: Path, homework: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    done = command("regrade", export, "--out", out, "--homework", homework, *OPTIONS, *options)
    assert done.returncode == 0, done.stderr
    return done


def everything(out: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(out.rglob("*")) if path.is_file() and not path.name.startswith(NOT_COMPARED)]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which answers are the same, alike and different, one ends its process, and two are one content."""
    place = tmp_path_factory.mktemp("class")
    for number, example in enumerate((*EXAMPLES, *EXAMPLES, "different")):
        folder = Path(shutil.copytree(ROOT / "examples" / example, place / f"s{number}"))
        if number < len(EXAMPLES):
            for module in folder.glob("q*.py"):
                module.write_bytes(module.read_bytes() + b"\n# again\n")
    (place / "s5" / "q4_decoding.py").write_text("import os\nos._exit(0)\n")
    return place


@pytest.fixture(scope="module")
def finished(export: Path, homework: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "run"
    regrade(export, out, homework)
    return out


@pytest.fixture
def again(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "again"))


@pytest.fixture
def changing(homework: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(homework, tmp_path / "homework"))


def counted(out: Path, table: str) -> int:
    with sqlite3.connect(out / "run.sqlite") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def other_points(text: str, dice: random.Random) -> str:
    """Points of one part go to another: the sum has to stay."""
    giving, taking = dice.sample(["4.d", "4.e", "4.f", "4.g"], 2)
    if (points := points_of(text, giving)) < 2:
        return text
    moved = dice.randrange(1, points)
    return with_points(with_points(text, giving, points - moved), taking, points_of(text, taking) + moved)


def points_of(text: str, number: str) -> int:
    found = re.search(rf'\[parts\."{number}"\][^\n]*\npoints = (\d+)', text)
    assert found, number
    return int(found[1])


def with_points(text: str, number: str, points: int) -> str:
    return re.sub(rf'(\[parts\."{number}"\][^\n]*\npoints = )\d+', rf"\g<1>{points}", text)


def another_alternative(text: str, dice: random.Random) -> str:
    number, answer = dice.choice([("4.f", "n^3"), ("4.f", "n*d"), ("4.g", "d^2"), ("4.g", "n^2 * d")])
    credit = dice.choice(["0.25", "0.75", "0"])
    return (
        f'{text}\n[[parts."{number}".accept]]\nanswer = "{answer}"\ncredit = {credit}\nfeedback = "{dice.random()}"\n'
    )


def another_growth(text: str, dice: random.Random) -> str:
    return re.sub(r"(\nupper_bound = )[\d.]+", rf"\g<1>0.{dice.randrange(1, 99):02}", text, count=1)


def another_tolerance(text: str, dice: random.Random) -> str:
    return re.sub(r"(\nrtol = )\S+", rf"\g<1>{dice.choice(['1e-3', '1e-1', '1e-9', '0.0'])}", text, count=1)


def other_words(text: str, dice: random.Random) -> str:
    return re.sub(r'(\nkey_returned = )"[^"]*"', rf'\g<1>"Said {dice.random()}."', text)


def other_visibility(text: str, dice: random.Random) -> str:
    return re.sub(r'(\nvisibility = )"\w+"', rf'\g<1>"{dice.choice(["visible", "hidden"])}"', text, count=1)


RUBRIC: tuple[Callable[[str, random.Random], str], ...] = (
    other_points,
    another_alternative,
    another_growth,
    another_tolerance,
    other_words,
    other_visibility,
)


def change(homework: Path, dice: random.Random) -> None:
    """One change of the rubric; now and then of a suite's titles too."""
    rubric = homework / "reference" / "rubric.toml"
    text = rubric.read_text(encoding="utf-8")
    while (changed := dice.choice(RUBRIC)(text, dice)) == text:
        continue
    rubric.write_text(changed, encoding="utf-8")
    if dice.random() < 0.3:
        suite = homework / "tests" / "graded" / "hidden" / "test_q7_process.py"
        suite.write_text(suite.read_text().replace('        """', f'        """{dice.randrange(9)} ', 1))


def test_random_changes_one_after_the_other_come_to_what_a_full_run_comes_to(
    export: Path, changing: Path, again: Path, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    outcomes = counted(again, "outcomes")
    for _ in range(CHANGES):
        change(changing, dice)
        done = regrade(export, again, changing)
        assert "graded 6 of 6" in done.stderr or "6 of them graded already" in done.stderr, (seed, done.stderr)
    assert counted(again, "outcomes") == outcomes, seed
    regrade(export, tmp_path / "full", changing)
    assert everything(again) == everything(tmp_path / "full"), seed


OTHER_KEYS = "asked(self, {}, share)"
KILLED = "os.kill(self.child.process, 9), os.waitid(os.P_PID, self.child.process, os.WEXITED | os.WNOWAIT)"


@pytest.mark.parametrize(
    "the_waiting_judge",
    [
        pytest.param("asked(self, keys, share)", id="judges"),
        pytest.param(OTHER_KEYS, id="has read another homework"),
        pytest.param(f"({KILLED}, asked(self, keys, share))[-1]", id="was killed"),
    ],
)
def test_a_part_is_judged_without_a_grader_where_all_is_kept(
    export: Path, changing: Path, again: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, the_waiting_judge: str
) -> None:
    """The graders' module cannot be imported here; nothing asks for it."""
    other = Path(shutil.copytree(again, tmp_path / "other"))
    another = changing / "reference" / "rubric.toml"
    another.write_text(other_points(another.read_text(), random.Random(1)))
    with (changing / "tests" / "graded" / "hidden" / "inputs.py").open("a") as suite:
        suite.write('\nprint("loaded")\n')
    trap = f"""
import os, sys
sys.modules['autograder.regrade.pool'] = None
from autograder.regrade.judge_waiting import JudgeWaiting
asked = JudgeWaiting.asked
JudgeWaiting.asked = lambda self, keys, share: {the_waiting_judge}
from autograder.cli import main
sys.exit(main())
"""
    arguments = ["regrade", export, "--out", again, "--homework", changing, *OPTIONS]
    fixed = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for name, value in fixed.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run([sys.executable, "-u", "-c", trap, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "graded 6 of 6" in done.stderr
    assert done.stdout.count("loaded") == 1
    regrade(export, other, changing)
    assert everything(again) == everything(other)


def test_files_that_a_person_lost_or_wrote_over_are_there_again_after_a_change(
    export: Path, changing: Path, again: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(again, tmp_path / "other"))
    rubric = changing / "reference" / "rubric.toml"
    rubric.write_text(another_growth(rubric.read_text(), random.Random(3)))
    (again / "results" / "s1.json").unlink()
    (again / "results" / "s2.json").write_text("mine")
    (again / "results" / "mine.json").write_text("{}")
    (again / "report.html").unlink()
    regrade(export, again, changing)
    regrade(export, other, changing)
    assert everything(again) == everything(other)


def test_a_suite_that_ends_the_process_or_asks_something_new_is_left_to_the_graders(
    export: Path, changing: Path, again: Path, tmp_path: Path
) -> None:
    suite = changing / "tests" / "graded" / "hidden" / "test_q7_process.py"
    trap = """
        if b"# again" in self.setting.files["q7_process.py"]:
            __import__("os")._exit(3)
        self.actual(self.submission.q7_process.something_else)
"""
    suite.write_text(suite.read_text().replace("        self.judge(\n", f"{trap}        self.judge(\n", 1))
    done = command("regrade", export, "--out", again, "--homework", changing, *OPTIONS)
    assert done.returncode == 3
    fresh = command("regrade", export, "--out", tmp_path / "full", "--homework", changing, *OPTIONS)
    assert fresh.returncode == 3
    assert everything(again) == everything(tmp_path / "full")


def test_a_changed_run_that_is_killed_ends_like_one_that_is_not(
    export: Path, changing: Path, again: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(again, tmp_path / "other"))
    dice = random.Random()
    for _ in range(4):
        change(changing, dice)
        arguments = [sys.executable, "-m", "autograder", "regrade", export, "--out", again, "--homework", changing]
        running = subprocess.Popen([*arguments, *OPTIONS], cwd=ROOT, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.2, 2.0))
        running.send_signal(dice.choice([signal.SIGKILL, signal.SIGINT]))
        running.wait()
    regrade(export, again, changing)
    regrade(export, other, changing)
    assert everything(again) == everything(other)


def test_an_alternative_that_cannot_be_read_is_refused_in_a_sentence_and_nothing_changes(
    export: Path, changing: Path, again: Path
) -> None:
    before = everything(again)
    rubric = changing / "reference" / "rubric.toml"
    rubric.write_text(f'{rubric.read_text()}\n[[parts."4.f".accept]]\nanswer = "strange * d"\ncredit = 0.5\n')
    done = command("regrade", export, "--out", again, "--homework", changing, *OPTIONS)
    assert (done.returncode, done.stdout) == (2, "")
    assert "answer 'strange * d' cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(again) == before
