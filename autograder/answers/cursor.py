"""A place in the tokens: looking ahead, taking one, insisting on one; and the depth that has been reached."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from autograder.answers.bounds import BOUNDS
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.syntax import Syntax

_UNEXPECTED = {"relation": "relation", "dots": "unclear_dots", "infinity": "infinity", "method": "attribute"}
_UNEXPECTED_SIGNS = {"=": "equation", ".": "stray_full_stop"}
_JOINING = frozenset({",", ";", "±", "or", "and"})

Parse = Callable[["Cursor"], Syntax]


class Cursor:
    """Moves over tokens that end with one of kind "end".

    `expression`, `term`, `postfix` and `exponent` are the parser's own functions, so that the parts of the parser
    need not import one another in a circle. `bars` holds the signs of the bars that are open in this bracket.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        lexicon: Lexicon,
        *,
        expression: Parse,
        term: Parse,
        postfix: Parse,
        exponent: Parse,
    ) -> None:
        self.tokens = list(tokens)
        self.lexicon = lexicon
        self.expression = expression
        self.term = term
        self.postfix = postfix
        self.exponent = exponent
        self.at = 0
        self.bars: list[str] = []
        self.indices: tuple[str, ...] = ()  # of the sums around
        self.loop_names: frozenset[str] = frozenset()  # of the comprehensions around
        self.stacked = 0  # postfixes beyond the first few of a thing, in all
        self._depth = 0
        self._height = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    @property
    def after(self) -> Token:
        """The token after the next."""
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    @property
    def last(self) -> Token:
        return self.tokens[max(self.at - 1, 0)]

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        token = self.tokens[self.at]
        return token.text in texts and token.kind not in ("name", "unknown", "word", "function")

    def takes(self, *texts: str) -> bool:
        """Whether one of these stands next; it is then behind us."""
        if not self.sees(*texts):
            return False
        self.at += 1
        return True

    def insist(self, closing: str, opened: Token) -> Token:
        """The closing bracket that belongs to one opened before."""
        if self.sees(closing):
            return self.take()
        raise self.unexpected(opened, closing)

    def unexpected(self, opened: Token | None = None, wanted: str = "") -> CannotRead:
        """The refusal that fits the token that stands next."""
        token = self.next
        if token.kind == "end" or (token.kind in ("close", "bar") and opened is not None):
            place = opened if opened is not None else token
            if opened is None:
                return CannotRead("unexpected_end", token.start, token.end)
            return CannotRead("unbalanced", place.start, place.end, opened=place.text, wanted=wanted)
        if token.kind == "close":
            return CannotRead("unbalanced", token.start, token.end, opened="", wanted=token.text)
        if token.kind == "word" and token.text.lower() not in _JOINING:
            return self.unknown_word(token)
        kind = _UNEXPECTED.get(token.kind, "unexpected")
        if token.kind in ("op", "word"):
            kind = "two_answers" if token.text.lower() in _JOINING else _UNEXPECTED_SIGNS.get(token.text, kind)
        return CannotRead(kind, token.start, token.end)

    def unknown_word(self, token: Token) -> CannotRead:
        declared = tuple(self.lexicon.declared)
        return CannotRead("unknown_word", token.start, token.end, name=token.text, declared=declared)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level of nesting more."""
        self._depth += 1
        if self._depth > BOUNDS.depth:
            raise CannotRead("too_deep", self.next.start, self.next.end, limit=BOUNDS.depth)
        yield
        self._depth -= 1

    @contextmanager
    def higher(self) -> Iterator[None]:
        """One exponent upon another."""
        self._height += 1
        if self._height > BOUNDS.tower:
            raise CannotRead("too_deep", self.next.start, self.next.end, limit=BOUNDS.tower)
        with self.deeper():
            yield
        self._height -= 1

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Within brackets: bars opened outside cannot be closed here."""
        outer, self.bars = self.bars, []
        with self.deeper():
            yield
        self.bars = outer

    @contextmanager
    def summing(self, *indices: str | None) -> Iterator[None]:
        """Within a sum over these indices."""
        outer, self.indices = self.indices, (*self.indices, *(index for index in indices if index))
        yield
        self.indices = outer

    @contextmanager
    def looping(self, names: Iterable[str]) -> Iterator[None]:
        """Where these names stand for the entries of vectors."""
        outer, self.loop_names = self.loop_names, self.loop_names.union(names)
        yield
        self.loop_names = outer
