"""Draws docs/grading.svg, the picture in the README: a grading as the terminal shows it.

python scripts/picture.py [SUBMISSION] [PICTURE]
"""

import re
import sys
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = 132


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from rich.console import Console

    from autograder.pipeline import grade
    from autograder.reports.terminal import render
    from autograder.settings import Homework

    given = [Path(argument) for argument in sys.argv[1:]]
    submission, picture = [*given, *(ROOT / "examples" / "gemini", ROOT / "docs" / "grading.svg")[len(given) :]]
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(render(grade(submission, Homework(ROOT))))
    drawn = console.export_svg(title=f"make grade SUBMISSION={submission.relative_to(ROOT)}")
    picture.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL), encoding="utf-8")  # no web fonts
    return 0


if __name__ == "__main__":
    sys.exit(main())
