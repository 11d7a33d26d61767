"""Question 1: gradient descent with momentum (6 points).

A ball that rolls down a valley keeps some of its speed. Let x be the parameters, g the gradient of the loss at x and v
the velocity, each of shape (d,). With a learning rate a and a momentum b, one step is

    v' = b v + g
    x' = x - a v'

Fill in the two blanks, each written ____. Each is marked whatever stands in the other, and other code that does the
same is as good. The whole function is marked besides.
"""

import torch


def momentum_step(
    x: torch.Tensor, v: torch.Tensor, g: torch.Tensor, learning_rate: float, momentum: float
) -> torch.Tensor:
    """One step. x, v, g: (d,). Returns (2, d): the new parameters, below them the new velocity."""
    new_v = ____  # (a) [1.5 points]
    new_x = ____  # (b) [1.5 points]
    return torch.stack([new_x, new_v])  # [3 points]
