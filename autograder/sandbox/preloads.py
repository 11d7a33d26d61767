"""Which libraries pay to be imported once, in the zygote, before a submission's workers are forked.

Its text says what its code will import; a library that PyTorch or SymPy imports only when something is used is named by
what uses it. Only what stands in this table is ever imported because of a text.
"""

import re
from collections.abc import Iterable

WANTED = (
    (re.compile(rb"\bsympy\b"), ("sympy", "sympy.tensor.tensor")),  # the second is what the first sum imports
    (re.compile(rb"\btorch\.(?:optim|compile|utils\.checkpoint)\b|\boptim\."), ("torch._dynamo",)),
)


def wanted_by(sources: Iterable[bytes]) -> tuple[str, ...]:
    """Return the modules that code like this will import, most of a second each, as far as they are in the table."""
    texts = tuple(sources)
    return tuple(name for word, names in WANTED if any(map(word.search, texts)) for name in names)
