"""Question 1: gradient descent with momentum (Polyak, "Some methods of speeding up the convergence", 1964)."""

import torch


def momentum_step(
    x: torch.Tensor, v: torch.Tensor, g: torch.Tensor, learning_rate: float, momentum: float
) -> torch.Tensor:
    """x, v, g: (d,) -> (2, d)."""
    new_v = momentum * v + g
    new_x = x - learning_rate * new_v
    return torch.stack([new_x, new_v])
