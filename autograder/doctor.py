"""What this machine, for this user, gives to keep student code in."""

import platform
from dataclasses import dataclass

from autograder.sandbox.launcher import Zygote
from autograder.sandbox.limits.confine import is_root, lacking
from autograder.sandbox.limits.layer import Layer
from autograder.settings import Limits


@dataclass(frozen=True)
class Examination:
    """Every layer of one worker that was started to find out; `lacking` are those without which nothing is graded."""

    system: str
    root: bool
    layers: tuple[Layer, ...]
    lacking: tuple[Layer, ...]


def examine(limits: Limits) -> Examination:
    """Starts a worker that runs nothing, and asks it. Raises SandboxFailed if not even that can be done."""
    with Zygote(limits, unsafe=True) as zygote:
        layers = zygote.layers()
    system = f"{platform.system()} {platform.release()} on {platform.machine()}, Python {platform.python_version()}"
    return Examination(system, is_root(), layers, lacking(layers, root=is_root()))
