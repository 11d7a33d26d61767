"""Inputs of the public checks: everybody may know them."""

import numpy as np


def normal(random: "np.random.Generator", *shape: int) -> np.ndarray:
    """Standard normal float32 numbers."""
    return random.standard_normal(shape).astype(np.float32)


def gaussian_points(mean: np.ndarray, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, d) and weights (n,) that integrate over N(mean, spread^2 I).

    Gauss-Hermite quadrature with three nodes in each direction: exact for polynomials of degree five in each component
    (Abramowitz and Stegun, Handbook of Mathematical Functions, 25.4.46).
    """
    nodes, shares = np.polynomial.hermite_e.hermegauss(3)
    shares = shares / shares.sum()
    grid = np.stack(np.meshgrid(*[nodes] * len(mean), indexing="ij"), axis=-1).reshape(-1, len(mean))
    weights = np.stack(np.meshgrid(*[shares] * len(mean), indexing="ij"), axis=-1).reshape(-1, len(mean))
    return mean + spread * grid, weights.prod(axis=1)


def moments_of_dot_product(mean: np.ndarray, spread: float) -> tuple[float, float]:
    """Mean and variance of q^T k for independent q, k ~ N(mean, spread^2 I), by integrating over all of both."""
    points, weights = gaussian_points(mean, spread)
    products = points @ points.T
    both = np.outer(weights, weights)
    average = float((both * products).sum())
    return average, float((both * (products - average) ** 2).sum())
