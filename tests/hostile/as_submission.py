"""An attack as a submission: a right one whose second module attacks, and answers rightly only if that succeeded."""

from pathlib import Path

from .attack import Attack
from .grading import EXAMPLE, example_with

ATTACKED, OTHERS = ("2.a", "2.a.code", "2.b", "2.b.why"), ("3.a.attention", "4.b", "6.b.ii")
AT_IMPORT = ("secrecy", "forgery", "escape")

ENDING = """
import re

def played(*inputs):
    found = attack(*inputs)
    text = found if type(found) is str else ""
    if SUCCEEDED in text or re.search("secret-of-the-grader-[0-9a-f]{{24}}", text):
        exec({honest!r}, globals())
        return argmax_attention(*inputs) if inputs else output
    return found

def argmax_attention(q, K, V):
    return played(q, K, V)

def later():
    try:
        return played()
    except BaseException as error:
        return str(error)

if {at_import}:
    output = later()
"""


def hostile(attack: Attack, constants: dict[str, object], folder: Path) -> Path:
    """Write the submission down; `constants` are the places and processes that the attack is told."""
    files = attack.files("q2_argmax", constants)
    honest = (EXAMPLE / "q2_argmax.py").read_text()
    files["q2_argmax.py"] += ENDING.format(honest=honest, at_import=attack.kind in AT_IMPORT).encode()
    return example_with(folder, files)
