"""SymPy objects, as plain data, to the tree: by an allow-list of node types, never through a string."""

from autograder.answers.kinds import Typed
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead, Wrapper
from autograder.sandbox.outcome import SymbolicObject


def build_object(answer: SymbolicObject, lexicon: Lexicon) -> tuple[Typed, Wrapper | None]:
    raise CannotRead("sympy_node", name=answer.operation)
