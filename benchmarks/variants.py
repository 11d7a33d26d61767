"""One submission written as another student would have: the same answers, and no module with the same bytes.

Local names are others, formulas are spaced in another way, answers in words say something more, and each module ends
with a comment of its own. No line moves and no mark changes.
"""

import ast
import re
from collections.abc import Iterator
from itertools import count

# Names inside functions, by module, that nothing else reads.
LOCAL_NAMES = {
    "q2_argmax": ("best", "best_score", "score"),
    "q3_multihead": ("batch_size", "seq_length", "per_head", "inner"),
    "q4_decoding": ("weights", "result", "scores"),
    "q6_linear": ("numerator", "denominator", "kv_agg", "z_agg", "squares", "products", "one_x", "totals", "weights"),
}
WORDS = ("training_effect", "modifications", "responses", "sources", "collaborators")
FORMULA = re.compile(r'^(?P<name>\w+ = r?)"(?P<formula>[^"\n]*(?: [-+=] |, )[^"\n]*)"', re.MULTILINE)
BETWEEN = re.compile(r" [-+=] |, ")
FEW_WORDS = 3


def variant(module: str, source: bytes, number: int) -> bytes:
    """The module as student `number` hands it in. Equal for equal arguments, different for different numbers."""
    text = more_words(source.decode("utf-8"), number)
    text = FORMULA.sub(lambda found: f'{found["name"]}"{spaced(found["formula"], number)}"', text)
    for name in LOCAL_NAMES.get(module, ()):
        text = re.sub(rf"(?<![\w.]){name}\b", f"{name}_{number}", text)
    return signed(text.encode(), number)


def signed(source: bytes, number: int) -> bytes:
    """With a last line that no other student has."""
    return source.rstrip() + f"\n# Handed in by student {number}.\n".encode()


def more_words(text: str, number: int) -> str:
    """With one more sentence in every answer in words; an answer of a word or two stays."""
    lines = text.encode().splitlines(keepends=True)
    for line, column in sorted(ends_of_answers(text), reverse=True):
        before, after = lines[line][:column], lines[line][column:]
        lines[line] = before + f" I came back to this {number} times.".encode() + after
    return b"".join(lines).decode()


def ends_of_answers(text: str) -> Iterator[tuple[int, int]]:
    """Line and column, from 0 and in bytes, of the closing quote of each answer in words."""
    lines = text.encode().splitlines()
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign) and isinstance(target := statement.targets[0], ast.Name):
            for node in ast.walk(statement.value) if target.id in WORDS else ():
                if isinstance(node, ast.Constant) and len(str(node.value).split()) > FEW_WORDS:
                    line, column = node.end_lineno - 1, node.end_col_offset
                    yield line, column - (3 if lines[line][:column].endswith(b'"""') else 1)


def spaced(formula: str, number: int) -> str:
    """One to three spaces where there is one, by the digits of the number to the base three."""
    places = count()
    return BETWEEN.sub(lambda found: found[0].rstrip() + " " * (1 + number // 3 ** next(places) % 3), formula)
