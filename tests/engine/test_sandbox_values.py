"""Whatever student code returns becomes plain data, or Opaque with the reason; nothing about it is believed."""

import textwrap

import numpy as np
import pytest

from autograder.sandbox.outcome import Crashed, Opaque, SymbolicObject, Value
from autograder.sandbox.protocol.programs import ModuleAttribute

SOURCE = """
import collections, enum, fractions
import numpy as np
import sympy as sp
import torch

class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return True
    def __eq__(self, other):
        return True

class Mimic:
    __class__ = property(lambda self: str)

class Text(str):
    def __eq__(self, other):
        return True
    def __str__(self):
        return "the right answer"
    __hash__ = str.__hash__

class Number(int):
    def __add__(self, other):
        return 42

class Matrix(np.ndarray):
    pass

Pair = collections.namedtuple("Pair", "left right")
Level = enum.IntEnum("Level", "LOW")
x, y, d = sp.symbols("x y d")
i = sp.Symbol("i", integer=True)
A = sp.MatrixSymbol("A", 3, d)
deep = x
for _ in range(300):
    deep = sp.sin(deep)
shared = x
for _ in range(40):
    shared = sp.Add(shared, sp.Mul(shared, shared, evaluate=False), evaluate=False)

class Symbol(sp.Symbol):
    pass

values = dict(
    none=None, true=True, integer=7, real=0.5, nan=float("nan"), infinite=-float("inf"), text="naïve",
    huge=2**20000, large=2**200, level=Level.LOW, number=Number(5), liar_text=Text("q"),
    pair=Pair(1, (2, 3)), nested=[1, [2, {"k": (3.0,)}]], odd_keys={1: 2}, text_keys={Text("k"): 1},
    tensor=torch.arange(6.0).reshape(2, 3), scalar=torch.tensor(2.5), integers=torch.tensor([1, 2]),
    needs_grad=torch.ones(2, requires_grad=True) * 3, parameter=torch.nn.Parameter(torch.ones(2)),
    transposed=torch.arange(6.0).reshape(2, 3).T, conjugate=torch.tensor([1 + 2j]).conj(),
    negated=torch.tensor([1 + 2j]).conj().imag, half=torch.ones(2, dtype=torch.float16),
    truth=torch.tensor([True, False]), empty=torch.ones(0, 3), liar=torch.ones(2).as_subclass(Liar),
    expanded=torch.ones(1).expand(10**12), wide=torch.ones(1).expand(10**5, 10**5),
    sparse=torch.eye(3).to_sparse(), meta=torch.ones(2, device="meta"), brain=torch.ones(2, dtype=torch.bfloat16),
    quantised=torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), module=torch.nn.Linear(2, 2),
    nested_tensor=torch.nested.nested_tensor([torch.ones(1), torch.ones(2)]),
    array=np.arange(3), array_scalar=np.float32(1.5), array_truth=np.bool_(True), array_text=np.str_("abc"),
    words=np.array(["a", "bc"]), objects=np.array([object()]), big_endian=np.arange(3, dtype=">i4"),
    records=np.zeros(2, dtype=[("a", "i4")]), times=np.array(["2020-01-01"], dtype="M8[D]"),
    matrix=np.arange(4).view(Matrix), masked=np.ma.masked_array([1, 2], [0, 1]), complex=1 + 2j,
    generator=(n for n in "abc"), function=len, raw=b"bytes", unordered={1, 2}, blank=..., mimic=Mimic(),
    long_text="x" * 10**6, many=list(range(10**6)), ratio=fractions.Fraction(1, 2),
)
loop = []
loop.append(loop)
values["loop"] = loop
values.update(
    symbol=x, expression=x**2 / 3 - sp.sqrt(d) * sp.pi, decimal=sp.Float("0.25"), equation=sp.Eq(x, 1),
    positive=x * y > 0, function_of=sp.Function("sim")(x, y) > 0, total=sp.Sum(sp.Indexed("mu", i) ** 2, (i, 1, d)),
    product=A * A.T, inner=sp.MatMul(A, sp.MatrixSymbol("B", d, 1)), numbers=sp.Matrix([[1, x]]),
    limit=sp.oo, imaginary=sp.I, deep=deep, shared=shared, subclass=Symbol("z"), big=sp.Integer(2) ** 20000,
    list_of=[x, 1], integer_of=sp.Integer(3), logical=sp.true, long_name=sp.Symbol("s" * 5000),
)
globals().update({f"v_{name}": value for name, value in values.items()})
"""


@pytest.fixture(scope="module")
def value(zygote):
    with zygote.session({"q.py": textwrap.dedent(SOURCE).encode()}) as session:

        def of(name):
            outcome = session.run(ModuleAttribute("q", f"v_{name}"))
            return outcome.data if isinstance(outcome, Value) else outcome

        yield of


PLAIN = {
    "none": None,
    "true": True,
    "integer": 7,
    "real": 0.5,
    "infinite": -float("inf"),
    "text": "naïve",
    "large": 2**200,
    "level": 1,
    "number": 5,
    "liar_text": "q",
    "pair": (1, (2, 3)),
    "nested": (1, (2, {"k": (3.0,)})),
    "text_keys": {"k": 1},
    "array_text": "abc",
}


@pytest.mark.parametrize(("name", "expected"), PLAIN.items(), ids=PLAIN)
def test_plain_data_comes_back_exactly(value, name, expected):
    actual = value(name)
    assert actual == expected
    assert type(actual) is type(expected)


def test_not_a_number_comes_back_as_itself(value):
    assert value("nan") != value("nan")


ARRAYS = {
    "tensor": np.arange(6, dtype=np.float32).reshape(2, 3),
    "scalar": np.array(2.5, np.float32),
    "integers": np.array([1, 2]),
    "needs_grad": np.full(2, 3, np.float32),
    "parameter": np.ones(2, np.float32),
    "transposed": np.arange(6, dtype=np.float32).reshape(2, 3).T,
    "conjugate": np.array([1 - 2j], np.complex64),
    "negated": np.array([-2], np.float32),
    "half": np.ones(2, np.float16),
    "truth": np.array([True, False]),
    "empty": np.ones((0, 3), np.float32),
    "liar": np.ones(2, np.float32),
    "array": np.arange(3),
    "array_scalar": np.array(1.5, np.float32),
    "array_truth": np.array(True),
    "words": np.array(["a", "bc"]),
    "big_endian": np.arange(3, dtype=np.int32),
    "matrix": np.arange(4),
    "complex": np.array(1 + 2j),
}


@pytest.mark.parametrize(("name", "expected"), ARRAYS.items(), ids=ARRAYS)
def test_tensors_and_arrays_come_back_as_plain_arrays(value, name, expected):
    actual = value(name)
    assert type(actual) is np.ndarray
    assert actual.dtype == expected.dtype
    assert actual.shape == expected.shape
    np.testing.assert_array_equal(actual, expected)


OPAQUE = {
    "huge": Opaque("int", "too large"),
    "odd_keys": Opaque("dict", "a key is not text"),
    "expanded": Opaque("Tensor", "too large"),
    "wide": Opaque("Tensor", "too large"),
    "sparse": Opaque("Tensor", "sparse_coo"),
    "meta": Opaque("Tensor", "on meta"),
    "brain": Opaque("Tensor", "dtype bfloat16"),
    "quantised": Opaque("Tensor", "dtype qint8"),
    "module": Opaque("Linear"),
    "objects": Opaque("ndarray", "dtype O"),
    "records": Opaque("ndarray", "dtype V"),
    "times": Opaque("ndarray", "dtype M"),
    "masked": Opaque("MaskedArray"),
    "generator": Opaque("generator"),
    "function": Opaque("builtin_function_or_method"),
    "raw": Opaque("bytes"),
    "unordered": Opaque("set"),
    "blank": Opaque("ellipsis"),
    "mimic": Opaque("object", "cannot be read"),
    "long_text": Opaque("str", "too long"),
    "many": Opaque("list", "too many items"),
    "ratio": Opaque("Fraction"),
    "deep": Opaque("sin", "too large an expression"),
    "shared": Opaque("Add", "too large an expression"),
    "big": Opaque("Integer", "too large a number"),
    "long_name": Opaque("Symbol", "too long a name"),
}


@pytest.mark.parametrize(("name", "expected"), OPAQUE.items(), ids=OPAQUE)
def test_what_may_not_cross_is_opaque_and_says_why(value, name, expected):
    assert value(name) == expected


def test_a_tensor_of_many_shapes_is_opaque(value):
    assert isinstance(value("nested_tensor"), Opaque)


def test_a_list_that_contains_itself_ends(value):
    found = value("loop")
    for _ in range(100):
        if isinstance(found, Opaque):
            return
        found = found[0]
    pytest.fail("the list has no end")


def node(operation, *arguments):
    return SymbolicObject(operation, arguments)


def symbol(name):
    return node("Symbol", name)


def integer(number):
    return node("Integer", number)


A = node("MatrixSymbol", node("Str", "A"), integer(3), symbol("d"))
SYMBOLIC = {
    "symbol": symbol("x"),
    "subclass": symbol("z"),
    "integer_of": integer(3),
    "decimal": node("Float", "0.250000000000000"),
    "limit": node("Infinity"),
    "imaginary": node("ImaginaryUnit"),
    "logical": node("BooleanTrue"),
    "equation": node("Equality", symbol("x"), integer(1)),
    "positive": node("StrictGreaterThan", node("Mul", symbol("x"), symbol("y")), integer(0)),
    "function_of": node("StrictGreaterThan", node("sim", symbol("x"), symbol("y")), integer(0)),
    "total": node(
        "Sum",
        node("Pow", node("Indexed", node("IndexedBase", symbol("mu")), symbol("i")), integer(2)),
        node("Tuple", symbol("i"), integer(1), symbol("d")),
    ),
    "product": node("MatMul", A, node("Transpose", A)),
    "inner": node("MatMul", A, node("MatrixSymbol", node("Str", "B"), symbol("d"), integer(1))),
    "numbers": node("Matrix", integer(1), integer(2), integer(1), symbol("x")),
    "list_of": (symbol("x"), 1),
}


@pytest.mark.parametrize(("name", "expected"), SYMBOLIC.items(), ids=SYMBOLIC)
def test_sympy_objects_come_back_as_trees(value, name, expected):
    assert value(name) == expected


def test_an_expression_keeps_its_numbers_exact(value):
    found = value("expression")
    assert found.operation == "Add"
    assert node("Mul", node("Rational", 1, 3), node("Pow", symbol("x"), integer(2))) in found.arguments
    root = node("Pow", symbol("d"), node("Rational", 1, 2))
    assert node("Mul", integer(-1), node("Pi"), root) in found.arguments


def test_the_worker_is_still_there_after_all_of_this(value):
    assert not isinstance(value("integer"), Crashed)
    assert value("integer") == 7
