"""The record of one layer, and what a layer needs to know."""

from collections.abc import Callable
from dataclasses import dataclass


class LayerUnavailable(Exception):
    """This machine or this user cannot have the layer; the message says why."""


@dataclass(frozen=True)
class Layer:
    """Whether a layer is on. `reason` is empty if it is."""

    name: str
    applied: bool
    reason: str = ""


@dataclass(frozen=True)
class Confinement:
    """What one worker may use. `user` and `group` are None where the process has no right to change them.

    `channel` is the only descriptor it keeps, besides `libraries`: handles on directories of the interpreter that its
    new user could not reach by their path. `readable` are handles on the only places that it may open files in, besides
    its own `folder`. `without` names layers to leave out, to find out what they are good for.
    """

    channel: int
    parent: int
    user: int | None
    group: int | None
    cpu_seconds: int
    memory_bytes: int
    open_files: int
    processes: int
    folder: str
    libraries: tuple[int, ...] = ()
    readable: tuple[int, ...] = ()
    without: tuple[str, ...] = ()


Step = Callable[[Confinement], None]


def attempt(name: str, step: Step, plan: Confinement) -> Layer:
    """Run one step and say how it went."""
    if name in plan.without:
        return Layer(name, False, "switched off")
    try:
        step(plan)
    except LayerUnavailable as unavailable:
        return Layer(name, False, str(unavailable))
    except (OSError, ValueError) as error:
        return Layer(name, False, f"the system refused: {error}")
    return Layer(name, True)
