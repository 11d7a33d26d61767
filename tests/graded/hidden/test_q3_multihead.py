"""Question 3: multi-head attention in code."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.structure import attribute_is, shape_is
from autograder.checks.verdict import Fact, Verdict
from autograder.sandbox.protocol.programs import Call, Linear, Snippet, StandIn
from autograder.scoring.blank_marks import BlankPlace
from autograder.scoring.graded import Case, GradedTestCase
from autograder.scoring.made_once import made_once
from autograder.scoring.remote import parameters_of

from . import mistakes_q3 as mistakes
from .inputs import attention_weights, causal_mask, normal, padding_mask, random_mask

LAYERS = ("W_q", "W_k", "W_v", "W_o")
SPLIT_HEADS = "lambda x: x.unflatten(2, ({}, -1)).transpose(1, 2)"  # given in the homework, as the next
COMBINE_HEADS = "lambda x: x.transpose(1, 2).flatten(2)"  # (B, h, S, d_k) -> (B, S, d_model)
METHODS = ("scaled_dot_product_attention", "split_heads", "combine_heads")
ALWAYS = "lambda value: lambda *inputs, **options: value"


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


class LayerTestCase(GradedTestCase):
    """Whole layers, compared with the reference's that has the same weights."""

    def layer_agrees(self, name, cases, known_mistakes) -> Verdict:
        """Biases that the student's layer does without are zero. A mask is given by place or, where the student's
        layer does not take it so, by name. A matrix in place of a linear layer may stand either way round.
        """
        cases = self.adapted(cases, name, partial(self.as_built, name))
        ways = (partial(run_layer, name, **way) for way in ({}, {"by_name": True}, {"turned": True}))
        return self.best(self.agreement(way, cases, mistakes=known_mistakes) for way in ways)

    def as_built(self, name, cases) -> list[Case]:
        """The cases with as many weights as the student's layer has."""
        models = [new_layer(self.submission, name, case.inputs[0]) for case in cases]
        self.will_ask(*map(parameters_of, models))
        return [self.with_own_weights(*both) for both in zip(models, cases, strict=True)]

    def with_own_weights(self, model, case) -> Case:
        sizes, weights, *inputs = case.inputs
        own = self.submission.weights_for(model, weights)
        return case if own is weights else Case(case.label, (sizes, own, *inputs))


class MultiHeadTestCase(LayerTestCase):
    """The pieces of 3(a), each compared with the reference's on all sizes."""

    def attention(self) -> Verdict:
        """Called without a mask; with none by name, where the student's method asks for one."""
        inputs = self.each_size("attention", lambda random, s: [normal(random, s.B, s.h, s.S, s.d_k) for _ in "QKV"])
        return self.best(
            self.agreement(
                lambda homework, case, options=options: layer(homework, case[0]).scaled_dot_product_attention(
                    *case[1:], **options
                ),
                inputs,
                mistakes=mistakes.ATTENTION,
            )
            for options in ({}, {"mask": None})
        )

    def splits(self) -> Verdict:
        return self.agreement(
            lambda homework, case: layer(homework, case[0]).split_heads(case[1]),
            self.each_size("split", lambda random, s: [normal(random, s.B, s.S, s.d_model)]),
            mistakes=mistakes.SPLIT,
        )

    def combines(self) -> Verdict:
        return self.agreement(
            lambda homework, case: layer(homework, case[0]).combine_heads(case[1]),
            self.each_size("combine", lambda random, s: [normal(random, s.B, s.h, s.S, s.d_k)]),
            mistakes=mistakes.COMBINE,
        )

    def forward(self) -> Verdict:
        inputs = self.each_size("forward", lambda random, s: layer_inputs(random, s, s.d_model))
        return self.layer_agrees("MultiHeadAttention", inputs, mistakes.LAYER)

    def with_cause(self, verdict) -> Verdict:
        """The verdict on a whole layer; where its numbers are wrong in no known way, with the piece that is wrong."""
        if any(fact.kind == "values_differ" for fact in verdict.facts):
            pieces = {METHODS[0]: self.attention, METHODS[1]: self.splits, METHODS[2]: self.combines}
            cause = next((name for name, judged in pieces.items() if judged().credit == 0), None)
            told = Fact("feedback", {"text": f"Your {cause} is not right by itself; look there first."})
            return replace(verdict, facts=(*verdict.facts, told)) if cause else verdict
        return verdict

    @made_once
    def each_size(self, stream, inputs):
        """A case for every size: the size, then the inputs."""
        random = self.stream(f"3.a.{stream}")
        return [Case(sizes.label, (sizes, *inputs(random, sizes))) for sizes in SIZES]


class TestMultiHeadAttention(MultiHeadTestCase):
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
        self.judge(self.with_cause(self.forward()))

    @number("3.a.mask")
    def test_mask(self):
        """The whole layer with masks"""
        verdict = self.layer_agrees("MultiHeadAttention", self.masked_inputs(), mistakes.MASKED)
        self.judge(self.with_cause(verdict))

    @made_once
    def masked_inputs(self):
        random = self.random()
        for sizes in (SIZES[0], SIZES[2], SIZES[3]):
            for label, mask in masks(random, sizes):
                for kind in (np.int64, np.bool_):
                    inputs = layer_inputs(random, sizes, sizes.d_model)
                    yield Case(f"{label} mask, {np.dtype(kind).name}", (sizes, *inputs, mask.astype(kind)))


class TestBlanks(MultiHeadTestCase):
    @number("3.a.a")
    def test_a(self):
        """(a) outputs of W_k"""
        self.judge(self.layer_size("self.W_k", "out_features"))

    @number("3.a.b")
    def test_b(self):
        """(b) inputs of W_v"""
        self.judge(self.layer_size("self.W_v", "in_features"))

    @number("3.a.d")
    def test_d(self):
        """(d) what is compared with the keys"""
        self.judge(self.step("attn_scores", lambda random, s: dict(zip("QKV", heads(random, s, 3), strict=True))))

    @number("3.a.e")
    def test_e(self):
        """(e) from scores to probabilities"""
        self.judge(self.step("attn_probs", scored))

    @number("3.a.f")
    def test_f(self):
        """(f) what is averaged"""
        self.judge(self.step("output", averaged))

    @number("3.a.h")
    def test_h(self):
        """(h) the last layer"""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.forward", "output")
        self.judge(self.blank(place, self.givens("h", last_layer), self.forward))

    def layer_size(self, target, attribute):
        """A size of a linear layer, for models whose sizes are all different."""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.__init__", target, attribute)
        givens = self.givens("sizes", lambda _, s: {"d_model": s.d_model, "num_heads": s.h, "self": sizes_of(s)})
        return self.blank(place, givens, self.forward)

    def step(self, target, inputs):
        """A step of the attention of one layer, with the names that it needs given."""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.scaled_dot_product_attention", target)
        givens = self.givens(target, lambda random, s: {**inputs(random, s), "mask": None, "self": sizes_of(s)})
        return self.blank(place, givens, self.attention_somewhere)

    def attention_somewhere(self):
        """Attention in its own method, or wherever else the layer that is right has it."""
        attention = self.attention()
        return attention if attention.credit > 0 else self.best([attention, self.forward()])

    @made_once
    def givens(self, stream, inputs):
        random = self.stream(f"3.a blank {stream}")
        return [inputs(random, sizes) for sizes in SIZES]


class TestWideValues(LayerTestCase):
    @number("3.b")
    def test_wide_values(self):
        """3(b) with values twice as long"""
        agrees = self.layer_agrees("WideValueMultiHeadAttention", self.inputs(), mistakes.WIDE)
        self.judge(runs=self.runs(), agrees=agrees)

    @number("3.b.why")
    def test_modifications(self):
        """3(b) what was changed, and why"""
        self.judge(self.words(lambda homework: homework.q3_multihead.modifications))

    @made_once
    def inputs(self):
        random = self.random()
        return [Case(sizes.label, (sizes, *layer_inputs(random, sizes, 2 * sizes.d_model))) for sizes in SIZES]

    def runs(self) -> Verdict:
        """W_v gives 2 d_model numbers, and the output is still (B, S, d_model): a residual connection needs that."""
        asked = [(sizes, *self.width_and_output(sizes, *inputs)) for sizes, _, *inputs in self.two_inputs()]
        self.will_ask(*(remote for _, *both in asked for remote in both))
        return self.first_failure(*(self.runs_on(*one) for one in asked))

    def two_inputs(self):
        return [case.inputs for case in self.inputs()[:2]]

    def width_and_output(self, sizes, *inputs):
        model = self.submission.q3_multihead.WideValueMultiHeadAttention(sizes.d_model, sizes.h)
        return model.W_v.out_features, model.forward(*inputs)

    def runs_on(self, sizes, width, output) -> Verdict:
        return self.first_failure(
            attribute_is(self.actual(width), "W_v.out_features", 2 * sizes.d_model),
            shape_is(self.actual(output), (sizes.B, sizes.S, sizes.d_model)),
        )


def sizes_of(sizes, **further):
    """What stands for `self` where a blank is run alone: its sizes, and what else is given."""
    own = {"d_model": sizes.d_model, "num_heads": sizes.h, "d_k": sizes.d_k}
    return StandIn(tuple({**own, **further}.items()))


def heads(random, sizes, count):
    """Inputs of one layer's attention, each (B, h, S, d_k)."""
    return [normal(random, sizes.B, sizes.h, sizes.S, sizes.d_k) for _ in range(count)]


def scored(random, sizes):
    """Q, K, V, and the scores (B, h, S, S) that belong to them: some students write several lines as one."""
    queries, keys, values = heads(random, sizes, 3)
    scores = queries @ keys.swapaxes(-2, -1) / np.float32(np.sqrt(sizes.d_k))
    return {"Q": queries, "K": keys, "V": values, "attn_scores": scores}


def averaged(random, sizes):
    """Q, K, V, and the weights (B, h, S, S) that belong to them, whose rows sum to one."""
    inputs = scored(random, sizes)
    powers = np.exp(inputs.pop("attn_scores"))
    return {**inputs, "attn_probs": powers / powers.sum(axis=-1, keepdims=True)}


def last_layer(random, s):
    """The heads' output (B, h, S, d_k), and a layer with four different linear layers."""
    weights = attention_weights(random, s.d_model, s.d_model)
    layers = {name: Linear(weights[f"{name}.weight"], weights[f"{name}.bias"]) for name in LAYERS}
    (attended,) = heads(random, s, 1)
    methods = {"combine_heads": Snippet(COMBINE_HEADS), "split_heads": Snippet(SPLIT_HEADS.format(s.h))}
    methods["scaled_dot_product_attention"] = Call(Snippet(ALWAYS), (attended,))
    inputs = {name: normal(random, s.B, s.S, s.d_model) for name in "QKV"}
    return {**inputs, "mask": None, "attn_output": attended, "self": sizes_of(s, **methods, **layers)}


def layer(homework, sizes):
    return new_layer(homework, "MultiHeadAttention", sizes)


def new_layer(homework, name, sizes):
    return getattr(homework.q3_multihead, name)(sizes.d_model, sizes.h)


def run_layer(name, homework, case, *, by_name=False, turned=False):
    """The layer called `name` with given weights on (sizes, weights, Q, K, V, mask)."""
    sizes, weights, *inputs, mask = case if len(case) == 6 else (*case, None)
    model = homework.with_weights(new_layer(homework, name, sizes), weights, turned=turned)
    if by_name:
        return model.forward(*inputs, mask=mask)
    return model.forward(*inputs) if mask is None else model.forward(*inputs, mask)


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
