"""Plays the catalogue of attacks (tests/hostile/attacks) with each layer switched off in turn, and writes the table.

    .venv/bin/python scripts/attack_table.py                    as this user, into docs/security.md
    .venv/bin/python scripts/attack_table.py --new              only attacks and layers that the page does not have yet
    .venv/bin/python scripts/attack_table.py --results FILE     into a file, for a user who may not write the page
    .venv/bin/python scripts/attack_table.py --merge FILE       what is in that file, into docs/security.md

A column is the result as root (or as an ordinary user), or without one layer. What an attack does if it gets through is
harmless by construction. Columns of the other kind of user stay in the page, so play it once as each.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.errors import SandboxFailed  # noqa: E402
from autograder.sandbox.launcher import Zygote  # noqa: E402
from autograder.sandbox.limits.confine import is_root  # noqa: E402
from autograder.sandbox.outcome import Value  # noqa: E402
from autograder.sandbox.protocol.programs import Call, ModuleAttribute  # noqa: E402
from autograder.sandbox.session import Session  # noqa: E402
from autograder.settings import Limits  # noqa: E402
from tests.hostile.attack import SUCCEEDED, Attack, read_attacks  # noqa: E402
from tests.hostile.scene import HIDDEN_INPUT, SECRET, Scene, set_up  # noqa: E402

PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
LIMITS = Limits(import_seconds=1.0, call_seconds=0.4, question_seconds=2.0)
HONEST = b"import os\npid = os.getpid()\nfolder = os.getcwd()\n"
BOTH_FILTERS = "no new privileges"  # without it there is neither landlock nor seccomp
LAYERS = ("seccomp", "landlock", "user", "rlimits", "dumpable", "descriptors", "parent death", BOTH_FILTERS)
ORDINARY, AS_ROOT = "ordinary user", "root"
Results = dict[str, dict[str, str]]


@dataclass
class Stage:
    """A zygote without some of its layers, and what attacks are played in."""

    zygote: Zygote
    scene: Scene

    sibling: Session

    def result(self, attack: Attack) -> str:
        """Say "ok" if the attack was stopped, "x" if it got hold of a secret, left a trace or ended someone else."""
        constants = self.scene.constants(neighbour=self.ask("folder"), sibling=self.ask("pid"))
        with self.zygote.session(attack.files("q2_argmax", constants), LIMITS) as session:
            outcome = session.run(Call(ModuleAttribute("q2_argmax", "attack"), (HIDDEN_INPUT,)))
        gained = any(canary in repr(outcome) for canary in (SECRET, HIDDEN_INPUT, SUCCEEDED))
        harmed = bool(self.scene.tidy()) or self.ask("pid") != constants["SIBLING"]
        return "x" if gained or harmed else "ok"

    def ask(self, name: str) -> Any:
        """Ask the sibling; one that was ended is replaced, and has another pid."""
        for _ in range(2):
            outcome = self.sibling.run(ModuleAttribute("honest", name))
            if isinstance(outcome, Value):
                return outcome.data
        raise SystemExit(f"the sibling does not answer: {outcome}")


def play(attacks: list[Attack], without: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each attack's name and result. One that takes the zygote down got through, and the rest get another."""
    left = list(attacks)
    while left:
        place = TemporaryDirectory(prefix="scene-")
        with place, Zygote(LIMITS, unsafe=True, without=without) as zygote:
            scene = set_up(Path(place.name))
            try:
                with zygote.session({"honest.py": HONEST}, Limits()) as sibling:
                    stage = Stage(zygote, scene, sibling)
                    while left:
                        attack = left.pop(0)
                        yield key(attack), stage.result(attack)
            except (SandboxFailed, ValueError):  # ValueError: it spoke in the zygote's place
                yield key(attack), "x"
            finally:
                scene.close()


def key(attack: Attack) -> str:
    return f"{attack.kind}: {attack.name}"


def measure(attacks: list[Attack], known: Results, results: Path | None) -> Results:
    """Return the results of every column that this user can measure: {column: {attack: result}}.

    What is `known` is not played again. They are written to `results`, if given, after each column.
    """
    user = AS_ROOT if is_root() else ORDINARY
    columns = {user: ()} | {f"{user} without {layer}": (layer,) for layer in LAYERS if is_root() or layer != "user"}
    found: Results = {}
    for column, without in columns.items():
        held = known.get(column, {})
        found[column] = held | dict(play([attack for attack in attacks if key(attack) not in held], without))
        if results:
            results.write_text(json.dumps(found))
        stopped = sum(result == "ok" for result in found[column].values())
        print(f"{column}: {stopped} of {len(attacks)} stopped", file=sys.stderr, flush=True)
    return found


def recorded(page: str) -> Results:
    """Read what the page says of earlier measurements, from its table and the comment above it."""
    block = page.partition(BEGIN)[2].partition(END)[0]
    data = block.partition("<!-- data ")[2].partition(" -->")[0]
    if not data:
        return {}
    compact: Mapping[str, list[str]] = json.loads(data)
    rows = [line.split(" | ")[0].removeprefix("| ") for line in block.splitlines() if line.startswith("| ")]
    stopped = dict.fromkeys((name for name in rows if ": " in name), "ok")
    return {column: stopped | dict.fromkeys(names, "x") for column, names in compact.items()}


def table(attacks: list[Attack], results: Results) -> str:
    """Return the block between the markers: the data, a line for each column, and a row for each attack."""
    names = [key(attack) for attack in attacks]
    through = {column: [name for name in names if held.get(name) == "x"] for column, held in sorted(results.items())}
    lines = [f"<!-- data {json.dumps(through)} -->", "", "| run as | attacks stopped |", "|---|---|"]
    lines += [f"| {column} | {len(names) - len(got)} of {len(names)} |" for column, got in through.items()]
    lines += ["", "| attack | root | ordinary user | stopped by |", "|---|---|---|---|"]
    lines += [row(name, through) for name in names]
    return "\n".join(lines)


def row(name: str, through: Mapping[str, list[str]]) -> str:
    users = [
        ("got through" if name in through[user] else "stopped") if user in through else "not measured"
        for user in (AS_ROOT, ORDINARY)
    ]
    alone = [
        column.partition(" without ")[2] for column, got in through.items() if " without " in column and name in got
    ]
    return f"| {name.replace('|', '/')} | {users[0]} | {users[1]} | {stopped_by(set(alone))} |"


def stopped_by(alone: set[str]) -> str:
    """Name the layers without which the attack got through."""
    if alone == {BOTH_FILTERS}:
        return "landlock or seccomp, each alone"
    return ", ".join(sorted(alone - {BOTH_FILTERS}, key=LAYERS.index)) or "several, or the design"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--results", type=Path, metavar="FILE", help="write what was found to FILE, not to the page")
    parser.add_argument("--new", action="store_true", help="play only what the page has no result for")
    parser.add_argument("--merge", type=Path, metavar="FILE", help="play nothing; put FILE's columns into the page")
    options = parser.parse_args()
    attacks = read_attacks()
    known = recorded(PAGE.read_text("utf-8")) if options.new else {}
    found = json.loads(options.merge.read_text()) if options.merge else measure(attacks, known, options.results)
    if options.results:
        return
    page = PAGE.read_text("utf-8")
    mine = {column.partition(" without ")[0] for column in found}
    kept = {column: held for column, held in recorded(page).items() if column.partition(" without ")[0] not in mine}
    before, _, rest = page.partition(BEGIN)
    block = table(attacks, kept | found)
    PAGE.write_text(f"{before}{BEGIN}\n{block}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
