"""What what is kept is judged from."""

from dataclasses import dataclass
from pathlib import Path

from autograder.regrade.store import StoredOutcome
from autograder.scoring.course import Course
from autograder.settings import Limits


@dataclass(frozen=True)
class Material:
    """What children judge from: the store of the folder `run`, and the export. `own` is what the reference answered."""

    course: Course
    run: Path
    export: Path
    environment: str
    own: tuple[StoredOutcome, ...]
    limits: Limits
