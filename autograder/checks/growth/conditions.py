"""What is known of the names of one part, as a cone. Made by `declared.side_conditions`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.answers.tree import Node
from autograder.checks.growth.terms import Exponent, Monomial

Vector = tuple[Exponent, ...]


@dataclass(frozen=True)
class SideConditions:
    """Names as products of powers of `size` coordinates, each of which is at least 1.

    Usually the coordinates are free names and ratios of names (h and d/h for h <= d), and may take any values >= 1.
    Where the side conditions are not of that kind (h <= d and b <= d), the coordinates are the free names, and `floors`
    holds the rest: products of powers that are at least 1, too. `definitions` has a tree for every name that stands for
    something; one that is not a product of powers has no vector.
    """

    size: int
    vectors: Mapping[str, Vector] = field(hash=False)
    floors: tuple[tuple[int, ...], ...] = ()
    definitions: Mapping[str, Node] = field(default_factory=dict, hash=False)

    def one(self) -> Monomial:
        return Monomial((0,) * self.size)

    def exponents(self, direction: Sequence[Exponent]) -> dict[str, Exponent]:
        """How the names grow when the coordinates grow like t to the powers in `direction`."""
        return {name: dot(vector, direction) for name, vector in self.vectors.items()}


def dot(left: Sequence[Exponent], right: Sequence[Exponent]) -> Exponent:
    return sum([a * b for a, b in zip(left, right, strict=True) if a and b])
