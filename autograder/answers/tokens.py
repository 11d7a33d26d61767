"""Text to tokens, whatever notation it is in: plain, Python, LaTeX, Unicode, or all of them at once.

A token's `start` and `end` are places in the student's own text. Raised and lowered characters become the tokens
of `^{...}` and `_{...}`; spacing, fonts and sizes disappear; anything not understood is refused where it stands.
"""

import re
from dataclasses import replace
from fractions import Fraction

from autograder.answers import characters as ch
from autograder.answers.bounds import BOUNDS
from autograder.answers.commands import Commands
from autograder.answers.lexicon import PYTHON_CALL, PYTHON_NAMES, Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+|\.(?=[-+*/)\]}]))?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![A-Za-z0-9]))?")
BOLD = "**"
_BOLD_LABEL = re.compile(r"\s*\*\*[A-Za-z][A-Za-z ]{2,30}(?:\s*:\s*\*\*|\*\*\s*:)")
_NAME = re.compile(r"[A-Za-z]+")
_DOTS = re.compile(r"\.\.+|…|⋯|⋅⋅⋅|···")
_METHOD = re.compile(r"\.\s?(T|mT|t|transpose|dot|inner|sum|mean|norm|pow|abs|sqrt|square)(?![A-Za-z_0-9])")
_AFTER_FULL_STOP = re.compile(r"(?:\s|\$|\\\)|\\\]|`|\}|\\end\{[a-z]+\*?\})*\Z")
_COMPARISONS = re.compile(r"<=|>=|!=|==|:=|->|=>")
_BEFORE_SENTENCE = re.compile(r"\.(?:\$|\\\)|\*\*)?\s+(?:[A-Za-z]{2,}|\$|\\|[a-zA-Z]\s*(?:=|:|\s(?:is|=)))")
_SPACED_DOT = re.compile(r"\.\s")
_EINSUM = re.compile(r"""\w+\.einsum\s*\(\s*(['"])\s*([A-Za-z])\s*,\s*\2\s*(?:->)?\s*\1\s*,""")  # 'i,i->'
_LOG_BASE = re.compile(r"(2|10)(?=\s*\(|\s+[^\s\d])")


class Tokenizer(Commands):
    """Walks over one text from left to right; `run` gives its tokens, ending with one of kind "end"."""

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            self._step()
            if len(self.tokens) > BOUNDS.tokens:
                raise CannotRead("too_many_symbols", self.at, limit=BOUNDS.tokens)
        self._check_all_closed()
        self._emit("end", "", 0)
        return self.tokens

    def _step(self) -> None:
        character = self.text[self.at]
        if character.isascii():
            self._ascii(character)
        elif ch.folded(character) is not None and character not in ch.SUM_SIGNS and character not in ch.RAISED:
            self._letters_or_digits()
        else:
            self._unicode(character)

    def _ascii(self, character: str) -> None:
        if character in " \t\n\r~":
            self._skip(1)
            self.new_line |= character == "\r"
        elif character.isalpha():
            self._letters_or_digits()
        elif character.isdigit():
            self._number()
        elif character == "\\":
            self._command()
        elif character == ".":
            self._full_stop()
        else:
            self._ascii_sign(character)

    def _ascii_sign(self, character: str) -> None:
        text, at = self.text, self.at
        comparison = _COMPARISONS.match(text, at)
        if comparison:
            sign = {"<=": "≤", ">=": "≥", "!=": "≠", "->": "→", "=>": "⇒"}.get(comparison[0], "=")
            self._emit("op" if sign == "=" else "relation", sign, 2)
        elif text.startswith(BOLD, at):
            bold = self._is_bold(at)
            self._emit("delimiter" if bold else "op", BOLD if bold else "^", 2)
        elif character == "*" and self._is_emphasis(at):
            self._emit("delimiter", "*", 1)
        elif text.startswith("//", at) and self.lexicon.vocabulary.form in ("growth", "shape"):
            self._emit("op", "/", 2)  # a size that is divided into equal parts
        elif text.startswith("||", at):
            self._emit("bar", "‖", 2, style=self.side or "ascii")
        elif character == "&":
            self._alignment()
        elif character in "{}" and self._brace(character):
            return
        elif character in "$`":
            run = len(text) - at - len(text[at:].lstrip(character))
            self._emit("delimiter", character * run, run)
        else:
            self._sign(character)

    def _is_bold(self, at: int) -> bool:
        """Whether the two stars are Markdown's: no power begins or ends an answer, or stands at a word and a colon."""
        label = _BOLD_LABEL.match(self.text)
        labels = label is not None and at < label.end()
        return labels or not self.text[:at].strip() or not self.text[at + 2 :].strip(" .\n\t$`")

    def _is_emphasis(self, at: int) -> bool:
        """Whether a star is Markdown's: the first and the last sign of the whole text, of which none is a product."""
        whole = self.text.strip()
        first, last = len(self.text) - len(self.text.lstrip()), len(self.text.rstrip()) - 1
        return at in (first, last) and first < last and whole[0] == whole[-1] == "*" and not whole[1].isspace()

    def _sign(self, character: str) -> None:
        if character in ch.OPERATORS:
            self._emit("op", ch.OPERATORS[character], 1)
        elif character in ch.OPENING:
            self._emit("open", ch.OPENING[character], 1)
        elif character in ch.CLOSING:
            self._emit("close", ch.CLOSING[character], 1)
        elif character in ch.BARS:
            self._emit("bar", ch.BARS[character], 1, style=self.side)
        elif character in ch.RELATIONS:
            self._emit("relation", ch.RELATIONS[character], 1)
        else:
            kind = "placeholder" if character == "?" else ch.refusal_kind(character)
            raise CannotRead(kind, self.at, self.at + 1, **self._about(character))

    @staticmethod
    def _about(character: str) -> dict[str, str]:
        about = {"name": ch.official_name(character)}
        resembled = ch.resembles(character)
        return about | ({"resembles": resembled} if resembled else {})

    def _unicode(self, character: str) -> None:
        fraction = ch.vulgar_fraction(character)
        dots = _DOTS.match(self.text, self.at)
        if ch.is_space(character):
            self.at += 1
            self.spaced = True
        elif character in ch.RAISED or character in ch.LOWERED:
            self._raised_or_lowered()
        elif dots:
            self._emit("dots", "...", len(dots[0]))
        elif fraction is not None:
            self._emit("number", str(fraction), 1, value=fraction)
        elif character in ch.ROOTS:
            self._emit("function", "sqrt" if character == "√" else "cbrt", 1, style="sign")
        elif character in ch.SUM_SIGNS:
            self._emit("function", "sum", 1, style="sign")
        elif character in "⌈⌊":
            self._emit("function", "ceil" if character == "⌈" else "floor", 0)
            self._emit("open", "(", 1)
        elif character in "⌉⌋":
            self._emit("close", ")", 1)
        elif character in ch.TRANSPOSES:
            self._emit("transpose", "T", 1)
        elif character == "∞":
            self._emit("infinity", "inf", 1)
        else:
            self._sign(character)

    def _raised_or_lowered(self) -> None:
        """`⁻¹` as `^{-1}` and `₁₀` as `_{10}`, each token standing where its character stands."""
        table = ch.RAISED if self.text[self.at] in ch.RAISED else ch.LOWERED
        start = self.at
        while self.at < len(self.text) and (self.text[self.at] in table or self._is_raised_point(start)):
            self.at += 1
        run = "".join(table.get(character, ".") for character in self.text[start : self.at])
        inner = Tokenizer(run, self.lexicon).run()[:-1]
        end = self.at
        self.at = start
        self._emit("op", "^" if table is ch.RAISED else "_", 0)
        self._emit("open", "{", 0)
        self.tokens += [Token(t.kind, t.text, start + t.start, start + t.end, False, t.value) for t in inner]
        self.at = end
        self._emit("close", "}", 0)

    def _is_raised_point(self, start: int) -> bool:
        """The point within `d⁰·⁵`."""
        around = self.text[max(self.at - 1, start) : self.at + 2]
        digits = (ch.RAISED.get(around[0], ""), ch.RAISED.get(around[-1], ""))
        return len(around) == 3 and around[1] in "·." and all(digit.isdigit() for digit in digits)

    def _number(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            raise CannotRead("stray_full_stop", self.at, self.at + 1)
        mantissa, _, exponent = match[0].lower().partition("e")
        if len(mantissa) + abs(int(exponent[:6] or 0)) > BOUNDS.digits:
            raise CannotRead("number_too_long", self.at, match.end(), limit=BOUNDS.digits)
        self._emit("number", match[0], len(match[0]), value=Fraction(match[0]))

    def _full_stop(self) -> None:
        text, at = self.text, self.at
        method, dots = _METHOD.match(text, at), _DOTS.match(text, at)
        if dots:
            self._emit("dots", "...", len(dots[0]))
        elif method and self.tokens:
            self._emit("method", method[1], len(method[0]))
        elif _NUMBER.match(text, at):
            self._number()
        elif _BEFORE_SENTENCE.match(text, at) and self.tokens and not self.spaced:
            self._emit("op", ".", 1)
        elif _AFTER_FULL_STOP.match(text, at + 1) and self.tokens:
            self.at += 1
        elif (_SPACED_DOT.match(text, at) and self.spaced) or self._between_vectors(at):
            self._emit("op", "·", 1)
        else:
            name = re.compile(r"\.\w*").match(text, at)
            found = name[0] if name else "."
            raise CannotRead("attribute" if len(found) > 1 else "stray_full_stop", at, at + len(found))

    def _between_vectors(self, at: int) -> bool:
        """Whether the dot at this place stands between two names of vectors, as in q.k."""
        name = _NAME.match(self.text, at + 1)
        left = self.tokens[-1] if self.tokens else None
        return bool(name and left and left.kind == "name" and all(map(self.lexicon.is_vector, (left.text, name[0]))))

    def _letters_or_digits(self) -> None:
        """A run of letters, folded; a run that begins with a fullwidth or mathematical digit is a number."""
        if self._python_call() or self._underscored():
            return
        end = self.at
        run = ""
        while end < len(self.text) and (plain := self._letter(end)) is not None:
            run += plain
            end += 1
        if run:
            self._words(run)
        else:
            self._folded_number()

    def _letter(self, at: int) -> str | None:
        character = self.text[at]
        if character in ch.SUM_SIGNS or character in ch.RAISED or character in ch.LOWERED:
            return None
        plain = ch.folded(character)
        return plain if plain is not None and plain.isalpha() else None

    def _folded_number(self) -> None:
        start = self.at
        end = start
        while end < len(self.text) and (ch.folded(self.text[end]) or "x").isdigit():
            end += 1
        digits = "".join(ch.folded(character) or "" for character in self.text[start:end])
        if len(digits) > BOUNDS.digits:
            raise CannotRead("number_too_long", start, end, limit=BOUNDS.digits)
        self._emit("number", digits, end - start, value=Fraction(digits))

    def _words(self, run: str) -> None:
        if self._is_script(run):
            self._emit_run(run[:1])
            run = run[1:]
        self._emit_run(run)

    def _is_script(self, run: str) -> bool:
        """Whether only the first letter belongs to the sign before: `q_ik_i` is q_i k_i, and `q^Tk` is q^T k."""
        if not self.tokens or len(run) == 1 or self.spaced:
            return False
        if self.tokens[-1].text == "_":
            return run != "inf"
        return self.tokens[-1].text == "^" and run[0] == "T" and "T" not in self.lexicon.declared

    def _emit_run(self, run: str) -> None:
        pieces = self.lexicon.split(run)
        if pieces is None and run in ("inf", "infty", "infinity"):
            self._emit("infinity", "inf", len(run))
            return
        if pieces is None:
            self._emit("word", run, len(run))
            return
        for piece in pieces:
            if piece.kind == "separator":
                self._emit("op", "×", piece.end - piece.start)
            else:
                self._emit(piece.kind, piece.text, piece.end - piece.start)
        self._base_of_log()

    def _base_of_log(self) -> None:
        """`log2(n)` and `log10 n`: the digits are the base."""
        base = _LOG_BASE.match(self.text, self.at)
        if base and self.tokens[-1].text == "log":
            self._emit("op", "_", 0)
            self._emit("number", base[0], len(base[0]), value=Fraction(base[0]))

    def _python_call(self) -> bool:
        """`np.sqrt`, `torch.linalg.norm`: the name alone counts; one that we do not know is refused."""
        match = PYTHON_CALL.match(self.text, self.at)
        if match is None:
            return False
        if match[1] == "Size":
            self._emit("word", "size", len(match[0]))
            return True
        einsum = _EINSUM.match(self.text, self.at)
        if einsum is not None:
            self._emit("function", "dot", len(match[0]))
            self._emit("open", "(", einsum.end() - self.at)
            return True
        name = PYTHON_NAMES.get(match[1])
        if name is None:
            raise CannotRead("unknown_function", self.at, match.end(), name=match[0])
        if name in ("log2", "log10"):
            self._emit("function", "log", len(match[0]))
            self._emit("op", "_", 0)
            self._emit("number", name[3:], 0, value=Fraction(name[3:]))
        else:
            self._emit("unknown" if name in ("pi", "e") else "function", name, len(match[0]))
        return True

    def _underscored(self) -> bool:
        """A declared name with an underscore, such as d_k."""
        for name in self.lexicon.underscored:
            end = self.at + len(name)
            if self.text.startswith(name, self.at) and not self.text[end : end + 1].isalnum():
                self._emit("name", name, len(name))
                return True
        return False


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a text; raises CannotRead where something stands that is no part of mathematics."""
    return _spoken_roots(Tokenizer(text, lexicon).run())


def _spoken_roots(tokens: list[Token]) -> list[Token]:
    """`square root of d`, `root of d`, `sqrt of d` as `sqrt d`."""
    kept: list[Token] = []
    for token in tokens:
        before = kept[-1].text if kept else ""
        word = token.text.lower() if token.kind == "word" else ""
        if word == "root" and before in _ROOTS:
            kept[-1] = replace(kept[-1], kind="function", text=_ROOTS[before], end=token.end)
        elif word == "of" and before in ("sqrt", "cbrt", "log"):
            kept[-1] = replace(kept[-1], end=token.end)
        else:
            kept.append(token)
    return kept


_ROOTS = {"square": "sqrt", "cube": "cbrt"}
