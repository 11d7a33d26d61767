"""Answer groups for the terminal and for programs: who gave the same answer to a part, largest first."""

import json
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.reports.group_line import GroupLine
from autograder.reports.refusals import printable

SHOWN, READ = 400, 160  # characters of an answer, and of what is said of it, in the table
KIND_WORDS = {
    "formula": "",
    "unreadable": "could not be read",
    "words": "words, nearly the same",
    "values": "",
    "right": "code that does all that it should",
    "mistake": "code with a known mistake",
    "code": "code that does something else",
    "failed": "gave nothing to compare",
    "unanswered": "not answered",
}


def groups_as_json(lines: Sequence[GroupLine]) -> str:
    """A list of objects, largest group first."""
    shown = [
        {
            "group": line.group,
            "number": line.number,
            "count": line.count,
            "credit": line.credit,
            "earned": line.earned,
            "points": line.points,
            "status": line.status,
            "kind": line.kind,
            "answer": line.answer,
            "read_as": line.read_as,
            "feedback": line.feedback,
            "spellings": len(line.spellings),
            "graded_by_hand": line.graded_by_hand,
            "submission_ids": list(line.submission_ids),
        }
        for line in lines
    ]
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"


def render_groups(number: str, lines: Sequence[GroupLine]) -> RenderableType:
    """A table, and in a sentence what can be done with it."""
    if not lines:
        return Text(f"Nobody's answers to {number} are in this run.")
    table = Table(title=Text(f"{number}: {lines[0].title}"), title_justify="left", pad_edge=False, expand=True)
    table.add_column("group", no_wrap=True)
    table.add_column("students", justify="right", no_wrap=True)
    table.add_column("credit", justify="right", no_wrap=True)
    table.add_column("answer, as most wrote it", ratio=4)
    table.add_column("read as", ratio=3)
    table.add_column("what they read", ratio=4)
    for line in lines:
        table.add_row(
            line.group,
            str(line.count),
            f"{line.credit:g}",
            Text(_answer(line)),
            Text(printable(line.read_as)),
            Text(_brief(line.feedback)),
        )
    return Group(table, Text(_sum(lines), style="bold"))


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= READ else f"{line[: READ - 1]}…"


def _answer(line: GroupLine) -> str:
    words = KIND_WORDS[line.kind]
    text = "\n".join(printable(part) for part in line.answer[:SHOWN].split("\n"))
    others = len(line.spellings) - 1
    pieces = [text + "…" * (len(line.answer) > SHOWN), f"({words})" if words else ""]
    pieces.append(f"(in {others} other form{'s' * (others > 1)} too)" if others and line.kind == "formula" else "")
    pieces.append(f"({line.graded_by_hand} graded by a person)" if line.graded_by_hand else "")
    return "\n".join(piece for piece in pieces if piece)


def _sum(lines: Sequence[GroupLine]) -> str:
    number = lines[0].number
    count = sum(line.count for line in lines)
    return (
        f"{count} submissions in {len(lines)} groups. To decide for one: "
        f'groups RUN {number} --accept GROUP --credit 0.5 --note "what its students read"'
    )
