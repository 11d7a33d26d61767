"""Every attack of the catalogue as a submission: what it finds would earn it marks, and it earns none.

The module that attacks answers its question rightly only if its attack has succeeded.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograder.settings import Limits

from .as_submission import ATTACKED, OTHERS, hostile
from .attack import SUCCEEDED, Attack, read_attacks
from .grading import EXAMPLE, Grading, grading, plant
from .scene import SECRET, Scene, set_up

LIMITS = Limits(import_seconds=0.6, call_seconds=0.6, question_seconds=1.2)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    place = TemporaryDirectory(prefix="scene-")
    with place:
        scene = set_up(Path(place.name))
        plant(scene.folder, SECRET)
        yield scene
        scene.close()


@pytest.fixture(scope="module")
def stage(scene: Scene) -> Iterator[Grading]:
    with grading(scene.folder, LIMITS, (*ATTACKED, *OTHERS)) as ready:
        yield ready


def constants(scene: Scene, stage: Grading) -> dict[str, object]:
    return scene.constants(neighbour=str(EXAMPLE), sibling=stage.zygote._running.process.pid)


@pytest.mark.parametrize("attack", read_attacks(), ids=lambda attack: f"{attack.kind}: {attack.name}")
def test_an_attack_earns_nothing_and_costs_no_one_else(
    scene: Scene, stage: Grading, attack: Attack, tmp_path: Path
) -> None:
    before = stage.processes()
    marked = stage.grade(hostile(attack, constants(scene, stage), tmp_path / "handed_in"))
    assert {number: marked.scores[number] for number in ATTACKED} == dict.fromkeys(ATTACKED, 0)
    assert [number for number in OTHERS if not marked.output(number).startswith("Right.")] == []
    assert [canary for canary in (SECRET, SUCCEEDED, "secret-of") if canary in marked.text] == []
    assert marked.undecided == []
    assert scene.traces() == []
    assert stage.processes() == before


def test_an_attack_that_succeeded_would_earn_marks(scene: Scene, stage: Grading, tmp_path: Path) -> None:
    attack = Attack("secrecy", "succeeds", (), {"attack": "return SUCCEEDED"})
    marked = stage.grade(hostile(attack, constants(scene, stage), tmp_path / "handed_in"))
    assert all(marked.scores[number] > 0 for number in ATTACKED), marked.text
