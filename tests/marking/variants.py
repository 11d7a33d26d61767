"""What a case of the bank is: a submission with one module written otherwise, and what that earns.

Bases are the template with its blanks filled in, as most students hand it in. `edited` replaces texts that must be
there, so a case cannot go stale unseen.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.marking.bench import ROOT

Edit = tuple[str, str]
TEMPLATES = {
    name: (ROOT / "student_template" / f"{name}.py").read_text()
    for name in ("q2_argmax", "q3_multihead", "q4_decoding", "q6_linear")
}
FULL = None  # in place of points: all that the part is worth


@dataclass(frozen=True)
class Variant:
    """One module's text, and for each part that is looked at its points (FULL: all) and words of the message."""

    name: str
    module: str
    text: str
    expected: Mapping[str, tuple[float | None, str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)  # further ones

    @property
    def id(self) -> str:
        return f"{self.module[:2]}: {self.name}"

    @property
    def is_right(self) -> bool:
        return all(points is FULL for points, _ in self.expected.values())


def edited(text: str, *edits: Edit) -> str:
    """The text with each first occurrence replaced."""
    for old, new in edits:
        assert old in text, f"nothing to replace: {old}"
        text = text.replace(old, new, 1)
    return text


def right(name: str, module: str, text: str, *parts: str) -> Variant:
    return Variant(name, module, text, dict.fromkeys(parts, (FULL, "")))


def block(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"
