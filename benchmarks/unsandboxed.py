"""Runs a submission's programs in the benchmark's own process, with no sandbox: what isolation is measured against."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType

from autograder.sandbox.materialise import materialise, remove
from autograder.sandbox.outcome import Missing, Outcome
from autograder.sandbox.protocol import replies, requests
from autograder.sandbox.protocol.frames import Array, Caps, Frame
from autograder.sandbox.protocol.programs import Program, module_of, names_of
from autograder.settings import Limits

LIMITS = Limits()
Run = Callable[[Program], Outcome]


class InThisProcess:
    """Answers programs without any sandbox, as a grader would that imports what students hand in.

    The reference has modules of the same names: each side's are put in place while its programs run, and put away.
    """

    def __init__(self, files: Mapping[str, bytes], folder: str) -> None:
        from autograder.sandbox.worker import modules, serve

        self._files = files
        self._folder = folder
        self._loaded: dict[str, ModuleType] = {}
        caps = Caps(LIMITS.header_bytes, LIMITS.frame_bytes)
        self._evaluator = serve.Evaluator(modules.StudentModules(folder), caps, LIMITS.text_characters)

    def run(self, program: Program) -> Outcome:
        if f"{module_of(program)}.py" not in self._files:
            return Missing(module_of(program))
        arrays: list[Array] = []
        frame = Frame(["run", "", requests.encode(program, arrays)], tuple(arrays))
        with self._in_place():
            body, returned = self._evaluator.answer(frame)
        asked = replies.Asked(module_of(program), frozenset(names_of(program)), 10**6)
        return replies.decode(body[1], tuple(returned), asked)

    @contextmanager
    def _in_place(self) -> Iterator[None]:
        path = list(sys.path)
        sys.modules.update(self._loaded)
        sys.path.insert(0, self._folder)
        try:
            yield
        finally:
            names = [name.removesuffix(".py") for name in self._files]
            self._loaded = {name: sys.modules.pop(name) for name in names if name in sys.modules}
            sys.path[:] = path


@contextmanager
def in_this_process(files: Mapping[str, bytes]) -> Iterator[Run]:
    """Run a submission here; its modules are forgotten afterwards."""
    folder = materialise(files, None)
    try:
        yield InThisProcess(files, folder).run
    finally:
        remove(folder)
