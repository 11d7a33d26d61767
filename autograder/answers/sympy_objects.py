"""SymPy objects, as plain data, to syntax: by an allow-list of node types, never through a string.

Their names are looked up among the part's names; nothing in them is parsed or evaluated. SymPy counts the entries of
its matrices from 0, and orders terms in its own way; both are put right here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from autograder.answers.bounds import BOUNDS
from autograder.answers.characters import GREEK_SYMBOLS
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.syntax import (
    Addition,
    Angle,
    Applied,
    Bars,
    Group,
    Ident,
    Letter,
    Lowered,
    Numeral,
    Product,
    Raised,
    Range,
    Summed,
    Syntax,
    Transposed,
    Wrapped,
)
from autograder.sandbox.outcome import SymbolicObject

_FUNCTIONS = {
    **{name: name for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "floor", "factorial")},
    "Max": "max", "Min": "min", "ceiling": "ceil", "Trace": "trace", "trace": "trace", "max": "max", "min": "min",
    "sqrt": "sqrt",
}  # fmt: skip
_WRAPPERS = {"O": "O", "BigO": "O", "Theta": "Theta", "Omega": "Omega", "Θ": "Theta", "Ω": "Omega"}
LONGEST_NAME = 200
_INDEX_LETTERS = "ijlmnprstuvwabcfgh"


@dataclass(frozen=True)
class _Walk:
    """What is known around a node: the letters that stand for the indices of sums, and which of them begin at 0."""

    lexicon: Lexicon
    nodes: list[int]
    depth: int = 0
    letters: dict[str, str] = field(default_factory=dict)
    from_zero: frozenset[str] = frozenset()

    def deeper(self) -> "_Walk":
        self.nodes[0] += 1
        if self.nodes[0] > BOUNDS.tokens:
            raise CannotRead("too_many_symbols", limit=BOUNDS.tokens)
        if self.depth > BOUNDS.depth:
            raise CannotRead("too_deep", limit=BOUNDS.depth)
        return replace(self, depth=self.depth + 1)


def object_syntax(answer: SymbolicObject, lexicon: Lexicon) -> Syntax:
    """The syntax of a SymPy object. Everything stands at place 0, for there is no text."""
    return _syntax(answer, _Walk(lexicon, [0]))


def _syntax(node: object, walk: _Walk) -> Syntax:
    if not isinstance(node, SymbolicObject):
        raise CannotRead("sympy_node", name=type(node).__name__)
    inner = walk.deeper()
    if node.operation in _SPECIAL:
        return _SPECIAL[node.operation](node, inner)
    if node.operation in _WRAPPERS and len(node.arguments) == 1:
        return Wrapped(0, 0, _WRAPPERS[node.operation], _syntax(node.arguments[0], inner))
    if node.operation in _FUNCTIONS:
        return Applied(0, 0, _FUNCTIONS[node.operation], _all(node, inner))
    if node.operation in walk.lexicon.vocabulary.functions:
        return Applied(0, 0, node.operation, _all(node, inner))
    raise CannotRead("sympy_node", name=node.operation)


def _all(node: SymbolicObject, walk: _Walk) -> tuple[Syntax, ...]:
    """All arguments, of which there is at least one."""
    if not node.arguments:
        raise CannotRead("sympy_node", name=node.operation)
    return tuple(_syntax(argument, walk) for argument in node.arguments)


def _leaf_text(node: SymbolicObject) -> str:
    text = node.arguments[0] if node.arguments else None
    if not isinstance(text, str) or len(text) > LONGEST_NAME:  # a worker may say what it likes
        raise CannotRead("sympy_node", name=node.operation)
    return text


def _symbol(node: SymbolicObject, walk: _Walk) -> Syntax:
    name = _leaf_text(node)
    if name in walk.letters:
        return Letter(0, 0, walk.letters[name])
    known = _declared(name, walk.lexicon)
    if known is not None:
        return known
    stem, underscore, index = name.partition("_")
    vector = _declared(stem, walk.lexicon)
    if underscore and vector is not None and index:
        place = Numeral(0, 0, Fraction(index)) if index.isdecimal() and len(index) < 9 else Letter(0, 0, index)
        return Lowered(0, 0, vector, _declared(index, walk.lexicon) or place)
    return Letter(0, 0, name)


def _declared(name: str, lexicon: Lexicon) -> Ident | None:
    if name in lexicon.declared:
        return Ident(0, 0, name)
    for declared in lexicon.declared:
        if GREEK_SYMBOLS.get(declared) == name:
            return Ident(0, 0, declared)
    return None


def _integer(node: SymbolicObject, walk: _Walk) -> Syntax:
    return Numeral(0, 0, Fraction(_whole(node.arguments[0])))


def _rational(node: SymbolicObject, walk: _Walk) -> Syntax:
    above, below = (_whole(argument) for argument in node.arguments)
    if below == 0:
        raise CannotRead("division_by_zero")
    return Numeral(0, 0, Fraction(above, below))


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise CannotRead("sympy_node", name=type(value).__name__)
    if value.bit_length() > 128:
        raise CannotRead("number_too_long", limit=BOUNDS.digits)
    return value


def _float(node: SymbolicObject, walk: _Walk) -> Syntax:
    text = _leaf_text(node)
    exponent = text.lower().partition("e")[2]
    try:
        if len(text) > 2 * BOUNDS.digits or (exponent and abs(int(exponent)) > BOUNDS.digits):
            raise CannotRead("number_too_long", limit=BOUNDS.digits)
        return Numeral(0, 0, Fraction(text))
    except ValueError:
        raise CannotRead("infinity") from None


def _sum_of_terms(node: SymbolicObject, walk: _Walk) -> Syntax:
    """SymPy puts numbers first; a person writes them last."""
    terms = sorted(_all(node, walk), key=lambda term: isinstance(term, Numeral))
    return Addition(0, 0, tuple(("+", term) for term in terms))


def _product(node: SymbolicObject, walk: _Walk) -> Syntax:
    """Quotients go last, but nothing else moves, for the order of matrices matters."""
    factors = sorted(_all(node, walk), key=_is_quotient)
    return Product(0, 0, tuple(("*" if place else "", factor) for place, factor in enumerate(factors)))


def _is_quotient(factor: Syntax) -> bool:
    return isinstance(factor, Raised) and isinstance(factor.exponent, Numeral) and factor.exponent.value < 0


def _power(node: SymbolicObject, walk: _Walk) -> Syntax:
    base, exponent = _all(node, walk)
    return Raised(0, 0, base, exponent, False)


def _transpose(node: SymbolicObject, walk: _Walk) -> Syntax:
    return Transposed(0, 0, _syntax(node.arguments[0], walk))


def _absolute(node: SymbolicObject, walk: _Walk) -> Syntax:
    return Bars(0, 0, "|", _syntax(node.arguments[0], walk))


def _norm(node: SymbolicObject, walk: _Walk) -> Syntax:
    return Applied(0, 0, "norm", _all(node, walk))


def _dot(node: SymbolicObject, walk: _Walk) -> Syntax:
    left, right = _all(node, walk)
    return Angle(0, 0, left, right)


def _matrix_symbol(node: SymbolicObject, walk: _Walk) -> Syntax:
    """A column or a row of the declared length."""
    label, *shape = node.arguments
    name = label if isinstance(label, str) else _leaf_text(label)
    vector = _declared(name, walk.lexicon)
    rows, columns = (_syntax(size, walk) for size in shape)
    if vector is None:
        return Letter(0, 0, name)
    length = walk.lexicon.declared[vector.name].length
    if _is_one(columns) and isinstance(rows, Ident) and rows.name == length:
        return vector
    if _is_one(rows) and isinstance(columns, Ident) and columns.name == length:
        return Transposed(0, 0, vector)
    raise CannotRead("lengths_differ", name=name)


def _is_one(syntax: Syntax) -> bool:
    return isinstance(syntax, Numeral) and syntax.value == 1


def _matrix_element(node: SymbolicObject, walk: _Walk) -> Syntax:
    """`mu[i, 0]`, counted from 0: the entry i + 1, unless i itself is counted from 0 by its sum."""
    whole, row, column = node.arguments
    base = _syntax(whole, walk)
    if isinstance(base, Transposed):
        base, row = base.body, column
    if not isinstance(base, Ident):
        return base  # a product of a row and a column: its one entry is the product
    if isinstance(row, SymbolicObject) and row.operation == "Symbol" and _leaf_text(row) in walk.from_zero:
        return Lowered(0, 0, base, _syntax(row, walk))
    place = _syntax(row, walk)
    if isinstance(place, Numeral):
        return Lowered(0, 0, base, Numeral(0, 0, place.value + 1))
    return Lowered(0, 0, base, Addition(0, 0, (("+", place), ("+", Numeral(0, 0, Fraction(1))))))


def _indexed(node: SymbolicObject, walk: _Walk) -> Syntax:
    if len(node.arguments) != 2:
        raise CannotRead("sympy_node", name=node.operation)
    return Lowered(0, 0, _syntax(node.arguments[0], walk), _syntax(node.arguments[1], walk))


def _first(node: SymbolicObject, walk: _Walk) -> Syntax:
    """An IndexedBase or an Idx is its symbol; sizes and ranges that it carries are those of the sum."""
    return _syntax(node.arguments[0], walk)


def _sum(node: SymbolicObject, walk: _Walk) -> Syntax:
    """SymPy's first range is the innermost sum's."""
    body, *ranges = node.arguments
    inner = walk
    for over in reversed(ranges):
        inner = _with_index(over, inner)
    result = _syntax(body, inner)
    for over in ranges:
        result = Summed(0, 0, Group(0, 0, result, "("), _range(over, inner))
    return result


def _index_name(over: object) -> str:
    if not isinstance(over, SymbolicObject) or over.operation != "Tuple" or len(over.arguments) != 3:
        raise CannotRead("sum_index")
    index = over.arguments[0]
    while isinstance(index, SymbolicObject) and index.operation == "Idx":
        index = index.arguments[0]
    if not isinstance(index, SymbolicObject):
        raise CannotRead("sum_index")
    return _leaf_text(index)


def _with_index(over: object, walk: _Walk) -> _Walk:
    """With a letter of its own for the index of one more sum."""
    name = _index_name(over)
    taken = {*walk.letters.values(), *walk.lexicon.declared}
    letter = name if len(name) == 1 and name.isalpha() and name not in walk.letters.values() else None
    letter = letter or next((letter for letter in _INDEX_LETTERS if letter not in taken), None)
    if letter is None:
        raise CannotRead("sum_index")
    assert isinstance(over, SymbolicObject)
    starts_at_zero = over.arguments[1] == SymbolicObject("Integer", (0,))
    from_zero = walk.from_zero | {name} if starts_at_zero else walk.from_zero - {name}
    return replace(walk, letters={**walk.letters, name: letter}, from_zero=from_zero)


def _range(over: object, walk: _Walk) -> Range:
    assert isinstance(over, SymbolicObject)
    _, lower, upper = over.arguments
    return Range(0, 0, walk.letters[_index_name(over)], _syntax(lower, walk), _syntax(upper, walk))


def _order(node: SymbolicObject, walk: _Walk) -> Syntax:
    """SymPy's Order is about 0, where d² + d is O(d); only one that was made at infinity means what it says."""
    body, *points = node.arguments
    for point in points:
        at = point.arguments[1] if isinstance(point, SymbolicObject) and len(point.arguments) == 2 else None
        if not isinstance(at, SymbolicObject) or at.operation != "Infinity":
            raise CannotRead("sympy_order")
    return Wrapped(0, 0, "O", _syntax(body, walk))


def _pi(node: SymbolicObject, walk: _Walk) -> Syntax:
    return Letter(0, 0, "pi")


def _e(node: SymbolicObject, walk: _Walk) -> Syntax:
    return Letter(0, 0, "e")


def _infinity(node: SymbolicObject, walk: _Walk) -> Syntax:
    raise CannotRead("infinity")


def _matrix(node: SymbolicObject, walk: _Walk) -> Syntax:
    """A matrix of one entry is its entry."""
    if len(node.arguments) != 3:
        raise CannotRead("not_a_scalar", kind_found="matrix")
    return _syntax(node.arguments[2], walk)


def _identity(node: SymbolicObject, walk: _Walk) -> Syntax:
    if not _is_one(_syntax(node.arguments[0], walk)):
        raise CannotRead("sympy_node", name=node.operation)
    return Numeral(0, 0, Fraction(1))


def _equality(node: SymbolicObject, walk: _Walk) -> Syntax:
    """`Eq(s, sqrt(n))`: the right side, where the left is a name of its own."""
    left, right = _all(node, walk)
    if not isinstance(left, Letter):
        raise CannotRead("equation")
    return right


_SPECIAL: dict[str, Callable[[SymbolicObject, _Walk], Syntax]] = {
    "Symbol": _symbol, "Dummy": _symbol, "Integer": _integer, "Rational": _rational, "Float": _float,
    "Add": _sum_of_terms, "MatAdd": _sum_of_terms, "Mul": _product, "MatMul": _product, "Pow": _power,
    "MatPow": _power, "Transpose": _transpose, "Abs": _absolute, "norm": _norm, "Norm": _norm, "DotProduct": _dot,
    "dot": _dot, "MatrixSymbol": _matrix_symbol, "MatrixElement": _matrix_element, "Indexed": _indexed,
    "IndexedBase": _first, "Idx": _first, "Sum": _sum, "Order": _order, "Pi": _pi, "Exp1": _e, "Infinity": _infinity,
    "NegativeInfinity": _infinity, "Matrix": _matrix, "Identity": _identity, "Equality": _equality,
}  # fmt: skip
