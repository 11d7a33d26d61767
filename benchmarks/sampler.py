"""Where a command's time goes: looks at its stack every millisecond, and says what each look belongs to.

    python benchmarks/sampler.py FIGURES.json grade examples/gemini

Runs `autograder` with these arguments in this process. A look goes by the innermost frame that says something: waiting
for a worker, a library, or a folder of the engine. Processes that are forked by it are looked at too, and added.
"""

import json
import os
import runpy
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
ENGINE = f"{ROOT / 'autograder'}/"
SECONDS = 0.001
NEXT_WRITTEN = 0.05
IMPORTING = "<frozen importlib"
WAITING = {
    ("sandbox/worker_handle.py", ""): "waiting for answers",
    ("sandbox/launcher.py", "_await_ready"): "waiting for PyTorch",
    ("sandbox/launcher.py", "fork"): "starting workers",
    ("sandbox/launcher.py", "end"): "ending workers",
    ("sandbox/launcher.py", "close"): "ending workers",
    ("regrade/pool.py", "_listen"): "waiting for graders",
}
LIBRARIES = {"/sympy/": "SymPy", "/numpy/": "NumPy", "/rich/": "printing", "sqlite3": "the store"}
FOLDERS = {
    "answers": "reading answers",
    "checks": "judging",
    "scoring": "scoring",
    "sandbox": "asking workers",
    "submission": "reading files",
    "reports": "wording and pages",
    "regrade/store": "the store",
    "regrade/report": "wording and pages",
    "regrade": "running the class",
}


class Sampler:
    """Looks at the thread that made it, from a thread of its own, until it is stopped."""

    def __init__(self, figures: Path) -> None:
        self._figures = figures
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._looked: Counter[str] = Counter()
        self._main = threading.get_ident()
        self._own = os.getpid()
        sys.setswitchinterval(SECONDS / 20)  # else Python lets this thread in only where the other waits for something
        self._stopped = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        last = written = time.perf_counter()
        while not self._stopped.wait(SECONDS):
            frame = sys._current_frames().get(self._main)
            now = time.perf_counter()
            self._looked[kind_of(frame)] += now - last
            last = now
            if now - written > NEXT_WRITTEN:
                self.write()
                written = now

    def write(self) -> None:
        """So that a process that leaves without a word is not lost."""
        path = self._figures.with_suffix(f".{self._own}.part")
        path.write_text(json.dumps(dict(self._looked)), encoding="utf-8")

    def stop(self) -> dict[str, float]:
        """Seconds of each kind, all processes together."""
        self._stopped.set()
        self.write()
        parts = sorted(self._figures.parent.glob(f"{self._figures.stem}.*.part"))
        found: Counter[str] = Counter()
        for part in parts:
            found.update(json.loads(part.read_text(encoding="utf-8")))
            part.unlink()
        return dict(found)


def kind_of(frame: FrameType | None) -> str:
    """What a stack is at: what it waits for, or else what its innermost frame of a library or of ours belongs to."""
    stack = []
    while frame is not None:
        stack.append((frame.f_code.co_filename, frame.f_code.co_name))
        frame = frame.f_back
    own = [(file[len(ENGINE) :], name) for file, name in stack if file.startswith(ENGINE)]
    waiting = (WAITING.get(place) or WAITING.get((place[0], "")) for place in own)
    return next(filter(None, waiting), "") or at_work(stack)


def at_work(stack: list[tuple[str, str]]) -> str:
    importing = False
    for file, name in stack:
        importing = importing or file.startswith(IMPORTING) or (file.startswith(ENGINE) and name == "<module>")
        library = next((kind for part, kind in LIBRARIES.items() if part in file), "")
        if library or (importing and file.startswith(ENGINE)):
            return library or "importing"
        folder = file.removeprefix(ENGINE) if file.startswith(ENGINE) else ""
        kind = next((kind for begin, kind in FOLDERS.items() if folder.startswith(begin)), "")
        if kind:
            return kind
    return "importing" if importing else "the rest"


def main() -> None:
    figures, sys.argv[:] = sys.argv[1], sys.argv[1:]
    sampler = Sampler(Path(figures))
    sys.path.insert(0, str(ROOT))
    try:
        runpy.run_module("autograder", run_name="__main__")
    finally:
        Path(figures).write_text(json.dumps(sampler.stop()), encoding="utf-8")


if __name__ == "__main__":
    main()
