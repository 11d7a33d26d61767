"""Question 2: gradients by hand (7 points).

How to answer (a): replace None by a formula, as text; plain text, LaTeX and Unicode are all read. You may write
sigma(z), or σ(z), for the logistic function 1 / (1 + exp(-z)). To see how an answer is read, run

    python -m autograder read 2.a "YOUR ANSWER"
"""

import torch

# (a) [3 points] The logistic loss of a margin z is log(1 + exp(-z)). What is its derivative, in terms of z?
loss_derivative = None


def least_squares_gradient(X: torch.Tensor, y: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """(b) [3 points] The gradient with respect to w of the mean of (X w - y)^2 / 2 over the n rows.

    X: (n, d), y: (n,), w: (d,) -> (d,)

    (c) [1 point] The operations that it does are counted: for a fixed n, their number should grow in proportion to d.
    """
    raise NotImplementedError  # replace this line by your code
