"""The letter around a growth: O, Theta or Omega, around the whole or around the terms of a sum or product."""

from collections.abc import Iterator

from autograder.answers.reading import CannotRead, Wrapper
from autograder.answers.syntax import Addition, Applied, Group, Numeral, Product, Syntax, Wrapped, children
from autograder.answers.vocabulary import Form

_LETTERS: dict[str, Wrapper] = {"O": "O", "Theta": "Theta", "Omega": "Omega"}


def unwrapped(syntax: Syntax, form: Form) -> tuple[Syntax, Wrapper | None]:
    """The syntax and the letter that holds for the whole of it.

    `O(f) + O(g)` and `f + O(g)` grow like f + g; a letter below a line or in an exponent has no such meaning.
    """
    found = list(_letters(syntax, True))
    if form == "growth":
        _check_zero(syntax)
    if not found:
        return syntax, None
    if form != "growth":
        raise CannotRead("wrapper_not_expected", found[0].at, found[0].end, name=found[0].letter)
    letters = {wrapped.letter for wrapped in found}
    if "Omega" in letters and len(letters) > 1:
        raise CannotRead("mixed_wrappers", found[-1].at, found[-1].end)
    if "O" in letters:
        return syntax, "O"
    return syntax, _LETTERS[found[0].letter]


def _letters(syntax: Syntax, allowed: bool) -> Iterator[Wrapped]:
    """Every letter with its brackets, each of which must stand where `allowed`."""
    if isinstance(syntax, Wrapped):
        if not allowed:
            raise CannotRead("wrapper_inside", syntax.at, syntax.end, name=syntax.letter)
        yield syntax
    if isinstance(syntax, Product):
        yield from _in_product(syntax, allowed)
        return
    carries = isinstance(syntax, Wrapped | Addition | Group)
    carries = carries or (isinstance(syntax, Applied) and syntax.function == "max")
    for child in children(syntax):
        yield from _letters(child, allowed and carries)


def _in_product(syntax: Product, allowed: bool) -> Iterator[Wrapped]:
    """Not below a line; and side by side without a sign they are two answers."""
    before: Syntax | None = None
    for sign, factor in syntax.factors:
        if sign == "" and isinstance(before, Wrapped) and isinstance(factor, Wrapped):
            raise CannotRead("two_answers", factor.at, factor.end)
        yield from _letters(factor, allowed and sign != "/")
        before = factor


def _check_zero(syntax: Syntax) -> None:
    """`0(n^2)` with a zero for the letter O."""
    if isinstance(syntax, Product):
        first, second = syntax.factors[0][1], syntax.factors[1]
        zero = isinstance(first, Numeral) and first.value == 0 and first.end - first.at == 1
        if zero and second[0] == "" and isinstance(second[1], Group):
            raise CannotRead("zero_for_o", first.at, first.end)
    for child in children(syntax):
        _check_zero(child)
