"""Asks SymPy, in a process of its own that is ended at a deadline, whether an expression is zero."""

import json
import os
import select
import signal
import sys
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

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

PROVED = b"0"
WORKER = Path(__file__).with_name("prover_worker.py")


@dataclass(frozen=True)
class Prover:
    """`seconds`: the deadline by the clock, for a process that hangs.

    The proof itself has a limit of processor time (prover_worker.py): no verdict depends on how busy the machine is.
    """

    seconds: float = 30.0

    def proves_zero(self, polynomial: Polynomial, integers: frozenset[str]) -> bool:
        """True only with a proof. False says nothing: unproved, out of time, out of memory, or no SymPy."""
        terms = _polynomial(polynomial, integers)
        # A fork has SymPy at once. Not with threads: one may hold a lock that the fork would wait for.
        if "sympy" in sys.modules and threading.active_count() == 1:
            return self._in_fork(terms)
        return self._in_program(json.dumps(terms))

    def _in_program(self, message: str) -> bool:
        import subprocess  # few answers get here, and whoever tries one would wait for it

        command = [sys.executable, "-I", str(WORKER)]
        try:
            done = subprocess.run(command, input=message, capture_output=True, text=True, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0 and done.stdout.strip() == "zero"

    def _in_fork(self, terms: list[Any]) -> bool:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _prove_and_exit(terms, writing)
        os.close(writing)
        answered, _, _ = select.select([reading], [], [], self.seconds)
        proved = bool(answered) and os.read(reading, 1) == PROVED
        os.close(reading)
        os.kill(child, signal.SIGKILL)  # not reaped yet, so the number is still its own
        os.waitpid(child, 0)
        return proved


def _prove_and_exit(terms: list[Any], writing: int) -> NoReturn:
    """In the fork: nothing that its parent was about to do happens here, whatever comes."""
    try:
        from autograder.checks.symbolic import prover_worker

        prover_worker.limit()
        if prover_worker.is_zero(terms):
            os.write(writing, PROVED)
    finally:
        os._exit(0)


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
