"""Question 1, checked by experiment: q and k are drawn from all of their distribution (numerical integration)."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.answers.kinds import walk
from autograder.answers.tree import Vector
from autograder.scoring.public import PublicTestCase, near

from .inputs import moments_of_dot_product

# Every component of a mean is the same, so that those who take mu for one number are checked as well.
DRAWS = ((1, 0.5, 1.0), (2, -1.5, 0.5), (3, 2.0, 2.0))  # d, each component of mu, sigma
NOT_AS_DRAWN = "Averaged over all q and k (integrated numerically, for d = 1, 2 and 3), it does not come out so."


def named(d, mu, sigma, *, vector):
    """What the names of question 1 stand for: mu is a vector, or one number where it was read as one."""
    return {"d": float(d), "sigma": sigma, "mu": np.full(d, mu) if vector else np.float64(mu)}


class TestScaling(PublicTestCase):
    @number("1.a")
    def test_expectation(self):
        """Expectation of the dot product"""
        self.judge_written_promises(lambda homework: homework.q1_scaling.expectation, self.expectation_promises)

    @number("1.b")
    def test_variance(self):
        """Variance of the dot product, standardised"""
        self.judge_written_promises(lambda homework: homework.q1_scaling.variance, self.variance_promises)

    @number("1.c")
    def test_scale(self):
        """Scaling factor of the dot product"""
        self.judge_written_promises(lambda homework: homework.q1_scaling.scale, self.scale_promises)

    def value(self, d, mu, sigma):
        """The student's formula at these values; None if it has none there."""
        read = self.own()
        vector = read is not None and any(isinstance(node, Vector) for node in walk(read.content.tree))
        found = self.own_value(named(d, mu, sigma, vector=vector))
        return found if found is not None and found.ndim == 0 else None

    def expectation_promises(self):
        if self.value(2, 1.0, 1.0) is None:
            return
        at_zero, once, doubled = self.value(2, 0.0, 1.0), self.value(2, 1.0, 1.0), self.value(2, 2.0, 2.0)
        yield (
            "For mu = 0, q is as likely as -q. What does that say of the mean of q^T k? Put mu = 0 in.",
            near(at_zero, 0),
        )
        yield (
            "If q and k are doubled, q^T k is four times as large. Double mu and sigma in it.",
            near(doubled, 4 * once),
        )
        drawn = [(moments_of_dot_product(np.full(d, mu), sigma)[0], self.value(d, mu, sigma)) for d, mu, sigma in DRAWS]
        yield NOT_AS_DRAWN, all(near(mean, value) for mean, value in drawn)

    def variance_promises(self):
        values = [self.value(d, 0.0, 1.0) for d in (1, 2, 3)]
        if None in values:
            return
        yield "A variance cannot be negative.", all(value >= 0 for value in values)
        added = near(values[0] + values[1], values[2])
        yield "q^T k is a sum of d independent terms, and variances of independent terms add up.", added
        drawn = [moments_of_dot_product(np.zeros(d), 1.0)[1] for d in (1, 2, 3)]
        yield NOT_AS_DRAWN, near(drawn, values)

    def scale_promises(self):
        values = [self.value(d, 0.0, 1.0) for d in (1, 2, 3)]
        if None in values:
            return
        variances = [moments_of_dot_product(np.zeros(d), 1.0)[1] for d in (1, 2, 3)]
        with np.errstate(all="ignore"):
            scaled = np.asarray(variances) / np.asarray(values) ** 2
        text = "Divided by it, q^T k does not have variance 1 (integrated numerically, for d = 1, 2 and 3)."
        yield text, near(scaled, 1)
