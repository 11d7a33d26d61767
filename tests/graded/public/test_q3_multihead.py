"""Question 3, checked by properties that every multi-head attention has, and on weights that allow work by hand."""

from functools import partial

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.structure import attribute_is
from autograder.checks.verdict import Status
from autograder.sandbox.protocol.programs import Call, Linear, Snippet, StandIn
from autograder.scoring.blank_marks import BlankPlace
from autograder.scoring.public import PublicTestCase, in_turn, near

from . import layer as layers
from .attention import of_heads, scores_of, weight_promises, weights_of
from .inputs import normal

B, S, HEADS, D_K = 2, 5, 3, 4
D_MODEL = HEADS * D_K
COMBINE_HEADS = "lambda x: x.transpose(1, 2).flatten(2)"  # given in the homework, as the next
SPLIT_HEADS = f"lambda x: x.unflatten(2, ({HEADS}, -1)).transpose(1, 2)"
WAYS = ({}, {"by_name": True}, {"turned": True})
ALWAYS = "lambda value: lambda *inputs, **options: value"


class LayerTestCase(PublicTestCase):
    """The layer `name` of the student's, of the sizes above."""

    name = "MultiHeadAttention"

    @property
    def model(self):
        return getattr(self.submission.q3_multihead, self.name)(D_MODEL, HEADS)

    def run_layer(self, queries, keys, values, mask=None, *, weights, by_name=False, turned=False):
        """The layer's output (B, S, d_model) with these weights. A mask is given by place or by name; a matrix in
        place of a linear layer may stand either way round.
        """
        model = self.submission.with_weights(self.model, weights, turned=turned)
        place = () if mask is None or by_name else (mask,)
        return self.numbers(
            model.forward(queries, keys, values, *place, **({"mask": mask} if by_name else {})), *queries.shape
        )

    def in_some_way(self, promises):
        """Whether the promises, which are given a way to run the layer, are kept in one of the ways to call it."""
        return self.best(self.keeps(promises(partial(self.run_layer, **way))) for way in WAYS)

    def fitting(self, weights):
        """The weights; a bias that the student's layer does without is zero."""
        return self.submission.weights_for(self.model, weights)

    def inputs(self, length=S):
        random = self.stream(f"{self.name} {length}")
        return [normal(random, B, length, D_MODEL) for _ in "QKV"]

    def layer_promises(self, width, run):
        """Promises of a whole layer whose heads have values of `width` numbers."""
        queries, keys, _ = self.inputs(3)
        random, d_value = self.stream(self.name), HEADS * width
        own = self.fitting(layers.random_weights(random, D_MODEL, d_value))
        even = [self.fitting(layers.random_weights(random, D_MODEL, d_value, **{name: 0.0})) for name in ("W_q", "W_k")]
        plain = layers.identity_weights(D_MODEL, HEADS, width)
        return in_turn(
            layers.reorder_promises(partial(run, weights=own), *self.inputs()),
            layers.even_promises(run, dict(zip(("W_q", "W_k"), even, strict=True)), self.inputs()),
            layers.head_promises(run, plain, queries, keys, HEADS),
            layers.one_token_a_head(run, self.looking_alike(own, plain), HEADS, D_K, width),
        )

    def looking_alike(self, own, plain):
        """Own values and last layer, without biases, on queries and keys as they come."""
        chosen = {name: own[f"{name}.weight"] for name in ("W_v", "W_o")}
        return layers.named(W_q=plain["W_q.weight"], W_k=plain["W_k.weight"], **chosen)


class TestMultiHeadAttention(LayerTestCase):
    @number("3.a.a")
    def test_a(self):
        """(a) outputs of W_k"""
        self.judge(self.size("self.W_k", "out_features", "split_heads, as given, cannot cut rows of that length."))

    @number("3.a.b")
    def test_b(self):
        """(b) inputs of W_v"""
        self.judge(self.size("self.W_v", "in_features", "Rows of V, as forward describes them, do not fit in."))

    @number("3.a.d")
    def test_d(self):
        """(d) what is compared with the keys"""
        text = "The scores do not change when the queries do."
        self.judge(self.step("attn_scores", ("Q",), text, Q=self.heads(), K=self.heads()))

    @number("3.a.e")
    def test_e(self):
        """(e) from scores to probabilities"""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.scaled_dot_product_attention", "attn_probs")
        scores = normal(self.random(), B, HEADS, S, S)
        given = {**self.shared(), "Q": self.heads(), "K": self.heads(), "attn_scores": scores}
        self.judge(self.blank_keeps(place, [given], lambda value: probability_promises(value, scores), self.attention))

    @number("3.a.f")
    def test_f(self):
        """(f) what is averaged"""
        weights = np.full((B, HEADS, S, S), 1 / S, dtype=np.float32)
        text = "The output does not change when the values do."
        self.judge(self.step("output", ("V",), text, Q=self.heads(), K=self.heads(), attn_probs=weights))

    @number("3.a.h")
    def test_h(self):
        """(h) the last layer"""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.forward", "output")
        givens = [self.in_forward(last) for last in (1, 2)]
        text = "The output does not change when the weights of the layer change that is not applied yet."
        self.judge(self.blank_keeps(place, givens, lambda *values: [(text, not near(*values))], self.whole))

    @number("3.a.attention")
    def test_attention(self):
        """Scaled dot-product attention, no mask"""
        self.judge(self.attention())
        queries, keys, own = self.weights_seen(D_K)
        title = "Weights of one head for public queries (rows) and keys (columns)"
        self.show_comparison(title, weights_of(scores_of(queries, keys))[0, 0], lambda: own({})[0, 0])

    @number("3.a.heads")
    def test_heads(self):
        """Splitting and combining heads"""
        x = normal(self.random(), B, S, D_MODEL)
        self.judge(split=self.keeps(self.split_promises(x)), combine=self.keeps(self.combine_promises(x)))

    @number("3.a.forward")
    def test_forward(self):
        """The whole layer, no mask"""
        self.judge(self.whole())
        queries, keys, _ = self.inputs(3)
        plain = layers.identity_weights(D_MODEL, HEADS, D_K)
        expected = weights_of(scores_of(of_heads(queries, HEADS), of_heads(keys, HEADS)))[0, 1]
        title = "Weights of one head of the whole layer, whose linear layers pass on what they get"
        self.show_comparison(
            title, expected, lambda: layers.weights_behind(self.run_layer, plain, queries, keys, HEADS)[0, 1]
        )

    @number("3.a.mask")
    def test_mask(self):
        """The whole layer with masks"""
        self.judge(self.first_failure(self.in_some_way(self.masks_promises), self.whole()))

    def attention(self):
        """Called without a mask; with none by name, where the student's method asks for one."""
        return self.best(self.keeps(self.attention_promises(**options)) for options in ({}, {"mask": None}))

    def whole(self):
        return self.in_some_way(partial(self.layer_promises, D_K))

    def masks_promises(self, run):
        return in_turn(*(self.mask_promises(kind, run) for kind in (np.int64, np.bool_)))

    def attention_promises(self, **options):
        for length in (S, D_K):
            queries, keys, own = self.weights_seen(length)
            yield from weight_promises(own(options), scores_of(queries, keys))

    def weights_seen(self, length):
        """Public queries and keys (B, h, length, d_k), and a function that looks at the weights behind the output."""
        random = self.stream(f"attention {length}")
        queries, keys = (normal(random, B, HEADS, length, D_K) for _ in "QK")
        values = np.zeros((length, 2 * D_K), dtype=np.float32)
        values[np.arange(length), np.arange(length)] = 1

        def own(options):
            shown = [self.attend(queries, keys, part, options) for part in np.split(values, 2, axis=1)]
            return np.concatenate(shown, axis=-1)[..., :length]

        return queries, keys, own

    def attend(self, queries, keys, values, options):
        given = np.broadcast_to(values, (*queries.shape[:2], *values.shape)).copy()
        return self.numbers(self.model.scaled_dot_product_attention(queries, keys, given, **options), *queries.shape)

    def split_promises(self, x):
        split = self.numbers(self.model.split_heads(x), B, HEADS, S, D_K)
        text = "Head i should have the i-th run of d_k columns of every token, and tokens should keep their order."
        yield text, near(split, of_heads(x, HEADS))

    def combine_promises(self, x):
        combined = self.numbers(self.model.combine_heads(of_heads(x, HEADS)), B, S, D_MODEL)
        yield "Combining the heads does not undo splitting them.", near(combined, x)

    def mask_promises(self, kind, run):
        """A mask hides what could as well not be there."""
        inputs = self.inputs()
        run = partial(run, weights=self.fitting(layers.random_weights(self.stream("mask"), D_MODEL, D_MODEL)))
        open_mask = run(*inputs, np.ones((S, S), dtype=kind))
        yield "A mask that hides nothing changes the output.", layers.close(open_mask, run(*inputs))
        for shown in (S - 2, 1):
            mask = np.zeros((B, 1, 1, S), dtype=kind)
            mask[..., :shown] = 1
            hidden, without = run(*inputs, mask), run(*(x[:, :shown] for x in inputs))
            text = "With the last positions hidden from all, the output should be as if these positions were not there."
            yield text, layers.close(hidden[:, :shown], without)
        causal = run(*inputs, np.tril(np.ones((S, S), dtype=kind)))
        for position in range(S):
            until = run(*(x[:, : position + 1] for x in inputs))
            text = "With later positions hidden (a causal mask), a row of the output should not depend on later tokens."
            yield text, layers.close(causal[:, position], until[:, position])
        yield from self.sequences_apart(run, inputs, kind)

    def sequences_apart(self, run, inputs, kind):
        """A mask (B, 1, S, S) of the first sequence is not that of the second."""
        mask = np.ones((B, 1, S, S), dtype=kind)
        mask[0, 0] = np.tril(mask[0, 0])
        both = run(*inputs, mask)
        apart = [run(*(x[i : i + 1] for x in inputs), mask[i : i + 1]) for i in range(B)]
        text = "With a mask for each sequence, a sequence's output should be that of the sequence by itself."
        yield text, layers.close(both, np.concatenate(apart))

    def heads(self):
        return normal(self.random(), B, HEADS, S, D_K)

    def shared(self):
        own = {"d_model": D_MODEL, "num_heads": HEADS, "d_k": D_K}
        return {"V": self.heads(), "mask": None, "self": StandIn(tuple(own.items()))}

    def size(self, target, attribute, text):
        """A size of a linear layer: a whole number that lets the rest of the code run as it is printed."""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.__init__", target, attribute)
        own = StandIn((("d_model", D_MODEL), ("num_heads", HEADS), ("d_k", D_K)))
        given = {"d_model": D_MODEL, "num_heads": HEADS, "self": own}
        return self.blank_keeps(place, [given], lambda value: [(text, near(value, D_MODEL))], self.whole)

    def step(self, target, moved, text, **given):
        """A step of the attention, whose value has to change with each of the `moved`."""
        place = BlankPlace("q3_multihead", "MultiHeadAttention.scaled_dot_product_attention", target)
        first = {**self.shared(), **given}
        second = {**first, **{name: first[name] + 1 + np.abs(first[name]) for name in moved}}
        return self.blank_keeps(place, [first, second], lambda *values: [(text, not near(*values))], self.attention)

    def in_forward(self, last):
        """What stands around the last line of forward; `last` draws the weights of W_o."""
        linear = {name: Linear(normal(self.random(), D_MODEL, D_MODEL)) for name in ("W_q", "W_k", "W_v")}
        linear["W_o"] = Linear(normal(np.random.default_rng(last), D_MODEL, D_MODEL))
        attended = self.heads()
        methods = {"combine_heads": Snippet(COMBINE_HEADS), "split_heads": Snippet(SPLIT_HEADS)}
        methods["scaled_dot_product_attention"] = Call(Snippet(ALWAYS), (attended,))
        own = {"d_model": D_MODEL, "num_heads": HEADS, "d_k": D_K, **methods, **linear}
        inputs = dict(zip("QKV", self.inputs(), strict=True))
        return {**inputs, "mask": None, "attn_output": attended, "self": StandIn(tuple(own.items()))}


def probability_promises(value, scores):
    """Promises of probabilities that are made of scores (B, h, S, S) along the last axis."""
    yield "Its value has another shape than the scores.", np.shape(value) == scores.shape
    yield "The numbers of a row are not probabilities: they do not sum to one.", near(value.sum(-1), 1)
    yield "Some of the probabilities are negative.", bool((value >= 0).all())
    in_order = (np.argsort(value, axis=-1) == np.argsort(scores, axis=-1)).all()
    yield "A larger score should have a larger probability.", bool(in_order)


class TestWideValues(LayerTestCase):
    name = "WideValueMultiHeadAttention"

    @number("3.b")
    def test_wide_values(self):
        """3(b) with values twice as long"""
        wide = attribute_is(self.actual(self.model.W_v.out_features), "W_v.out_features", 2 * D_MODEL)
        self.judge(wide if wide.status is not Status.RIGHT else self.in_some_way(partial(self.layer_promises, 2 * D_K)))

    @number("3.b.why")
    def test_modifications(self):
        """3(b) what was changed, and why"""
        self.judge(self.words(lambda homework: homework.q3_multihead.modifications))
