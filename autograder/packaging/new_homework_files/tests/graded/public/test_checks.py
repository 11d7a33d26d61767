"""What students can check at home, without the solution. They can read this file: it holds no answer."""

import numpy as np

from autograder.suites import PublicTestCase, near, number

N, D = 4, 3


class TestChecks(PublicTestCase):
    @number("1")
    def test_sum(self):
        """A sum"""
        self.judge_reading()

    @number("2")
    def test_centre(self):
        """Centred columns in code"""
        self.judge_promises(self.centre_promises())

    def centre_promises(self):
        """What every right answer keeps, with the sentence for a student whose answer does not."""
        x = self.random().standard_normal((N, D)).astype(np.float32)
        centred = self.numbers(self.submission.q2_centre.centre(x), N, D)  # finite numbers of that shape
        differences = centred - centred[:1]
        yield "Numbers of one column should keep their distances.", near(differences, x - x[:1])

    @number("3")
    def test_why(self):
        """Why columns are centred"""
        self.judge(self.words(lambda homework: homework.q3_words.why))
