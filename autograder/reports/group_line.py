"""One group of answers, as every report shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GroupLine:
    """One group as it is shown. `credit` is the share, 0 to 1, that the program gives; points belong to the part.

    `rule` says whether a rule of the rubric can speak of it; `feedback` is what its students read.
    """

    group: str
    number: str
    title: str
    count: int
    credit: float
    earned: float
    points: float
    status: str
    kind: str
    answer: str
    read_as: str
    feedback: str
    spellings: tuple[tuple[str, int], ...]
    submission_ids: tuple[str, ...]
    graded_by_hand: int = 0
    rule: bool = False
