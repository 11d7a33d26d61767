"""Finding blanks in functions and methods, however these got their names."""

import pytest

from autograder.answers.blanks import NotFound
from tests.engine.blank_template import find

LAYER = """
class Base:
    def __init__(self, size, drop=0.1):
        self.size = size
        self.scale = self.size * 2
        self.drop = drop
        self.inner = Linear(size, {width})
        self.last = ____

    def run(self, x):
        {run}

class Layer(Base):
    pass
"""


def layer(
    width="self.size", run="hidden = self.prepare(x)\n        output = self.inner(hidden)\n        return output"
):
    return LAYER.format(width=width, run=run)


def in_layer(source, method="run", target="output", given=("self", "x", "hidden", "size", "self.inner")):
    return find(source, f"Layer.{method}", target, given)


def test_a_method_is_found_in_a_base_class():
    assert in_layer(layer(), "__init__", "self.inner").readings.first.written == "self.size"
    assert in_layer(layer()).readings.first.written == "self.inner(hidden)"


def test_a_method_that_is_assigned_to_the_class_is_found():
    source = layer() + "\ndef run(self, x):\n    output = self.other(x)\n    return output\n\nLayer.run = run\n"
    assert in_layer(source).readings.first.written == "self.other(x)"


BODY = "(x, weights, cache):\n    key = x\n    return key"


@pytest.mark.parametrize(
    "source",
    [
        f"def helper{BODY}\nstep = helper",
        f"def helper{BODY}\nstep = torch.compile(helper)",
        f"@torch.no_grad()\ndef step{BODY}",
        f"def step():\n    pass\n\ndef step{BODY}",
        f"if True:\n  def step{BODY}",
        f"try:\n  import torch\nexcept ImportError:\n  pass\nelse:\n  def step{BODY}",
        f"class Tools:\n  @staticmethod\n  def step{BODY}\nstep = Tools.step",
        f"class Tools:\n  def other{BODY}\n  step = other\nstep = Tools.step",
    ],
)
def test_a_function_is_found_however_it_got_its_name(source):
    assert find(source).readings.first.written == "x"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "step = step",
        "a = b\nb = a\nstep = a",
        "step = 3",
        "class step: pass",
        "from other import step",
        "step: int",
    ],
)
def test_a_function_that_is_not_there_is_not_found(source):
    assert find(source) == NotFound("function")


def test_a_class_that_is_its_own_base_does_no_harm():
    assert find("class Layer(Layer): pass", "Layer.run", "output") == NotFound("function")
    assert find("class A(Layer): pass\nclass Layer(A): pass", "Layer.run", "output") == NotFound("function")


def test_attributes_that_the_constructor_sets_are_set_as_there():
    source = layer(run="hidden = x\n        output = self.inner(hidden * self.scale)\n        return output")
    reading = next(reading for reading in in_layer(source).readings if "self.scale" in reading.statements)
    assert "self.scale = self.size * 2" in reading.statements
    assert "self.inner =" not in reading.statements
    assert "last" not in reading.statements


def test_given_attributes_keep_what_is_given():
    for reading in in_layer(layer()).readings:
        assert "Linear" not in reading.statements
        assert "inner" in reading.attributes


def test_another_name_for_self_is_followed():
    init = "def __init__(this, size):\n        this.size = size\n        this.inner = Linear(size, this.size)"
    source = f"class Layer:\n    {init}\n"
    reading = in_layer(source, "__init__", "self.inner").readings.first
    assert reading.statements.startswith("def _blank_value(this")
    assert reading.expression.startswith("_blank_value(self")


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("setattr(self, 'inner', Linear(size, 3))", "setattr(self, 'inner', Linear(size, 3))"),
        ("self.add_module('inner', Linear(size, 3))", "self.add_module('inner', Linear(size, 3))"),
        ("self.inner = Linear(size, 3)\n        self.inner.weight.data.fill_(0)", "self.inner.weight.data.fill_(0)"),
    ],
)
def test_an_attribute_may_be_set_in_other_ways(line, written):
    source = f"class Layer:\n    def __init__(self, size):\n        self.x = 1\n        {line}\n"
    readings = in_layer(source, "__init__", "self.inner").readings
    assert written in [reading.written for reading in readings]
    assert all("self.x" not in reading.statements for reading in readings)


def test_the_returned_value_stands_for_a_target_that_is_only_returned():
    source = layer(run="return self.inner(self.prepare(x)) if x else None")
    assert {reading.kind for reading in in_layer(source).readings} == {"returned"}
