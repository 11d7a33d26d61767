"""What may be said of an object that cannot cross: known names and known reasons only.

A class can be named at will, after a hidden input for instance, and a forged reply can give any reason. So whatever is
not on these lists is called an object, without a reason.
"""

import builtins

from autograder.sandbox.outcome import Opaque

UNKNOWN_TYPE = "object"
LIBRARY_TYPES = frozenset(
    (
        *("function", "generator", "coroutine", "async_generator", "module", "method", "ellipsis", "NoneType", "code"),
        *("builtin_function_or_method", "method_descriptor", "dict_keys", "dict_values", "dict_items", "mappingproxy"),
        *("Fraction", "Decimal", "OrderedDict", "defaultdict", "Counter", "deque", "partial", "SimpleNamespace"),
        *("Tensor", "Parameter", "Size", "dtype", "device", "Linear", "Embedding", "Dropout", "Sequential"),
        *("ModuleList", "LayerNorm", "Softmax", "MultiheadAttention", "ndarray", "MaskedArray", "matrix", "ufunc"),
        *("Symbol", "Integer", "Rational", "Float", "Add", "Mul", "Pow", "Sum", "Equality", "Relational", "Matrix"),
        *("exp", "log", "sin", "cos", "MatrixSymbol", "MatMul", "MatAdd", "Transpose", "Function", "Order"),
    )
)
LAYOUTS = ("sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc", "_mkldnn", "jagged")
TORCH_TYPES = ("bfloat16", "complex32", "qint8", "quint8", "qint32", "uint16", "uint32", "uint64")
SMALL_FLOATS = ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz")
NUMPY_KINDS = ("O", "V", "S", "M", "m", "U", "f", "c", "i", "u")
DETAILS = frozenset(
    (
        *("too deep or too many items", "too many items", "a key is not text", "cannot be read", "does not travel"),
        *("too large", "too long", "too large an expression", "not an expression throughout", "too long a name"),
        *("too large a number", "on meta"),
        *LAYOUTS,
        *(f"dtype {name}" for name in (*TORCH_TYPES, *SMALL_FLOATS, *NUMPY_KINDS)),
    )
)


def told(type_name: str, detail: str) -> Opaque:
    """Return what is believed of an object that a worker says it has."""
    built_in = isinstance(getattr(builtins, type_name, None), type)
    name = type_name if built_in or type_name in LIBRARY_TYPES else UNKNOWN_TYPE
    return Opaque(name, detail if detail in DETAILS else "")
