"""A place in the tokens of a condition, and what is remembered on the way."""

from collections.abc import Callable, Collection, Sequence

from autograder.answers.bounds import BOUNDS
from autograder.answers.conditions_formula import Formula
from autograder.answers.conditions_tokens import Token
from autograder.answers.reading import CannotRead

Parse = Callable[["ConditionCursor"], Formula]


class ConditionCursor:
    """Moves over tokens that end with one of kind "end".

    `function` is the declared name of the similarity and `arguments` how many it takes. `whole` reads a condition,
    `part` one clause of it, so that the modules of the grammar need not import one another in a circle.
    """

    def __init__(self, tokens: Sequence[Token], function: str, arguments: int, whole: Parse, part: Parse) -> None:
        self.tokens = tokens
        self.function = function
        self.arguments = arguments
        self.whole = whole
        self.part = part
        self.at = 0
        self.speaks_of_sum = False  # what "it", or a clause without a subject, speaks of
        self.letters: set[str] = set()  # what the similarity has been written of
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, steps: int) -> Token:
        return self.tokens[min(self.at + steps, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.next
        if token.kind != "end":
            self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        return self.next.kind != "end" and self.next.text in texts

    def sees_any(self, texts: Collection[str]) -> bool:
        return self.next.kind != "end" and self.next.text in texts

    def takes(self, *texts: str) -> bool:
        return self.takes_any(texts)

    def takes_any(self, texts: Collection[str]) -> bool:
        """Whether one of these stands next; it is then behind us."""
        if not self.sees_any(texts):
            return False
        self.at += 1
        return True

    def phrase(self, phrases: Collection[str]) -> str | None:
        """The longest of these phrases (words with single spaces) that stands next; it is then behind us."""
        found = max((phrase for phrase in phrases if self.sees_phrase(phrase)), key=len, default=None)
        if found is not None:
            self.at += len(found.split())
        return found

    def sees_phrase(self, phrase: str) -> bool:
        words = phrase.split()
        return all(self.ahead(step).text == word and self.ahead(step).kind != "end" for step, word in enumerate(words))

    def insist(self, *texts: str) -> Token:
        if not self.sees(*texts):
            raise self.unexpected()
        return self.take()

    def sees_function(self) -> bool:
        return self.next.kind == "word" and self.next.text == self.function.lower()

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > BOUNDS.depth:
            raise CannotRead("too_deep", self.next.start, self.next.end, limit=BOUNDS.depth)

    def unexpected(self) -> CannotRead:
        """The refusal that fits what stands next."""
        token = self.next
        if token.kind == "end":
            return CannotRead("unexpected_end", token.start, token.end)
        kind = "condition_word" if token.kind == "word" else "condition_sign"
        return CannotRead(kind, token.start, token.end, name=token.text)
