"""The order of the layers. READ THIS FIRST: `confine` is all that stands between student code and the machine."""

import os

from autograder.sandbox.limits import descriptors, identity, landlock, resources, seccomp, syscalls
from autograder.sandbox.limits.layer import Confinement, Layer, LayerUnavailable, Step, attempt

STEPS: tuple[tuple[str, Step], ...] = (
    ("descriptors", descriptors.close_descriptors),
    ("rlimits", resources.limit_resources),
    ("user", identity.change_user),
    ("dumpable", identity.refuse_inspection),
    ("parent death", identity.die_with_parent),
    ("no new privileges", identity.renounce_privileges),
    ("landlock", landlock.restrict_files),
)
REQUIRED = ("descriptors", "rlimits", "libraries")
REQUIRED_OF_ROOT = (*REQUIRED, "user", "seccomp")


def prepare() -> None:
    """Do once, in the zygote, what need not be done again in each worker."""
    try:
        machine = syscalls.machine()
    except LayerUnavailable:
        return
    identity.empty_bounding_set()
    for restricted in (True, False):
        seccomp.prepared(machine, restricted)


def confine(plan: Confinement) -> tuple[Layer, ...]:
    """Apply every layer to this process, in order, and say how each went. There is no way back.

    Seccomp comes last, and is stricter about files if Landlock could not be had.
    """
    layers = [attempt(name, step, plan) for name, step in STEPS]
    descriptors.close_handles(plan)
    restricted = layers[-1].applied
    layers.append(attempt("seccomp", lambda _: seccomp.filter_calls(files_are_restricted=restricted), plan))
    return tuple(layers)


def lacking(layers: tuple[Layer, ...], *, root: bool) -> tuple[Layer, ...]:
    """Return the layers without which student code must not be run."""
    required = REQUIRED_OF_ROOT if root else REQUIRED
    return tuple(layer for layer in layers if layer.name in required and not layer.applied)


def is_root() -> bool:
    """Whether this process has the rights, and the dangers, of root."""
    return os.geteuid() == 0
