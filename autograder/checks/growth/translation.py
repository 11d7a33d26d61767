"""A tree becomes a quotient of sums of monomials with a sign, or is undecidable and says why."""

from fractions import Fraction

from autograder.answers.tree import Add, Call, Constant, Mul, Name, Node, Number, Pow, Sum
from autograder.checks.growth.constants import constant_value, exact_value
from autograder.checks.growth.leading import Context, Signed, one, product_of, simplified, smallest, total, zero
from autograder.checks.growth.logarithms import logarithm
from autograder.checks.growth.subtraction import multiplied_out, signed_sum
from autograder.checks.growth.terms import Monomial, Quotient, whole
from autograder.checks.growth.work import Undecidable

DEEPEST = 120
ROUNDING = 1e-9


def growth_of(node: Node, context: Context) -> Quotient:
    """The growth of an answer. A pure constant, zero too, is 1. Raises Undecidable."""
    signed = _translate(node, context, 0)
    if signed.size.is_zero:
        return one(context)
    if signed.sign < 0:
        raise Undecidable("negative")
    return signed.size


def _translate(node: Node, context: Context, depth: int) -> Signed:
    context.work.spend(25)
    if depth > DEEPEST:
        raise Undecidable("too_long")
    match node:
        case Number(value):
            return _constant(value, context)
        case Constant():
            return Signed(1, one(context))
        case Name(name):
            return _name(name, context, depth)
        case Add():
            return _sum(node, context, depth)
        case Mul(factors):
            return _product([_translate(factor, context, depth + 1) for factor in factors], context)
        case Pow():
            return _power(node, context, depth)
        case Call():
            return _call(node, context, depth)
        case Sum():
            return _repeated(node, context, depth)
    raise Undecidable("function")


def _constant(value: Fraction | float, context: Context) -> Signed:
    return Signed(-1 if value < 0 else 1, one(context) if value else zero(context))


def _name(name: str, context: Context, depth: int) -> Signed:
    conditions = context.conditions
    if name in conditions.vectors:
        term = Monomial(conditions.vectors[name], (), ((Name(name), 1),))
        return Signed(1, Quotient((term,), (conditions.one(),)))
    if name in conditions.definitions:
        return _translate(conditions.definitions[name], context, depth + 1)
    raise Undecidable("unknown_name")


def _sum(node: Add, context: Context, depth: int) -> Signed:
    result = _sum_as_written(node, context, depth)
    if result is None:
        value = constant_value(node)
        if value is not None and abs(value) > ROUNDING:
            return _constant(value, context)
        terms = multiplied_out(node, context)
        result = signed_sum([_translate(term, context, depth + 1) for term in terms], context)
    if result is None:
        raise Undecidable("subtraction")
    return result


def _sum_as_written(node: Add, context: Context, depth: int) -> Signed | None:
    try:
        return signed_sum([_translate(term, context, depth + 1) for term in node.terms], context)
    except Undecidable as stop:
        if stop.reason != "subtraction":
            raise
        return None  # (n - d)·(n + d) + d^2: no difference in it is decidable, but the whole is


def _product(parts: list[Signed], context: Context) -> Signed:
    negative = sum(part.sign < 0 for part in parts) % 2
    return Signed(-1 if negative else 1, product_of([part.size for part in parts], context))


def _power(node: Pow, context: Context, depth: int) -> Signed:
    exponent = exact_value(node.exponent)
    if exponent is None:
        return _known_constant(node, context, Undecidable("exponential"))
    if exponent == 0:
        return Signed(1, one(context))
    base = _translate(node.base, context, depth + 1)
    if base.size.is_zero and exponent > 0:
        return base
    if base.sign < 0 and exponent.denominator != 1:
        raise Undecidable("negative")
    sign = -1 if base.sign < 0 and exponent.numerator % 2 else 1
    return Signed(sign, simplified(base.size.raised(whole(exponent)), context))


def _known_constant(node: Node, context: Context, otherwise: Undecidable) -> Signed:
    value = constant_value(node)
    if value is None:
        raise otherwise
    return _constant(value, context)


def _call(node: Call, context: Context, depth: int) -> Signed:
    parts = [_translate(argument, context, depth + 1) for argument in node.arguments]
    match node.function:
        case "max":
            return _maximum(parts, context)
        case "min" if all(part.sign > 0 for part in parts):
            return Signed(1, smallest([part.size for part in parts], context))
        case "abs":
            return Signed(1, parts[0].size)
        case "ceil" if parts[0].sign > 0 and not parts[0].size.is_zero:
            return Signed(1, total([parts[0].size, one(context)], context))
        case "log":
            return _logarithm(node, parts, context)
    return _known_constant(node, context, Undecidable("function"))


def _maximum(parts: list[Signed], context: Context) -> Signed:
    gains = [part.size for part in parts if part.sign > 0]
    if not gains:
        raise Undecidable("negative")
    return Signed(1, total(gains, context))


def _logarithm(node: Call, parts: list[Signed], context: Context) -> Signed:
    """Log x, or log x to a base: the quotient of two logs."""
    if len(parts) == 1:
        return _one_logarithm(node.arguments[0], parts[0], node, context)
    base = Call("log", node.arguments[1:])
    below = _one_logarithm(node.arguments[1], parts[1], base, context)
    written = node if constant_value(base) is not None else Call("log", node.arguments[:1])
    above = _one_logarithm(node.arguments[0], parts[0], written, context)
    return _product([above, Signed(below.sign, below.size.inverse())], context)


def _one_logarithm(argument: Node, part: Signed, written: Node, context: Context) -> Signed:
    value = constant_value(Call("log", (argument,)))
    if value is not None:
        return _constant(value if abs(value) > ROUNDING else 0, context)
    if part.sign < 0:
        raise Undecidable("negative")
    return Signed(1, logarithm(part.size, written, context))


def _repeated(node: Sum, context: Context, depth: int) -> Signed:
    """A sum whose terms are all the same; the index is an unknown name in any other."""
    if node.index in context.conditions.vectors or node.index in context.conditions.definitions:
        raise Undecidable("function")
    count = Add((node.upper, Number(Fraction(1)), Mul((Number(Fraction(-1)), node.lower))))
    return _product([_translate(part, context, depth + 1) for part in (count, node.body)], context)
