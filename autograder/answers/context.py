"""What the meaning of a piece of syntax depends on: the names of the part, the indices bound around it, the mode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.answers import characters as ch
from autograder.answers.bounds import BOUNDS
from autograder.answers.kinds import Typed
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead, Note
from autograder.answers.syntax import Syntax
from autograder.answers.tree import Name, Node, Vector

_INDEX_LETTERS = "ijlmprstuvwacefghknoqxyzbd"


@dataclass(frozen=True)
class Context:
    """Handed down while syntax becomes a tree; `notes` is shared by all contexts of one reading.

    `bound` are the indices of the sums around; `entry` is an index when every vector stands for its entries, as in
    `sum(mu**2)`; `indexing` is true within an index, where an unknown letter is a free index. `elements` are names
    that stand for entries of vectors, in a comprehension.
    """

    lexicon: Lexicon
    notes: list[Note]
    builder: Callable[["Context", Syntax], Typed]
    bound: frozenset[str] = frozenset()
    entry: str | None = None
    indexing: bool = False
    from_zero: bool = False
    elements: Mapping[str, Node] = field(default_factory=dict)
    reserved: frozenset[str] = field(default_factory=frozenset)

    def build(self, syntax: Syntax) -> Typed:
        return self.builder(self, syntax)

    def scalar(self, syntax: Syntax) -> Node:
        """The node of something that must be a scalar."""
        typed = self.build(syntax)
        if typed.kind != "scalar":
            raise CannotRead("not_a_scalar", syntax.at, syntax.end, kind_found=typed.kind)
        return typed.node

    def binding(self, index: str) -> "Context":
        """Within one more sum."""
        self._check_sums()
        return replace(self, bound=self.bound | {index}, indexing=False)

    def of_entries(self, index: str) -> "Context":
        return replace(self, bound=self.bound | {index}, entry=index)

    def with_elements(self, index: str, elements: Mapping[str, Node]) -> "Context":
        """Within a comprehension, whose names stand for entries at `index`."""
        return replace(self.binding(index), elements={**self.elements, **elements})

    def whole(self) -> "Context":
        """Vectors stand for themselves again."""
        return replace(self, entry=None)

    def in_index(self) -> "Context":
        return replace(self, indexing=True, entry=None)

    def counting_from_zero(self) -> "Context":
        return replace(self, from_zero=True)

    def note(self, kind: str, **data: Any) -> None:
        note = Note(kind, data)
        if note not in self.notes:
            self.notes.append(note)

    def _check_sums(self) -> None:
        if len(self.bound) >= BOUNDS.nested_sums:
            raise CannotRead("too_deep", limit=BOUNDS.nested_sums)

    def fresh_index(self) -> str:
        """An index letter that nothing around uses."""
        self._check_sums()
        taken = self.bound | self.lexicon.declared.keys() | self.reserved
        letter = next((letter for letter in _INDEX_LETTERS if letter not in taken), None)
        if letter is None:
            raise CannotRead("which_index", indices=())
        return letter

    def declared_name(self, name: str) -> Node:
        length = self.lexicon.declared[name].length
        return Name(name) if length is None else Vector(name, Name(length))

    def undeclared(self, name: str, at: int, end: int) -> CannotRead:
        """The refusal of a letter that the part does not declare."""
        symbol = ch.GREEK_SYMBOLS.get(name, name)
        if end - at == 1 and ch.resembles(symbol):
            official = ch.official_name(symbol)
            return CannotRead("lookalike_letter", at, end, name=official, resembles=ch.resembles(symbol))
        declared = tuple(self.lexicon.declared)
        meant = [other for other in declared if other.lower() == name.lower()]
        return CannotRead("undeclared_name", at, end, name=name, declared=declared, meant=meant[0] if meant else None)
