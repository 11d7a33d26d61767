"""Question 5: words, and captured attention with claims about it. What the claims have to keep is all public."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.failures import data_or_failure
from autograder.checks.verdict import Verdict
from autograder.scoring.public import PublicTestCase

from .evidence import ARRAYS, HEADS, MODELS, RESPONSES, judge_evidence, problems_of


class TestVisualizing(PublicTestCase):
    @number("5")
    def test_responses(self):
        """The eleven responses"""
        self.judge(self.word_entries(lambda homework: homework.q5_visualizing.responses, RESPONSES))

    @number("5.evidence")
    def test_evidence(self):
        """Captured attention, and claims about it"""
        claims = self.actual(self.submission.q5_visualizing.claims)
        arrays = self.arrays("q5_attention.npz", ARRAYS)
        self.judge(**judge_evidence(arrays, claims))
        if not isinstance(arrays, Verdict):
            stated = data_or_failure(claims)
            self.show_all_heads(arrays, stated if isinstance(stated, dict) else {})

    def show_all_heads(self, arrays, claims):
        malformed = problems_of(arrays)
        heads = {name: claims[name] for name in HEADS if name in claims}
        for model in MODELS:
            name = f"{model.partition('_')[0]}_tokens"
            if not {model, name} & set(malformed):
                self.show_heads(model, arrays[model], arrays[name], heads if model == "bert" else {})
