"""Who would miss it: a student told of a mistake that they did not make, and a TA who looks for its sentence."""

from pathlib import Path

import numpy as np
import pytest

from autograder.scoring.rubric import load_rubric
from autograder.settings import Homework
from tests.graded.hidden import mistakes_q2, mistakes_q3, mistakes_q4, mistakes_q6
from tests.graded.hidden.test_q3_multihead import SIZES

RUBRIC = load_rubric(Homework(Path(__file__).parents[2]))
TABLES = (
    mistakes_q2.ARGMAX,
    mistakes_q3.ATTENTION,
    mistakes_q3.SPLIT,
    mistakes_q3.COMBINE,
    mistakes_q3.MASKED,
    mistakes_q3.WIDE,
    mistakes_q4.STEP,
    mistakes_q6.ATTENTION,
    mistakes_q6.LACKING,
)


def test_every_mistake_has_a_sentence_and_every_sentence_a_mistake() -> None:
    assert {name for table in TABLES for name in table} == set(RUBRIC.mistakes)


@pytest.mark.parametrize("name", mistakes_q3.ATTENTION)
def test_the_right_attention_is_none_of_the_mistakes(name: str) -> None:
    random = np.random.default_rng(0)
    sizes = SIZES[0]
    inputs = [random.standard_normal((sizes.B, sizes.h, sizes.S, sizes.d_k)) for _ in "QKV"]
    assert not np.allclose(mistakes_q3.ATTENTION[name](sizes, *inputs), mistakes_q3.attend(*inputs))


def test_no_two_mistakes_in_attention_are_the_same() -> None:
    """A student is told of the first that fits."""
    random = np.random.default_rng(0)
    sizes = SIZES[0]
    inputs = [random.standard_normal((sizes.B, sizes.h, sizes.S, sizes.d_k)) for _ in "QKV"]
    values = {name: mistake(sizes, *inputs) for name, mistake in mistakes_q3.ATTENTION.items()}
    same = [(a, b) for a in values for b in values if a < b and np.allclose(values[a], values[b])]
    assert same == []
