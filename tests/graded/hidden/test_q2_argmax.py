"""Question 2: argmax attention."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.scoring.graded import Case, GradedTestCase
from autograder.scoring.made_once import made_once

from . import mistakes_q2 as mistakes
from .inputs import normal

SIZES = (
    ("n = 1", 1, 4, 3),
    ("n > d", 7, 3, 5),
    ("n < d", 4, 6, 2),
    ("n = d", 5, 5, 3),
    ("m = 1", 5, 3, 1),
)  # label, n, d, m


class TestArgmaxAttention(GradedTestCase):
    @number("2.a")
    def test_output(self):
        """Output for the given query, keys and values"""
        self.judge(self.agreement(lambda homework, _: homework.q2_argmax.output, [Case("", ())], sequence_ok=True))

    @number("2.a.code")
    def test_argmax_attention(self):
        """Argmax attention in code"""
        self.judge(
            self.agreement(
                lambda homework, inputs: homework.q2_argmax.argmax_attention(*inputs),
                self.queries(),
                mistakes=mistakes.ARGMAX,
            )
        )

    @number("2.b")
    def test_gradient_reaches(self):
        """What the gradient reaches"""
        self.judge(**self.flags(lambda homework: homework.q2_argmax.gradient_reaches))

    @number("2.b.why")
    def test_training_effect(self):
        """What argmax does to training"""
        self.judge(self.words(lambda homework: homework.q2_argmax.training_effect))

    @made_once
    def queries(self):
        random = self.random()
        for label, n, d, m in SIZES:
            for _ in range(4):
                yield Case(label, (normal(random, d), normal(random, n, d), normal(random, n, m)))
