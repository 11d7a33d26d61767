"""Finding what stands in a template's blank, by structure: which statements are taken, and which are not."""

import ast
import contextlib
import textwrap

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from autograder.answers.blanks import Blank, NotFound, Unanswered, find_blank
from autograder.errors import HomeworkInvalid
from tests.engine.blank_template import STEP, TEMPLATE, find, step


def run(source):
    """The values of all readings in order; a reading that raises has none."""
    given = {"x": 2, "weights": 3, "cache": 5}
    found = find(source)
    assert isinstance(found, Blank), found
    return list(values(found.readings, given))


def values(readings, given):
    for reading in readings:
        namespace = {**given, "open_nothing": contextlib.nullcontext}
        with contextlib.suppress(NameError, TypeError, AttributeError):
            exec(reading.statements, namespace)  # noqa: S102 - the texts below
            yield eval(reading.expression, namespace)  # noqa: S307


# What is taken


def test_an_expression_alone_needs_no_statements():
    reading = find(step("key = x + weights\nreturn key")).readings.first
    assert (reading.kind, reading.statements, reading.expression) == ("hole", "", "x + weights")
    assert (reading.used, reading.line, reading.written) == ({"x", "weights"}, 2, "x + weights")


SLICES = [
    ("width = x + 1\nkey = width * weights\nreturn key", 9),
    ("width = x\nwidth += 1\nkey = width\nreturn key", 3),
    ("a, b = x, weights\nkey = a - b\nreturn key", -1),
    ("a, b = x, weights\na, b = b, a\nkey = a\nreturn key", 3),
    ("(a, b), c = (x, weights), cache\nkey = b\nreturn key", 3),
    ("key: int = x\nreturn key", 2),
    ("other = key = x\nreturn key", 2),
    ("print(key := x + 1)\nreturn key", 3),
    ("if (key := x) > 0:\n    pass\nreturn key", 2),
    ("key = []\nfor i in range(3):\n    key.append(i * x)\nreturn key", [0, 2, 4]),
    ("key = [0, 0]\nkey[1] = x\nreturn key", [0, 2]),
    ("key = 0\nwhile key < 9:\n    key = key + x\nreturn key", 10),
    ("key = 0\nfor i in range(9):\n    if i > x:\n        break\n    key += 1\nreturn key", 3),
    ("key = 0\nfor i in range(5):\n    if i % 2:\n        continue\n    key += i\nreturn key", 6),
    ("a = b = 0\nfor i in range(3):\n    key = b\n    b = a\n    a = x\nreturn key", 2),
    ("if x > 1:\n    key = weights\nelse:\n    key = cache\nreturn key", 3),
    ("key = 1\nif x > 5:\n    key = weights\nreturn key", 1),
    ("with open_nothing(7) as it:\n    key = it + x\nreturn key", 9),
    ("try:\n    key = missing_name\nexcept NameError:\n    key = x\nreturn key", 2),
    ("try:\n    a = x\nfinally:\n    b = weights\nkey = a * b\nreturn key", 6),
    ("def double(t):\n    return 2 * t\nkey = double(x)\nreturn key", 4),
    ("double = lambda t: 2 * t\nkey = double(x)\nreturn key", 4),
    ("import math\nkey = math.floor(x + 0.5)\nreturn key", 2),
    ("from math import floor as down\nkey = down(x + 0.5)\nreturn key", 2),
    ("rows = [i * x for i in range(3)]\nkey = sum(rows)\nreturn key", 6),
    ("match x:\n    case 2:\n        key = weights\n    case other:\n        key = other\nreturn key", 3),
    ("rows = {}\nrows['a'] = x\nkey = rows['a']\nreturn key", 2),
    ("x = x + 1\nkey = x\nreturn key", 3),
    ("assert x == 1\nif weights is None:\n    return 0\nkey = x\nreturn key", 2),
    ("for key in [1, x]:\n    pass\nreturn key", 2),
    ("'''Docstring.'''\nwith torch.no_grad():\n    key = x\nreturn key", 2),
]


@pytest.mark.parametrize(("body", "value"), SLICES)
def test_the_value_of_a_target_is_computed_by_the_statements_that_it_needs(body, value):
    assert value in run(step(body))


NOISE = "noise = ____\nunused = explode()\nprint(x)\n"


@pytest.mark.parametrize("body", [body for body, _ in SLICES if "print" not in body])
def test_other_statements_are_left_out(body):
    found = find(step(NOISE + body + "\nexplode()"))
    for reading in found.readings:
        assert not {"noise", "unused", "explode"} & names(reading)


def names(reading):
    tree = ast.parse(f"{reading.statements}\n{reading.expression}")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_readings_with_a_blank_in_them_are_dropped():
    source = step("a = ____\nkey = a + x\nreturn key")
    assert not isinstance(find(source), Blank)


def test_answers_that_nothing_looks_at_are_not_tried():
    found = find(step("key = x\nkey = weights\nkey = cache\nreturn key"))
    assert {reading.written for reading in found.readings} == {"cache"}


def test_a_value_that_is_changed_afterwards_is_found_before_and_after():
    found = find(step("key = x\nscores = key\nkey = key * 10\nreturn key + scores"))
    assert {(reading.written, reading.final) for reading in found.readings if reading.kind == "assigned"} == {
        ("x", False),
        ("key * 10", True),
    }


def test_a_name_used_for_something_else_before_does_not_hide_the_blank():
    source = step("batch, key = x.shape\nkey = x.reshape(batch, key)\nreturn key")
    assert find(source).readings.first.written == "x.reshape(batch, key)"


def test_defaults_of_the_student_s_own_parameters_are_bound():
    source = step("key = x * factor + offset\nreturn key", "x, weights, cache, factor=10, *, offset=1")
    assert run(source)[0] == 21


def test_renamed_parameters_get_what_is_given_in_their_place():
    assert run(step("key = a - b\nreturn key", "a, b, c"))[0] == -1
    assert run(step("key = a - weights\nreturn key", "a, weights, c"))[0] == -1


def test_the_same_names_in_another_order_stay_themselves():
    assert run(step("key = x - weights\nreturn key", "weights, x, cache"))[0] == -1


# The template's form


def test_what_stands_at_the_blank_s_place_is_the_hole():
    for call in ("torch.matmul(x, cache.mT)", "x @ cache.transpose(-1, -2)", "x.matmul(other=cache.swapaxes(2, 3))"):
        reading = find(step(f"scores = {call}\nreturn scores"), target="scores").readings.first
        assert (reading.kind, reading.expression) == ("hole", "x")


def test_another_form_has_no_hole():
    for call in (
        "torch.matmul(cache.mT, x)",
        "x + cache.mT",
        "torch.matmul(x, cache)",
        "torch.cat(x, cache.mT)",
        "x @ cache.transpose(0, 1)",
    ):
        kinds = {reading.kind for reading in find(step(f"scores = {call}\nreturn scores"), target="scores").readings}
        assert kinds == {"assigned"}


def test_the_hole_is_found_under_another_name_and_in_a_bigger_expression():
    source = step("energy = torch.matmul(x, cache.mT) / 3\nreturn energy")
    assert find(source, target="scores").readings.first.expression == "x"


def test_a_form_that_is_not_the_blank_s_alone_is_not_looked_for_elsewhere():
    template = TEMPLATE.replace("key = ____", "key = torch.matmul(x, cache.transpose(-2, -1))")
    source = step("energy = torch.matmul(x, cache.mT) / 3\nreturn energy")
    found = find_blank(source, template, function="step", target="scores", given=STEP)
    assert {reading.kind for reading in found.readings} == {"computed"}


def test_where_nothing_has_the_name_all_values_on_the_way_are_offered_but_no_part_of_a_scaled_one():
    source = step("return torch.softmax(2 * torch.einsum(PAIRS, x, cache), -1).sum(0)")
    written = [reading.written for reading in find(source, target="scores").readings if reading.kind == "computed"]
    assert "2 * torch.einsum(PAIRS, x, cache)" in written
    assert "torch.einsum(PAIRS, x, cache)" not in written


def test_a_function_that_computes_nothing_has_no_such_blank():
    found = find_blank(step("return x"), TEMPLATE, function="step", target="scores", given=STEP)
    assert found == NotFound("target", 1)


# Nothing there


@pytest.mark.parametrize("empty", ["____", "_____", "None", "...", '""', "(____)", "____ + x", "f(____)", "____.sum()"])
def test_a_blank_that_is_still_there_is_unanswered(empty):
    assert find(step(f"key = {empty}\nreturn key")) == Unanswered(2)


@pytest.mark.parametrize(
    "body", ["pass", "...", "'''Docstring.'''", "raise NotImplementedError", "'''D.'''\nraise NotImplementedError('x')"]
)
def test_a_function_that_is_not_written_is_unanswered(body):
    assert isinstance(find(step(body)), Unanswered)


def test_a_target_that_is_not_there_is_not_found():
    assert find(step("value = x\nreturn value")) == NotFound("target", 1)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def step(:", "syntax"),
        (b"def step(): '\xff'", "not_utf8"),
        ("step = " + "(" * 1000, "syntax"),
        (step("key = " + "-" * 200 + "x\nreturn key"), "too_deep"),
        (step("key = x\n" * 400 + "return key"), "too_long"),
        (step("key = [" + "x, " * 6000 + "]\nreturn key"), "too_long"),
    ],
)
def test_text_that_cannot_be_searched_is_not_found(source, reason):
    assert find(source).reason == reason


@pytest.mark.parametrize(
    ("function", "target"), [("walk", "key"), ("step", "total"), ("Layer.run", "hidden"), ("Layer.walk", "output")]
)
def test_a_template_without_that_blank_is_the_homework_s_error(function, target):
    with pytest.raises(HomeworkInvalid):
        find(TEMPLATE, function, target)


def test_a_template_with_two_blanks_for_a_target_is_the_homework_s_error():
    with pytest.raises(HomeworkInvalid, match="2 blanks"):
        find_blank("", step("key = ____\nkey = ____ + 1\nreturn key"), function="step", target="key")


def test_the_template_itself_is_unanswered_everywhere():
    for function, target in (
        ("step", "key"),
        ("step", "scores"),
        ("Layer.__init__", "self.inner"),
        ("Layer.run", "output"),
    ):
        assert isinstance(find(TEMPLATE, function, target), Unanswered)


# Any text


SIMPLE = [
    "key = x",
    "a = key",
    "x = x + 1",
    "key += a",
    "a, key = key, a",
    "key[0] = a",
    "del a",
    "return key",
    "a.b = x",
    "global a",
]
LINES = st.sampled_from(
    [*SIMPLE, "print(key)", "key.add_(a)", "nonlocal_ = 1", "break", "continue", "raise a", "key = ____"]
)
HEADS = st.sampled_from(
    ["if x:", "for key in a:", "while a:", "with x as key:", "try:", "def a(key):", "class a:", "else:"]
)


@st.composite
def blocks(draw, depth=0):
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        if depth < 3 and draw(st.booleans()):
            inner = textwrap.indent(draw(blocks(depth + 1)), "    ")
            head = draw(HEADS)
            lines.append(f"{head}\n{inner}" + ("\nfinally:\n    pass" if head == "try:" else ""))
        else:
            lines.append(draw(LINES))
    return "\n".join(lines)


@settings(max_examples=300, deadline=None)
@hypothesis_given(blocks())
def test_any_function_is_searched_and_every_reading_is_python(body):
    found = find(step(body))
    for reading in found.readings if isinstance(found, Blank) else ():
        assert not names(reading) & {"____"}
        assert reading.expression


@settings(max_examples=100, deadline=None)
@hypothesis_given(st.text("keyx=()[]:,.+@\n \"'_0", max_size=80))
def test_any_text_is_searched(text):
    assert isinstance(find(step(text) if text.strip() else text), Blank | Unanswered | NotFound)
