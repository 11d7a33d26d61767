"""Question 4, checked against what the question prints, and against the student's own function once that is sound."""

import re

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.verdict import Status
from autograder.scoring.blank_marks import BlankPlace
from autograder.scoring.public import PublicTestCase, near, value_of

from .inputs import normal

GIVEN = ("x", "prev_K", "prev_V", "W_q", "W_k", "W_v", "W_o")
SIZES = {"b": 2, "n": 5, "d": 12, "h": 3, "k": 4, "v": 4, "q": 4}
TRIED = (
    ("", {}),
    ("an empty cache", {"n": 0}),
    ("h = k", {"h": 3, "k": 3}),
    ("b = 1", {"b": 1}),
)
# What the question says of multi-head attention: "computation    O(...)", "memory access  O(...)".
PRINTED = r"^#\s+{}\s+O\((.+?)\):"


def step_inputs(random, b=2, n=5, h=3, k=4):
    """X (b, d), prev_K (b, n, k), prev_V (b, n, k), W_q (h, d, k), W_k (d, k), W_v (d, k), W_o (h, k, d)."""
    d = h * k
    scale = np.float32(np.sqrt(d))
    weights = [normal(random, *shape) / scale for shape in ((h, d, k), (d, k), (d, k), (h, k, d))]
    return [normal(random, b, d), normal(random, b, n, k), normal(random, b, n, k), *weights]


class TestDecoding(PublicTestCase):
    @number("4.a")
    def test_query_weights(self):
        """A: shape of W_q"""
        self.judge_written_promises(
            lambda homework: homework.q4_decoding.W_q_shape, lambda: self.shape_promises("W_q", "q", "queries")
        )

    @number("4.b")
    def test_key_weights(self):
        """B: shape of W_k"""
        self.judge_written_promises(
            lambda homework: homework.q4_decoding.W_k_shape, lambda: self.shape_promises("W_k", "k", "keys")
        )

    @number("4.c")
    def test_queries(self):
        """C: queries of all heads"""
        self.judge(self.blank("q", "W_q", "b", "h", "k"))

    @number("4.d")
    def test_keys(self):
        """D: shared keys"""
        self.judge(self.blank("k", "W_k", "b", "k"))

    @number("4.e")
    def test_values(self):
        """E: shared values"""
        self.judge(self.blank("v", "W_v", "b", "v"))

    @number("4.f")
    def test_computation(self):
        """Computational complexity of a step"""
        self.judge_written_promises(
            lambda homework: homework.q4_decoding.computation, lambda: self.growth_promises("computation")
        )

    @number("4.g")
    def test_memory_access(self):
        """Memory access of a step"""
        self.judge_written_promises(
            lambda homework: homework.q4_decoding.memory_access, lambda: self.growth_promises("memory access")
        )

    @number("4.code")
    def test_whole_step(self):
        """The whole decoding step"""
        self.judge(self.whole())
        inputs = step_inputs(self.random())
        step = self.submission.q4_decoding.multiquery_attention_incremental
        title = "Output of one step for public inputs (a row for each sequence)"
        self.show_comparison(title, self.of_tied_heads(*inputs), lambda: self.numbers(step(*inputs), *inputs[0].shape))

    def whole(self):
        return self.keeps(self.step_promises())

    def step_promises(self):
        """MQA is MHA whose heads all have the same keys and values; the question gives MHA."""
        random = self.stream("4.code")
        for label, sizes in TRIED:
            inputs = step_inputs(random, **sizes)
            step = self.submission.q4_decoding.multiquery_attention_incremental
            own = self.numbers(step(*inputs), *inputs[0].shape, case=label)
            text = "It is not what multi-head attention gives when all its heads share keys and values{}."
            yield text.format(label and f", with {label}"), near(own, self.of_tied_heads(*inputs))
        yield "Decoding step by step is not attention over all tokens at once.", self.steps_agree(random)

    def of_tied_heads(self, x, keys, values, W_q, W_k, W_v, W_o):
        """What the given MHA function makes of it."""
        h = W_q.shape[0]
        tied = [np.repeat(cache[:, None], h, axis=1) for cache in (keys, values)]
        weights = [np.repeat(weight[None], h, axis=0) for weight in (W_k, W_v)]
        return self.expected(self.template.q4_decoding.multihead_attention_incremental(x, *tied, W_q, *weights, W_o))

    def steps_agree(self, random):
        """Decoding token t with the cache of those before it is the last of t + 1 tokens in any order before it."""
        x, keys, values, *weights = step_inputs(random)
        order = np.roll(np.arange(keys.shape[1]), 2)
        step = self.submission.q4_decoding.multiquery_attention_incremental
        once = self.numbers(step(x, keys, values, *weights), *x.shape)
        return near(once, self.numbers(step(x, keys[:, order], values[:, order], *weights), *x.shape))

    def blank(self, target, weights, *sizes):
        """A projection of x: its shape follows from the code below it, and its own weights decide on its value."""
        place = BlankPlace("q4_decoding", "multiquery_attention_incremental", target)
        first = dict(zip(GIVEN, step_inputs(self.random()), strict=True))
        givens = [first, *({**first, name: first[name] + 1} for name in ("x", weights))]
        shape = tuple(SIZES[size] for size in sizes)

        def promises(value, of_another_x, of_other_weights):
            yield f"The code below needs {target} of shape ({', '.join(sizes)}).", np.shape(value) == shape
            yield f"{target} does not change when x does.", not near(value, of_another_x)
            yield f"{target} does not change when {weights} does.", not near(value, of_other_weights)

        return self.blank_keeps(place, givens, promises, self.whole)

    def shape_promises(self, name, size, what):
        sizes = [value_of(node, SIZES) for node in self.own().content]
        if None in sizes:
            return
        shape = [float(value) for value in sizes]
        yield (
            f"x has d numbers for each sequence, which {name} has to take up: no size of {name} is d.",
            SIZES["d"] in shape,
        )
        yield f"{what.capitalize()} have {size} numbers: no size of {name} is {size}.", SIZES[size] in shape
        if self.whole().status is Status.RIGHT:
            own = step_inputs(self.random())[GIVEN.index(name)].shape
            yield f"Your own multiquery_attention_incremental runs with a {name} of another shape.", shape == list(own)

    def growth_promises(self, which):
        """MQA does not need more than MHA does, whose growth the question prints; and it reads what it is given."""
        for name, entries in (("x", "b*d"), ("prev_K", "b*n*k"), ("W_q", "d*q*h")):
            text = f"It grows more slowly than the number of entries of {name}, and a step reads each of them."
            yield text, self.at_least(entries)
        source = self.setting.template["q4_decoding.py"].decode()
        printed = re.search(PRINTED.format(which), source, re.MULTILINE)
        if printed:
            text = "It is more than what the question says of multi-head attention; sharing keys and values saves work."
            yield text, self.at_most(f"O({printed[1]})")
