"""The suite that marks: one test for each part of rubric.toml. Its docstring is the title that students see."""

import numpy as np

from autograder.suites import Case, GradedTestCase, number

from . import mistakes

SIZES = ((5, 3), (3, 5), (4, 4), (6, 1))  # n, d


class TestHomework(GradedTestCase):
    @number("1")
    def test_sum(self):
        """A sum"""
        self.judge_written()

    @number("2")
    def test_centre(self):
        """Centred columns in code"""
        self.judge(
            self.agreement(
                lambda homework, inputs: homework.q2_centre.centre(*inputs), self.tables(), mistakes=mistakes.CENTRE
            )
        )

    @number("3")
    def test_why(self):
        """Why columns are centred"""
        self.judge(self.words(lambda homework: homework.q3_words.why))

    def tables(self):
        random = self.random()  # the same hidden numbers for every submission
        return [Case(f"n = {n}, d = {d}", (table(random, n, d),)) for n, d in SIZES]


def table(random, n, d):
    """(n, d), float32: each column around a number of its own."""
    return (random.standard_normal((n, d)) + 3 * random.standard_normal(d)).astype(np.float32)
