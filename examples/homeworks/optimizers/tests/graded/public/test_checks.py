"""What students can check at home, without the solution. Sentences here are read by students: they give nothing away."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.structure import flags_given, shape_is
from autograder.checks.words import judge_hours
from autograder.scoring.graded import GradedTestCase

D, N = 5, 8
RATE, MOMENTUM = 0.125, 0.75


class TestChecks(GradedTestCase):
    @number("1.step")
    def test_step(self):
        """The whole step"""
        x, v, g = (self.random().standard_normal(D).astype(np.float32) for _ in "xvg")
        self.judge(shape_is(self.actual(self.submission.momentum.momentum_step(x, v, g, RATE, MOMENTUM)), (2, D)))

    @number("2.a")
    def test_derivative(self):
        """Derivative of the logistic loss"""
        self.judge_reading(lambda homework: homework.gradients.loss_derivative)

    @number("2.b")
    def test_gradient(self):
        """Gradient of least squares in code"""
        random = self.random()
        X, y, w = (random.standard_normal(shape).astype(np.float32) for shape in ((N, D), N, D))
        self.judge(shape_is(self.actual(self.submission.gradients.least_squares_gradient(X, y, w)), (D,)))

    @number("3.a")
    def test_descent(self):
        """Steps of gradient descent"""
        self.judge_reading(lambda homework: homework.rates.descent_steps)

    @number("3.b")
    def test_momentum(self):
        """Steps with momentum"""
        self.judge_reading(lambda homework: homework.rates.momentum_steps)

    @number("3.c")
    def test_memory(self):
        """What has to be remembered"""
        answer = self.actual(self.submission.rates.remembers)
        self.judge(**flags_given(("gradient descent", "momentum"), answer))

    @number("4.a")
    def test_valley(self):
        """Momentum in a narrow valley"""
        self.judge(self.words(lambda homework: homework.words.valley))

    @number("4.b")
    def test_hours(self):
        """Hours"""
        self.judge(self.plain(lambda homework: homework.words.hours, judge_hours))
