"""Asks SymPy, in a process of its own that is ended at a deadline, whether an expression is zero."""

import json
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.checks.symbolic.atoms import (
    Absolute,
    Atom,
    Base,
    Exponential,
    Logarithm,
    Monomial,
    Opaque,
    Polynomial,
    Rational,
    Root,
    Symbol,
)

WORKER = Path(__file__).with_name("prover_worker.py")


@dataclass(frozen=True)
class Prover:
    """`seconds`: the deadline by the clock, for a process that hangs.

    The worker limits its own processor time (prover_worker.py): no verdict depends on how busy the machine is.
    """

    seconds: float = 30.0

    def proves_zero(self, polynomial: Polynomial, integers: frozenset[str]) -> bool:
        """True only with a proof. False says nothing: unproved, out of time, out of memory, or no SymPy."""
        message = json.dumps(_polynomial(polynomial, integers))
        command = [sys.executable, "-I", str(WORKER)]
        try:
            done = subprocess.run(command, input=message, capture_output=True, text=True, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0 and done.stdout.strip() == "zero"


def _polynomial(polynomial: Polynomial, integers: frozenset[str]) -> list[Any]:
    return [[_rational(value), _monomial(monomial, integers)] for monomial, value in polynomial.terms.items()]


def _monomial(monomial: Monomial, integers: frozenset[str]) -> list[Any]:
    return [[_atom(atom, integers), _rational(exponent)] for atom, exponent in monomial]


def _rational(value: Rational) -> list[int]:
    fraction = Fraction(value)
    return [fraction.numerator, fraction.denominator]


def _atom(atom: Atom, integers: frozenset[str]) -> list[Any]:
    match atom:
        case Base(number=number):
            return ["number", number]
        case Symbol(name=("e" | "pi") as name):
            return [name]
        case Symbol(name=name):
            return ["name", name, _known(positive=atom.nonnegative, integer=name in integers)]
        case Absolute(argument=argument):
            return ["abs", _polynomial(argument, integers)]
        case Exponential(exponent=exponent):
            return ["exp", _monomial(exponent, integers)]
        case Logarithm(argument=argument):
            return ["log", _polynomial(argument, integers)]
        case Root(radicand=radicand):
            return ["sum", _polynomial(radicand, integers)]
        case Opaque(function=function, arguments=arguments):
            return ["call", function, [_polynomial(argument, integers) for argument in arguments]]
        case _:
            return ["name", atom.key, _known(nonnegative=atom.nonnegative)]


def _known(**assumptions: bool) -> dict[str, bool]:
    """What holds; SymPy would take False for the opposite."""
    return {name: True for name, holds in assumptions.items() if holds}
