"""The sheet that a person fills in: one row a text that counts by its completeness, similar texts together."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.regrade.encoding import unpack_row
from autograder.regrade.manual import COLUMNS
from autograder.regrade.store import Store
from autograder.reports.numbers import number
from autograder.reports.spreadsheet import no_formula

FURTHER = ("provisional", "points", "similar_to", "text")
NEAR = 0.6  # share of the words of both that are common to both


@dataclass(frozen=True)
class Text:
    """What one submission wrote for one part, and what the program gave for it."""

    submission_id: str
    number: str
    provisional: str
    points: str
    text: str


def sheet_csv(store: Store) -> str:
    """The CSV: the columns of --manual first, their scores open or as they were given."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *FURTHER])
    given, texts = store.manual(), list(_texts(store))
    for part in dict.fromkeys(text.number for text in texts):
        for text, similar in near_together([text for text in texts if text.number == part]):
            grade = given.get((text.submission_id, part))
            filled = (grade.score, grade.comment) if grade else ("", "")
            writer.writerow(
                [text.submission_id, part, *filled, text.provisional, text.points, similar, no_formula(text.text)]
            )
    return file.getvalue()


def _texts(store: Store) -> Iterator[Text]:
    keys: dict[str, dict[str, str]] = {}
    for line in store.scores():
        keys.setdefault(line.submission_id, {})[line.number] = line.key
    for submission_id, key, body, words in store.words():
        row = unpack_row(body)
        if keys.get(submission_id, {}).get(row.number) == key:
            points = f"{number(row.points)}" if row.points is not None else ""
            yield Text(submission_id, row.number, f"{number(row.earned)}", points, words)


def near_together(texts: Sequence[Text]) -> Iterator[tuple[Text, str]]:
    """Texts group by group, the largest first; each with the submission whose text it is like, "" for the first."""
    groups: list[tuple[frozenset[str], list[Text]]] = []
    for text in texts:
        words = frozenset(re.findall(r"\w+", text.text.casefold()))
        group = next((members for leader, members in groups if _are_near(leader, words)), None)
        if group is None:
            groups.append((words, [text]))
        else:
            group.append(text)
    for _, members in sorted(groups, key=lambda group: -len(group[1])):
        for text in members:
            yield text, "" if text is members[0] else members[0].submission_id


def _are_near(left: frozenset[str], right: frozenset[str]) -> bool:
    both = len(left | right)
    return both == 0 or len(left & right) / both >= NEAR
