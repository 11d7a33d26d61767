"""All parts, marked against the reference."""

import numpy as np

from autograder.suites import BlankPlace, Case, GradedTestCase, grows_like, judge_hours, number

from . import mistakes

WIDTHS = (1, 4, 7)
SIZES = (("more rows than columns", 9, 4), ("more columns than rows", 3, 8), ("one row", 1, 5), ("one column", 6, 1))
COUNTED = (16, 32, 64)  # widths at which operations are counted
ARGUMENTS = ("x", "v", "g", "learning_rate", "momentum")


def normal(random, *shape):
    return random.standard_normal(shape).astype(np.float32)


class TestMomentum(GradedTestCase):
    @number("1.a")
    def test_velocity(self):
        """(a) the new velocity"""
        self.judge(self.in_step("new_v"))

    @number("1.b")
    def test_parameters(self):
        """(b) the new parameters"""
        self.judge(self.in_step("new_x"))

    @number("1.step")
    def test_step(self):
        """The whole step"""
        self.judge(self.whole_step())

    def whole_step(self):
        return self.agreement(
            lambda homework, inputs: homework.momentum.momentum_step(*inputs), self.steps(), mistakes=mistakes.STEP
        )

    def in_step(self, target):
        random = self.stream("a velocity that is given")  # some write the second blank with the first one's name
        givens = [dict(zip(ARGUMENTS, case.inputs, strict=True)) for case in self.steps()]
        if target == "new_x":
            givens = [{**given, "new_v": normal(random, *given["v"].shape)} for given in givens]
        return self.blank(BlankPlace("momentum", "momentum_step", target), givens, self.whole_step)

    def steps(self):
        random = self.stream("1.step")
        return [Case(f"d = {d}", (*(normal(random, d) for _ in "xvg"), 0.125, 0.75)) for d in WIDTHS]


class TestGradients(GradedTestCase):
    @number("2.a")
    def test_derivative(self):
        """Derivative of the logistic loss"""
        self.judge_written()

    @number("2.b")
    def test_gradient(self):
        """Gradient of least squares in code"""
        self.judge(self.agreement(gradient, self.problems(), mistakes=mistakes.GRADIENT))

    @number("2.c")
    def test_cost(self):
        """Work that is linear in d"""
        self.judge(self.first_failure(self.agreement(gradient, self.problems()), self.linear_in_width()))

    def problems(self):
        random = self.stream("2.b")
        return [Case(label, problem(random, n, d)) for label, n, d in SIZES]

    def linear_in_width(self):
        random = self.random()
        problems = [problem(random, 8, d) for d in COUNTED]
        return grows_like(
            COUNTED,
            expected=[self.counted(gradient(self.reference, inputs)) for inputs in problems],
            actual=[self.counted(gradient(self.submission, inputs)) for inputs in problems],
            power=1,
            size="d",
        )


class TestRates(GradedTestCase):
    @number("3.a")
    def test_descent(self):
        """Steps of gradient descent"""
        self.judge_written()

    @number("3.b")
    def test_momentum(self):
        """Steps with momentum"""
        self.judge_written()

    @number("3.c")
    def test_memory(self):
        """What has to be remembered"""
        self.judge(**self.flags(lambda homework: homework.rates.remembers))


class TestWords(GradedTestCase):
    @number("4.a")
    def test_valley(self):
        """Momentum in a narrow valley"""
        self.judge(self.words(lambda homework: homework.words.valley))

    @number("4.b")
    def test_hours(self):
        """Hours"""
        self.judge(self.plain(lambda homework: homework.words.hours, judge_hours))


def gradient(homework, inputs):
    return homework.gradients.least_squares_gradient(*inputs)


def problem(random, n, d):
    """X (n, d), y (n,), w (d,)."""
    return normal(random, n, d), normal(random, n), normal(random, d)
