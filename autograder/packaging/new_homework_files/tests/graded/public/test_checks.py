"""What students can check at home, without the solution. They can read this file: it holds no answer."""

import numpy as np

from autograder.suites import GradedTestCase, number, shape_is

N, D = 4, 3


class TestChecks(GradedTestCase):
    @number("1")
    def test_sum(self):
        """A sum"""
        self.judge_reading()

    @number("2")
    def test_centre(self):
        """Centred columns in code"""
        x = self.random().standard_normal((N, D)).astype(np.float32)
        self.judge(shape_is(self.actual(self.submission.q2_centre.centre(x)), (N, D)))

    @number("3")
    def test_why(self):
        """Why columns are centred"""
        self.judge(self.words(lambda homework: homework.q3_words.why))
