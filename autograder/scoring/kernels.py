"""Written expressions in two vectors as functions of points. Apart from written.py, because only this needs NumPy."""

import numpy as np

from autograder.answers.tree import Node
from autograder.checks.feature_map import Kernel
from autograder.checks.symbolic.evaluate import CannotEvaluate, evaluate


def kernel_of(tree: Node, names: tuple[str, str]) -> Kernel:
    """An expression in two vectors as a function of points (P, D) and (R, D) with values (P, R)."""
    first, second = names
    return lambda left, right: evaluate(tree, {first: left[:, None, :], second: right[None, :, :]})


def can_evaluate(kernel: Kernel) -> bool:
    """Whether the expression has values for any two vectors: it may hold a name that has none."""
    try:
        kernel(np.ones((1, 2)), np.ones((1, 2)))
    except CannotEvaluate:
        return False
    return True
