"""Question 1: why dot products are scaled."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.scoring.graded import GradedTestCase


class TestScaling(GradedTestCase):
    @number("1.a")
    def test_expectation(self):
        """Expectation of the dot product"""
        self.judge_written(lambda homework: homework.q1_scaling.expectation)

    @number("1.b")
    def test_variance(self):
        """Variance of the dot product, standardised"""
        self.judge_written(lambda homework: homework.q1_scaling.variance)

    @number("1.c")
    def test_scale(self):
        """Scaling factor of the dot product"""
        self.judge_written(lambda homework: homework.q1_scaling.scale)
