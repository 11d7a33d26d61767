"""Question 6: conditions tried on similarities, kernels on points, attention code against the sum that is printed."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.conditions import is_possible, keeps_sum_from_zero, row_without_sum
from autograder.checks.cost import Cost, fitted_exponent
from autograder.checks.numeric import in_case
from autograder.checks.structure import shape_is
from autograder.checks.verdict import Fact, Status, right, said, wrong
from autograder.sandbox.outcome import Value
from autograder.sandbox.protocol.programs import Snippet
from autograder.scoring.public import PublicTestCase, Unusable, in_turn, near
from autograder.scoring.rows import is_table

from .inputs import normal
from .kernels import FOR_ROWS, kernel_promises

POSITIVE_FEATURES = Snippet("lambda x: torch.cat([F.elu(x) + 1, torch.exp(x / 2)], dim=-1)")
DIMENSIONS = (3, 4, 2)
LENGTHS = (16, 32, 64)
SLACK = 0.3  # of a counted exponent: terms of lower order bend it


def features_of(x):
    """The map above, in NumPy."""
    return np.concatenate([np.where(x > 0, x + 1, np.exp(np.minimum(x, 0))), np.exp(x / 2)], axis=-1)


class TestKernels(PublicTestCase):
    @number("6.a")
    def test_finite_condition(self):
        """When the output stays finite"""
        self.judge_condition(lambda homework: homework.q6_linear.finite_condition)

    @number("6.b.i")
    def test_quadratic_kernel(self):
        """The quadratic kernel"""
        self.judge_written_promises(
            lambda homework: homework.q6_linear.quadratic_kernel, lambda: kernel_promises(self.own_kernel(), "It")
        )

    @number("6.b.ii")
    def test_feature_map(self):
        """A feature map of the kernel"""
        self.judge(self.feature_map_verdict())

    @number("6.b.iii")
    def test_kernel_attention(self):
        """Attention with a feature map"""
        same, other = self.keeps(self.attention_promises(6, 6)), self.keeps(self.attention_promises(5, 7))
        self.judge(same_length=same, other_length=other)
        inputs, wanted = self.example(6, 6)
        self.show_comparison("Output for public queries (rows)", wanted, lambda: self.attend(*inputs))

    @number("6.c.time")
    def test_softmax_time(self):
        """Time of softmax attention"""
        self.judge_written_promises(lambda homework: homework.q6_linear.softmax_time, self.softmax_promises)

    @number("6.c.space")
    def test_softmax_space(self):
        """Memory of softmax attention"""
        self.judge_written_promises(lambda homework: homework.q6_linear.softmax_space, self.softmax_promises)

    @number("6.d.time")
    def test_linear_time(self):
        """Time of linear attention"""
        self.judge_written_promises(
            lambda homework: homework.q6_linear.linear_time, lambda: self.linear_promises("N", "the features of N rows")
        )

    @number("6.d.space")
    def test_linear_space(self):
        """Memory of linear attention"""
        self.judge_written_promises(
            lambda homework: homework.q6_linear.linear_space,
            lambda: self.linear_promises("D", "the sum in (5) above the line, one row for each feature"),
        )

    @number("6.d.code")
    def test_linear_cost(self):
        """Attention code that is linear in N"""
        sound = self.keeps(self.attention_promises(6, 6))
        self.judge(sound if sound.status is not Status.RIGHT else self.cost_verdict())

    def judge_condition(self, ask):
        """Whether the denominator can be zero though the condition is met: the row that shows it is told."""
        read = self.reading(ask)
        own = self.own() if read.status is Status.RIGHT else None
        if own is None:
            self.judge(read)
            return
        formula = own.content.formula
        facts = [] if is_possible(formula) else [Fact("condition_impossible")]
        if not keeps_sum_from_zero(formula):
            row = row_without_sum(formula)
            facts.append(Fact("condition_counterexample", {"values": [str(value) for value in row or ()]}))
        verdict = wrong(*facts[:1]) if facts else right()
        self.judge(type(verdict)(verdict.status, verdict.credit, (*read.facts, *verdict.facts), read.read_as))

    def own_kernel(self):
        """The student's formula as a function of points (P, D), (R, D) with values (P, R); None if it has none."""

        def kernel(left, right_):
            binding = {"q": left[:, None, :], "k": right_[None, :, :]}
            return self.own_value(binding, "6.b.i")

        return kernel

    def features(self, x):
        """The features of each row of x (P, D), as (P, L). Raises Unusable."""
        outcome = self.row_by_row(lambda homework, rows: homework.q6_linear.feature_map(rows), x)
        data = outcome.data if isinstance(outcome, Value) else None
        if not (isinstance(data, np.ndarray) and data.ndim == 2 and len(data) == len(x) and data.dtype.kind in "fiu"):
            raise Unusable(in_case(shape_is(outcome, (len(x), 1)), f"D = {x.shape[1]}"))
        if not np.isfinite(data).all():
            raise Unusable(wrong(Fact("not_finite", {"nan": bool(np.isnan(data).any())})))
        return data.astype(np.float64)

    def products(self, left, right_):
        """What stands for the kernel: products of the features of points (P, D) and (R, D)."""
        together = self.features(np.concatenate([left, right_]).astype(np.float32))
        return together[: len(left)] @ together[len(left) :].T

    def feature_map_verdict(self):
        """The features are of a quadratic kernel; a remark says if no table is taken, or the own kernel is another."""
        it = "The product of the features of q and k"
        verdict = self.keeps(in_turn(*(kernel_promises(self.products, f"{it} (D = {D})", D) for D in DIMENSIONS)))
        if verdict.status is not Status.RIGHT:
            return verdict
        x = normal(self.random(), 6, 3)
        table = self.actual(self.submission.q6_linear.feature_map(x))
        for_rows = () if is_table(table, len(x)) else (said(FOR_ROWS),)
        return right(*for_rows, *self.beside_own_kernel(x.astype(np.float64)))

    def beside_own_kernel(self, x):
        """A remark if the student's own kernel keeps its promises too, and is another one at the rows of x (P, 3)."""
        if not self.own("6.b.i") or self.keeps(kernel_promises(self.own_kernel(), "It")).status is not Status.RIGHT:
            return ()
        kernel = self.own_kernel()(x, x)
        if kernel is None or near(self.products(x, x), kernel, rtol=1e-3, atol=1e-3):
            return ()
        return (said("Your features and your kernel in (b)(i) do not belong together: one of the two should change."),)

    def example(self, N, P):
        """Q (N, 3), K (P, 3), V (P, 2), and the average of the values with weights phi(q)^T phi(k), query by query."""
        Q, K, V = (normal(self.stream(f"attention {N}"), rows, columns) for rows, columns in ((N, 3), (P, 3), (P, 2)))
        weights = features_of(Q) @ features_of(K).T
        return (Q, K, V), np.array([np.average(V, axis=0, weights=row) for row in weights])

    def attend(self, Q, K, V):
        return self.numbers(self.submission.q6_linear.kernel_attention(Q, K, V, POSITIVE_FEATURES), len(Q), V.shape[1])

    def attention_promises(self, N, P):
        (Q, K, V), wanted = self.example(N, P)
        even = self.attend(Q, K, np.ones_like(V))
        yield "With all values 1 the output should be 1: the weights of a query do not sum to one.", near(even, 1)
        text = f"It is not the average of the values with weights phi(q)^T phi(k), for {N} queries and {P} keys."
        yield text, near(self.attend(Q, K, V), wanted)

    def softmax_promises(self):
        yield (
            "It has to grow with the N·D numbers of Q and K: let D grow, and N and M stay fixed.",
            self.at_least("N*D"),
        )
        yield "It has to grow with the N·M numbers of V: let M grow, and N and D stay fixed.", self.at_least("N*M")
        text = "The question's first sentence says how it grows with N for fixed D and M. Yours grows {} in N."
        yield text.format("more slowly"), self.at_least("N^2")
        yield text.format("faster"), self.at_most("N^2 * M^9 * D^9")

    def linear_promises(self, other, what):
        text = "For fixed D, (5) is linear in N: the sums are the same for every query. Yours grows {} in N."
        yield text.format("more slowly"), self.at_least("N*D")
        yield text.format("faster"), self.at_most("N * D^9")
        power = self.power_of_features()
        if power is not None:
            text = f"It is less than {what}: how many features does your own feature_map give for D components?"
            yield text, self.at_least(f"{other} * D^{power}")

    def power_of_features(self):
        """The power of D that the number of the student's features grows like, once these have kept their promises."""
        verdict = self.feature_map_verdict()
        if verdict.status is not Status.RIGHT:
            return None
        sizes = (8, 16, 32)
        counts = [self.features(normal(self.random(), 2, size)).shape[1] for size in sizes]
        return round(fitted_exponent(sizes, counts))

    def cost_verdict(self):
        inputs = [[normal(self.random(), N, columns) for columns in (2, 2, 3)] for N in LENGTHS]
        costs = [self.counted(self.submission.q6_linear.kernel_attention(*case, POSITIVE_FEATURES)) for case in inputs]
        failed = next((cost for cost in costs if not isinstance(cost, Cost)), None)
        if failed is not None:
            return failed
        counts = [cost.multiply_adds for cost in costs]
        # Each of N rows has 4 features here, and each of them meets the 3 numbers of a value, for keys and for queries.
        if any(count < 2 * N * 4 * 3 for N, count in zip(LENGTHS, counts, strict=True)):
            return wrong(Fact("work_not_counted"))
        exponent = fitted_exponent(LENGTHS, counts)
        fact = Fact("work_grows", {"exponent": round(exponent, 1), "size": "N"})
        return right(fact) if exponent <= 1 + SLACK else wrong(fact)
