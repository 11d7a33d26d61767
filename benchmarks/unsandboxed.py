"""Runs a submission's programs in the benchmark's own process, with no sandbox: what isolation is measured against."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from autograder.sandbox.materialise import materialise, remove
from autograder.sandbox.outcome import Missing, Outcome
from autograder.sandbox.protocol import replies, requests
from autograder.sandbox.protocol.frames import Array, Caps, Frame
from autograder.sandbox.protocol.programs import Program, module_of, names_of
from autograder.settings import Limits

LIMITS = Limits()
Run = Callable[[Program], Outcome]


class InThisProcess:
    """Answers programs without any sandbox, as a grader would that imports what students hand in."""

    def __init__(self, files: Mapping[str, bytes], folder: str) -> None:
        from autograder.sandbox.worker import modules, serve

        self._files = files
        caps = Caps(LIMITS.header_bytes, LIMITS.frame_bytes)
        self._evaluator = serve.Evaluator(modules.StudentModules(folder), caps, LIMITS.text_characters)

    def run(self, program: Program) -> Outcome:
        if f"{module_of(program)}.py" not in self._files:
            return Missing(module_of(program))
        arrays: list[Array] = []
        frame = Frame(["run", "", requests.encode(program, arrays)], tuple(arrays))
        body, returned = self._evaluator.answer(frame)
        asked = replies.Asked(module_of(program), frozenset(names_of(program)), 10**6)
        return replies.decode(body[1], tuple(returned), asked)


@contextmanager
def in_this_process(files: Mapping[str, bytes]) -> Iterator[Run]:
    """Run a submission here; its modules are forgotten afterwards."""
    folder = materialise(files, None)
    loaded, path = set(sys.modules), list(sys.path)
    try:
        yield InThisProcess(files, folder).run
    finally:
        for name in set(sys.modules) - loaded:
            if f"{name}.py" in files:
                del sys.modules[name]
        sys.path[:] = path
        remove(folder)
