"""Reading answers out of a module's text, and parsing text that nobody vouches for."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.answers.literals import Literal, NotAssigned, NotLiteral, literal
from autograder.answers.python_source import MOST_DEPTH, Unparsable, depth, parse_source

LITERALS = [
    ('a = "O(n)"', "O(n)"),
    ("a = r'\\frac{d}{h}'", "\\frac{d}{h}"),
    ("a = 'O(b d^2' ' + bnd)'", "O(b d^2 + bnd)"),
    ("a = ('one '\n     + 'two '\n     + 'three')", "one two three"),
    ('a = """two\nlines"""', "two\nlines"),
    ("a = f'plain'", "plain"),
    ("a: str = 'x'", "x"),
    ("b = a = 'x'", "x"),
    ("a, b = 'x', 'y'", "x"),
    ("(b, [c, a]) = ('w', ['y', 'x'])", "x"),
    ("a = 6", 6),
    ("a = -6.5", -6.5),
    ("a = True", True),
    ("a = None", None),
    ("a = ['h', 'd', 'k']", ("h", "d", "k")),
    ("a = {'queries': False, 'n': [1, (2, 3)]}", {"queries": False, "n": (1, (2, 3))}),
    ("a = 'old'\na = 'new'", "new"),
    ("import torch, nowhere\nraise ValueError\na = 'x'\nwhile True: pass", "x"),
    ("a = 'x'\ndef f():\n    return a", "x"),
]


@pytest.mark.parametrize(("source", "value"), LITERALS)
def test_a_literal_is_read_without_running_the_module(source, value):
    found = literal(source, "a")
    assert isinstance(found, Literal)
    assert (found.value, type(found.value)) == (value, type(value))


@pytest.mark.parametrize(
    "source",
    [
        "a = f()",
        "a = 1 + 2",
        "a = -'x'",
        "a = -True",
        "a = 'x' * 10**9",
        "a = 2j",
        "a = b'x'",
        "a = {1, 2}",
        "a = {1: 2}",
        "a = {**b}",
        "a = f'{x}'",
        "a = 'x' + y",
        "a = [*b]",
        "a = ...",
        "a += 'x'",
        "a: str",
        "if True:\n    a = 'x'",
        "for a in 'xyz': pass",
        "def a(): pass",
        "class a: pass",
        "from b import c as a",
        "import a.b",
        "a, b = c",
        "a, *b = 'x', 'y'",
        "a = 'x'\ndel a",
        "a = {'x': 1}\na['x'] = 2",
        "a = []\na.append('x')",
        "a = 'x'\ndef f():\n    global a\n    a = 'y'",
        "(a := 'x')",
    ],
)
def test_a_value_that_must_be_computed_is_no_literal(source):
    assert isinstance(literal(source, "a"), NotLiteral)


@pytest.mark.parametrize("source", ["", "b = 'x'", "# a = 'x'", "b.a = 'x'", "print(a)"])
def test_a_name_without_an_assignment_is_said(source):
    assert literal(source, "a") == NotAssigned("a")


def test_the_line_is_told():
    assert literal("\n\na = (\n    'x'\n)", "a").line == 4
    assert literal("\n\na = f()", "a").line == 3


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_every_plain_value_is_read_back(value):
    source = f"a = {value!r}".encode("utf-8", "surrogatepass")
    found = literal(source, "a")
    assert isinstance(found, Unparsable) or found.value == value


# Text that nobody vouches for

HOSTILE = {
    "brackets": "[" * 100_000 + "]" * 100_000,
    "open brackets": "(" * 100_000,
    "allowed brackets": "x = " + "[" * 190 + "]" * 190,
    "signs": "-" * 100_000 + "1",
    "nots": "not " * 20_000 + "1",
    "lambdas": "lambda:" * 20_000 + "1",
    "some lambdas": "lambda:" * 1000 + "1",
    "ternaries": "1 if 1 else " * 10_000 + "1",
    "attributes": "a" + ".a" * 100_000,
    "some attributes": "a" + ".a" * 1900,
    "calls": "a" + "()" * 15_000,
    "subscripts": "a" + "[0]" * 15_000,
    "sums": "1" + "+1" * 29_000,
    "powers": "1" + "**1" * 15_000,
    "elif": "if 1: pass\n" + "elif 1: pass\n" * 5_000,
    "a dotted import": "import a" + ".a" * 100_000,
    "a dotted import over lines": "import a" + ".\\\n a" * 20_000,
    "statements": "a=1\n" * 99_000,
    "a name": "x" * 399_000 + ".",
    "spaces": " " * 399_000 + ".",
    "much text": "'" + "word " * 100_000 + "'",
    "too long": "#" * 500_000,
    "indentation": "".join(" " * level + "if 1:\n" for level in range(150)),
    "a long number": "1" * 5000,
    "a null": "a\0b",
    "half a surrogate": "a = '\ud800'",
    "an escape": r"a = '\N{no such}'",
    "f-strings": "f'" + "{f'" * 50,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_as_a_value(name):
    assert isinstance(parse_source(HOSTILE[name]), Unparsable)


@pytest.mark.parametrize(
    "source", ["1" + "<1" * 20_000, "[1 " + "for a in b " * 10_000 + "]", "0x" + "f" * 9000, "'a' " * 10_000]
)
def test_wide_text_is_parsed(source):
    assert isinstance(parse_source(source), ast.Module)


def test_a_tree_that_is_let_through_can_be_walked_by_recursion():
    tree = parse_source("x = " + "[" * 70 + "]" * 70)
    assert 70 < depth(tree) <= MOST_DEPTH
    assert ast.unparse(tree).startswith("x = [[")


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b"a = (", "syntax", 1),
        (b"a = 1\nb = = 2", "syntax", 2),
        (b"a = '\xff'", "not_utf8", 1),
        ("a = 1".encode("utf-16"), "utf16", None),
        (b"# coding: zip\n", "coding", None),
    ],
)
def test_why_there_is_no_tree_is_told_with_the_line(data, kind, line):
    assert parse_source(data) == Unparsable(kind, line)
    assert literal(data, "a") == Unparsable(kind, line)


@given(st.text(max_size=200) | st.text("()[]{}=:,.'\"\\\n\t ab1-+*@#", max_size=200))
def test_any_text_parses_or_is_refused(source):
    assert isinstance(parse_source(source), ast.Module | Unparsable)


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused(data):
    assert isinstance(parse_source(data), ast.Module | Unparsable)


def test_warnings_about_a_student_s_text_reach_nobody(recwarn):
    parse_source("unique = '\\mu \\d'")
    assert list(recwarn) == []
