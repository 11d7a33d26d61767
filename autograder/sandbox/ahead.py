"""What a suite says it is going to ask, so that a worker can be asked for several answers at once.

Each question by itself costs two changes between processes, about a third of what a short answer takes in all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.sandbox.outcome import Outcome
from autograder.sandbox.protocol.programs import Program, module_of
from autograder.sandbox.protocol.requests import digest, encoded

AT_ONCE = 64
BYTES_AT_ONCE = 1 << 20


@dataclass
class Ahead:
    """The programs that are expected next, in their order, and the answers that nobody has asked for yet; by digest."""

    _expected: dict[str, Program] = field(default_factory=dict)
    _answered: dict[str, Outcome] = field(default_factory=dict)

    def expect(self, programs: Iterable[Program]) -> None:
        """Expect these from now on, and no others. What was answered in vain is forgotten."""
        self._expected = {digest(program): program for program in programs}
        self._answered = {}

    def take(self, program: Program) -> Outcome | None:
        """The answer to this program, if there is one already."""
        return self._answered.pop(digest(program), None) if self._answered else None

    def together(self, program: Program) -> tuple[Program, ...]:
        """The program and those to ask with it: what is expected next of the same module."""
        if digest(program) not in self._expected:
            return (program,)
        module = module_of(program)
        return tuple(_as_many_as_fit(one for one in self._from(program) if module_of(one) == module))

    def keep(self, programs: Sequence[Program], outcomes: Sequence[Outcome]) -> None:
        """Keep answers for when they are asked for."""
        self._answered.update(zip(map(digest, programs), outcomes, strict=False))

    def _from(self, program: Program) -> Iterator[Program]:
        expected = iter(self._expected.items())
        wanted = digest(program)
        yield next(one for key, one in expected if key == wanted)
        yield from (one for _, one in expected)


def _as_many_as_fit(programs: Iterable[Program]) -> Iterator[Program]:
    size = 0
    for place, program in enumerate(programs):
        size += sum(array.nbytes for array in encoded(program).arrays)
        if place and (size > BYTES_AT_ONCE or place == AT_ONCE):
            break
        yield program
