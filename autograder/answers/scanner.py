"""A text that is walked over from left to right while its tokens are made."""

from dataclasses import dataclass
from fractions import Fraction

from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign. `kind` is number, name, unknown, word, function, op, open, close, bar, relation, dots,
    method, transpose, infinity, delimiter or end; `style` is "tex" for a LaTeX command, "open" or "close" for a bar
    that says so, "sign" for a sum or root sign. `spaced` and `new_line` say what stands before it.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    value: Fraction | None = None
    style: str = ""
    new_line: bool = False


class Scanner:
    """The place in the text, the tokens so far, and what stands before the next one."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.tokens: list[Token] = []
        self.at = 0
        self.spaced = False
        self.side = ""
        self.new_line = False
        self.open: list[tuple[str, int]] = []  # \left and \begin that wait for their partner, and where they stand
        self.braces: list[tuple[str, int]] = []  # what opened each: "", "text" (it disappears) or "brace" (of a remark)

    def _emit(self, kind: str, text: str, length: int, value: Fraction | None = None, style: str = "") -> None:
        """Adds a token that covers the next `length` characters and moves past them."""
        end = self.at + length
        self.tokens.append(Token(kind, text, self.at, end, self.spaced, value, style, self.new_line))
        self.at = end
        self.spaced = self.new_line = False
        self.side = ""

    def _skip(self, length: int) -> None:
        """Moves past what only keeps things apart."""
        self.new_line |= "\n" in self.text[self.at : self.at + length]
        self.at += length
        self.spaced = True

    def _closed(self, name: str, length: int) -> None:
        r"""Ends what `\left` or `\begin{...}` began."""
        if not self.open or self.open[-1][0] != name:
            opened = self.text[self.at : self.at + length]
            raise CannotRead("unbalanced", self.at, self.at + length, opened=opened, wanted=name)
        self.open.pop()

    def _check_all_closed(self) -> None:
        """Of brackets, only those that make no token: the parser sees to all others."""
        waiting = [*self.open, *(("}", place) for kind, place in self.braces if kind == "text")]
        if waiting:
            wanted, place = waiting[-1]
            opened = self.text[place : place + len(wanted)]
            raise CannotRead("unbalanced", place, place + len(wanted), opened=opened, wanted=wanted)
