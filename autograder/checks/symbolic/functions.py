"""Functions that are kept as they are: max, min, rounding."""

from autograder.checks.symbolic.atoms import Opaque, Polynomial, constant, is_nonnegative, single
from autograder.checks.symbolic.polynomial import difference

AT_ZERO = {"sin": 0, "cos": 1, "tan": 0, "floor": 0, "ceil": 0}


def opaque(function: str, arguments: tuple[Polynomial, ...]) -> Polynomial:
    """The function as an atom; max and min lose arguments that never decide them."""
    if arguments == (constant(0),) and function in AT_ZERO:
        return constant(AT_ZERO[function])
    if function in ("max", "min"):
        arguments = _decisive(function, arguments)
        if len(arguments) == 1:
            return arguments[0]
    signs = [is_nonnegative(argument) for argument in arguments]
    nonnegative = any(signs) if function == "max" else all(signs) and function in ("min", "floor", "ceil")
    free = frozenset[str]().union(*(argument.free for argument in arguments))
    key = f"{function}({';'.join(argument.key for argument in arguments)})"
    return single(Opaque(key, nonnegative, free, function, arguments))


def _decisive(function: str, arguments: tuple[Polynomial, ...]) -> tuple[Polynomial, ...]:
    """The arguments that no other one always beats, each once, in an order of their own."""
    kept = sorted({argument.key: argument for argument in arguments}.values(), key=lambda argument: argument.key)
    for argument in list(kept):
        others = [other for other in kept if other is not argument]
        gaps = [difference(other, argument) if function == "max" else difference(argument, other) for other in others]
        if any(is_nonnegative(gap) for gap in gaps):
            kept = others
    return tuple(kept)
