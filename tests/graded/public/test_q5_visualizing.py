"""Question 5: words, and captured attention with claims about it. What the claims have to keep is all public."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.scoring.public import PublicTestCase

from .evidence import ARRAYS, RESPONSES, judge_evidence


class TestVisualizing(PublicTestCase):
    @number("5")
    def test_responses(self):
        """The eleven responses"""
        self.judge(self.word_entries(lambda homework: homework.q5_visualizing.responses, RESPONSES))

    @number("5.evidence")
    def test_evidence(self):
        """Captured attention, and claims about it"""
        claims = self.actual(self.submission.q5_visualizing.claims)
        self.judge(**judge_evidence(self.arrays("q5_attention.npz", ARRAYS), claims))
