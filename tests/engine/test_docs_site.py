"""Who would miss it: whoever types a command from a page, or looks for a page that no other page names."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from autograder import suites
from autograder.answers.vocabulary import Form
from autograder.command_line import COMMANDS, parse
from autograder.scoring.homework import PART_KEYS

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PACKAGING = ROOT / "autograder" / "packaging"
AT_THE_TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "examples/README.md")]
PAGES = [*AT_THE_TOP, *DOCS, *sorted(PACKAGING.glob("*/README.md"))]
MAKEFILES = [ROOT / "Makefile", PACKAGING / "for_students" / "Makefile"]
COMMAND = re.compile(r"python -m autograder\b([^\n`]*)")
MAKE = re.compile(r"(?:^ {4}|`)make ([a-z-]+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
TREE = re.compile(r"```\{toctree\}(.*?)```", re.DOTALL)
SHELL = frozenset({"<", ">", "|", "&&"})


def words_of(line: str) -> list[str]:
    """The arguments of a command, without what the shell does with its output and without what is said beside it."""
    lexer = shlex.shlex(re.split(r"\s{2,}(?=[^'\"\s])", line.strip())[0], posix=True, punctuation_chars="<>|&")
    lexer.whitespace_split = True
    words = list(lexer)
    return words[: next((at for at, word in enumerate(words) if word in SHELL), len(words))]


def commands() -> Iterator[tuple[str, list[str]]]:
    for page in PAGES:
        for found in COMMAND.finditer(page.read_text(encoding="utf-8")):
            yield page.name, words_of(found[1])


def exit_code(words: list[str]) -> object:
    """How parsing ends: --help and a refusal end the program."""
    try:
        parse(words)
    except SystemExit as stopped:
        return stopped.code
    return 0


@pytest.mark.parametrize(
    ("page", "words"), list(commands()), ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_a_command_on_a_page_is_one_that_the_command_line_takes(page: str, words: list[str]) -> None:
    if words[:1] and words[0] in COMMANDS and len(words) == 1:
        return  # the command is only named
    assert exit_code(words) == 0, page


def test_every_command_is_shown_on_some_page() -> None:
    shown = {words[0] for _, words in commands() if words}
    assert [name for name in COMMANDS if name not in shown] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_a_commands_help_is_taken(name: str) -> None:
    assert parse(shlex.split(COMMANDS[name].example.partition(" > ")[0])[3:]).name == name


def test_a_make_target_on_a_page_is_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in MAKEFILES]
    targets = {
        target
        for text in texts
        for line in re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
        for target in line.split()
    }
    named = {(page.name, target) for page in PAGES for target in MAKE.findall(page.read_text(encoding="utf-8"))}
    assert [(page, target) for page, target in sorted(named) if target not in targets] == []


def test_the_navigation_names_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    named = [line for tree in TREE.findall(index) for line in tree.splitlines() if line and not line.startswith(":")]
    assert sorted([*named, "index"]) == sorted(page.stem for page in DOCS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_to_a_file_leads_to_one(page: Path) -> None:
    links = [link for link, _ in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_authors_are_told_every_form_every_key_and_everything_to_import() -> None:
    page = (ROOT / "docs" / "new-homework.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert {*get_args(Form), *PART_KEYS} - {"answer", "form"} <= told
    described = suites.__doc__ or ""
    assert [name for name in suites.__all__ if name not in re.findall(r"\w+", described)] == []


def test_what_authors_are_shown_to_import_is_there() -> None:
    page = (ROOT / "docs" / "new-homework.md").read_text(encoding="utf-8")
    names = [
        name.strip() for line in re.findall(r"from autograder\.suites import (.*)", page) for name in line.split(",")
    ]
    assert names
    assert set(names) <= set(suites.__all__)


@pytest.mark.parametrize("homework", [ROOT / "examples" / "homeworks" / "optimizers", PACKAGING / "new_homework_files"])
def test_suites_of_a_homework_import_from_the_engine_only_what_is_meant_for_them(homework: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (homework / "tests").rglob("*.py")]
    imported = {
        name for text in texts for name in re.findall(r"^(?:from|import) (autograder[.\w]*)", text, re.MULTILINE)
    }
    assert imported == {"autograder.suites"}
