"""Question 6: kernel attention and linear attention."""

from dataclasses import replace

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.cost import grows_like
from autograder.checks.feature_map import judge_feature_map
from autograder.checks.numeric import compare_arrays
from autograder.checks.verdict import Fact, Verdict
from autograder.sandbox.protocol.programs import Call, Snippet
from autograder.scoring.graded import Case, GradedTestCase
from autograder.scoring.made_once import made_once
from autograder.scoring.measured import Measured
from autograder.scoring.remote import rebuilt
from autograder.scoring.rows import is_table

from ..public.kernels import FOR_ROWS
from . import mistakes_q6 as mistakes
from .inputs import normal

POINTS = ((23, 3), (31, 4), (11, 2), (2, 5))  # P points of D components: enough pairs to tell monomials apart, and few
SAME_LENGTH = (
    ("all sizes different", 7, 7, 3, 4),
    ("M = D", 6, 6, 4, 4),
    ("one token", 1, 1, 2, 3),
)  # label, N, P, D, M
OTHER_LENGTH = (
    ("more keys than queries", 5, 8, 3, 4),
    ("more queries than keys", 9, 4, 2, 5),
    ("one query", 1, 6, 4, 2),
)
COUNTED = (16, 32, 64)  # sequence lengths at which operations are counted
LONG = 12_000  # so long that weights (N, N) do not fit into a worker's memory, whatever its own counter says
# Every hundredth row, taken where the code runs, so that the rest need not travel; also of the first of several values.
SOME_ROWS = Snippet("lambda x: x[::100] if torch.is_tensor(x) else (x[0][::100],) * len(x) if type(x) is tuple else x")
LOOSE = 1e-2  # for sums of so many float32 numbers, in any order
# Positive features, twice as many as components: a map that is right to use, and not the one that is asked for.
POSITIVE_FEATURES = Snippet("lambda x: torch.cat([F.elu(x) + 1, torch.exp(x / 2)], dim=-1)")


class TestKernelAttention(GradedTestCase):
    @number("6.a")
    def test_finite_condition(self):
        """When the output stays finite"""
        self.judge_written(lambda homework: homework.q6_linear.finite_condition)

    @number("6.b.i")
    def test_quadratic_kernel(self):
        """The quadratic kernel"""
        self.judge_written(lambda homework: homework.q6_linear.quadratic_kernel)

    @number("6.b.ii")
    def test_feature_map(self):
        """A feature map of the kernel"""
        self.judge(self.best(self.features_give(kernel) for kernel in self.kernels("6.b.i", ("q", "k"))))

    @number("6.b.iii")
    def test_kernel_attention(self):
        """Attention with a feature map"""
        self.judge(same_length=self.weighted_sum(SAME_LENGTH), other_length=self.weighted_sum(OTHER_LENGTH))

    @number("6.c.time")
    def test_softmax_time(self):
        """Time of softmax attention"""
        self.judge_written(lambda homework: homework.q6_linear.softmax_time)

    @number("6.c.space")
    def test_softmax_space(self):
        """Memory of softmax attention"""
        self.judge_written(lambda homework: homework.q6_linear.softmax_space)

    @number("6.d.time")
    def test_linear_time(self):
        """Time of linear attention"""
        self.judge_written(lambda homework: homework.q6_linear.linear_time, measured=work("multiply_adds"))

    @number("6.d.space")
    def test_linear_space(self):
        """Memory of linear attention"""
        self.judge_written(lambda homework: homework.q6_linear.linear_space, measured=work("bytes_allocated"))

    @number("6.d.code")
    def test_linear_cost(self):
        """Attention code that is linear in N"""
        self.judge(self.first_failure(self.weighted_sum(SAME_LENGTH), self.linear_in_length(), self.long_sequence()))

    def features_give(self, kernel) -> Verdict:
        """Whether products of the student's features are the values of `kernel` (q, k). The features of all rows at
        once are taken, else those of each row, which is said: the kernel is right, and attention cannot use it.
        """
        verdict = self.best(self.features_agree(kernel, rows) for rows in (self.row_by_row, self.each_row))
        table = self.actual(self.submission.q6_linear.feature_map(self.points()[0]))
        is_for_rows = verdict.credit > 0 and not is_table(table, POINTS[0][0])
        return (
            replace(verdict, facts=(*verdict.facts, Fact("feedback", {"text": FOR_ROWS}))) if is_for_rows else verdict
        )

    def features_agree(self, kernel, features_of) -> Verdict:
        points = self.points()
        self.will_ask(*(self.submission.q6_linear.feature_map(x) for x in points))
        features = [features_of(lambda homework, rows: homework.q6_linear.feature_map(rows), x) for x in points]
        lacking = [(mistakes.kernel_lacking(name), self.mistake(name)) for name in mistakes.LACKING]
        weights = self.alternative("wrong_weights")
        return judge_feature_map(kernel, points, features, wrong_weights=weights, lacking=lacking)

    @made_once
    def points(self):
        random = self.stream("6.b.ii")
        return [normal(random, *shape) for shape in POINTS]

    def weighted_sum(self, sizes) -> Verdict:
        return self.agreement(attend, self.cases(sizes), mistakes=mistakes.ATTENTION)

    @made_once
    def cases(self, sizes):
        random = self.stream(f"6.b.iii {sizes[0][0]}")
        return [Case(label, attention_inputs(random, *shape)) for label, *shape in sizes]

    def linear_in_length(self) -> Verdict:
        own = [attend(self.submission, inputs) for inputs in self.counted_inputs()]
        return grows_like(
            COUNTED,
            expected=[self.counted(attend(self.reference, inputs)) for inputs in self.counted_inputs()],
            actual=list(self.each_counted(*own)),
            power=1,
            size="N",
        )

    @made_once
    def counted_inputs(self):
        random = self.random()
        return [attention_inputs(random, N, N, 2, 3) for N in COUNTED]

    @made_once
    def long_inputs(self):
        return attention_inputs(self.stream("6.d.code, long"), LONG, LONG, 2, 3)

    def long_sequence(self) -> Verdict:
        """Whether a long sequence comes out right: a counter runs beside the student's code, and could be bent."""
        inputs = self.long_inputs()
        return compare_arrays(
            self.expected(some_rows(attend(self.reference, inputs))),
            self.actual(some_rows(attend(self.submission, inputs))),
            rtol=LOOSE,
            atol=LOOSE,
        )


def some_rows(attended):
    return rebuilt(attended, lambda program: Call(SOME_ROWS, (program,)))


def sizes(N, D):
    return {"N": N, "D": D, "M": D}


# What grows, and the sizes at which the student's code is counted, with the student's own feature map.
GROWING = {"N": [sizes(N, 3) for N in (64, 80, 256)], "D": [sizes(1, D) for D in (16, 20, 64)]}


def work(count):
    """What the student's attention does at these sizes, to be shown beside the student's formula."""
    return Measured(
        count,
        call=lambda homework, inputs: homework.q6_linear.kernel_attention(*inputs, homework.q6_linear.feature_map),
        inputs=lambda size: attention_inputs(np.random.default_rng(0), size["N"], size["N"], size["D"], size["M"]),
        rays=GROWING,
    )


def attend(homework, inputs):
    return homework.q6_linear.kernel_attention(*inputs, POSITIVE_FEATURES)


def attention_inputs(random, N, P, D, M):
    """Q (N, D), K (P, D), V (P, M). The values are large, so that none of what is given or due lies within -1 and 1."""
    return normal(random, N, D), normal(random, P, D), 5 * normal(random, P, M)
