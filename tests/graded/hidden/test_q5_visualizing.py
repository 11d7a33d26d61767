"""Question 5: looking at attention in GPT and BERT."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.scoring.graded import GradedTestCase

from ..public.evidence import ARRAYS, RESPONSES, judge_evidence


class TestVisualizing(GradedTestCase):
    @number("5")
    def test_responses(self):
        """The eleven responses"""
        self.judge(self.word_entries(lambda homework: homework.q5_visualizing.responses, RESPONSES))

    @number("5.evidence")
    def test_evidence(self):
        """Captured attention, and claims about it"""
        claims = self.actual(self.submission.q5_visualizing.claims)
        self.judge(**judge_evidence(self.arrays("q5_attention.npz", ARRAYS), claims))
