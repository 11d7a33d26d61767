"""TOML that knows its places, so that a refusal can name the file, the line and the reason."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import HomeworkInvalid


@dataclass(frozen=True)
class TomlSource:
    """A TOML file that was read whole. `table` is its content, `text` its lines for naming a place."""

    path: Path
    text: str
    table: Mapping[str, Any]

    def refuse(self, reason: str, *, within: str = "", nth: int = 0, key: str = "") -> HomeworkInvalid:
        """The error to raise: `within` is a table's dotted header, `nth` its place among those with the same header,
        from 0, and `key` a key below it.
        """
        return HomeworkInvalid(f"{self.path.name}, line {line_of(self.text, within, key, nth)}: {reason}")


@dataclass(frozen=True)
class TomlTable:
    """One table of a TOML file. What it holds is asked for by kind, and refused with its line if it is of another."""

    source: TomlSource
    content: Mapping[str, Any]
    header: str = ""
    nth: int = 0

    def refuse(self, reason: str, key: str = "") -> HomeworkInvalid:
        return self.source.refuse(reason, within=self.header, nth=self.nth, key=key)

    def below(self, key: str) -> "TomlTable":
        """The table under a key; an empty one if it is not there."""
        header = f"{self.header}.{key}" if self.header else key
        return TomlTable(self.source, self.pairs(key), header)

    def optional_text(self, key: str, otherwise: str = "") -> str:
        """A text, or `otherwise` if there is nothing."""
        value = self.content.get(key, otherwise)
        if not isinstance(value, str):
            raise self.refuse(f"{key} should be a text, not {value!r}", key)
        return value

    def knows_only(self, keys: Iterable[str]) -> None:
        """Refuses a key that means nothing here: it is misspelt."""
        strangers = unknown_keys(self.content, keys)
        if strangers:
            raise self.refuse(f"unknown key {strangers[0]}; known are {', '.join(keys)}", strangers[0])

    def text(self, key: str) -> str:
        """A text that is there and not empty."""
        value = self.content.get(key)
        if value is None:
            raise self.refuse(f"{key} is missing")
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f'{key} should be a text, such as {key} = "1"', key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an empty one if it is not there."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refuse(f"{key} should be a list of texts", key)
        return tuple(value)

    def pairs(self, key: str) -> Mapping[str, Any]:
        """A table of names and values, `{ name = value }`; an empty one if it is not there."""
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(f"{key} should be a table such as {{ name = ... }}", key)
        return value

    def tables(self, key: str) -> tuple["TomlTable", ...]:
        """The tables `[[key]]` in order."""
        found = self.content.get(key, [])
        header = f"{self.header}.{key}" if self.header else key
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self.refuse(f"{key} is a list of tables, each written [[{header}]]", key)
        return tuple(TomlTable(self.source, item, header, nth) for nth, item in enumerate(found))

    def named_tables(self, key: str) -> Mapping[str, "TomlTable"]:
        """The tables `[key."name"]` by name."""
        found = self.pairs(key)
        for name, item in found.items():
            if not isinstance(item, dict):
                raise self.refuse(f'{key}."{name}" is a table, written [{key}."{name}"]', key)
        return {name: TomlTable(self.source, item, f'{key}."{name}"') for name, item in found.items()}


def load_toml(path: Path) -> TomlSource:
    try:
        return parse_toml(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HomeworkInvalid(f"{path} is missing; a homework needs it (see --homework)") from None
    except UnicodeDecodeError as error:
        raise HomeworkInvalid(f"{path.name} is not UTF-8 text ({error.reason} at byte {error.start})") from None


def parse_toml(path: Path, text: str) -> TomlSource:
    """The text as if it stood in the file."""
    try:
        return TomlSource(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise HomeworkInvalid(f"{path.name} is not valid TOML: {error}") from None


def line_of(text: str, within: str, key: str, nth: int = 0) -> int:
    """The line, counted from 1, of `key` in the table whose header is `within`; the header's own line without a key."""
    lines = text.splitlines()
    start, end = 0, len(lines)
    if within:
        headers = _all(lines, rf"\s*\[\[?\s*{_quotable(within)}\s*\]?\]")
        start = headers[min(nth, len(headers) - 1)] if headers else 0
        end = next((at for at in _all(lines, r"\s*\[") if at > start), end)
    if not key:
        return start + 1
    places = _all(lines[:end], rf"\s*\[*{_quotable(key)}\s*[\]=.]")
    return next((at for at in places if at >= start), start) + 1


def _quotable(name: str) -> str:
    """A pattern for a name, whose quotation marks may be left out or be of the other kind."""
    return re.escape(name).replace('"', "[\"']?") if '"' in name else rf"[\"']?{re.escape(name)}[\"']?"


def _all(lines: list[str], pattern: str) -> list[int]:
    matcher = re.compile(pattern)
    return [number for number, line in enumerate(lines) if matcher.match(line)]


def unknown_keys(table: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return sorted(set(table) - set(known))
