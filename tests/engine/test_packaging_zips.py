"""The two zips: Gradescope's is complete, the students' holds nothing that tells an answer, both are reproducible."""

import ast
import os
import re
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import HomeworkInvalid
from autograder.packaging.archive import Member, folder_members, write_zip
from autograder.packaging.autograder_zip import make_autograder_zip
from autograder.packaging.student_zip import make_student_zip
from autograder.settings import Homework

PROJECT = Path(__file__).resolve().parents[2]
HOMEWORK = Homework(PROJECT)
MAKERS = (make_autograder_zip, make_student_zip)
Make = Callable[[Homework, Path], Path]


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def autograder_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_autograder_zip(HOMEWORK, tmp_path_factory.mktemp("dist") / "autograder.zip")


@pytest.fixture(scope="module")
def student_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_student_zip(HOMEWORK, tmp_path_factory.mktemp("dist") / "student.zip")


def test_gradescope_finds_what_it_runs_at_the_root_and_may_run_it(autograder_zip: Path) -> None:
    with zipfile.ZipFile(autograder_zip) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 == 0o100755
            assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in archive.read(name)


@pytest.mark.parametrize("folder", ["autograder", "reference", "student_template", "tests/graded"])
def test_the_autograder_zip_holds_every_source_file_of(autograder_zip: Path, folder: str) -> None:
    packed = members_of(autograder_zip)
    paths = [path for path in (PROJECT / folder).rglob("*") if path.suffix in {".py", ".toml", ".npz", ".ipynb"}]
    assert paths
    for path in paths:
        assert packed[path.relative_to(PROJECT).as_posix()] == path.read_bytes()


@pytest.mark.parametrize("made", ["autograder_zip", "student_zip"])
def test_what_the_set_up_needs_is_in_both(made: str, request: pytest.FixtureRequest) -> None:
    needed = {"requirements.txt", "scripts/find_python", "scripts/install_dependencies.py", "autograder/settings.py"}
    assert needed <= set(members_of(request.getfixturevalue(made)))


@pytest.mark.parametrize("made", ["autograder_zip", "student_zip"])
def test_no_leftovers_are_packed(made: str, request: pytest.FixtureRequest) -> None:
    for name in members_of(request.getfixturevalue(made)):
        assert not re.search(r"__pycache__|\.pyc$|/\.|^\.|~$|\.\.|^/", name), name


@pytest.mark.parametrize("make", MAKERS)
def test_equal_contents_give_equal_bytes_wherever_and_whenever_they_are_packed(make: Make, tmp_path: Path) -> None:
    copy = copied_homework(tmp_path / "elsewhere")
    for path in copy.root.rglob("*"):
        os.utime(path, (1, 1))
    assert make(HOMEWORK, tmp_path / "a.zip").read_bytes() == make(copy, tmp_path / "b.zip").read_bytes()


def copied_homework(root: Path) -> Homework:
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("reference", "student_template", "tests/graded"):
        shutil.copytree(PROJECT / folder, root / folder, ignore=ignored)
    shutil.copy(PROJECT / "requirements-notebook.txt", root)
    return Homework(root)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("missing", ["student_template", "tests/graded"])
def test_a_homework_that_is_incomplete_is_refused_and_nothing_is_written(
    make: Make, missing: str, tmp_path: Path
) -> None:
    homework = copied_homework(tmp_path / "homework")
    shutil.rmtree(homework.root / missing)
    with pytest.raises(HomeworkInvalid, match=missing.split("/")[0]):
        make(homework, tmp_path / "dist" / "made.zip")
    assert not list((tmp_path / "dist").iterdir())


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "plain.py").write_text("x = 1\n", encoding="utf-8")
    (folder / "link.py").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(tmp_path)
    assert [member.name for member in folder_members(folder, "f")] == ["f/plain.py"]


def test_a_zip_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    destination = tmp_path / "made.zip"
    write_zip([Member("a", b"1")], destination)
    before = destination.read_bytes()

    def failing() -> Iterator[Member]:
        yield Member("b", b"2")
        raise HomeworkInvalid("the second member is missing")

    with pytest.raises(HomeworkInvalid):
        write_zip(failing(), destination)
    assert destination.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["made.zip"]


# What students must not get.

ALLOWED = re.compile(
    r"(autograder|student_template|submission|tests/graded/public)/.+"
    r"|tests/graded/homework\.toml|scripts/(find_python|install_dependencies\.py)"
    r"|README\.md|Makefile|LICENSE|requirements(-notebook)?\.txt"
)

# The question itself prints these: what multi-head attention costs, and the shapes to choose from.
PRINTED_IN_A_QUESTION = {"o(bd2+bnd)", "d2+bd+bnd", "[h,d,q]"}


def answers() -> set[str]:
    """Every written answer of the rubric and the reference that is long enough to be known again, in a plain form."""
    rubric = tomllib.loads(HOMEWORK.rubric.read_text(encoding="utf-8"))
    alternatives = (entry for part in rubric["parts"].values() for entry in part.get("accept", []))
    texts = [entry["answer"] for entry in alternatives if "answer" in entry]
    for path in HOMEWORK.reference.glob("*.py"):
        assigned = (
            node.value for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.Assign)
        )
        texts += [node.value for node in assigned if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {plain for text in texts if len(plain := plainly(text)) >= 7 and len(plain) < 60}


def plainly(text: str) -> str:
    """Without what two ways of writing one formula differ in: `O(b*d^2 + b*n*d)` and `O(bd² + bnd)`."""
    digits = str.maketrans("²³₂", "232", " *^\\{}_·")
    return text.lower().translate(digits)


def telling_lines(folder: Path, public: Path) -> set[str]:
    """Lines of the secret files in `folder` that stand in no file of `public`, long enough to be no coincidence."""
    given = {line for path in public.rglob("*.py") for line in stripped_lines(path.read_text(encoding="utf-8"))}
    secret = {line for path in folder.rglob("*.py") for line in stripped_lines(path.read_text(encoding="utf-8"))}
    boring = re.compile(r"import |from |class |def |\"\"\"|@")
    return {line for line in secret - given if len(line) >= 30 and not boring.match(line)}


def stripped_lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines())


def secrets() -> dict[str, set[str]]:
    return {
        "a line of the reference": telling_lines(HOMEWORK.reference, HOMEWORK.template),
        "a line of a hidden suite": telling_lines(HOMEWORK.suites / "hidden", HOMEWORK.suites / "public"),
    }


def leaks(packed: dict[str, bytes]) -> Iterator[str]:
    hidden, written = secrets(), answers()
    seed = str(tomllib.loads(HOMEWORK.rubric.read_text(encoding="utf-8"))["seed"])
    for name, data in packed.items():
        if not ALLOWED.fullmatch(name):
            yield f"{name} is not among what students get"
        text = data.decode("utf-8", "replace")
        lines = set(stripped_lines(text))
        if seed in text:
            yield f"{name} holds the seed of the hidden inputs"
        for kind, known in hidden.items():
            yield from (f"{name} holds {kind}: {line}" for line in known if line in lines)
        printed = PRINTED_IN_A_QUESTION if name.startswith(("student_template/", "submission/")) else set()
        yield from (f"{name} holds an answer: {answer}" for answer in written - printed if answer in plainly(text))


def test_students_get_nothing_that_tells_an_answer(student_zip: Path) -> None:
    found = list(leaks(members_of(student_zip)))
    assert not found, "\n  ".join(["", *found])


def test_there_are_secrets_to_look_for() -> None:
    assert len(answers()) >= 8
    for kind, known in secrets().items():
        assert known, kind


@pytest.mark.parametrize("kind", ["answer", "line", "seed", "name"])
def test_the_search_finds_what_is_planted(student_zip: Path, kind: str) -> None:
    planted = {
        "answer": ("submission/notes.py", f"# {max(answers())}"),
        "line": ("autograder/notes.py", "    " + max(secrets()["a line of the reference"])),
        "seed": (
            "autograder/seed.py",
            "seed = " + HOMEWORK.rubric.read_text(encoding="utf-8").partition("seed = ")[2].split()[0],
        ),
        "name": ("reference/rubric.toml", ""),
    }
    name, text = planted[kind]
    assert list(leaks({name: text.encode()}))


def test_students_get_the_notebook_and_what_running_it_needs(student_zip: Path) -> None:
    packed = members_of(student_zip)
    assert packed["requirements-notebook.txt"] == (PROJECT / "requirements-notebook.txt").read_bytes()
    for folder in ("student_template", "submission"):
        notebook = (HOMEWORK.template / "visualizing_attention.ipynb").read_bytes()
        assert packed[f"{folder}/visualizing_attention.ipynb"] == notebook


def test_the_submission_folder_starts_as_the_template(student_zip: Path) -> None:
    packed = members_of(student_zip)
    template = {name.partition("/")[2]: data for name, data in packed.items() if name.startswith("student_template/")}
    assert template
    for name, data in template.items():
        assert packed[f"submission/{name}"] == data


@pytest.mark.parametrize("make", MAKERS)
def test_an_installed_engine_says_where_packages_are_made(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.packaging.engine.PROJECT", tmp_path)
    with pytest.raises(HomeworkInvalid, match="make them in the project's own folder"):
        make(HOMEWORK, tmp_path / "made.zip")
