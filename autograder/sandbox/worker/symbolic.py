"""SymPy objects as plain trees: class names and arguments, walked node by node, never printed and read back."""

import sys
from typing import Any

from autograder.sandbox.outcome import Opaque, SymbolicObject

MAX_NODES = 5_000
MAX_DEPTH = 70
MAX_NAME = 200
MAX_BITS = 4_000


class NotSymbolic(Exception):
    """The object is too large, or holds what has no place in an expression."""


def is_symbolic(value: Any) -> bool:
    """Whether it is a SymPy object. If SymPy was never imported here, nothing is."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, sympy.Basic | sympy.MatrixBase)


def tree(value: Any) -> SymbolicObject | Opaque:
    """Return the object's tree, or Opaque if it has more than MAX_NODES nodes or is deeper than MAX_DEPTH."""
    try:
        return _Walk().node(value, 0)
    except NotSymbolic as reason:
        return Opaque(type(value).__name__, str(reason))


class _Walk:
    """One walk, counting nodes: a small expression can share nodes so often that its tree is endless."""

    def __init__(self) -> None:
        self.nodes = 0
        self.sympy: Any = sys.modules["sympy"]

    def node(self, value: Any, depth: int) -> SymbolicObject:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise NotSymbolic("too large an expression")
        leaf = self._leaf(value)
        if leaf is not None:
            return leaf
        if isinstance(value, self.sympy.MatrixBase):
            return self._matrix(value, depth)
        if not isinstance(value, self.sympy.Basic):
            raise NotSymbolic("not an expression throughout")
        arguments = tuple(self.node(argument, depth + 1) for argument in value.args)
        return SymbolicObject(type(value).__name__, arguments)

    def _leaf(self, value: Any) -> SymbolicObject | None:
        sympy = self.sympy
        if isinstance(value, sympy.Symbol):
            return SymbolicObject("Symbol", (_text(value.name),))
        if isinstance(value, sympy.Integer):
            return SymbolicObject("Integer", (_integer(value.p),))
        if isinstance(value, sympy.Rational):
            return SymbolicObject("Rational", (_integer(value.p), _integer(value.q)))
        if isinstance(value, sympy.Float):
            return SymbolicObject("Float", (_text(str(value)),))
        if isinstance(value, sympy.core.symbol.Str):
            return SymbolicObject("Str", (_text(value.name),))
        return None

    def _matrix(self, value: Any, depth: int) -> SymbolicObject:
        """A matrix of known entries: rows, columns, then the entries row by row."""
        entries = tuple(self.node(entry, depth + 1) for entry in value.flat())
        rows, columns = (SymbolicObject("Integer", (int(length),)) for length in value.shape)
        return SymbolicObject("Matrix", (rows, columns, *entries))


def _text(value: Any) -> str:
    text = str.__str__(value)
    if len(text) > MAX_NAME:
        raise NotSymbolic("too long a name")
    return text


def _integer(value: Any) -> int:
    number = int(value)
    if number.bit_length() > MAX_BITS:
        raise NotSymbolic("too large a number")
    return number
