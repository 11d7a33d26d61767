"""A small template with blanks, which belongs to no homework."""

import textwrap

from autograder.answers.blanks import find_blank

TEMPLATE = """
import torch

def step(x, weights, cache):
    key = ____
    scores = torch.matmul(____, cache.transpose(-2, -1))
    total = scores.sum() + key.sum()
    return total

class Layer:
    def __init__(self, size):
        self.size = size
        self.inner = Linear(size, ____)

    def run(self, x):
        hidden = self.prepare(x)
        output = self.____(hidden)
        return output
"""
STEP = ("x", "weights", "cache")


def code(text):
    return textwrap.dedent(text).strip("\n")


def step(body, parameters="x, weights, cache"):
    return f"def step({parameters}):\n" + textwrap.indent(code(body), "    ")


def find(source, function="step", target="key", given=STEP):
    return find_blank(source, TEMPLATE, function=function, target=target, given=given)
