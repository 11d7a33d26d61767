"""Who would miss it: whoever is marked by what made grading quick, and not by what was handed in.

The plain way grades one submission at a time and remembers nothing: every module is asked in a worker of its own, also
those that hold only literals; workers are forked from a zygote that nothing was done for; the homework is read anew,
all memories of the engine are emptied, the reference answers again, each part compares anew what another one did. A
class is graded by the real command, two graders at once, and a second time from recorded outcomes after a change that
concerns every part. All results are the same.

Of the bank of answers every seventh case is graded; `WHOLE_BANK=1` takes all, in several minutes.
"""

import functools
import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from autograder.pipeline import judge_submission
from autograder.reports.gradescope import results
from autograder.sandbox.launcher import Zygote
from autograder.scoring.course import load_course
from autograder.scoring.homework import load_declarations
from autograder.scoring.plain_modules import PlainModules
from autograder.scoring.runner import OwnRunners, Runner
from autograder.settings import Homework, Limits
from autograder.submission.model import Submission
from tests.marking import written_right, written_wrong
from tests.marking.test_code_bank import RIGHT, WRONG

from .conftest import ROOT, command, strict_json

EXAMPLES = ("different", "gemini", "typical_mistakes")
EVERY = 1 if os.environ.get("WHOLE_BANK") else 7
IMPORTED_LATE = "torch.compile"  # a plain zygote leaves the import to the worker, which is confined by then
OWN_MODULES = ("autograder.", "graded_")
Results = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Way:
    """Which of the things that make grading quick are in use."""

    literals_are_read: bool = False
    memories_are_kept: bool = False
    the_zygote_is_warm: bool = False


PLAIN = Way()
ONE_BY_ONE = {name: Way(**{name: True}) for name in Way.__dataclass_fields__}


def graded(homework: Homework, folders: Mapping[str, Path], way: Way) -> Results:
    """What Gradescope would get for each submission."""
    limits = Limits()
    with pytest.MonkeyPatch.context() as patch, Zygote(limits, warm=way.the_zygote_is_warm) as zygote:
        if not way.memories_are_kept:
            patch.setattr(Runner, "once", lambda self, key, of, work: work())
        course = load_course(homework, (), limits)
        found = {}
        for name, folder in folders.items():
            if not way.memories_are_kept:
                forget_everything()
                course = load_course(homework, (), limits)
            files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".py", ".npz")}
            reference = course.reference or {}
            with zygote.session(reference) as own, zygote.session(files) as session:
                runs = [own.run, session.run]
                if way.literals_are_read:
                    runs = [PlainModules(own.run, reference), PlainModules(session.run, files)]
                runners = OwnRunners(Runner(runs[0], reference))
                sheet = judge_submission(Submission(name, files), course, runs[1], runners, limits)
            found[name] = told(results(sheet))
    return found


def forget_everything() -> None:
    """Empties every memory of a function, ours and the suites'."""
    memories = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    own = [memory for memory in memories if (memory.__module__ or "").startswith(OWN_MODULES)]
    assert own
    for memory in own:
        memory.cache_clear()


def told(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """All but what tells of the machine."""
    return {key: value for key, value in shown.items() if key != "extra_data"}


def by_class(export: Path, homework: Path, out: Path) -> Results:
    """What `regrade` writes for each submission."""
    done = command("regrade", export, "--out", out, "--workers", "2", "--homework", homework)
    assert done.returncode in (0, 3), done.stderr
    return {path.stem: told(strict_json(path.read_text(encoding="utf-8"))) for path in (out / "results").iterdir()}


def changed_for_every_part(homework: Path) -> None:
    """So that every part is judged again, from what students' code answered before."""
    declarations = homework / "tests" / "graded" / "homework.toml"
    declarations.write_text(declarations.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


def written_answers() -> Iterator[dict[str, str]]:
    """Answers of the bank, one a part, until each had its turn."""
    columns = {
        part: [answer for answer in (*right, *(case[0] for case in written_wrong.WRONG[part])) if type(answer) is str]
        for part, right in written_right.RIGHT.items()
    }
    for row in zip_longest(*(column[::EVERY] for column in columns.values())):
        yield {part: answer for part, answer in zip(columns, row, strict=True) if answer is not None}


def bank(place: Path) -> Iterator[Path]:
    """Submissions that hold the bank between them: in each a case of every module, and an answer of every part."""
    base = ROOT / "examples" / "different"
    cases: dict[str, list[Any]] = {}
    for number, case in enumerate(RIGHT + WRONG):
        if number % EVERY == 0 or IMPORTED_LATE in case.text:
            cases.setdefault(case.module, []).append(case)
    parts = load_declarations(Homework(ROOT)).parts
    for number, (answers, *row) in enumerate(zip_longest(written_answers(), *cases.values())):
        folder = Path(shutil.copytree(base, place / f"bank_{number:03}"))
        for case in filter(None, row):
            (folder / f"{case.module}.py").write_text(case.text, encoding="utf-8")
            for name, content in case.files.items():
                (folder / name).write_bytes(content)
        for part, answer in (answers or {}).items():
            with (folder / f"{parts[part].module}.py").open("a", encoding="utf-8") as module:
                module.write(f"\n{parts[part].attribute} = {answer!r}\n")
        yield folder


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("homework")
    for name in ("reference", "student_template", "tests/graded"):
        shutil.copytree(ROOT / name, root / name)
    return root


@pytest.fixture(scope="module")
def plain() -> Results:
    return graded(Homework(ROOT), {name: ROOT / "examples" / name for name in EXAMPLES}, PLAIN)


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_nothing_that_makes_it_quick_changes_a_result_of_an_example(name: str, plain: Results) -> None:
    assert graded(Homework(ROOT), {name: ROOT / "examples" / name for name in EXAMPLES}, ONE_BY_ONE[name]) == plain


def test_a_class_is_given_what_each_would_be_given_alone(tmp_path: Path, homework: Path, plain: Results) -> None:
    """First by running code, then from what is recorded."""
    for example in EXAMPLES:
        shutil.copytree(ROOT / "examples" / example, tmp_path / "class" / example)
    in_bank = {folder.name: folder for folder in bank(tmp_path / "class")}
    alone = {**plain, **graded(Homework(homework), in_bank, PLAIN)}
    assert differing(by_class(tmp_path / "class", homework, tmp_path / "run"), alone) == {}
    changed_for_every_part(homework)
    assert differing(by_class(tmp_path / "class", homework, tmp_path / "run"), alone) == {}


def differing(found: Results, wanted: Results) -> dict[str, object]:
    """What is not the same, part by part: {submission: {part: (found, wanted)}}."""
    assert set(found) == set(wanted)
    return {
        name: {
            one["number"]: (one, two)
            for one, two in zip(found[name]["tests"], wanted[name]["tests"], strict=True)
            if one != two
        }
        or (found[name], wanted[name])
        for name in found
        if found[name] != wanted[name]
    }
