"""What is kept of a submission that is being judged: a mark for each part, with what a person may read of it."""

from dataclasses import dataclass, field

from autograder.checks.words import PERSON_MAY_READ
from autograder.regrade.encoding import pack_row
from autograder.regrade.groups.answer import pack_answer
from autograder.regrade.groups.observe import Observer
from autograder.regrade.recorded import RecordedSubmission
from autograder.regrade.store import Mark
from autograder.scoring.course import Course
from autograder.scoring.sheet import Row, ScoreSheet


@dataclass
class Noted:
    """Keeps, by part, the words that a person may read, and the answer by which the same ones are found."""

    recorded: RecordedSubmission
    observer: Observer
    words: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def row(self, row: Row) -> None:
        text = self.recorded.take_texts()
        if any(fact == PERSON_MAY_READ for _, fact in row.facts):
            self.words[row.number] = text
        self.answers[row.number] = self.answer(row, text)

    def answer(self, row: Row, text: str) -> str:
        """What is kept of the answer, packed."""
        return pack_answer(self.observer.answer(row, text))


def marks_of(sheet: ScoreSheet, course: Course, noted: Noted) -> tuple[Mark, ...]:
    """A mark for each row of the sheet."""
    ids = {test.id(): test.number for test in course.tests}
    traces = {ids.get(text.partition("\n")[0], ""): text for text in sheet.own_failures}
    return tuple(
        Mark(
            row.number,
            pack_row(row),
            traces.get(row.number, ""),
            noted.words.get(row.number, ""),
            noted.answers.get(row.number, ""),
        )
        for row in sheet.rows
    )


def formulas_of(course: Course) -> frozenset[tuple[str, str]]:
    """Where formulas stand, which no person need read: module and attribute."""
    return frozenset((part.module, part.attribute) for part in course.declarations.parts.values())
