"""Public checks of every written answer: does it read, and as what? Whether it is right is not said."""

from gradescope_utils.autograder_utils.decorators import number

from autograder.scoring.graded import GradedTestCase


class TestWrittenAnswers(GradedTestCase):
    @number("1.a")
    def test_expectation(self):
        """Expectation of the dot product"""
        self.judge_reading(lambda homework: homework.q1_scaling.expectation)

    @number("1.b")
    def test_variance(self):
        """Variance of the dot product, standardised"""
        self.judge_reading(lambda homework: homework.q1_scaling.variance)

    @number("1.c")
    def test_scale(self):
        """Scaling factor of the dot product"""
        self.judge_reading(lambda homework: homework.q1_scaling.scale)

    @number("4.a")
    def test_query_weights(self):
        """A: shape of W_q"""
        self.judge_reading(lambda homework: homework.q4_decoding.W_q_shape)

    @number("4.b")
    def test_key_weights(self):
        """B: shape of W_k"""
        self.judge_reading(lambda homework: homework.q4_decoding.W_k_shape)

    @number("4.f")
    def test_computation(self):
        """Computational complexity of a step"""
        self.judge_reading(lambda homework: homework.q4_decoding.computation)

    @number("4.g")
    def test_memory_access(self):
        """Memory access of a step"""
        self.judge_reading(lambda homework: homework.q4_decoding.memory_access)

    @number("6.a")
    def test_finite_condition(self):
        """When the output stays finite"""
        self.judge_reading(lambda homework: homework.q6_linear.finite_condition)

    @number("6.b.i")
    def test_quadratic_kernel(self):
        """The quadratic kernel"""
        self.judge_reading(lambda homework: homework.q6_linear.quadratic_kernel)

    @number("6.c.time")
    def test_softmax_time(self):
        """Time of softmax attention"""
        self.judge_reading(lambda homework: homework.q6_linear.softmax_time)

    @number("6.c.space")
    def test_softmax_space(self):
        """Memory of softmax attention"""
        self.judge_reading(lambda homework: homework.q6_linear.softmax_space)

    @number("6.d.time")
    def test_linear_time(self):
        """Time of linear attention"""
        self.judge_reading(lambda homework: homework.q6_linear.linear_time)

    @number("6.d.space")
    def test_linear_space(self):
        """Memory of linear attention"""
        self.judge_reading(lambda homework: homework.q6_linear.linear_space)
