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

    def refuse(self, reason: str, *, within: str = "", key: str = "") -> HomeworkInvalid:
        """The error to raise: `within` is a table's dotted header as written, `key` a key below it."""
        line = line_of(self.text, within, key)
        return HomeworkInvalid(f"{self.path.name}, line {line}: {reason}")


def load_toml(path: Path) -> TomlSource:
    try:
        text = path.read_text(encoding="utf-8")
        return TomlSource(path, text, tomllib.loads(text))
    except FileNotFoundError:
        raise HomeworkInvalid(f"{path} is missing; a homework needs it (see --homework)") from None
    except UnicodeDecodeError as error:
        raise HomeworkInvalid(f"{path.name} is not UTF-8 text ({error.reason} at byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise HomeworkInvalid(f"{path.name} is not valid TOML: {error}") from None


def line_of(text: str, within: str, key: str) -> int:
    """The line, counted from 1, of `key` in the table whose header is `within`; the header's own line without a key."""
    lines = text.splitlines()
    start = _first(lines, 0, rf"\s*\[\[?\s*{re.escape(within)}\s*\]?\]") if within else 0
    if not key:
        return start + 1
    found = _first(lines, start, rf"\s*\"?{re.escape(key)}\"?\s*=")
    return max(found, start) + 1


def _first(lines: list[str], start: int, pattern: str) -> int:
    matcher = re.compile(pattern)
    return next((number for number in range(start, len(lines)) if matcher.match(lines[number])), 0)


def unknown_keys(table: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return sorted(set(table) - set(known))
