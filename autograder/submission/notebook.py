"""The Python code of a Jupyter notebook (JSON, nbformat 3 or 4) that was handed in for a module. Nothing runs."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_JSON_VALUES = 500_000  # each takes some 100 bytes when it is read
HARMLESS_CELL_MAGIC = re.compile(r"%%(?:time|timeit|capture|prun)\b")
COMMAND = re.compile(r"%|\s*!\s*[\w./]|\?+[\w.]+\s*$|[\w.]+\?+\s*$")
# In a module: a cell that was pasted, and what a notebook's export makes of its commands.
PASTED = re.compile(rb"^(?=%{1,2}[a-z]\w*\b(?!\()|![a-z./])", re.MULTILINE)
EXPORTED = re.compile(rb"^([ \t]*)(?=get_ipython\(\)\.\w+\(.*\)[ \t]*\r?$)", re.MULTILINE)


@dataclass(frozen=True)
class NotebookCode:
    """The code cells in order, one text. `left_out` counts the lines that were commands to the notebook."""

    source: str
    left_out: int


def code_of_notebook(data: bytes) -> NotebookCode | None:
    """Join a notebook's code cells; None if the bytes are no notebook. Commands (`%pip`, `!ls`) become comments."""
    if sum(data.count(sign) for sign in (b"[", b"{", b",")) > MOST_JSON_VALUES:
        return None
    try:
        content = json.loads(data)
        lines = [line for cell in _code_cells(content) for line in (*_cell_lines(cell), "")]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    kept = [f"# {line}" if _is_command(line) else line for line in lines]
    return NotebookCode("\n".join(kept), sum(map(_is_command, lines)))


def without_commands(data: bytes) -> tuple[bytes, int]:
    """A module's text with the commands to a notebook in it made comments, and their number. No line moves."""
    data, pasted = PASTED.subn(rb"# ", data)
    data, exported = EXPORTED.subn(rb"\1pass  # ", data)
    return data, pasted + exported


def _code_cells(content: Any) -> Iterator[str]:
    sheets = content.get("worksheets", [content])
    for sheet in sheets:
        for cell in sheet["cells"]:
            if cell["cell_type"] == "code":
                source = cell["source"] if "source" in cell else cell["input"]
                yield source if isinstance(source, str) else "".join(source)


def _cell_lines(source: str) -> list[str]:
    """Return a cell's lines; each line of a cell in another language becomes a command."""
    lines = source.splitlines()
    if lines and lines[0].startswith("%%") and not HARMLESS_CELL_MAGIC.match(lines[0]):
        return [f"%{line}" if not line.startswith("%") else line for line in lines]
    return lines


def _is_command(line: str) -> bool:
    return COMMAND.match(line) is not None
