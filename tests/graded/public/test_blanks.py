"""Public checks of the blanks in code: is each filled in, and does what stands there run? Not whether it is right."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.sandbox.protocol.programs import Linear, Snippet, StandIn
from autograder.scoring.blank_marks import BlankPlace
from autograder.scoring.graded import GradedTestCase

B, S, HEADS, D_K, N = 2, 5, 3, 4, 6
D_MODEL = HEADS * D_K
COMBINE_HEADS = "lambda x: x.transpose(1, 2).flatten(2)"  # given in the homework


class TestBlanks(GradedTestCase):
    @number("3.a.a")
    def test_a(self):
        """(a) outputs of W_k"""
        self.judge(self.in_layer("__init__", "self.W_k", attribute="out_features"))

    @number("3.a.b")
    def test_b(self):
        """(b) inputs of W_v"""
        self.judge(self.in_layer("__init__", "self.W_v", attribute="in_features"))

    @number("3.a.d")
    def test_d(self):
        """(d) what is compared with the keys"""
        self.judge(self.in_layer("scaled_dot_product_attention", "attn_scores", Q=self.heads(), K=self.heads()))

    @number("3.a.e")
    def test_e(self):
        """(e) from scores to probabilities"""
        scores = self.normal(B, HEADS, S, S)
        self.judge(self.in_layer("scaled_dot_product_attention", "attn_probs", attn_scores=scores))

    @number("3.a.f")
    def test_f(self):
        """(f) what is averaged"""
        weights = np.full((B, HEADS, S, S), 1 / S, dtype=np.float32)
        self.judge(self.in_layer("scaled_dot_product_attention", "output", attn_probs=weights, V=self.heads()))

    @number("3.a.h")
    def test_h(self):
        """(h) the last layer"""
        self.judge(self.in_layer("forward", "output", attn_output=self.heads()))

    @number("4.c")
    def test_queries(self):
        """C: queries of all heads"""
        self.judge(self.in_step("q"))

    @number("4.d")
    def test_keys(self):
        """D: shared keys"""
        self.judge(self.in_step("k"))

    @number("4.e")
    def test_values(self):
        """E: shared values"""
        self.judge(self.in_step("v"))

    def normal(self, *shape):
        return self.random().standard_normal(shape).astype(np.float32)

    def heads(self):
        return self.normal(B, HEADS, S, D_K)

    def in_layer(self, method, target, attribute="", **given):
        place = BlankPlace("q3_multihead", f"MultiHeadAttention.{method}", target, attribute)
        sizes = {"d_model": D_MODEL, "num_heads": HEADS}
        linear = {name: Linear(self.normal(D_MODEL, D_MODEL)) for name in ("W_q", "W_k", "W_v", "W_o")}
        own = {**sizes, "d_k": D_K, "combine_heads": Snippet(COMBINE_HEADS), **linear}
        shared = sizes if method == "__init__" else {"V": self.heads(), "mask": None}
        return self.check_blank(place, {**shared, **given, "self": StandIn(tuple(own.items()))})

    def in_step(self, target):
        place = BlankPlace("q4_decoding", "multiquery_attention_incremental", target)
        given = {
            "x": self.normal(B, D_MODEL),
            "prev_K": self.normal(B, N, D_K),
            "prev_V": self.normal(B, N, D_K),
            "W_q": self.normal(HEADS, D_MODEL, D_K),
            "W_k": self.normal(D_MODEL, D_K),
            "W_v": self.normal(D_MODEL, D_K),
            "W_o": self.normal(HEADS, D_K, D_MODEL),
        }
        return self.check_blank(place, given)
