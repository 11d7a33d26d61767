"""Functions without an algebra of their own: max and min, rounding, factorials, sines and cosines."""

from autograder.checks.symbolic.atoms import (
    Opaque,
    Polynomial,
    Symbol,
    constant,
    constant_value,
    is_never_negative,
    is_nonnegative,
    is_whole,
    single,
)
from autograder.checks.symbolic.failures import Budget
from autograder.checks.symbolic.polynomial import difference, product, sum_of, whole_power

AT_ZERO = {"sin": 0, "cos": 1, "tan": 0, "floor": 0, "ceil": 0}
FARTHEST = 24


def applied(function: str, arguments: tuple[Polynomial, ...], budget: Budget) -> Polynomial:
    """The function, brought to one of its forms where there are several."""
    if arguments == (constant(0),) and function in AT_ZERO:
        return constant(AT_ZERO[function])
    match function, arguments:
        case (("floor" | "ceil"), (argument,)) if is_whole(argument):
            return argument
        case "tan", (_,):
            below = whole_power(opaque("cos", arguments), -1, budget)
            return product(opaque("sin", arguments), below, budget)
        case "factorial", (argument,):
            return _factorial(argument, budget)
        case "max" | "min", _:
            return _extreme(function, _decisive(function, arguments))
        case _:
            return opaque(function, arguments)


def _extreme(function: str, arguments: tuple[Polynomial, ...]) -> Polynomial:
    """Of two, the smaller is the sum without the larger."""
    if len(arguments) == 1:
        return arguments[0]
    if function == "min" and len(arguments) == 2:
        return difference(sum_of(arguments), opaque("max", arguments))
    return opaque(function, arguments)


def _factorial(argument: Polynomial, budget: Budget) -> Polynomial:
    """(d - 2)! is d!/(d (d - 1)): all factorials at a whole distance from a name become that of the name."""
    names = [atom for monomial in argument.terms for atom, _ in monomial if isinstance(atom, Symbol) and atom.counts]
    name = single(names[0]) if len(names) == 1 else argument
    distance = constant_value(difference(argument, name))
    if distance is None or distance.denominator != 1 or not -FARTHEST <= distance <= FARTHEST:
        return opaque("factorial", (argument,))
    result = opaque("factorial", (name,))
    for step in range(1, int(distance) + 1):
        result = product(result, sum_of((name, constant(step))), budget)
    for step in range(int(-distance)):
        result = product(result, whole_power(difference(name, constant(step)), -1, budget), budget)
    return result


def opaque(function: str, arguments: tuple[Polynomial, ...]) -> Polynomial:
    """The function as an atom."""
    signs = [is_nonnegative(argument) for argument in arguments]
    nonnegative = any(signs) if function == "max" else all(signs) and function in ("min", "floor", "ceil")
    nonnegative = nonnegative or function == "factorial"
    free = frozenset[str]().union(*(argument.free for argument in arguments))
    key = f"{function}({';'.join(argument.key for argument in arguments)})"
    return single(Opaque(key, nonnegative, free, function, arguments))


def _decisive(function: str, arguments: tuple[Polynomial, ...]) -> tuple[Polynomial, ...]:
    """The arguments that no other one always beats, each once, in an order of their own."""
    kept = sorted({argument.key: argument for argument in arguments}.values(), key=lambda argument: argument.key)
    for argument in list(kept):
        others = [other for other in kept if other is not argument]
        gaps = [difference(other, argument) if function == "max" else difference(argument, other) for other in others]
        if any(is_never_negative(gap) for gap in gaps):
            kept = others
    return tuple(kept)
