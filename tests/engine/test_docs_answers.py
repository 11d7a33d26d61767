"""What docs/answers.md and docs/judging.md show is what the program does: every table row and every command."""

import re
import shlex
from pathlib import Path

import pytest

from autograder.answers.reading import Refusal
from autograder.cli import main
from autograder.scoring.homework import Declarations, load_declarations
from autograder.scoring.reading import read_answer
from autograder.scoring.trial import trial
from autograder.settings import Homework

ROOT = Path(__file__).resolve().parents[2]
PAGE, FOR_STAFF = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("answers.md", "judging.md"))
HEADER = re.compile(r"\| in (\S+) you write \| and it is read as \|")
CELL = re.compile(r"`((?:[^`])+)`")


def table_rows() -> list[tuple[str, str, str]]:
    r"""Part, what is written, what it is read as; `\|` stands for a bar inside a table."""
    rows, part = [], ""
    for line in PAGE.splitlines():
        header = HEADER.fullmatch(line)
        if header:
            part = header[1]
        elif not line.startswith("|"):
            part = ""
        elif part and not line.startswith("| ---"):
            written, read_as = CELL.findall(line.replace(r"\|", "|"))
            rows.append((part, written, read_as))
    return rows


def commands(page: str) -> list[tuple[list[str], str]]:
    """The arguments of each command that is shown, and the output below it."""
    shown: list[tuple[list[str], str]] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for text in block.removeprefix("$ ").split("\n$ "):
            command, _, output = text.partition("\n")
            shown.append((shlex.split(command)[3:], output.rstrip("\n")))
    return shown


@pytest.fixture(scope="module")
def declarations() -> Declarations:
    return load_declarations(Homework(ROOT))


@pytest.mark.parametrize(("part", "written", "read_as"), table_rows())
def test_a_row_of_the_page_is_read_as_it_says(
    part: str, written: str, read_as: str, declarations: Declarations
) -> None:
    read = read_answer(written, declarations.part(part).vocabulary)
    assert not isinstance(read, Refusal), read
    assert read.read_as == read_as


@pytest.mark.parametrize(("arguments", "output"), [*commands(PAGE), *commands(FOR_STAFF)])
def test_a_command_on_the_page_prints_what_is_shown(
    arguments: list[str], output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(arguments)
    printed = capsys.readouterr()
    assert (printed.out or printed.err).rstrip("\n") == output
    assert code == (2 if printed.err else 3 if ": undecided, " in output else 0)


def test_the_page_has_tables_and_refusals() -> None:
    assert len(table_rows()) > 60
    assert sum(output.startswith("autograder: ") for _, output in commands(PAGE)) > 10


@pytest.mark.parametrize("part", sorted({part for part, _, _ in table_rows()}))
def test_no_example_is_an_answer_of_the_homework(part: str) -> None:
    examples = [written for own, written, _ in table_rows() if own == part]
    credited = [tried.answer for tried in trial(Homework(ROOT), part, examples, json_in=False) if tried.verdict.credit]
    assert credited == []
