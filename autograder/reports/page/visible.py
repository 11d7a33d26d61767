"""Text as a page may show it: what could turn, hide or pile up letters is shown as what it is."""

import re
import unicodedata

KEPT = "\n\t"
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Letters to Unicode, and nothing to the eye.
BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0"
MARKS = 4  # combining marks in a row that are shown; no writing system needs more
PILED = re.compile(
    rf"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MARKS + 1},}})"
)


def visible(text: str) -> str:
    """The text with control, direction and invisible characters as pictures or as their numbers."""
    return "".join(map(_shown, PILED.sub(_cut, text)))


def _shown(character: str) -> str:
    if character in KEPT or (character not in BLANK_LETTERS and unicodedata.category(character) not in HIDDEN):
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's pictures of control characters
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def _cut(pile: re.Match[str]) -> str:
    return f"{pile[0][:MARKS]}⟨and {len(pile[0]) - MARKS} more marks⟩"
