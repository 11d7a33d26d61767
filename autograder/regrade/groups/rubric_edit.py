"""Writes one alternative into a rubric file: everything else in it, comments and order too, stays as it is."""

import re
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT
from tomlkit.toml_document import TOMLDocument

from autograder.errors import HomeworkInvalid

HEADER = re.compile(r"\s*\[")
Entry = Mapping[str, Any]


def with_alternative(text: str, number: str, entry: Entry, replaces: int | None = None) -> str:
    """The rubric's text with `entry` as a further alternative of the part, or in the place of one that it has."""
    document = tomlkit.parse(text)
    if replaces is None:
        return _inserted(text, document, number, entry)
    own = document["parts"][number]["accept"][replaces]
    for key, value in entry.items():
        own[key] = value
    return tomlkit.dumps(document)


def written(number: str, entry: Entry) -> str:
    """The entry as it stands in the file."""
    table = tomlkit.table()
    for key, value in entry.items():
        table.add(key, _inline(value) if isinstance(value, Mapping) else value)
    return f"[[parts.{_quoted(number)}.accept]]\n{table.as_string()}"


def _inline(value: Mapping[str, Any]) -> tomlkit.items.InlineTable:
    table = tomlkit.inline_table()
    table.update(value)
    return table


def _quoted(number: str) -> str:
    return tomlkit.item(number).as_string()


def _inserted(text: str, document: TOMLDocument, number: str, entry: Entry) -> str:
    """The entry below the last line of the part, before the comments that lead to what follows."""
    lines = text.splitlines(keepends=True)
    place = _end_of(lines, number)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    piece = ending + written(number, entry).replace("\n", ending)
    found = "".join([*lines[:place], piece, *lines[place:]])
    if place == 0 or not _is_right(document, found, number, entry):
        raise HomeworkInvalid(
            f"part {number} is not written in rubric.toml as a table of its own; add the alternative by hand:\n{piece}"
        )
    return found


def _end_of(lines: list[str], number: str) -> int:
    """Behind the last line of the part's tables; 0 if it has none."""
    own = re.compile(rf"\s*\[\[?\s*parts\s*\.\s*(?:{re.escape(_quoted(number))}|'{re.escape(number)}')\s*[\].]")
    headers = [at for at, line in enumerate(lines) if own.match(line)]
    if not headers:
        return 0
    end = next((at for at in range(headers[-1] + 1, len(lines)) if HEADER.match(lines[at])), len(lines))
    while end > headers[-1] + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _is_right(before: TOMLDocument, text: str, number: str, entry: Entry) -> bool:
    """Whether the new text says what the old one did and the entry, and nothing else."""
    wanted = before.unwrap()
    part = wanted["parts"][number]
    part["accept"] = [*part.get("accept", ()), dict(entry)]
    try:
        return bool(tomlkit.parse(text).unwrap() == wanted)
    except tomlkit.exceptions.ParseError:
        return False


def alternatives(text: str, number: str) -> list[dict[str, Any]]:
    """The part's alternatives as they stand in the file."""
    accept = tomlkit.parse(text)["parts"][number].get("accept", [])
    return [dict(entry) for entry in (accept.unwrap() if isinstance(accept, AoT) else accept)]
