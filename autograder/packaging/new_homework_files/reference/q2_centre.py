"""Question 2: centred columns."""

import torch


def centre(x: torch.Tensor) -> torch.Tensor:
    """x: (n, d) -> (n, d)."""
    return x - x.mean(dim=0, keepdim=True)
