"""Question 2, checked on examples that can be worked out by hand."""

import numpy as np
from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.numeric import compare_arrays
from autograder.checks.structure import flags_given
from autograder.checks.verdict import Status
from autograder.scoring.public import PublicTestCase, near

from .inputs import normal

GIVEN_VALUES = np.array([[2, 0, 1], [1, 4, 3], [0, -1, 4], [1, 0, -1]])
GIVEN_KEYS = np.array([[1, 2, 0], [0, 3, 4], [5, 0, 0], [0, 0, 1]])
GIVEN_QUERY = np.array([1, 1, 2])

# What the example shows, m, the query, the keys, and which key has the largest inner product with the query.
BY_HAND = (
    ("one key alone", 2, [1.0, 2.0], [[-1.0, -1.0]], 0),
    ("keys at right angles, the query along one of them", 2, [0.0, 0.0, 2.0], np.eye(3)[[2, 0, 1]], 0),
    ("two keys along the query, one of them longer", 2, [1.0, 0.0], [[1.0, 0.0], [3.0, 0.0], [2.0, 0.0]], 1),
    ("a long key at an angle, a short one along the query", 2, [1.0, 0.0], [[1.0, 0.0], [4.0, 4.0]], 1),
    ("a key that points the opposite way", 2, [1.0, 1.0], [[-5.0, -5.0], [0.5, 0.0], [-1.0, 0.0]], 1),
    ("more components than keys", 2, [1.0, 0.0, 0.0, 0.0, 2.0], [[3.0, 0, 0, 0, 0], [0, 0, 0, 0, 2.0]], 1),
    ("values of one number, m = 1", 1, [1.0, 1.0], [[1.0, 0.0], [2.0, 2.0], [0.0, 1.0]], 1),
)


class TestArgmax(PublicTestCase):
    @number("2.a")
    def test_output(self):
        """Output for the given query, keys and values"""
        outcome = self.actual(self.submission.q2_argmax.output)
        verdict = compare_arrays(np.zeros(3), outcome, rtol=0, atol=np.inf, sequence_ok=True)
        self.judge(verdict if verdict.status is not Status.RIGHT else self.keeps(self.output_promises(outcome.data)))

    @number("2.a.code")
    def test_argmax_attention(self):
        """Argmax attention in code"""
        self.judge_promises(self.argmax_promises())

    @number("2.b")
    def test_gradient_reaches(self):
        """What the gradient reaches"""
        answer = self.actual(self.submission.q2_argmax.gradient_reaches)
        given = flags_given(("queries", "keys", "values"), answer)
        if all(verdict.status is Status.RIGHT for verdict in given.values()) and self.code_is_sound():
            self.judge(self.keeps(self.gradient_promises(answer.data)))
        else:
            self.judge(**given)

    @number("2.b.why")
    def test_training_effect(self):
        """What argmax does to training"""
        self.judge(self.words(lambda homework: homework.q2_argmax.training_effect))

    def output_promises(self, data):
        output = np.asarray([float(entry) for entry in data])
        yield "Argmax attention returns one of the values as it is.", any(near(output, row) for row in GIVEN_VALUES)
        if self.code_is_sound():
            own = self.attend(GIVEN_QUERY, GIVEN_KEYS, GIVEN_VALUES)
            yield "Your own argmax_attention gives something else for these numbers.", near(own, output)

    def attend(self, q, K, V, case=""):
        inputs = (np.asarray(array, dtype=np.float32) for array in (q, K, V))
        return self.numbers(self.submission.q2_argmax.argmax_attention(*inputs), np.shape(V)[1], case=case)

    def code_is_sound(self):
        return self.keeps(self.argmax_promises()).status is Status.RIGHT

    def argmax_promises(self):
        random = np.random.default_rng(0)
        for label, m, q, K, expected in BY_HAND:
            V = normal(random, len(K), m)
            given = self.attend(q, K, V, label)
            yield "The result is not one of the given values.", any(near(given, row) for row in V)
            yield f"Work this one out by hand: {label}. Another value should come back.", near(given, V[expected])

    def gradient_promises(self, reaches):
        """A gradient is what happens to the output when an input changes a little."""
        random = np.random.default_rng(1)
        given = {"queries": normal(random, 4), "keys": normal(random, 5, 4), "values": normal(random, 5, 3)}
        before = self.attend(*given.values())
        changed = {}
        for name, array in given.items():
            moved = {**given, name: array + np.float32(1e-3) * normal(random, *array.shape)}
            changed[name] = not near(self.attend(*moved.values()), before, rtol=0, atol=1e-6)
        text = (
            "At least one entry does not fit an experiment with your own argmax_attention: move the query, the keys or"
            " the values by a thousandth, each by itself, and look whether the output moves."
        )
        yield text, all(reaches[name] == moves for name, moves in changed.items())
