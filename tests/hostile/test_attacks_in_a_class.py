"""Attacks in a batch through `regrade`, with honest neighbours between them: nobody else notices that they were there.

`make attacks` hands in the whole catalogue, as whoever runs it and as root of a Docker container; `make test` some.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from .as_submission import ATTACKED, hostile
from .attack import SUCCEEDED, Attack, read_attacks
from .command import command, is_root, strict_json
from .docker import RUNS_HERE, as_in_docker
from .grading import EXAMPLE, plant
from .handed_in import ALL, HandedIn
from .leftovers import left_behind
from .scene import SECRET, Scene, set_up

CATALOGUE = read_attacks()
SOME = (
    *("open the reference by its path", "search every object", "read another student's folder", "raise the inputs"),
    *("leave a file for the next student", "write the results from another process", "replace the results"),
    *("answer twice", "leave as if all were well", "kill everyone", "live on as a daemon", "a flood on the channel"),
    *(
        "memory shared with nobody",
        "processes that multiply",
        "a tensor that answers for torch",
        "crash the interpreter",
    ),
)
SOME_HANDED_IN = (
    "a class named after the inputs",
    "libraries of its own",
    "brackets in the source",
    "hours without end",
)
ONLY = ("2", "4.f", "7")  # for some; of the whole catalogue everything is graded
EVERY = 4  # so many hostile submissions, then an honest one
SECONDS = 3600

docker_only = pytest.mark.skipif(not (RUNS_HERE and is_root()), reason="an imitation of Docker needs root on x86-64")


@dataclass
class Class:
    """An export on disk: who is hostile, by submission_id, and who is honest."""

    export: Path
    attacks: dict[str, Attack]
    handed_in: dict[str, HandedIn]
    honest: list[str]


@dataclass
class Graded:
    """What a run made of it."""

    out: Path
    output: str

    def tests(self, submission_id: str) -> dict[str, dict[str, Any]]:
        results = strict_json((self.out / "results" / f"{submission_id}.json").read_text())
        return {test["number"]: test for test in results["tests"]}

    def told(self) -> Iterator[tuple[str, bytes]]:
        """Everything that was written or printed."""
        yield "what was printed", self.output.encode()
        yield "run.sqlite", b"\n".join(self._kept())
        files = (path for path in self.out.rglob("*") if path.is_file() and not path.name.startswith("run.sqlite"))
        yield from ((path.name, path.read_bytes()) for path in files)

    def _kept(self) -> Iterator[bytes]:
        """All that the store keeps, but what the rubric says of each part: it is the staff's."""
        with closing(sqlite3.connect(f"file:{self.out / 'run.sqlite'}?mode=ro", uri=True)) as store:
            tables = {name for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            for table in sorted(tables - {"keys"}):
                for row in store.execute(f"SELECT * FROM {table}"):
                    yield from (value if isinstance(value, bytes) else str(value).encode() for value in row)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with TemporaryDirectory(prefix="scene-") as folder:
        scene = set_up(Path(folder))
        plant(scene.folder, SECRET)
        yield scene
        scene.close()


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the command keeps its temporary files, for every user to pass."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def hand_in(place: Path, scene: Scene, attacks: Sequence[Attack], handed_in: Sequence[HandedIn]) -> Class:
    """Write down an export in which every user may read every submission."""
    found = Class(place, {}, {}, [])
    constants = scene.constants(neighbour=str(place / "1000"), sibling=scene.victim.pid)
    for number, entry in enumerate(_with_honest((*attacks, *handed_in)), start=1000):
        name = str(number)
        match entry:
            case None:
                found.honest.append(name)
                _honest(place / name)
            case Attack():
                found.attacks[name] = entry
                hostile(entry, constants, place / name)
            case HandedIn():
                found.handed_in[name] = entry
                _write(entry, place / name)
    return found


def _with_honest(entries: Sequence[Attack | HandedIn]) -> Iterator[Attack | HandedIn | None]:
    """None stands for an honest submission: one at the beginning, at the end and after every few."""
    for start in range(0, len(entries), EVERY):
        yield from (None, *entries[start : start + EVERY])
    yield None


def _honest(folder: Path) -> None:
    """One more right submission, with a content of its own: equal ones would be graded once."""
    shutil.copytree(EXAMPLE, folder)
    with (folder / "q2_argmax.py").open("a") as file:
        file.write(f"\n# handed in by {folder.name}\n")


def _write(entry: HandedIn, folder: Path) -> None:
    shutil.copytree(EXAMPLE, folder)
    for name, content in entry.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)


def regrade(
    handed_in: Class, scene: Scene, out: Path, only: tuple[str, ...], before: Callable[[], None] | None
) -> Graded:
    parts = [argument for part in only for argument in ("--only", part)]
    done = command(
        *("regrade", handed_in.export, "--out", out, "--homework", scene.folder, "--workers", "2", *parts),
        before=before,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return Graded(out, done.stdout + done.stderr)


def check(handed_in: Class, graded: Graded, scene: Scene, temporary: Path) -> None:
    """Fail with a list of all that went wrong."""
    wrong = [*_wrongly_marked(handed_in, graded), *scene.traces(), *left_behind(temporary)]
    for name, content in graded.told():  # the store keeps what students handed in, and what they said
        canaries = (SECRET,) if name.startswith("run.sqlite") else (SECRET, SUCCEEDED)
        wrong += [f"{canary!r} in {name}" for canary in canaries if canary.encode() in content]
    for name, entry in handed_in.handed_in.items():
        text = (graded.out / "results" / f"{name}.json").read_text()
        wrong += [f"{word!r} in {name}: {entry.name}" for word in entry.never if word in text]
    assert wrong == []


def _wrongly_marked(handed_in: Class, graded: Graded) -> Iterator[str]:
    right = graded.tests(handed_in.honest[0])
    yield from (f"honest: {number} {test}" for number, test in right.items() if test["score"] != test["max_score"])
    for name in handed_in.honest:
        yield from (f"{name}: {number}" for number, test in graded.tests(name).items() if test != right[number])
    for name, attack in handed_in.attacks.items():
        yield from _wrong(f"{attack.kind}: {attack.name}", graded.tests(name), right, ATTACKED)
    for name, entry in handed_in.handed_in.items():
        yield from _wrong(entry.name, graded.tests(name), right, entry.costs)


def _wrong(name: str, tests: dict[str, Any], right: dict[str, Any], costs: tuple[str, ...]) -> Iterator[str]:
    """Parts that are lost but earned everything, and parts that should be as right as an honest submission's."""
    for number, test in tests.items():
        lost = number in costs or number.partition(".")[0] in costs
        if lost == (test["score"] == test["max_score"]):
            yield f"{name}: {number} has {test['score']}: {test['output']}"


def test_a_batch_with_attacks_leaves_its_neighbours_as_they_are(tmp_path: Path, scene: Scene, temporary: Path) -> None:
    attacks = [attack for attack in CATALOGUE if attack.name in SOME]
    handed_in = hand_in(tmp_path / "class", scene, attacks, [entry for entry in ALL if entry.name in SOME_HANDED_IN])
    assert (len(handed_in.attacks), len(handed_in.handed_in)) == (len(SOME), len(SOME_HANDED_IN))
    check(handed_in, regrade(handed_in, scene, tmp_path / "run", ONLY, None), scene, temporary)


@pytest.mark.attacks
@pytest.mark.parametrize("before", [None, pytest.param(as_in_docker, marks=docker_only)])
def test_the_whole_catalogue_in_a_batch_changes_no_neighbour(
    tmp_path: Path, scene: Scene, temporary: Path, before: Callable[[], None] | None
) -> None:
    handed_in = hand_in(tmp_path / "class", scene, CATALOGUE, ALL)
    check(handed_in, regrade(handed_in, scene, tmp_path / "run", (), before), scene, temporary)


def test_what_regrade_writes_is_what_is_looked_at(tmp_path: Path, scene: Scene, temporary: Path) -> None:
    """An attack that succeeds is found in its results, and so is a secret in whatever is written."""
    success = Attack("secrecy", "succeeds", (), {"attack": "return SUCCEEDED"})
    handed_in = hand_in(tmp_path / "class", scene, [success], [])
    graded = regrade(handed_in, scene, tmp_path / "run", ("2",), None)
    assert list(_wrongly_marked(handed_in, graded))
    (graded.out / "results" / "more.json").write_text(json.dumps(SECRET))
    with pytest.raises(AssertionError):
        check(Class(handed_in.export, {}, {}, handed_in.honest), graded, scene, temporary)
