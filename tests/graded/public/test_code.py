"""Public checks of code: does it run, with the right shapes, and does it keep the properties that need no solution?"""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.cost import Cost, fitted_exponent
from autograder.checks.numeric import compare_arrays
from autograder.checks.structure import attribute_is, shape_is
from autograder.checks.verdict import Fact, Status, Verdict, right, wrong
from autograder.sandbox.outcome import Value
from autograder.sandbox.protocol.programs import Snippet
from autograder.scoring.graded import GradedTestCase

POSITIVE_FEATURES = "lambda x: torch.cat([F.elu(x) + 1, torch.exp(x / 2)], dim=-1)"
B, S, HEADS, D_K = 2, 5, 3, 4
D_MODEL = HEADS * D_K


def normal(random, *shape):
    return random.standard_normal(shape).astype(np.float32)


class CodeCheck(GradedTestCase):
    """What the checks below have in common."""

    def equals(self, wanted, remote) -> Verdict:
        """Whether a result is what everybody can work out for these inputs."""
        return compare_arrays(np.asarray(wanted), self.actual(remote), rtol=1e-3, atol=1e-4)

    def holds(self, verdict, fact) -> Verdict:
        """The verdict of a property, with the property's name where it does not hold."""
        return wrong(*verdict.facts, Fact(fact)) if verdict.status is Status.WRONG else verdict


class TestArgmax(CodeCheck):
    @number("2.a")
    def test_output(self):
        """Output for the given query, keys and values"""
        outcome = self.actual(self.submission.q2_argmax.output)
        data = outcome.data if isinstance(outcome, Value) else None
        if isinstance(data, tuple) and all(type(entry) in (int, float) for entry in data):
            outcome = Value(np.asarray(data, dtype=np.float64))
        self.judge(shape_is(outcome, (3,)))

    @number("2.a.code")
    def test_argmax_attention(self):
        """Argmax attention in code"""
        random = self.random()
        values = normal(random, 6, 3)
        remote = self.submission.q2_argmax.argmax_attention(normal(random, 4), normal(random, 6, 4), values)
        shaped = shape_is(self.actual(remote), (3,))
        self.judge(shaped if shaped.credit < 1 else self.is_a_row(remote, values))

    def is_a_row(self, remote, values) -> Verdict:
        """Argmax attention returns one of the values as it is."""
        data = self.actual(remote).data
        return (
            right()
            if any(np.allclose(data, row, atol=1e-5) for row in values)
            else wrong(Fact("not_one_of_the_values"))
        )


class TestMultiHead(CodeCheck):
    def layer(self):
        return self.submission.q3_multihead.MultiHeadAttention(D_MODEL, HEADS)

    @number("3.a.attention")
    def test_attention(self):
        """Scaled dot-product attention, no mask"""
        random = self.random()
        Q, K = normal(random, B, HEADS, S, D_K), normal(random, B, HEADS, S, D_K)
        ones = np.ones((B, HEADS, S, D_K), dtype=np.float32)
        rows = self.equals(ones, self.layer().scaled_dot_product_attention(Q, K, ones))
        self.judge(self.holds(rows, "weights_do_not_sum_to_one"))

    @number("3.a.heads")
    def test_heads(self):
        """Splitting and combining heads"""
        x = normal(self.random(), B, S, D_MODEL)
        split = shape_is(self.actual(self.layer().split_heads(x)), (B, HEADS, S, D_K))
        back = self.equals(x, self.layer().combine_heads(self.layer().split_heads(x)))
        self.judge(self.first_failure(split, self.holds(back, "combine_does_not_undo_split")))

    @number("3.a.forward")
    def test_forward(self):
        """The whole layer, no mask"""
        inputs = [normal(self.random(), B, S, D_MODEL) for _ in "QKV"]
        self.judge(shape_is(self.actual(self.layer().forward(*inputs)), (B, S, D_MODEL)))

    @number("3.a.mask")
    def test_mask(self):
        """The whole layer with masks"""
        random = self.random()
        Q, K, V = (normal(random, B, S, D_MODEL) for _ in "QKV")
        mask = np.ones((B, 1, 1, S), dtype=np.int64)
        mask[..., -2:] = 0
        changed = V.copy()
        changed[:, -2:] += 1
        seen = self.actual(self.layer().forward(Q, K, V, mask))
        shaped = shape_is(seen, (B, S, D_MODEL))
        hidden = shaped if shaped.credit < 1 else self.equals(seen.data, self.layer().forward(Q, K, changed, mask))
        self.judge(self.holds(hidden, "hidden_positions_matter"))

    @number("3.b")
    def test_wide_values(self):
        """3(b) with values twice as long"""
        model = self.submission.q3_multihead.WideValueMultiHeadAttention(D_MODEL, HEADS)
        inputs = [normal(self.random(), B, S, D_MODEL) for _ in "QKV"]
        wide = attribute_is(self.actual(model.W_v.out_features), "W_v.out_features", 2 * D_MODEL)
        self.judge(self.first_failure(wide, shape_is(self.actual(model.forward(*inputs)), (B, S, D_MODEL))))


class TestDecoding(CodeCheck):
    @number("4.code")
    def test_whole_step(self):
        """The whole decoding step"""
        random = self.random()
        b, n, h, k = 2, 5, 3, 4
        d = h * k
        x, keys, values = normal(random, b, d), normal(random, b, n, k), normal(random, b, n, k)
        W_q, W_o = normal(random, h, d, k) / d, normal(random, h, k, d)
        W_k, W_v = normal(random, d, k), normal(random, d, k)
        step = self.submission.q4_decoding.multiquery_attention_incremental(x, keys, values, W_q, W_k, W_v, W_o)
        shaped = shape_is(self.actual(step), (b, d))
        tied = [np.repeat(cache[:, None], h, axis=1) for cache in (keys, values)]
        weights = [np.repeat(weight[None], h, axis=0) for weight in (W_k, W_v)]
        same = self.template.q4_decoding.multihead_attention_incremental(x, *tied, W_q, *weights, W_o)
        self.judge(
            shaped
            if shaped.credit < 1
            else self.holds(self.equals(self.expected(same), step), "differs_from_tied_heads")
        )


class TestKernels(CodeCheck):
    @number("6.b.ii")
    def test_feature_map(self):
        """A feature map of the kernel"""
        x = normal(self.random(), 9, 3)
        features = self.row_by_row(lambda homework, rows: homework.q6_linear.feature_map(rows), x)
        data = features.data if isinstance(features, Value) else None
        if not (isinstance(data, np.ndarray) and data.ndim == 2 and len(data) == len(x)):
            self.judge(shape_is(features, (len(x), 1)))
            return
        kernel = next(self.own_kernels("6.b.i", ("q", "k")), None)
        if kernel is None:
            self.judge(right(Fact("no_kernel_to_compare")))
            return
        agrees = np.allclose(data @ data.T, kernel(x.astype(np.float64), x.astype(np.float64)), rtol=1e-3, atol=1e-3)
        self.judge(right() if agrees else wrong(Fact("not_your_kernel")))

    @number("6.b.iii")
    def test_kernel_attention(self):
        """Attention with a feature map"""
        random = self.random()
        Q, K, V = normal(random, 5, 3), normal(random, 7, 3), normal(random, 7, 2)
        phi_Q, phi_K = features_of(Q), features_of(K)
        scores = phi_Q @ phi_K.T
        wanted = (scores @ V) / scores.sum(axis=1, keepdims=True)
        attended = self.submission.q6_linear.kernel_attention(Q, K, V, Snippet(POSITIVE_FEATURES))
        self.judge(self.holds(self.equals(wanted, attended), "not_the_weighted_average"))

    @number("6.d.code")
    def test_linear_cost(self):
        """Attention code that is linear in N"""
        random = self.random()
        lengths = (16, 32, 64)
        costs = [self.counted(self.attend(random, N)) for N in lengths]
        failed = next((cost for cost in costs if not isinstance(cost, Cost)), None)
        if failed is not None:
            self.judge(failed)
            return
        exponent = round(fitted_exponent(lengths, [max(1, cost.multiply_adds) for cost in costs]), 1)
        self.judge(right(Fact("work_grows", {"exponent": exponent, "size": "N"})))

    def attend(self, random, N):
        inputs = normal(random, N, 2), normal(random, N, 2), normal(random, N, 3)
        return self.submission.q6_linear.kernel_attention(*inputs, Snippet(POSITIVE_FEATURES))


def features_of(x):
    """The map above, in NumPy."""
    return np.concatenate([np.where(x > 0, x + 1, np.exp(np.minimum(x, 0))), np.exp(x / 2)], axis=-1)
