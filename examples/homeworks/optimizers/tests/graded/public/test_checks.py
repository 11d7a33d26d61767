"""What students can check at home, without the solution. They can read this file: it holds no answer."""

import numpy as np

from autograder.suites import PublicTestCase, flags_given, judge_hours, near, number

D, N = 5, 8
RATE, MOMENTUM = 0.125, 0.75


def normal(random, *shape):
    return random.standard_normal(shape).astype(np.float32)


class TestChecks(PublicTestCase):
    @number("1.step")
    def test_step(self):
        """The whole step"""
        self.judge_promises(self.step_promises())

    def step_promises(self):
        random = self.random()
        x, v, g = (normal(random, D) for _ in "xvg")
        still = np.zeros(D, dtype=np.float32)
        step = self.submission.momentum.momentum_step
        self.numbers(step(x, v, g, RATE, MOMENTUM), 2, D)
        at_rest = self.numbers(step(x, still, still, RATE, MOMENTUM), 2, D)
        yield "A ball at rest on flat ground should stay where it is.", near(at_rest, np.stack([x, still]))

    @number("2.a")
    def test_derivative(self):
        """Derivative of the logistic loss"""
        self.judge_reading()

    @number("2.b")
    def test_gradient(self):
        """Gradient of least squares in code"""
        self.judge_promises(self.gradient_promises())

    def gradient_promises(self):
        random = self.random()
        X, y, w = normal(random, N, D), normal(random, N), normal(random, D)
        gradient = self.submission.gradients.least_squares_gradient
        self.numbers(gradient(X, y, w), D)
        least = self.numbers(gradient(X, X @ w, w), D)
        yield "Where X w = y the loss is least, and the gradient 0.", near(least, np.zeros(D))

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
