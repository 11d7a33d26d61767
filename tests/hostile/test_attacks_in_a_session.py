"""Every attack of the catalogue, in the worker that it would have, with a neighbour beside it and one after it."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograder.sandbox.launcher import Zygote
from autograder.sandbox.outcome import Crashed, Missing, Outcome, TimedOut, Value
from autograder.sandbox.protocol.programs import Call, ModuleAttribute
from autograder.sandbox.session import Session
from autograder.settings import Limits

from .attack import SUCCEEDED, Attack, read_attacks
from .scene import HIDDEN_INPUT, SECRET, Scene, set_up

pytestmark = pytest.mark.attacks
LIMITS = Limits(import_seconds=0.8, call_seconds=0.8, question_seconds=3.0)
HONEST = b"import os\npid = os.getpid()\nfolder = os.getcwd()\n\ndef double(x):\n    return 2 * x\n"
ATTACKS = read_attacks()


@dataclass
class Stage:
    """The zygote, the scene, and an honest submission that stays alive through all attacks."""

    zygote: Zygote
    scene: Scene
    neighbour: Session

    def play(self, attack: Attack) -> tuple[Outcome, bool]:
        """Run the attack in a submission whose other module is honest; say how it ended, and if others still work."""
        with self.zygote.session({"honest.py": HONEST}, LIMITS) as own:
            constants = self.scene.constants(
                neighbour=own.run(ModuleAttribute("honest", "folder")).data,
                sibling=own.run(ModuleAttribute("honest", "pid")).data,
            )
            files = attack.files("q2_argmax", constants) | {"honest.py": HONEST}
            with self.zygote.session(files, LIMITS) as session:
                outcome = session.run(Call(ModuleAttribute("q2_argmax", "attack"), (HIDDEN_INPUT,)))
                return outcome, answers(session) and answers(own)

    def processes(self) -> set[int]:
        """Return the children of the zygote."""
        pid = self.zygote._running.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def answers(session: Session) -> bool:
    return session.run(Call(ModuleAttribute("honest", "double"), (21,))) == Value(42)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    place = TemporaryDirectory(prefix="scene-")
    scene = set_up(Path(place.name))
    with place, Zygote(LIMITS) as zygote, zygote.session({"honest.py": HONEST}, Limits()) as neighbour:
        assert answers(neighbour)
        yield Stage(zygote, scene, neighbour)
    scene.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.kind}: {attack.name}")
def test_an_attack_gains_nothing_and_harms_no_one(stage: Stage, attack: Attack) -> None:
    before = stage.processes()
    started = time.monotonic()
    outcome, others_answer = stage.play(attack)
    assert not any(canary in repr(outcome) for canary in (SECRET, HIDDEN_INPUT, SUCCEEDED))
    assert ended_as_foreseen(outcome, attack), outcome
    assert others_answer
    assert answers(stage.neighbour)
    assert stage.scene.traces() == []
    assert stage.processes() == before
    assert time.monotonic() - started < 6


def ended_as_foreseen(outcome: Outcome, attack: Attack) -> bool:
    match outcome:
        case Value():
            return True
        case Crashed(reason=reason):
            return reason in attack.reasons or reason == "raised"
        case TimedOut(during=during):
            return during in attack.reasons
        case Missing():
            return False
    return False


def test_there_are_a_hundred_attacks_of_every_kind_and_no_two_alike() -> None:
    names = [(attack.kind, attack.name) for attack in ATTACKS]
    assert len(set(names)) == len(names) >= 200
    assert {kind for kind, _ in names} == {"secrecy", "forgery", "exhaustion", "escape", "values"}


def test_the_canaries_sing(stage: Stage) -> None:
    """The scene would notice: what the attacks are to leave behind is found when it is there."""
    left = Path("/tmp") / f"canary-{os.getpid()}"
    left.touch()
    text = stage.scene.results.read_text()
    stage.scene.results.write_text("forged")
    try:
        assert stage.scene.traces() == [str(left), "the results"]
    finally:
        left.unlink()
        stage.scene.results.write_text(text)
    assert SECRET in stage.scene.secret_file.read_text()
