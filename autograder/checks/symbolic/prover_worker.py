"""Tries to prove with SymPy that an expression is zero. Run as a program of its own, which may be ended at any time.

Comes in on standard input: the expression as JSON (prover.py writes it). Goes out: "zero" or "unproved".
Objects are built by constructors; no text is ever parsed as mathematics.
"""

import json
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import sympy

MEMORY_BYTES = 2 * 1024**3
PROOF_SECONDS = 0.2  # of processor time, without the import of SymPy
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "max": sympy.Max, "min": sympy.Min, "factorial": sympy.factorial, "floor": sympy.floor, "ceil": sympy.ceiling,
    "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "arcsin": sympy.asin, "arccos": sympy.acos,
    "arctan": sympy.atan,
}  # fmt: skip


def built(terms: list[Any]) -> Any:
    """A polynomial: [[coefficient, [[atom, exponent], ...]], ...]."""
    return sympy.Add(*(sympy.Rational(*value) * monomial(factors) for value, factors in terms))


def monomial(factors: list[Any]) -> Any:
    return sympy.Mul(*(sympy.Pow(atom(*what), sympy.Rational(*exponent)) for what, exponent in factors))


def atom(kind: str, *parts: Any) -> Any:
    match kind:
        case "number":
            return sympy.Integer(parts[0])
        case "e" | "pi":
            return sympy.E if kind == "e" else sympy.pi
        case "name":
            return sympy.Symbol(parts[0], real=True, **parts[1])
        case "abs":
            return sympy.Abs(built(parts[0]))
        case "exp":
            return sympy.exp(monomial(parts[0]))
        case "log":
            return sympy.log(built(parts[0]))
        case "sum":
            return built(parts[0])
        case _:
            function = FUNCTIONS.get(parts[0]) or sympy.Function(parts[0], real=True)
            return function(*(built(argument) for argument in parts[1]))


def ladder(expression: Any) -> Iterator[Any]:
    """Rewritings of the expression, the cheap ones first."""
    yield expression
    yield sympy.expand(expression)
    yield sympy.cancel(sympy.together(expression))
    yield sympy.expand(sympy.sqrtdenest(expression))
    yield sympy.expand(sympy.expand_trig(expression))
    yield sympy.simplify(expression)
    yield sympy.simplify(sympy.expand_log(sympy.expand(expression.rewrite(sympy.Abs)), force=False))


def limit() -> None:
    """Ends this process where a proof takes too much memory or processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, PROOF_SECONDS)


def is_zero(terms: list[Any]) -> bool:
    return any(step.is_zero for step in ladder(built(terms)))


def main() -> None:
    limit()
    sys.stdout.write("zero" if is_zero(json.load(sys.stdin)) else "unproved")


if __name__ == "__main__":
    main()
