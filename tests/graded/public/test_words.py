"""Public checks of words and plain values: is everything there, in the right form?"""

from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.structure import flags_given
from autograder.checks.words import judge_hours
from autograder.scoring.graded import GradedTestCase

from .evidence import ARRAYS, RESPONSES, judge_evidence


class TestWords(GradedTestCase):
    @number("2.b")
    def test_gradient_reaches(self):
        """What the gradient reaches"""
        answer = self.actual(self.submission.q2_argmax.gradient_reaches)
        self.judge(**flags_given(("queries", "keys", "values"), answer))

    @number("2.b.why")
    def test_training_effect(self):
        """What argmax does to training"""
        self.judge(self.words(lambda homework: homework.q2_argmax.training_effect))

    @number("3.b.why")
    def test_modifications(self):
        """3(b) what was changed, and why"""
        self.judge(self.words(lambda homework: homework.q3_multihead.modifications))

    @number("5")
    def test_responses(self):
        """The eleven responses"""
        self.judge(self.word_entries(lambda homework: homework.q5_visualizing.responses, RESPONSES))

    @number("5.evidence")
    def test_evidence(self):
        """Captured attention, and claims about it"""
        claims = self.actual(self.submission.q5_visualizing.claims)
        self.judge(**judge_evidence(self.arrays("q5_attention.npz", ARRAYS), claims))

    @number("7")
    def test_process(self):
        """Sources, collaborators and hours"""
        self.judge(
            sources=self.words(lambda homework: homework.q7_process.sources, short_ok=True),
            collaborators=self.words(lambda homework: homework.q7_process.collaborators, short_ok=True),
            hours=self.plain(lambda homework: homework.q7_process.hours, judge_hours),
        )
