"""Question 4: decoding one token at a time, with keys and values shared by all heads."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.scoring.blank_marks import BlankPlace
from autograder.scoring.graded import Case, GradedTestCase
from autograder.scoring.made_once import made_once
from autograder.scoring.measured import Measured

from . import mistakes_q4 as mistakes
from .inputs import normal

# Label, b, n, h, k. The model is d = h k wide, never a power of two.
SIZES = (
    ("all sizes different", 2, 5, 3, 7),
    ("b = 1", 1, 4, 3, 5),
    ("h = 1", 2, 6, 1, 5),
    ("h = k", 2, 4, 3, 3),
    ("n = h", 2, 3, 3, 5),
    ("an empty cache", 3, 0, 2, 7),
)
GIVEN = ("x", "prev_K", "prev_V", "W_q", "W_k", "W_v", "W_o")


def step_inputs(random, b, n, h, k):
    """X (b, d), prev_K (b, n, k), prev_V (b, n, k), W_q (h, d, k), W_k (d, k), W_v (d, k), W_o (h, k, d)."""
    d = h * k
    scale = np.float32(np.sqrt(d))
    shapes = ((h, d, k), (d, k), (d, k), (h, k, d))
    weights = tuple(normal(random, *shape) / scale for shape in shapes)
    return normal(random, b, d), normal(random, b, n, k), normal(random, b, n, k), *weights


def sizes(b, n, h, k):
    return {"b": b, "n": n, "h": h, "d": h * k, "k": k, "v": k, "q": k}


# What grows, and the sizes at which the student's step is counted: one term leads in each, so that powers can be told.
COUNTED = {
    "b": [sizes(b, 64, 2, 4) for b in (8, 10, 32)],
    "n": [sizes(1, n, 2, 4) for n in (256, 320, 1024)],
    "d": [sizes(1, 1, 2, k) for k in (32, 40, 128)],
}


def work(count):
    """What the student's step does at these sizes, to be shown beside the student's formula."""
    return Measured(
        count,
        call=lambda homework, inputs: homework.q4_decoding.multiquery_attention_incremental(*inputs),
        inputs=lambda size: step_inputs(np.random.default_rng(0), *(size[name] for name in "bnhk")),
        rays=COUNTED,
    )


def cached_steps(random, b, n, h, k):
    """The inputs of every step of decoding n + 1 tokens, each with the cache that the steps before it leave."""
    _, _, _, W_q, W_k, W_v, W_o = step_inputs(random, b, 0, h, k)
    tokens = normal(random, b, n + 1, h * k)
    keys, values = tokens @ W_k, tokens @ W_v  # (b, n + 1, k)
    for t in range(n + 1):
        yield tokens[:, t], keys[:, :t], values[:, :t], W_q, W_k, W_v, W_o


class TestDecoding(GradedTestCase):
    @number("4.a")
    def test_query_weights(self):
        """A: shape of W_q"""
        self.judge_written(lambda homework: homework.q4_decoding.W_q_shape)

    @number("4.b")
    def test_key_weights(self):
        """B: shape of W_k"""
        self.judge_written(lambda homework: homework.q4_decoding.W_k_shape)

    @number("4.c")
    def test_queries(self):
        """C: queries of all heads"""
        self.judge(self.projection("q"))

    @number("4.d")
    def test_keys(self):
        """D: shared keys"""
        self.judge(self.projection("k"))

    @number("4.e")
    def test_values(self):
        """E: shared values"""
        self.judge(self.projection("v"))

    @number("4.f")
    def test_computation(self):
        """Computational complexity of a step"""
        self.judge_written(lambda homework: homework.q4_decoding.computation, measured=work("multiply_adds"))

    @number("4.g")
    def test_memory_access(self):
        """Memory access of a step"""
        self.judge_written(lambda homework: homework.q4_decoding.memory_access, measured=work("bytes_moved"))

    @number("4.code")
    def test_whole_step(self):
        """The whole decoding step"""
        self.judge(self.whole_step())

    def whole_step(self):
        cases = [*self.single_steps(), *self.steps_in_a_row()]
        return self.agreement(
            lambda homework, step: homework.q4_decoding.multiquery_attention_incremental(*step),
            cases,
            mistakes=mistakes.STEP,
        )

    def projection(self, target):
        place = BlankPlace("q4_decoding", "multiquery_attention_incremental", target)
        return self.blank(place, self.givens(), self.whole_step)

    @made_once
    def givens(self):
        return [dict(zip(GIVEN, case.inputs, strict=True)) for case in self.single_steps()]

    @made_once
    def single_steps(self):
        random = self.stream("4.code")
        return [Case(label, step_inputs(random, *sizes)) for label, *sizes in SIZES]

    @made_once
    def steps_in_a_row(self):
        steps = cached_steps(self.stream("4.code in a row"), 2, 4, 3, 5)
        return [Case(f"token {t + 1} of several in a row", step) for t, step in enumerate(steps)]
