"""What a student's code is compared with the reference on."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """Inputs of one comparison. `label` is shown to the student: it names the kind of input, never its values."""

    label: str
    inputs: tuple[Any, ...]
