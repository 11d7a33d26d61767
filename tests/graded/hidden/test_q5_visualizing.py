"""Question 5: looking at attention in GPT and BERT."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.structure import entry_of, pair_of_indices
from autograder.checks.verdict import Fact, Verdict, right, wrong
from autograder.scoring.graded import GradedTestCase

from ..public.evidence import HEAD_MASS, HEADS, is_causal, problems_of

RESPONSES = ("a.i", "a.ii", "b.i", "b.ii", "b.iii", "b.iv", "c.i", "c.ii", "d.i", "d.ii", "e")
CAUSAL_CLAIMS = {"gpt_is_causal": "gpt", "bert_is_causal": "bert"}


class TestVisualizing(GradedTestCase):
    @number("5")
    def test_responses(self):
        """The eleven responses"""
        self.judge(self.word_entries(lambda homework: homework.q5_visualizing.responses, RESPONSES))

    @number("5.evidence")
    def test_evidence(self):
        """Captured attention, and claims about it"""
        arrays = self.arrays("q5_attention.npz")
        if isinstance(arrays, Verdict):
            self.judge(**dict.fromkeys(["well_formed", *CAUSAL_CLAIMS, *HEADS], arrays))
            return
        claims = self.actual(self.submission.q5_visualizing.claims)
        usable = problems_of(arrays)
        self.judge(
            well_formed=wrong(Fact("malformed_arrays", {"names": usable})) if usable else right(),
            **{claim: causal_claim(arrays, claims, claim, model) for claim, model in CAUSAL_CLAIMS.items()},
            **{claim: head_claim(arrays, claims, claim) for claim in HEADS},
        )


def causal_claim(arrays, claims, claim, model) -> Verdict:
    """Whether the student's word on `model` is what the data shows."""
    if model in problems_of(arrays):
        return wrong(Fact("claim_without_data", {"claim": claim, "array": model}))
    stated = entry_of(claims, claim, bool)
    if isinstance(stated, Verdict):
        return stated
    return right() if stated == is_causal(arrays[model]) else wrong(Fact("claim_contradicts_data", {"claim": claim}))


def head_claim(arrays, claims, claim) -> Verdict:
    """Whether the claimed head of `bert` puts more than half of its mass where the student says."""
    if {"bert", "bert_tokens"} & set(problems_of(arrays)):
        return wrong(Fact("claim_without_data", {"claim": claim, "array": "bert"}))
    stated = entry_of(claims, claim, tuple)
    if isinstance(stated, Verdict):
        return stated
    pair = pair_of_indices(stated, claim, arrays["bert"].shape[:2])
    if isinstance(pair, Verdict):
        return pair
    mass = HEADS[claim](arrays["bert"][pair].astype("float64"), arrays["bert_tokens"])
    return right() if mass > HEAD_MASS else wrong(Fact("head_looks_elsewhere", {"claim": claim, "mass": round(mass, 2)}))
