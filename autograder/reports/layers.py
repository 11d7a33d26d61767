"""Renders what this machine gives to keep student code in: each layer in plain words, and what its absence means."""

import json
from typing import TYPE_CHECKING, Any

from autograder.sandbox.limits.layer import Layer

if TYPE_CHECKING:
    from rich.console import RenderableType

# What each layer does, and what is lost without it.
MEANINGS = {
    "descriptors": ("nothing that the grader has open is passed on", "student code could use what the grader has open"),
    "rlimits": ("time, memory, files and processes are bounded", "one submission could use up this machine"),
    "user": (
        "each worker is a user of its own",
        "student code runs as the user who grades, apart by other layers only",
    ),
    "dumpable": ("no one may look into a worker", "another process of the same user could look into a worker"),
    "parent death": ("workers end with the grader", "a worker could live on if the grader is killed"),
    "no new privileges": ("no program gives rights back", "a program with special rights could give rights back"),
    "landlock": (
        "only the libraries and the submission can be read",
        "student code could read every file that its user can, but still not write one where seccomp is on",
    ),
    "seccomp": (
        "no network, no new programs, no writing, no signals to others",
        "student code could use the network and start programs",
    ),
    "libraries": (
        "Python and its libraries can be read",
        "honest code fails, because a worker cannot read its libraries",
    ),
}
ALL_THERE = "Every layer is on: student code can be run here."
REFUSED = (
    "Student code is not run here: {names} must be on. --unsafe runs it nevertheless, and says so on every result."
)
FOR_YOURSELF = (
    "Good enough for grading what you trust, your own work for instance. For the work of others, grade as root in a"
    " container, where each worker gets a user of its own."
)
SOME_MISSING = "Student code can be run here, with less between it and this machine than there could be: see above."


def layers_as_json(layers: tuple[Layer, ...], lacking: tuple[Layer, ...], *, root: bool, system: str) -> str:
    """The same for a program."""
    shown: dict[str, Any] = {
        "system": system,
        "root": root,
        "runs_student_code": not lacking,
        "lacking": [layer.name for layer in lacking],
        "layers": [
            {"name": layer.name, "applied": layer.applied, "reason": layer.reason, "means": meaning(layer)}
            for layer in layers
        ],
    }
    return json.dumps(shown, indent=2) + "\n"


def render_layers(
    layers: tuple[Layer, ...], lacking: tuple[Layer, ...], *, root: bool, system: str
) -> "RenderableType":
    """A table, and what follows from it in a sentence."""
    from rich.console import Group  # reports on a class show the meanings, and no table
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(f"{system}, as {'root' if root else 'an ordinary user'}"), title_justify="left")
    table.add_column("layer", no_wrap=True)
    table.add_column("on", no_wrap=True)
    table.add_column("what it means")
    for layer in layers:
        reason = f" ({layer.reason})" if layer.reason else ""
        sign = Text("yes", "green") if layer.applied else Text("no", "bold red" if layer in lacking else "yellow")
        table.add_row(layer.name, sign, Text(meaning(layer) + reason))
    return Group(table, Text(conclusion(layers, lacking, root=root), style="bold"))


def meaning(layer: Layer) -> str:
    """What the layer does, or what is lost without it."""
    with_it, without_it = MEANINGS[layer.name]
    return with_it if layer.applied else without_it


def conclusion(layers: tuple[Layer, ...], lacking: tuple[Layer, ...], *, root: bool) -> str:
    """What follows for grading on this machine, as this user."""
    if lacking:
        return REFUSED.format(names=", ".join(layer.name for layer in lacking))
    if all(layer.applied for layer in layers):
        return ALL_THERE
    return SOME_MISSING if root else FOR_YOURSELF
