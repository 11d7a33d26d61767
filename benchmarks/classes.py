"""Makes a class to grade, and a homework to change.

The class is the examples over and over, each module in bytes of its own, one submission in twenty broken.
"""

import re
import shutil
import time
from pathlib import Path

from benchmarks.variants import signed, variant

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ("different", "gemini", "typical_mistakes")
EVERY = 100  # one in twenty is broken or hostile
BROKEN = {
    7: ("q3_multihead.py", b"def f(:\n"),
    27: ("q6_linear.py", b"import os\nos._exit(0)\n"),
    47: ("q4_decoding.py", b"import os\nwhile True:\n    os.fork()\n"),
    67: ("q2_argmax.py", b"kept = [bytes(10**8) for _ in range(100)]\n"),
    87: ("q1_scaling.py", b"while True:\n    pass\n"),
}


def make_class(place: Path, submissions: int, *, broken: bool = True) -> Path:
    """The folder `place` with so many submissions; without the broken ones for who would run them unprotected."""
    for number in range(submissions):
        folder = place / f"submission_{number:04}"
        shutil.copytree(ROOT / "examples" / EXAMPLES[number % len(EXAMPLES)], folder)
        for module in folder.glob("*.py"):
            module.write_bytes(variant(module.stem, module.read_bytes(), number))
        if broken and number % EVERY in BROKEN:
            name, content = BROKEN[number % EVERY]
            (folder / name).write_bytes(signed(content, number))
    return place


def copy_homework(place: Path) -> Path:
    for name in ("reference", "student_template", "tests/graded"):
        shutil.copytree(ROOT / name, place / name)
    return place


def change_one_part(homework: Path) -> Path:
    """Another credit for a looser bound in one part, another one at each call."""
    rubric = homework / "reference" / "rubric.toml"
    pattern = r'(\[parts\."4\.f"\][^\n]*\npoints = 4)(\ngrowth[^\n]*)?'
    rubric.write_text(re.sub(pattern, added, rubric.read_text()))
    return homework


def added(found: "re.Match[str]") -> str:
    return f"{found[1]}\ngrowth = {{ upper_bound = 0.{int(time.time()) % 1000:03} }}"
