"""Every attack of the catalogue as a submission: what it finds would earn it marks, and it earns none.

The module that attacks answers its question rightly only if its attack has succeeded.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograder.settings import Limits

from .attack import SUCCEEDED, Attack, read_attacks
from .grading import EXAMPLE, Grading, example_with, grading, plant
from .scene import SECRET, Scene, set_up

LIMITS = Limits(import_seconds=0.6, call_seconds=0.6, question_seconds=1.2)
ATTACKED, OTHERS = ("2.a", "2.a.code", "2.b", "2.b.why"), ("3.a.attention", "4.b", "6.b.ii")
AT_IMPORT = ("secrecy", "forgery", "escape")

ENDING = """
import re

def played(*inputs):
    found = attack(*inputs)
    text = found if type(found) is str else ""
    if SUCCEEDED in text or re.search("secret-of-the-grader-[0-9a-f]{{24}}", text):
        exec({honest!r}, globals())
        return argmax_attention(*inputs) if inputs else output
    return found

def argmax_attention(q, K, V):
    return played(q, K, V)

def later():
    try:
        return played()
    except BaseException as error:
        return str(error)

if {at_import}:
    output = later()
"""


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    place = TemporaryDirectory(prefix="scene-")
    with place:
        scene = set_up(place)
        plant(scene.folder, SECRET)
        yield scene
        scene.close()


@pytest.fixture(scope="module")
def stage(scene: Scene) -> Iterator[Grading]:
    with grading(scene.folder, LIMITS, (*ATTACKED, *OTHERS)) as ready:
        yield ready


def hostile(attack: Attack, scene: Scene, stage: Grading, folder: Path) -> Path:
    """Write down a right submission whose second module is the attack."""
    constants = scene.constants(neighbour=str(EXAMPLE), sibling=stage.zygote._running.process.pid)
    files = attack.files("q2_argmax", constants)
    honest = (EXAMPLE / "q2_argmax.py").read_text()
    files["q2_argmax.py"] += ENDING.format(honest=honest, at_import=attack.kind in AT_IMPORT).encode()
    return example_with(folder, files)


@pytest.mark.parametrize("attack", read_attacks(), ids=lambda attack: f"{attack.kind}: {attack.name}")
def test_an_attack_earns_nothing_and_costs_no_one_else(
    scene: Scene, stage: Grading, attack: Attack, tmp_path: Path
) -> None:
    before = stage.processes()
    marked = stage.grade(hostile(attack, scene, stage, tmp_path / "handed_in"))
    assert {number: marked.scores[number] for number in ATTACKED} == dict.fromkeys(ATTACKED, 0)
    assert [number for number in OTHERS if not marked.output(number).startswith("Right.")] == []
    assert [canary for canary in (SECRET, SUCCEEDED, "secret-of") if canary in marked.text] == []
    assert marked.undecided == []
    assert scene.traces() == []
    assert stage.processes() == before


def test_an_attack_that_succeeded_would_earn_marks(scene: Scene, stage: Grading, tmp_path: Path) -> None:
    attack = Attack("secrecy", "succeeds", (), {"attack": "return SUCCEEDED"})
    marked = stage.grade(hostile(attack, scene, stage, tmp_path / "handed_in"))
    assert all(marked.scores[number] > 0 for number in ATTACKED), marked.text
