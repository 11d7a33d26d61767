"""What students can check at home, without the solution. They can read this file: it holds no answer."""

import numpy as np

from autograder.suites import (
    GradedTestCase,
    Status,
    compare_arrays,
    flags_given,
    judge_hours,
    number,
    said,
    shape_is,
    wrong,
)

D, N = 5, 8
RATE, MOMENTUM = 0.125, 0.75
CLOSE = {"rtol": 1e-3, "atol": 1e-4}


def told(verdict, sentence):
    """The verdict of a property, in words where it does not hold."""
    return wrong(said(sentence)) if verdict.status is Status.WRONG else verdict


class TestChecks(GradedTestCase):
    @number("1.step")
    def test_step(self):
        """The whole step"""
        x, v, g = (self.random().standard_normal(D).astype(np.float32) for _ in "xvg")
        at_rest, flat = np.zeros(D, dtype=np.float32), np.zeros(D, dtype=np.float32)
        step = self.submission.momentum.momentum_step
        shaped = shape_is(self.actual(step(x, v, g, RATE, MOMENTUM)), (2, D))
        stays = compare_arrays(np.stack([x, at_rest]), self.actual(step(x, at_rest, flat, RATE, MOMENTUM)), **CLOSE)
        self.judge(self.first_failure(shaped, told(stays, "A ball at rest on flat ground should stay where it is.")))

    @number("2.a")
    def test_derivative(self):
        """Derivative of the logistic loss"""
        self.judge_reading()

    @number("2.b")
    def test_gradient(self):
        """Gradient of least squares in code"""
        random = self.random()
        X, y, w = (random.standard_normal(shape).astype(np.float32) for shape in ((N, D), N, D))
        gradient = self.submission.gradients.least_squares_gradient
        shaped = shape_is(self.actual(gradient(X, y, w)), (D,))
        least = compare_arrays(np.zeros(D), self.actual(gradient(X, X @ w, w)), **CLOSE)
        self.judge(self.first_failure(shaped, told(least, "Where X w = y the loss is least, and the gradient 0.")))

    @number("3.a")
    def test_descent(self):
        """Steps of gradient descent"""
        self.judge_reading()

    @number("3.b")
    def test_momentum(self):
        """Steps with momentum"""
        self.judge_reading()

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
