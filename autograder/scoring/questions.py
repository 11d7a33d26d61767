"""The question texts of a template module: its docstrings by paragraph and its comments by block.

They serve to notice an answer that only repeats the question. The template is the homework's own, trusted file.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache


@lru_cache(maxsize=64)
def question_texts(source: bytes) -> tuple[str, ...]:
    """The texts in which a question may be asked, in the order of the file."""
    return tuple(text for text in (*_docstrings(source), *_comments(source)) if text)


def _docstrings(source: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield from (ast.get_docstring(node) or "").split("\n\n")


def _comments(source: bytes) -> Iterator[str]:
    block: list[str] = []
    last = 0
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        if token.type == tokenize.COMMENT:
            if token.start[0] > last + 1:
                yield " ".join(block)
                block = []
            block.append(token.string.lstrip("# "))
            last = token.start[0]
    yield " ".join(block)
