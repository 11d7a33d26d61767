"""What all steps of one run have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.regrade.dependencies import PartKey
from autograder.regrade.judge_waiting import JudgeWaiting
from autograder.regrade.store import Store
from autograder.scoring.course import Course
from autograder.scoring.late import LatePolicy
from autograder.settings import Limits
from autograder.submission.model import Submission

if TYPE_CHECKING:
    from autograder.regrade.export import Export
    from autograder.regrade.first_graders import Waiting


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
class Early:
    """Children that were started before anybody knew what there is to do. There are graders in a first run."""

    graders: "Waiting | None"
    judge: JudgeWaiting


@dataclass(frozen=True)
class Run:
    """One run. The export is opened when something of it has to be read."""

    store: Store
    conditions: Conditions
    course: Course
    export: "Callable[[], Export]"
    limits: Limits
    early: Early


def own_digest(course: Course) -> str:
    """The digest of the reference as a submission: what it answers is stored like a student's."""
    return Submission("reference", course.reference or {}).digest
