r"""LaTeX's commands to tokens: names, signs, fonts, sizes, environments. See tokens.py."""

import re

from autograder.answers import latex
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Scanner

_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_WORD_GROUP = re.compile(r"\s*\{\s*([A-Za-z]+)\s*\}")
_SIDED = re.compile(r"[()\[\]|<>⟨⟩‖∥]|\\(?:[{}|]|[lr]?[Vv]ert|[lr]angle|[lr]br|[lr]paren)")
_ENVIRONMENT = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")
_COLUMNS = re.compile(r"\s*\{[lcr|@{}\s0-9]{0,20}?\}")
_LINE_SPACE = re.compile(r"\\\\\*?(?:\[\s*-?[0-9.]+\s*(?:pt|em|ex|mm|cm)\s*\])?")
_SIMPLE_GROUP = re.compile(r"\s*\{[^{}]*\}")
_REMARK = re.compile(r"\s*[_^]\s*(?:\\(?:text|mathrm|textrm|mbox)\s*\{[^{}]*\}|\{(?:[^{}]|\{[^{}]*\})*\})")
_EMPTY = re.compile(r"\{\s*\}")
_OLD_FONT = re.compile(r"\{\s*\\(?:cal|rm|bf|it|scr|frak|sf|tt)\s+([A-Za-z]+)\s*\}")
_TEXT_GROUP = re.compile(r"\s*\{")
_SIGN_OF_LINE = re.compile(r"&\s*(?:=|<|>|≤|≥|≈|\\|⇒)")


class Commands(Scanner):
    """What stands after a backslash."""

    def _words(self, run: str) -> None:
        raise NotImplementedError

    def _command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        if match is None:
            raise CannotRead("stray_backslash", self.at, self.at + 1)
        name, length = match[1], len(match[0])
        if name.endswith("*") and name not in latex.FONTS:
            name, length = name[:-1], length - 1
        if name == "\\":
            self._line_break()
        elif name in latex.SPACES:
            self._skip(length)
        elif name in latex.IGNORED:
            self.at += length
        elif name in latex.STRUCTURES:
            self._structure(name, length)
        elif name in latex.FONTS:
            self._font(name, length)
        else:
            self._named_command(name, length)

    def _line_break(self) -> None:
        match = _LINE_SPACE.match(self.text, self.at)
        assert match is not None
        self._skip(len(match[0]))
        self.new_line = True

    def _alignment(self) -> None:
        """`&` lines things up: within an environment, and where a single line was copied out of one."""
        beside = _SIGN_OF_LINE.match(self.text, self.at) or (self.tokens and self.tokens[-1].text in ("=", "⇒"))
        if not beside and not any(name != "\\right" for name, _ in self.open):
            raise CannotRead("unknown_character", self.at, self.at + 1, name="AMPERSAND")
        self._skip(1)

    def _structure(self, name: str, length: int) -> None:
        if name in ("left", "right"):
            self._sided(name, length)
        elif name in ("begin", "end"):
            self._environment(name, length)
        elif name in ("underbrace", "overbrace"):
            self._with_remark(name, length)
        else:  # a mark for the page: \label{...}, \tag{1}, \color{red}
            group = _SIMPLE_GROUP.match(self.text, self.at + length)
            if group is None:
                raise CannotRead("unknown_command", self.at, self.at + length, name="\\" + name)
            self._skip(group.end() - self.at)

    def _with_remark(self, name: str, length: int) -> None:
        r"""`\underbrace{b d^2}_{\text{projections}}`: what stands below a brace says nothing of the value."""
        opened = _TEXT_GROUP.match(self.text, self.at + length)
        if opened is None:
            raise CannotRead("unknown_command", self.at, self.at + length, name="\\" + name)
        self.at = opened.end() - 1
        self._emit("open", "{", 1)
        self.braces.append(("brace", self.at - 1))

    def _environment(self, name: str, length: int) -> None:
        group = _ENVIRONMENT.match(self.text, self.at + length)
        if group is None or group[1].rstrip("*") not in latex.ENVIRONMENTS:
            end = group.end() if group else self.at + length
            raise CannotRead("unknown_command", self.at, end, name=self.text[self.at : end])
        end = group.end()
        if name == "begin":
            self.open.append((f"\\end{{{group[1]}}}", self.at))
            columns = _COLUMNS.match(self.text, end) if group[1] in ("array", "alignat", "alignedat") else None
            end = columns.end() if columns else end
        else:
            self._closed(f"\\end{{{group[1]}}}", end - self.at)
        self._skip(end - self.at)

    def _sided(self, name: str, length: int) -> None:
        r"""`\left` and `\right` come in pairs, and say of a bar on which side it stands."""
        if name == "left":
            self.open.append(("\\right", self.at))
        else:
            self._closed("\\right", length)
        self.at += length
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        if not _SIDED.match(self.text, self.at):
            raise CannotRead("unexpected", self.at - length, self.at)
        self.side = "open" if name == "left" else "close"

    def _font(self, name: str, length: int) -> None:
        r"""A font changes nothing; `\mathrm{tr}` loses its braces, so that a word in them is a word."""
        self.at += length
        group = _WORD_GROUP.match(self.text, self.at)
        if group is not None:
            self.at = group.start(1)
            self._words(group[1])
            self.at = group.end()
        elif name in latex.TEXTS and not (self.tokens and self.tokens[-1].text in ("_", "^")):
            opened = _TEXT_GROUP.match(self.text, self.at)
            if opened is not None:
                self.braces.append(("text", self.at))
                self._skip(opened.end() - self.at)

    def _brace(self, character: str) -> bool:
        r"""Whether a brace is one of `\text{...}`, `{}` or `{\cal O}`, which is no bracket; it is then behind us."""
        if character == "{" and self._without_meaning():
            return True
        if character == "{":
            self.braces.append(("", self.at))
            return False
        kind = self.braces.pop()[0] if self.braces else ""
        if kind == "text":
            self._skip(1)
        elif kind == "brace":
            self._emit("close", "}", 1)
            remark = _REMARK.match(self.text, self.at)
            self.at = remark.end() if remark else self.at
        return bool(kind)

    def _without_meaning(self) -> bool:
        r"""Takes `{}`, which only keeps things apart, and a letter in braces with its font."""
        empty, letter = _EMPTY.match(self.text, self.at), _OLD_FONT.match(self.text, self.at)
        after_sign = self.tokens and (self.tokens[-1].text in ("^", "_") or self.tokens[-1].kind == "function")
        if empty and self.tokens and not after_sign:
            self._skip(len(empty[0]))
            return True
        if letter:
            self.at = letter.start(1)
            self._words(letter[1])
            self.at = letter.end()
        return bool(letter)

    def _named_command(self, name: str, length: int) -> None:
        if name in latex.FRACTIONS:
            self._emit("function", "frac", length, style="tex")
        elif name in latex.FUNCTIONS:
            self._emit("function", latex.FUNCTIONS[name], length, style="sign" if name == "sum" else "tex")
        elif name in latex.GREEK:
            self._greek(latex.GREEK[name], length)
        elif name in latex.BARS:
            side = {"l": "open", "r": "close"}.get(name[0], self.side) if len(name) > 1 else self.side
            self._emit("bar", latex.BARS[name], length, style=side)
        else:
            self._simple_command(name, length)

    def _greek(self, name: str, length: int) -> None:
        r"""`\Sigma` with limits is a sum, if the part has no Σ of its own."""
        kind = self.lexicon.kind_of(name)
        if name == "Sigma" and kind == "unknown" and self.text[self.at + length :].lstrip()[:1] in ("_", "^"):
            self._emit("function", "sum", length, style="sign")
        else:
            self._emit(kind, name, length, style="tex")

    def _simple_command(self, name: str, length: int) -> None:
        tables = (("op", latex.OPERATORS), ("relation", latex.RELATIONS), ("open", latex.OPENING),
                  ("close", latex.CLOSING))  # fmt: skip
        for kind, table in tables:
            if name in table:
                self._emit(kind, table[name], length)
                return
        if name in latex.DELIMITERS:
            self._emit("delimiter", "\\" + name, length)
        elif name in latex.TRANSPOSES:
            self._emit("transpose", "T", length)
        elif name in latex.DOTS:
            self._emit("dots", "...", length)
        elif name == "infty":
            self._emit("infinity", "inf", length)
        elif name in latex.ROUNDED:
            self._emit("function", latex.ROUNDED[name], 0)
            self._emit("open", "(", length)
        elif name in latex.ROUNDED_ENDS:
            self._emit("close", ")", length)
        elif name in ("binom", "dbinom", "tbinom"):
            self._emit("function", "binom", length, style="tex")
        elif name == "because":
            self._emit("word", name, length)
        elif len(name) > 1 and (kind := self.lexicon.kind_of(name)) != "unknown":  # one letter: an accent
            self._emit(kind, name, length)
        else:
            raise CannotRead("unknown_command", self.at, self.at + length, name="\\" + name)
