"""A module of literals gives without a process exactly what a worker answers; any other module is left to a worker."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.answers.plain_modules import plain_values
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.outcome import Missing, Outcome, Value
from autograder.sandbox.protocol.programs import ModuleAttribute
from autograder.scoring.plain_modules import PlainModules
from autograder.settings import Limits

PLAIN = {
    "text": "a = 'O(n)'\n",
    "text over lines": 'a = ("one "\n     "two")\n',
    "text that is added up": "a = 'one ' + 'two'\n",
    "raw text": "a = r'\\mu^\\top \\mu'\n",
    "numbers and None": "a = (6, -2.5, True, None)\n",
    "a dict in a list": "a = [{'x': 1, 'y': [2, 3]}, 'z']\n",
    "two names at once": "b = a = 3\n",
    "the last of two values": "a = 1\na = 'two'\n",
    "a key twice": "a = {'x': 1, 'y': 2, 'x': 3}\n",
    "a docstring and comments": '"""Words."""\n# more\na = 1  # and more\n',
    "letters of all kinds": "a = 'Δ ✓ 漢字 \\N{GREEK SMALL LETTER MU}'\n",
    "a mark at the start of the file": "\ufeffa = 'x'\n",
}
NOT_PLAIN = {
    "an import": "import math\na = 1\n",
    "a call": "a = int(3)\n",
    "a name": "b = 1\na = b\n",
    "a function": "a = 1\ndef f():\n    return a\n",
    "a change afterwards": "a = [1]\na.append(2)\n",
    "a condition": "a = 1\nif a:\n    a = 2\n",
    "a deletion": "a = 1\ndel a\n",
    "an annotation, which Python evaluates": "a: undefined = 1\n",
    "bytes": "a = b'x'\n",
    "a set": "a = {1, 2}\n",
    "a key that is no text": "a = {1: 2}\n",
    "a name of Python's own": "__debug__ = 1\na = 1\n",
    "an index": "a = [1]\na[0] = 2\n",
    "a syntax error": "a = 1\nb = = 2\n",
    "half a character": "a = '\\ud800'\n",
    "an infinite number": "a = 1e999\n",
    "a number too long to travel": f"a = {2**62}\n",
    "too much text": f"a = {'x' * 100_001!r}\n",
    "too many items": f"a = {list(range(1001))}\n",
    "too deep": f"a = {'[' * 22}{']' * 22}\n",
}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**61), 2**61)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote(Limits()) as started:
        yield started


def never(program: object) -> Outcome:
    raise AssertionError(f"{program} was to be read from the text")


def of_a_worker(zygote: Zygote, source: str) -> Outcome:
    with zygote.session({"m.py": source.encode()}) as session:
        return session.run(ModuleAttribute("m", "a"))


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_a_module_of_literals_is_answered_as_a_worker_answers_it(zygote: Zygote, source: str) -> None:
    read = PlainModules(never, {"m.py": source.encode()})(ModuleAttribute("m", "a"))
    assert read == of_a_worker(zygote, source)
    assert isinstance(read, Value)


@pytest.mark.parametrize("source", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_any_other_module_is_left_to_a_worker(source: str) -> None:
    assert plain_values(source.encode("utf-8", "surrogatepass")) is None


def test_what_a_plain_module_lacks_is_left_to_a_worker() -> None:
    asked = []
    run = PlainModules(lambda program: asked.append(program) or Missing("m.b"), {"m.py": b"a = 1\n"})
    program = ModuleAttribute("m", "b")
    assert run(program) == Missing("m.b")
    assert asked == [program]


@given(VALUES)
def test_a_literal_that_is_read_is_the_value_that_python_gives_it(value: object) -> None:
    values = plain_values(f"a = {value!r}\n".encode("utf-8", "surrogatepass"))
    assert values is None or values["a"] == with_tuples(value)


def with_tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(with_tuples, value))
    return {key: with_tuples(inner) for key, inner in value.items()} if isinstance(value, dict) else value
