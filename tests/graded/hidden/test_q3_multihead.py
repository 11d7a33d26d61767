"""Question 3: multi-head attention in code."""

from dataclasses import dataclass

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.structure import attribute_is, shape_is
from autograder.checks.verdict import Verdict
from autograder.scoring.graded import Case, GradedTestCase

from .inputs import attention_weights, causal_mask, normal, padding_mask, random_mask


@dataclass(frozen=True)
class Sizes:
    """B sequences of S tokens, h heads of d_k components each; the model is d = h d_k wide."""

    label: str
    B: int
    S: int
    h: int
    d_k: int

    @property
    def d_model(self) -> int:
        return self.h * self.d_k


SIZES = (
    Sizes("all sizes different", 2, 5, 3, 4),
    Sizes("one sequence", 1, 4, 2, 9),
    Sizes("as many tokens as heads", 2, 3, 3, 5),
    Sizes("as many tokens as components of a head", 3, 5, 2, 5),
    Sizes("one head", 2, 4, 1, 6),
    Sizes("one token", 2, 1, 4, 3),
)


class TestMultiHeadAttention(GradedTestCase):
    @number("3.a.attention")
    def test_attention(self):
        """Scaled dot-product attention, no mask"""
        self.judge(self.attention())

    @number("3.a.heads")
    def test_heads(self):
        """Splitting and combining heads"""
        self.judge(split=self.splits(), combine=self.combines())

    @number("3.a.forward")
    def test_forward(self):
        """The whole layer, no mask"""
        self.judge(self.forward())

    @number("3.a.mask")
    def test_mask(self):
        """The whole layer with masks"""
        self.judge(self.agreement(run_layer("MultiHeadAttention"), self.masked_inputs()))

    def attention(self) -> Verdict:
        return self.agreement(
            lambda homework, case: layer(homework, case[0]).scaled_dot_product_attention(*case[1:]),
            self.each_size("attention", lambda random, s: [normal(random, s.B, s.h, s.S, s.d_k) for _ in "QKV"]),
        )

    def splits(self) -> Verdict:
        return self.agreement(
            lambda homework, case: layer(homework, case[0]).split_heads(case[1]),
            self.each_size("split", lambda random, s: [normal(random, s.B, s.S, s.d_model)]),
        )

    def combines(self) -> Verdict:
        return self.agreement(
            lambda homework, case: layer(homework, case[0]).combine_heads(case[1]),
            self.each_size("combine", lambda random, s: [normal(random, s.B, s.h, s.S, s.d_k)]),
        )

    def forward(self) -> Verdict:
        inputs = self.each_size("forward", lambda random, s: layer_inputs(random, s, s.d_model))
        return self.agreement(run_layer("MultiHeadAttention"), inputs)

    def each_size(self, stream, inputs):
        """A case for every size: the size, then the inputs."""
        random = self.stream(f"3.a.{stream}")
        return [Case(sizes.label, (sizes, *inputs(random, sizes))) for sizes in SIZES]

    def masked_inputs(self):
        random = self.random()
        for sizes in (SIZES[0], SIZES[2], SIZES[3]):
            for label, mask in masks(random, sizes):
                for kind in (np.int64, np.bool_):
                    inputs = layer_inputs(random, sizes, sizes.d_model)
                    yield Case(f"{label} mask, {np.dtype(kind).name}", (sizes, *inputs, mask.astype(kind)))


class TestWideValues(GradedTestCase):
    @number("3.b")
    def test_wide_values(self):
        """3(b) with values twice as long"""
        self.judge(runs=self.runs(), agrees=self.agreement(run_layer("WideValueMultiHeadAttention"), self.inputs()))

    @number("3.b.why")
    def test_modifications(self):
        """3(b) what was changed, and why"""
        self.judge(self.words(lambda homework: homework.q3_multihead.modifications))

    def inputs(self):
        random = self.random()
        return [Case(sizes.label, (sizes, *layer_inputs(random, sizes, 2 * sizes.d_model))) for sizes in SIZES]

    def runs(self) -> Verdict:
        """W_v gives 2 d_model numbers, and the output is still (B, S, d_model): a residual connection needs that."""
        sizes, _, *inputs = self.inputs()[0].inputs
        model = self.submission.q3_multihead.WideValueMultiHeadAttention(sizes.d_model, sizes.h)
        return self.first_failure(
            attribute_is(self.actual(model.W_v.out_features), "W_v.out_features", 2 * sizes.d_model),
            shape_is(self.actual(model.forward(*inputs)), (sizes.B, sizes.S, sizes.d_model)),
        )


def layer(homework, sizes):
    return homework.q3_multihead.MultiHeadAttention(sizes.d_model, sizes.h)


def run_layer(name):
    """Runs the layer called `name` with given weights on (sizes, weights, Q, K, V, mask)."""

    def run(homework, case):
        sizes, weights, *inputs = case
        model = getattr(homework.q3_multihead, name)(sizes.d_model, sizes.h)
        return homework.with_weights(model, weights).forward(*inputs)

    return run


def layer_inputs(random, sizes, d_value):
    """Weights, then Q, K and V (B, S, d_model), all three different."""
    inputs = [normal(random, sizes.B, sizes.S, sizes.d_model) for _ in "QKV"]
    return attention_weights(random, sizes.d_model, d_value), *inputs


def masks(random, sizes):
    return (
        ("causal", causal_mask(sizes.S)),
        ("padding", padding_mask(random, sizes.B, sizes.S)),
        ("random", random_mask(random, sizes.B, sizes.S)),
    )
