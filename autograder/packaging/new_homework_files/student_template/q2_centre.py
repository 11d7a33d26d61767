"""Question 2: centred columns (5 points)."""

import torch


def centre(x: torch.Tensor) -> torch.Tensor:
    """The same numbers, moved so that each column has mean 0. x: (n, d) -> (n, d)."""
    raise NotImplementedError  # replace this line by your code
