"""The words of one part: its declared names, the functions that everyone may use, and how a run of letters splits.

`bnd` is b·n·d where b, n and d are declared; `mu` is the declared mu and never m·u: the longest match wins, and a
run is either matched to its end or not at all.
"""

import re
from dataclasses import dataclass

from autograder.answers.characters import GREEK, GREEK_NAMES, GREEK_SYMBOLS
from autograder.answers.vocabulary import Declared, Vocabulary

FUNCTION_WORDS = {
    **{name: name for name in ("sqrt", "cbrt", "max", "min", "log", "ln", "lg", "exp", "abs", "norm", "dot", "sum")},
    **{name: name for name in ("transpose", "square", "pow", "floor", "ceil", "factorial")},
    **{name: name for name in ("outer", "mean", "multiply", "len")},
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "inner": "dot", "vdot": "dot", "matmul": "dot", "tr": "trace", "trace": "trace", "maximum": "max",
    "minimum": "min", "fabs": "abs", "power": "pow", "ceiling": "ceil",
}  # fmt: skip
EMBEDDED = ("sqrt", "log", "ln", "lg", "max", "min", "exp")
PYTHON_NAMES = {**FUNCTION_WORDS, "log2": "log2", "log10": "log10", "pi": "pi", "e": "e", "vector_norm": "norm",
                "amax": "max", "amin": "min", "fsum": "sum", "vecdot": "dot", "comb": "binom",
                "float_power": "pow", "mul": "multiply",
                 "Sum": "sum", "Max": "max", "Min": "min", "Abs": "abs"}  # fmt: skip
PYTHON_CALL = re.compile(
    r"(?:np|numpy|math|torch|sympy|sp|jnp|tf|scipy)\.(?:linalg\.|special\.|functional\.)?([A-Za-z_][A-Za-z_0-9]*)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a run of letters: `kind` is name, function or unknown; `start` and `end` count from the run's start."""

    kind: str
    text: str
    start: int
    end: int


class Lexicon:
    """Looks words up for one vocabulary. `separators` are letters that stand between things: the x of `h x d`."""

    def __init__(self, vocabulary: Vocabulary, separators: frozenset[str] = frozenset()) -> None:
        self.vocabulary = vocabulary
        self.declared: dict[str, Declared] = {name.name: name for name in vocabulary.names}
        self._separators = separators - self.declared.keys()
        self._matches = self._all_matches()
        self._longest = max(map(len, self._matches))
        self.underscored = tuple(sorted((n for n in self.declared if "_" in n), key=len, reverse=True))

    def _all_matches(self) -> dict[str, tuple[str, str]]:
        matches = {word: ("function", FUNCTION_WORDS[word]) for word in EMBEDDED}
        matches.update({letter: ("separator", letter) for letter in self._separators})
        matches.update({name: ("function", name) for name in self.vocabulary.functions})
        matches.update({name: ("name", name) for name in self.declared})
        greek = {GREEK_SYMBOLS[name]: match for name, match in matches.items() if name in GREEK_SYMBOLS}
        return {**matches, **greek}

    def kind_of(self, name: str) -> str:
        """What a name is that stands by itself: a declared name, a declared function, or unknown."""
        if name in self.declared:
            return "name"
        return "function" if name in self.vocabulary.functions else "unknown"

    def is_vector(self, name: str) -> bool:
        return name in self.declared and self.declared[name].length is not None

    def split(self, run: str) -> list[Piece] | None:
        """The pieces of a run of letters, or None if it does not split into known words to its end."""
        whole = self._whole(run)
        if whole is not None:
            return [whole]
        pieces: list[Piece] = []
        at = 0
        while at < len(run):
            piece = self._longest_at(run, at)
            if piece is None:
                return None
            pieces.append(piece)
            at = piece.end
        return pieces

    def _whole(self, run: str) -> Piece | None:
        """The run as one word: declared, a function, a Greek letter spelled out, or one unknown letter."""
        if run in self._matches:
            kind, text = self._matches[run]
            return Piece(kind, text, 0, len(run))
        if len(run) > 1 and run.lower() in FUNCTION_WORDS:
            return Piece("function", FUNCTION_WORDS[run.lower()], 0, len(run))
        if run in GREEK_NAMES:
            return Piece("unknown", run, 0, len(run))
        if len(run) == 1:
            return Piece("unknown", GREEK.get(run, run), 0, 1)
        return None

    def _longest_at(self, run: str, at: int) -> Piece | None:
        for size in range(min(self._longest, len(run) - at), 0, -1):
            match = self._matches.get(run[at : at + size])
            if match is not None:
                return Piece(match[0], match[1], at, at + size)
        return None

    def first_strange(self, run: str) -> int:
        """Where in a run that does not split the first letter stands that begins no known word."""
        at = 0
        while at < len(run):
            piece = self._longest_at(run, at)
            if piece is None:
                return at
            at = piece.end
        return 0
