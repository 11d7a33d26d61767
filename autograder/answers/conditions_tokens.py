"""The words and signs of a condition, in plain text, LaTeX or Unicode, each with its place in the student's text."""

import re
from dataclasses import dataclass
from fractions import Fraction

from autograder.answers import characters as ch
from autograder.answers import latex
from autograder.answers.bounds import BOUNDS
from autograder.answers.reading import CannotRead


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, number, sign or end. Words are in lower case, single letters as they were written."""

    kind: str
    text: str
    start: int
    end: int
    value: Fraction | None = None


SIGNS = {
    "<=": "≤", "=<": "≤", ">=": "≥", "=>": "⇒", "!=": "≠", "<>": "≠", "=/=": "≠", "/=": "≠", "~=": "≠", "==": "=",
    "->": "→", "&&": "and", "&": "and", "∧": "and", "∨": "or", "¬": "not", "∑": "∑", "Σ": "∑", "↦": "→", "⟶": "→",
    "⩾": "≥", "⩽": "≤", "≧": "≥", "≦": "≤", "⟹": "⇒", "ϵ": "epsilon", "＞": ">", "＜": "<", "（": "(", "）": ")",
    "‖": "|", "∣": "|", "||": "|", "ℝ": "R",
    **{sign: sign for sign in "∀∃∈∞→∖≥≤≠×⇒"},
}  # fmt: skip
COMMANDS = {
    "forall": "∀", "exists": "∃", "sum": "∑", "infty": "∞", "land": "and", "wedge": "and", "lor": "or", "vee": "or",
    "neg": "not", "lnot": "not", "mapsto": "→", "longrightarrow": "→", "setminus": "∖", "backslash": "∖", "_": "_",
    "{": "{", "}": "}", "colon": ":", "|": "|", "&": "and", "cdot": "·",
    **dict.fromkeys(latex.BARS, "|"), **latex.RELATIONS,
}  # fmt: skip
WORDS_FROM_SIGNS = frozenset({"and", "or", "not", "epsilon", "R"})
PLAIN_SIGNS = frozenset("()[]{}|,;:.^_=<>+-*/·'\"")
DROPPED = frozenset('$`~"“”')
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]-?[0-9]{1,2}(?![0-9A-Za-z]))?")
_DOTS = re.compile(r"\.\.\.+|\.\.(?=\s*[A-Za-z0-9])|…|⋯")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+|[-‐‑][A-Za-z]{2,})*")
_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_LONG_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True)))
_NOT_COMMAND = re.compile(r"\s*(=|<|>|\\(?:leq?|geq?)(?![a-z]))")
_NEGATED = {"=": "≠", "<": "≥", ">": "≤", "\\le": ">", "\\leq": ">", "\\ge": "<", "\\geq": "<"}


class ConditionTokenizer:
    """Walks over one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tokens: list[Token] = []
        self._unseen: set[int] = set()  # closing braces of fonts

    def run(self) -> list[Token]:
        """All tokens, the last of kind "end"; raises CannotRead for what belongs to no condition."""
        while self.at < len(self.text):
            self._step()
            if len(self.tokens) > BOUNDS.tokens:
                raise CannotRead("too_many_symbols", self.at, limit=BOUNDS.tokens)
        self._emit("end", "", 0)
        return self.tokens

    def _emit(self, kind: str, text: str, length: int, value: Fraction | None = None) -> None:
        kind = "word" if text in WORDS_FROM_SIGNS else kind
        self.tokens.append(Token(kind, text, self.at, self.at + length, value))
        self.at += length

    def _step(self) -> None:
        character = self.text[self.at]
        if self.at in self._unseen or character in DROPPED or ch.is_space(character):
            self.at += 1
        elif character == "\\":
            self._command()
        elif character in ch.RAISED or character in ch.LOWERED:
            self._raised_or_lowered(character)
        elif not (self._number() or self._word_or_sign()):
            self._letter(character)

    def _number(self) -> bool:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            return False
        mantissa, _, exponent = match[0].lower().partition("e")
        if len(mantissa) + abs(int(exponent or 0)) > BOUNDS.digits:
            raise CannotRead("number_too_long", self.at, match.end(), limit=BOUNDS.digits)
        self._emit("number", match[0], len(match[0]), Fraction(match[0]))
        return True

    def _word_or_sign(self) -> bool:
        for pattern in (_DOTS, _WORD, _LONG_SIGN):
            match = pattern.match(self.text, self.at)
            if match:
                found = match[0]
                text = "..." if pattern is _DOTS else _plain_word(found) if pattern is _WORD else SIGNS[found]
                self._emit("word" if pattern is _WORD else "sign", text, len(found))
                return True
        sign = ch.OPERATORS.get(self.text[self.at], self.text[self.at])
        if sign in PLAIN_SIGNS:
            self._emit("sign", sign, 1)
        return sign in PLAIN_SIGNS

    def _letter(self, character: str) -> None:
        """A letter of another alphabet or style; anything else is refused by its name."""
        end = self.at
        run = ""
        while end < len(self.text) and (plain := ch.folded(self.text[end])) is not None and plain.isalpha():
            run += ch.GREEK.get(plain, plain)
            end += 1
        if run:
            self._emit("word", _plain_word(run), end - self.at)
            return
        kind = "placeholder" if character == "?" else ch.refusal_kind(character)
        if kind == "unknown_character":  # the grammar refuses it, unless it stands in an example
            self._emit("sign", character, 1)
            return
        about = {"name": ch.official_name(character), "resembles": ch.resembles(character)}
        raise CannotRead(kind, self.at, self.at + 1, **about)

    def _raised_or_lowered(self, character: str) -> None:
        raised = character in ch.RAISED
        plain = (ch.RAISED if raised else ch.LOWERED)[character]
        self._emit("sign", "^" if raised else "_", 0)
        kind = "number" if plain.isdigit() else "word" if plain.isalpha() else "sign"
        self._emit(kind, plain, 1, Fraction(plain) if plain.isdigit() else None)

    def _command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        if match is None:
            raise CannotRead("stray_backslash", self.at, self.at + 1)
        name, length = match[1], len(match[0])
        if name == " " and self.text[self.at + length :].lstrip().startswith(("{", "\\{")):
            self._emit("sign", "∖", length)  # `R \ {0}`: a space in LaTeX, but here it takes something away
        elif name in latex.SPACES or name in latex.IGNORED or name in ("left", "right", "(", ")", "[", "]"):
            self.at += length
        elif name in latex.FONTS:
            self._font(length)
        elif name == "not":
            self._negated(length)
        elif name in COMMANDS:
            self._emit("sign", COMMANDS[name], length)
        elif name in latex.GREEK:
            self._emit("word", latex.GREEK[name], length)
        elif name in latex.DOTS or name in latex.OPERATORS:
            self._emit("sign", latex.OPERATORS.get(name, "..."), length)
        else:
            self._emit("sign", "\\" + name, length)

    def _font(self, length: int) -> None:
        """A font changes nothing, and neither do the braces around what is set in it."""
        self.at += length
        if self.text[self.at : self.at + 1] != "{":
            return
        close = _partner(self.text, self.at)
        if close is None:
            raise CannotRead("unbalanced", self.at, self.at + 1, opened="{", wanted="}")
        self._unseen.add(close)
        self.at += 1

    def _negated(self, length: int) -> None:
        match = _NOT_COMMAND.match(self.text, self.at + length)
        if match is None:
            raise CannotRead("unknown_command", self.at, self.at + length, name="\\not")
        self._emit("sign", _NEGATED[match[1]], match.end() - self.at)


def _plain_word(found: str) -> str:
    return found if len(found) == 1 else re.sub("[‐‑]", "-", found.lower().replace("’", "'"))


def _partner(text: str, opened: int) -> int | None:
    depth = 0
    for place in range(opened, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    return None
