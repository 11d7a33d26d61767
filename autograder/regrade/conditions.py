"""What all steps of one run have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.regrade.dependencies import PartKey
from autograder.regrade.first_graders import Waiting
from autograder.regrade.store import Store
from autograder.scoring.course import Course
from autograder.scoring.late import LatePolicy
from autograder.settings import Limits

if TYPE_CHECKING:
    from autograder.regrade.export import Export


@dataclass(frozen=True)
class Conditions:
    """Under what a run grades: the parts' keys, the environment of student code, the digest of the reference, and the
    seed of the hidden inputs.
    """

    title: str
    keys: Mapping[str, PartKey]
    environment: str
    own: str
    late: LatePolicy | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Run:
    """One run. The export is opened when something of it has to be read. Graders may be `waiting` already."""

    store: Store
    conditions: Conditions
    course: Course
    export: "Callable[[], Export]"
    limits: Limits
    waiting: Waiting
